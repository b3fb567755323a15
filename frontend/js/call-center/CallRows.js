/**
 * The rows of Recent calls, and the days they stand under. A row answers who,
 * what, how it ended and whether somebody is needed, without being opened.
 *
 * @typedef {import("./types.js").CallRow} CallRow
 * @typedef {import("./types.js").Context} Context
 */
import { html, nothing, repeat } from "../../vendor/lit.js";
import {
  callOrdinal,
  dayGroup,
  displayText,
  duration,
  shortDay,
  time,
} from "./utils/formatters.js";
import { count, intentLabel, statusLook } from "./utils/labels.js";
import {
  bdiName,
  callerName,
  callerPhone,
  icon,
  miniRibbon,
  tierMeter,
} from "./utils/view.js";

export class CallRows {
  /**
   * @param {Context} ctx
   * @param {() => string} today the company-local day of now
   */
  constructor(ctx, today) {
    this.ctx = ctx;
    this.today = today;
  }

  /**
   * Rows under their headings. A heading counts its calls only when all of
   * them are there.
   * @param {CallRow[]} list
   * @param {boolean} ended no more rows will follow
   * @param {string | null} current the call that is open
   */
  groups(list, ended, current) {
    const today = this.today();
    /** @type {{ key: string, title: string, date: string, span: string, rows: CallRow[] }[]} */
    const groups = [];
    for (const row of list) {
      const group = dayGroup(row.day, today);
      if (groups.at(-1)?.key !== group.key) {
        groups.push({ ...group, rows: [] });
      }
      groups.at(-1)?.rows.push(row);
    }
    return repeat(
      groups,
      (g) => g.key,
      (g, i) => {
        const whole = i < groups.length - 1 || ended;
        const parts = [
          g.date,
          ...(whole
            ? [
                html`<b>${count(g.rows.length, "call")}</b>`,
                ...tally(g.rows, (r) => r.booked === true, "booked"),
                ...tally(
                  g.rows,
                  (r) => r.urgency === "emergency",
                  "emergency",
                  "emergencies",
                ),
              ]
            : []),
        ].filter(Boolean);
        return html`<section aria-labelledby="g-${g.key}">
          <header class="day">
            <h2 id="g-${g.key}">${g.title}</h2>
            <span class="sum"
              >${parts.map((p, n) => (n ? html` · ${p}` : p))}</span
            >
          </header>
          ${this.rows(g.rows, current, g.span !== "day")}
        </section>`;
      },
    );
  }

  /**
   * @param {CallRow[]} rows
   * @param {string | null} current
   * @param {boolean} dated whether the rows must say their day
   */
  rows(rows, current, dated) {
    const today = this.today();
    return html`<ol class="calls">
      ${repeat(
        rows,
        (row) => row._id,
        (row) => this.#row(row, row.callId === current, dated, today),
      )}
    </ol>`;
  }

  /**
   * @param {CallRow} row
   * @param {boolean} current
   * @param {boolean} dated
   * @param {string} today
   */
  #row(row, current, dated, today) {
    const { router, company } = this.ctx;
    const { caller, analysis, outcome, review } = row;
    const look = statusLook(outcome.status);
    const missed = ["abandoned", "spam", "error"].includes(outcome.status);
    const nth = callOrdinal(caller);
    const summary = displayText(row.summary, 300).trim();
    const open = { call: row.callId, t: null, panel: null };
    return html`<li class="call" ?data-current=${current}>
      <span
        class="play ${missed ? "play-none" : "play-sign"}"
        aria-hidden="true"
        >${icon(
          row.direction === "outbound"
            ? "phone-outgoing"
            : outcome.status === "voicemail" || outcome.status === "spam"
              ? look.icon
              : missed
                ? "phone-missed"
                : "phone-incoming",
        )}</span
      >
      <div class="who">
        <h3>
          ${
            review?.reviewed
              ? nothing
              : html`<span class="new" title="Not reviewed"></span
                  ><span class="sr">Not reviewed: </span>`
          }<a class="trunc" data-call=${row.callId} href=${router.href(open)}
            >${bdiName(caller)}</a
          >
        </h3>
        <p>
          <span class="trunc"><bdi>${callerPhone(caller)}</bdi></span
          >${
            nth
              ? html`<span class="hide-s" aria-hidden="true">·</span
                  ><span class="hide-s trunc nth">${nth}</span>`
              : nothing
          }
        </p>
      </div>
      <div class="about">
        <p>${this.#intent(row)}</p>
        <p class="trunc">
          ${
            summary
              ? html`<bdi>${summary}</bdi>`
              : html`<span class="faint"
                  >${row.turns?.length ? "The caller did not speak" : "Nothing was transcribed"}</span
                >`
          }
        </p>
      </div>
      <div class="out">
        <p class="st s-${look.tone}">
          ${icon(look.icon)}<span>${look.label}</span>
        </p>
        <p class="trunc"><bdi>${displayText(outcome.result, 200)}</bdi></p>
      </div>
      ${tierMeter(analysis?.routingTier, `Tier ${analysis?.routingTier}`)}
      <div class="talk">
        ${miniRibbon(row)}<span>${duration(row.durationSeconds)}</span>
      </div>
      <time class="when" datetime=${row.startedAt}
        >${
          dated ? html`<span>${shortDay(row.day, today)}</span>` : nothing
        }${time(row.startedAt, company.timeZone)}</time
      >
      <div class="acts">
        <a
          class="icon-btn icon-btn-sm"
          href=${router.href({ ...open, panel: "transcript" })}
          aria-label="Transcript of ${callerName(caller)}"
          title="Transcript"
          >${icon("file-text")}</a
        >${
          caller.customerNumber
            ? html`<a
                class="icon-btn icon-btn-sm"
                data-customer
                href=${router.link({ customer: caller.customerNumber, tab: "customers" })}
                aria-label="Customer ${callerName(caller)}"
                title="Customer"
                >${icon("user-round")}</a
              >`
            : nothing
        }
      </div>
    </li>`;
  }

  /** @param {CallRow} row */
  #intent(row) {
    const code = row.analysis?.primaryIntent;
    const emergency = row.urgency === "emergency";
    const chips = [
      emergency
        ? html`<span class="chip chip-solid-bad"
            >${icon("siren")}Emergency</span
          >`
        : nothing,
      row.caller.doNotContact
        ? html`<span class="chip chip-bad">${icon("ban")}Do not contact</span>`
        : nothing,
      row.outcome.followUpRequired
        ? html`<span class="chip chip-warn">${icon("clock")}Follow-up</span>`
        : nothing,
      row.review?.flagged
        ? html`<span class="chip chip-bad">${icon("flag")}Flagged</span>`
        : nothing,
    ];
    return html`${
      !code
        ? html`<span class="faint">No intent recognized</span>`
        : emergency && code === "EMERGENCY"
          ? nothing
          : html`<span class="trunc">${intentLabel(code)}</span>`
    }${chips}`;
  }
}

/**
 * "7 booked", if any.
 * @param {CallRow[]} rows
 * @param {(row: CallRow) => boolean} test
 * @param {string} one
 * @param {string} [many]
 */
function tally(rows, test, one, many = one) {
  const n = rows.filter(test).length;
  return n ? [count(n, one, many)] : [];
}
