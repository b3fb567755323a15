/**
 * What is recorded of a call beside its words: outcome, what was captured, how
 * it was handled, what was done, review and notes. Read only. What opens a door
 * comes masked from the server; who may see it asks for it, the server writes
 * that down, and after a while it is masked again.
 *
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").CallNote} CallNote
 * @typedef {import("./types.js").Context} Context
 * @typedef {{ label: string, value: unknown, secret?: string }} Fact secret: the
 *   name of the access instruction, or "custom …"
 * @typedef {(name: "details" | "notes") => { role: unknown, id: string, label: unknown }} Panel
 */
import { html, nothing } from "../../vendor/lit.js";
import {
  dateTime,
  dayLabel,
  displayText,
  initials,
  isDay,
  localDay,
  money,
  percent,
  time,
} from "./utils/formatters.js";
import {
  actionLabel,
  actionLook,
  count,
  errorWords,
  humanize,
  intentLabel,
  statusLook,
  TIER,
  urgencyLabel,
} from "./utils/labels.js";
import { toast } from "./utils/popovers.js";
import { icon, statusChip, tierMeter } from "./utils/view.js";

const HIDE_AFTER = 30_000; // ms that a shown code stays in sight
const MASK = "••••"; // what the server sends instead
/** Names of captured custom fields whose value opens a door. */
const SECRET_NAME = /code|pin|password|combination|alarm/i;

export class CallFacts {
  /** @type {Map<string, ReturnType<typeof setTimeout>>} what is shown now */
  #revealed = new Map();
  /** @type {Record<string, unknown> | null} access instructions in clear */
  #clear = null;

  /**
   * @param {Context} ctx
   * @param {() => void} redraw
   */
  constructor(ctx, redraw) {
    this.ctx = ctx;
    this.redraw = redraw;
  }

  /** Masks every code again. */
  reset() {
    for (const timer of this.#revealed.values()) {
      clearTimeout(timer);
    }
    this.#revealed.clear();
    this.#clear = null;
  }

  /** @param {string} iso */
  #when(iso) {
    const zone = this.ctx.company.timeZone;
    return dateTime(iso, zone, localDay(new Date(), zone));
  }

  /** @param {Call} call @param {Panel} panel */
  template(call, panel) {
    const details = panel("details");
    const notes = panel("notes");
    return html`<aside
      class="sheet-side"
      aria-label="Call details"
      tabindex="0"
    >
      <div
        class="part part-details"
        role=${details.role}
        id=${details.id}
        aria-labelledby=${details.label}
      >
        ${this.#outcome(call)} ${this.#captured(call)} ${this.#handled(call)}
        ${this.#actions(call)}
      </div>
      <div
        class="part part-notes"
        role=${notes.role}
        id=${notes.id}
        aria-labelledby=${notes.label}
      >
        ${this.#review(call)} ${this.#notes(call)}
      </div>
    </aside>`;
  }

  /** @param {Call} call */
  #outcome(call) {
    const { outcome } = call;
    const booked = call.captured?.appointment;
    const said = [
      booked?.bookedDate || booked?.bookedTimeWindow
        ? `Booked ${this.#visit(booked.bookedDate, booked.bookedTimeWindow)}.`
        : "",
      outcome.transferredTo
        ? `Transferred to ${displayText(outcome.transferredTo, 120)}.`
        : "",
      outcome.messageLeft ? "A message was left." : "",
      outcome.followUpRequired ? "" : "No follow-up needed.",
    ].filter(Boolean);
    return html`<section>
      <h2>Outcome<span class="end">${statusChip(outcome.status)}</span></h2>
      <p class="headline">
        <bdi
          >${
            displayText(outcome.result, 300) || statusLook(outcome.status).label
          }</bdi
        >
      </p>
      <p class="muted"><bdi>${said.join(" ")}</bdi></p>
      ${
        outcome.followUpRequired
          ? html`<p class="rowgap">
                <span class="chip chip-warn"
                  >${icon("clock")}Follow-up needed</span
                >
              </p>
              ${
                outcome.followUpNotes
                  ? html`<p class="muted">
                      <bdi>${displayText(outcome.followUpNotes, 2000)}</bdi>
                    </p>`
                  : nothing
              }`
          : nothing
      }
    </section>`;
  }

  /**
   * A visit's day and time window.
   * @param {string | undefined} date
   * @param {string | undefined} window
   */
  #visit(date, window) {
    return visitWords(date, window, this.ctx.company.timeZone);
  }

  /** @param {Call} call */
  #captured(call) {
    const list = facts(call, this.ctx.company.timeZone);
    if (!list.length) {
      return nothing;
    }
    return html`<section>
      <h2>
        Captured on this call<span class="end sub"
          >${count(list.length, "detail")}</span
        >
      </h2>
      <dl class="facts">
        ${list.map(
          (fact) =>
            html`<dt>${fact.label}</dt>
              <dd>
                ${
                  fact.secret
                    ? this.#secret(call, fact.secret, fact)
                    : html`<bdi>${fact.value}</bdi>`
                }
              </dd>`,
        )}
      </dl>
    </section>`;
  }

  /**
   * What opens a door: masked until somebody who may asks, for a while.
   * @param {Call} call
   * @param {string} key
   * @param {Fact} fact
   */
  #secret(call, key, fact) {
    const shown = this.#revealed.has(key);
    const value =
      fact.value === MASK ? displayText(this.#clear?.[key], 1000) : fact.value;
    // A custom field is only masked here; the rest an administrator may ask for.
    const may = fact.value !== MASK || this.ctx.company.role === "admin";
    return html`<span class="secret"
      >${
        shown
          ? html`<bdi>${value}</bdi>`
          : html`<span aria-hidden="true">${MASK}</span
              ><span class="sr">Hidden</span>`
      }${
        may
          ? html`<button
              class="mini"
              aria-label="${shown ? "Hide" : "Show"} ${fact.label.toLowerCase()}"
              @click=${() =>
                shown ? this.#hide(key) : this.#show(call, key, fact)}
            >
              ${icon(shown ? "eye-off" : "eye", "i-sm")}${shown ? "Hide" : "Show"}
            </button>`
          : nothing
      }</span
    >`;
  }

  /** @param {string} key */
  #hide(key) {
    clearTimeout(this.#revealed.get(key));
    this.#revealed.delete(key);
    if (!this.#revealed.size) {
      this.#clear = null;
    }
    this.redraw();
  }

  /** @param {Call} call @param {string} key @param {Fact} fact */
  async #show(call, key, fact) {
    if (fact.value === MASK && !this.#clear) {
      try {
        const answer = await this.ctx.api.revealCall(
          this.ctx.company.companyId,
          call.callId,
        );
        if (this.ctx.router.route.call !== call.callId) {
          return;
        }
        this.#clear = { ...answer.call.captured?.accessInstructions };
      } catch (error) {
        toast(`${fact.label} cannot be shown. ${errorWords(error).text}`);
        return;
      }
    }
    this.#revealed.set(
      key,
      setTimeout(() => this.#hide(key), HIDE_AFTER),
    );
    this.redraw();
  }

  /** @param {Call} call */
  #handled(call) {
    const a = call.analysis ?? {};
    const mood = a.emotion?.primary;
    /** @type {[string, unknown][]} */
    const rows = [
      ["Intent", a.primaryIntent && intentLabel(a.primaryIntent)],
      [
        "Confidence",
        a.intentConfidence != null &&
          html`<span class="num">${percent(a.intentConfidence)}</span>`,
      ],
      [
        "Routing",
        a.routingTier
          ? tierMeter(
              a.routingTier,
              TIER[a.routingTier] ?? `Tier ${a.routingTier}`,
            )
          : "No tier",
      ],
      ["Triage card", displayText(a.triageCard, 200)],
      ["Scenario", displayText(a.scenarioMatched, 200)],
      ["Model", displayText(a.llmModel, 120)],
      [
        "Model cost",
        a.llmCost != null && html`<span class="num">${money(a.llmCost)}</span>`,
      ],
      [
        "Caller mood",
        mood &&
          humanize(mood) +
            (a.emotion?.intensity != null && mood.toUpperCase() !== "NEUTRAL"
              ? `, ${percent(a.emotion.intensity)}`
              : ""),
      ],
    ];
    return html`<section>
      <h2>How it was handled</h2>
      <dl class="facts">
        ${rows
          .filter(([, value]) => value)
          .map(
            ([label, value]) =>
              html`<dt>${label}</dt>
                <dd><bdi>${value}</bdi></dd>`,
          )}
      </dl>
    </section>`;
  }

  /** @param {Call} call */
  #actions(call) {
    const actions = call.actions ?? [];
    if (!actions.length) {
      return nothing;
    }
    return html`<section>
      <h2>Actions taken</h2>
      <ol class="steps">
        ${actions.map((action) => {
          const look = actionLook(action.status);
          const more = [
            action.status && action.status !== "success" ? look.label : "",
            displayText(action.target, 200),
            ...entries(action.details).map(
              ([k, v]) => `${humanize(k)}: ${asText(v)}`,
            ),
          ].filter(Boolean);
          return html`<li class="step-${look.tone}">
            ${icon(look.icon)}<span>${actionLabel(action.type)}${
              more.length
                ? html`<span><bdi>${more.join(" · ")}</bdi></span>`
                : nothing
            }</span>${
              action.timestamp
                ? html`<time datetime=${action.timestamp}
                    >${time(action.timestamp, this.ctx.company.timeZone)}</time
                  >`
                : nothing
            }
          </li>`;
        })}
      </ol>
    </section>`;
  }

  /** @param {Call} call */
  #review(call) {
    const r = call.review ?? {};
    return html`<section>
      <h2>
        Review<span class="end sub"
          >${r.reviewed ? "Reviewed" : "Not reviewed"}</span
        >
      </h2>
      ${
        r.rating
          ? html`<p class="rate" role="img" aria-label="Rated ${r.rating} of 5">
              ${[1, 2, 3, 4, 5].map(
                (n) =>
                  html`<span class="star ${n <= Number(r.rating) ? "on" : ""}"
                    >${icon("star", "i-lg")}</span
                  >`,
              )}
            </p>`
          : nothing
      }
      ${
        r.feedback
          ? html`<p class="muted">
              <bdi>${displayText(r.feedback, 4000)}</bdi>
            </p>`
          : nothing
      }
      ${
        r.reviewed && (r.reviewedBy || r.reviewedAt)
          ? html`<p class="hint">
              <bdi
                >${[
                  displayText(r.reviewedBy, 120),
                  r.reviewedAt && this.#when(r.reviewedAt),
                ]
                  .filter(Boolean)
                  .join(", ")}</bdi
              >
            </p>`
          : nothing
      }
      ${
        r.flagged
          ? html`<p class="rowgap">
                <span class="chip chip-bad">${icon("flag")}Flagged</span>
              </p>
              <p class="muted">
                <bdi>${displayText(r.flagReason, 2000)}</bdi>
              </p>`
          : nothing
      }
    </section>`;
  }

  /** @param {Call} call */
  #notes(call) {
    const notes = call.notes ?? [];
    return html`<section>
      <h2>
        Notes${
          notes.length > 1
            ? html`<span class="end sub">Latest first</span>`
            : nothing
        }
      </h2>
      ${
        notes.length > 0
          ? notes.map((note) => this.#note(note))
          : html`<p class="hint">No notes on this call.</p>`
      }
    </section>`;
  }

  /** @param {CallNote} note */
  #note(note) {
    const by = displayText(note.addedBy, 120).trim();
    return html`<article class="note">
      <span class="avatar" aria-hidden="true"
        >${initials(by) || icon("notebook-pen")}</span
      >
      <div>
        <header>
          <b><bdi>${by || "Unknown author"}</bdi></b
          ><span>${this.#when(note.addedAt)}</span>
        </header>
        <p><bdi>${displayText(note.text, 4000)}</bdi></p>
      </div>
    </article>`;
  }
}

/**
 * What the assistant wrote down, in a fixed order; what is empty is absent.
 * @param {Call} call
 * @param {string} zone
 * @returns {Fact[]}
 */
export function facts(call, zone) {
  const c = call.captured ?? {};
  const address = c.address ?? {};
  const visit = c.appointment ?? {};
  const access = c.accessInstructions ?? {};
  const other = access.alternateContact ?? {};
  const line = (/** @type {unknown[]} */ parts, /** @type {string} */ glue) =>
    parts
      .map((p) => displayText(p, 300).trim())
      .filter(Boolean)
      .join(glue);
  /** @type {Fact[]} */
  const all = [
    { label: "Name", value: displayText(c.name, 200) },
    { label: "Phone", value: displayText(c.phoneDisplay || c.phone, 40) },
    { label: "Email", value: displayText(c.email, 254) },
    {
      label: "Address",
      value:
        line(
          [
            address.street,
            address.city,
            line([address.state, address.zip], " "),
          ],
          ", ",
        ) || displayText(address.full, 400),
    },
    { label: "Problem", value: displayText(c.problemDescription, 4000) },
    { label: "Urgency", value: c.urgency && urgencyLabel(c.urgency) },
    {
      label: "Asked for",
      value: visitWords(visit.requestedDate, visit.requestedTimeWindow, zone),
    },
    {
      label: "Booked",
      value: visitWords(visit.bookedDate, visit.bookedTimeWindow, zone),
    },
    {
      label: "Customer home",
      value:
        access.customerPresent == null ? "" : yesNo(access.customerPresent),
    },
    {
      label: "Key",
      value: displayText(access.keyLocation, 1000),
      secret: "keyLocation",
    },
    {
      label: "Gate code",
      value: displayText(access.gateCode, 100),
      secret: "gateCode",
    },
    {
      label: "Lockbox code",
      value: displayText(access.lockboxCode, 100),
      secret: "lockboxCode",
    },
    {
      label: "Call if locked out",
      value: line(
        [
          line([other.name, other.relationship], ", "),
          other.phoneDisplay || other.phone,
        ],
        "\n",
      ),
    },
    { label: "Pets", value: displayText(access.petInfo, 1000) },
    { label: "Instructions", value: displayText(access.specialNotes, 4000) },
    ...entries(c.custom).map(([name, value]) => ({
      label: humanize(name) || "Unnamed",
      value: asText(value),
      ...(SECRET_NAME.test(name) ? { secret: `custom ${name}` } : {}),
    })),
  ];
  return all.filter((fact) => fact.value);
}

/**
 * The members of a map that strangers filled; never its prototype's.
 * @param {Record<string, unknown> | undefined} map
 */
const entries = (map) =>
  Object.entries(map ?? {}).filter(([, v]) => v !== null && v !== "");

/** @param {unknown} value a member of a custom map @returns {string} */
const asText = (value) =>
  typeof value === "boolean"
    ? yesNo(value)
    : displayText(
        typeof value === "object" ? JSON.stringify(value) : value,
        1000,
      );

/** @param {boolean} value */
const yesNo = (value) => (value ? "Yes" : "No");

/**
 * The day and time window of a visit.
 * @param {string | undefined} date YYYY-MM-DD
 * @param {string | undefined} window
 * @param {string} zone
 */
function visitWords(date, window, zone) {
  return [
    isDay(date) && dayLabel(String(date), localDay(new Date(), zone)),
    displayText(window, 120).trim(),
  ]
    .filter(Boolean)
    .join(", ");
}
