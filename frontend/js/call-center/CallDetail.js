/**
 * One call, in a modal dialog over the place it was opened from: header, talk
 * ribbon, transcript, details. The address says which call, which second and,
 * on narrow screens, which panel. The list behind decides what newer and older
 * are, so they respect its filters.
 *
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").CallRow} CallRow
 * @typedef {import("./types.js").Context} Context
 * @typedef {import("./types.js").Route} Route
 * @typedef {{ who: 0 | 1, text: string, start: number | null, n: number }} Line
 * @typedef {{ icon: string, tone: string, text: string, at: number }} Event
 * @typedef {{ label: string, value: unknown, secret?: string }} Fact
 */
import { html, nothing, render, repeat, svg } from "../../vendor/lit.js";
import { announce } from "./utils/announce.js";
import {
  callOrdinal,
  clock,
  dateTime,
  dayLabel,
  displayText,
  duration,
  find,
  initials,
  localDay,
  money,
  number,
  percent,
  segments,
  spoken,
  time,
} from "./utils/formatters.js";
import {
  actionLabel,
  actionLook,
  count,
  directionLabel,
  errorWords,
  humanize,
  intentLabel,
  statusLook,
  TIER,
  urgencyLabel,
} from "./utils/labels.js";
import { toast } from "./utils/modals.js";
import { bars, shares, slide, span, turnAt } from "./TalkRibbon.js";
import {
  bdiName,
  callerName,
  callerPhone,
  emptyState,
  icon,
  statusChip,
  tierMeter,
} from "./utils/view.js";

const KEPT_CALLS = 20;
const SKELETON_AFTER = 150; // ms
const HIDE_AFTER = 30_000; // ms that a shown code stays in sight
const LONG_TURN = 4000; // UTF-16 units, then "Show all"
const NARROW = matchMedia("(max-width: 63.99rem)"); // one panel at a time
const PHONE = matchMedia("(max-width: 47.99rem)");
const PANELS = /** @type {const} */ ({
  transcript: "Transcript",
  details: "Details",
  notes: "Notes",
});
/** Names of captured custom fields whose value opens a door. */
const SECRET_NAME = /code|pin|password|combination|alarm/i;

export class CallDetail {
  #dialog = document.createElement("dialog");
  /** @type {Map<string, Call>} */
  #calls = new Map();
  /** @type {string | null} */
  #id = null;
  /** @type {Call | null} */
  #call = null;
  /** @type {Line[]} */
  #lines = [];
  /** @type {number[]} */
  #starts = [];
  /** @type {Event[]} */
  #events = [];
  /** @type {{ value: string, label: string }[]} */
  #captures = [];
  /** @type {unknown} */
  #error = null;
  #slow = false;
  /** @type {number | null} */
  #t = null;
  #query = "";
  #hit = 0;
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  #revealed = new Map();
  /** @type {Set<number>} */
  #whole = new Set();
  /** @type {Element | null} */
  #opener = null;
  #abort = new AbortController();
  #removeKeys = () => {};

  /** @param {Context} ctx */
  constructor(ctx) {
    this.ctx = ctx;
    const dialog = this.#dialog;
    dialog.className = "sheet";
    dialog.setAttribute("aria-labelledby", "call-title");
    document.body.append(dialog);
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    // A browser may close a dialog on a second Escape whatever the page says.
    dialog.addEventListener("close", () => {
      if (this.ctx.router.route.call === this.#id) {
        this.close();
      }
    });
    dialog.addEventListener("pointerdown", (event) => {
      if (event.target === dialog) {
        this.close();
      }
    });
    const again = () => {
      if (dialog.open) {
        this.render();
      }
    };
    NARROW.addEventListener("change", again);
    PHONE.addEventListener("change", again);
  }

  get open() {
    return this.#dialog.open;
  }

  /** Name and day of the call, for the window's title. */
  get title() {
    const call = this.#call ?? this.#row;
    return call ? `${callerName(call.caller)}, ${this.#when(call)}` : "Call";
  }

  /** The call as the list behind knows it. @returns {CallRow | undefined} */
  get #row() {
    return this.ctx.list()?.rows.find((r) => r.callId === this.#id);
  }

  /** @param {{ startedAt: string }} call */
  #when(call) {
    const zone = this.ctx.company.timeZone;
    return dateTime(call.startedAt, zone, localDay(new Date(), zone));
  }

  /**
   * Shows what the address asks for, or nothing.
   * @param {Route} route
   */
  async show(route) {
    if (!route.call) {
      this.#hide();
      return;
    }
    if (!this.#dialog.open) {
      this.#opener = document.activeElement;
      this.render();
      this.#dialog.showModal();
      this.#removeKeys = this.ctx.keys.add(
        {
          j: () => this.#step(1),
          k: () => this.#step(-1),
          c: () => this.#openCustomer(),
          "[": () => this.#turn(-1),
          "]": () => this.#turn(1),
        },
        true,
      );
    }
    if (route.call !== this.#id) {
      this.#reset(route.call);
      await this.#load(route.call);
      return;
    }
    if (route.t !== this.#t) {
      this.#t = route.t;
      this.render();
      this.#reveal();
      return;
    }
    this.render();
  }

  /** Closes the dialog by way of the address. */
  close() {
    const { router } = this.ctx;
    if (!router.route.call) {
      this.#hide();
    } else if (router.over) {
      history.back();
    } else {
      router.replace({ call: null, t: null, panel: null });
    }
  }

  /** Takes the dialog away, without touching the address or the focus. */
  discard() {
    this.#removeKeys();
    this.#abort.abort();
    this.#dialog.remove();
  }

  #hide() {
    const id = this.#id;
    this.#reset(null);
    if (!this.#dialog.open) {
      return;
    }
    this.#removeKeys();
    this.#dialog.close();
    // Back to the row of the call that was read last; it may be another than
    // the one that was opened.
    if (
      !(id && this.ctx.list()?.focusRow(id)) &&
      this.#opener instanceof HTMLElement &&
      this.#opener.isConnected
    ) {
      this.#opener.focus();
    }
    this.#opener = null;
  }

  /** @param {string | null} id */
  #reset(id) {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#id = id;
    this.#call = null;
    this.#error = null;
    this.#slow = false;
    this.#t = null;
    this.#query = "";
    this.#hit = 0;
    this.#whole.clear();
    for (const timer of this.#revealed.values()) {
      clearTimeout(timer);
    }
    this.#revealed.clear();
  }

  /** @param {string} id */
  async #load(id) {
    const known = this.#calls.get(id);
    if (!known) {
      this.render();
      this.#focusTitle();
      const slow = setTimeout(() => {
        this.#slow = true;
        this.render();
      }, SKELETON_AFTER);
      try {
        const { call } = await this.ctx.api.getCall(
          this.ctx.company.companyId,
          id,
          { signal: this.#abort.signal },
        );
        this.#calls.set(id, call);
        if (this.#calls.size > KEPT_CALLS) {
          this.#calls.delete(
            /** @type {string} */ (this.#calls.keys().next().value),
          );
        }
      } catch (error) {
        if (this.#id === id) {
          this.#error = error;
          this.render();
        }
        return;
      } finally {
        clearTimeout(slow);
      }
    }
    if (this.#id !== id) {
      return;
    }
    this.#take(/** @type {Call} */ (this.#calls.get(id)));
    this.render();
    this.#dialog.querySelector(".script")?.scrollTo({ top: 0 });
    this.#dialog.querySelector(".sheet-side")?.scrollTo({ top: 0 });
    this.#dialog.scrollTo({ top: 0 });
    if (known) {
      this.#focusTitle();
    }
    this.#reveal();
    this.ctx.changed();
    announce(
      `${callerName(this.#call?.caller ?? { phone: "" })}, ${this.#when(/** @type {Call} */ (this.#call))}`,
    );
  }

  /** Takes a call apart once, so that drawing it is cheap. @param {Call} call */
  #take(call) {
    const { route } = this.ctx.router;
    const began = Date.parse(call.startedAt);
    const length = (call.durationSeconds ?? 0) + 60;
    const at = (/** @type {string | undefined} */ iso) => {
      const s = (Date.parse(iso ?? "") - began) / 1000;
      return s >= 0 && s <= length ? s : null;
    };
    const transcript = call.transcript ?? [];
    const turns = call.turns ?? [];
    this.#call = call;
    this.#lines = transcript.map((turn, n) => ({
      who: turn.speaker === "agent" ? 1 : 0,
      text: displayText(turn.text, Infinity),
      start:
        turns.length === transcript.length
          ? turns[n][1] / 1000
          : at(turn.timestamp),
      n,
    }));
    let latest = 0;
    this.#starts = this.#lines.map((line) => {
      latest = Math.max(latest, line.start ?? latest);
      return latest;
    });
    this.#events = (call.actions ?? [])
      .flatMap((action) => {
        const when = at(action.timestamp);
        const look = actionLook(action.status);
        return when === null
          ? []
          : [
              {
                icon: look.icon,
                tone: look.tone,
                text: `${actionLabel(action.type)}${action.status === "failed" ? " failed" : ""} at ${clock(when)}`,
                at: when,
              },
            ];
      })
      .sort((a, b) => a.at - b.at);
    this.#captures = facts(call, this.ctx.company.timeZone)
      .filter(
        (f) => !f.secret && typeof f.value === "string" && f.value.length > 3,
      )
      .map((f) => ({ value: String(f.value), label: f.label }));
    this.#t = route.t;
  }

  #focusTitle() {
    /** @type {HTMLElement | null} */ (
      this.#dialog.querySelector("#call-title")
    )?.focus({ preventScroll: true });
  }

  // ---- moving ------------------------------------------------------------

  /**
   * Goes on to the next or previous call of the list.
   * @param {number} by
   */
  async #step(by) {
    const list = this.ctx.list();
    const at = list?.rows.findIndex((r) => r.callId === this.#id) ?? -1;
    if (!list || at < 0) {
      return;
    }
    if (at + by >= list.rows.length && list.hasMore) {
      await list.more();
    }
    const next = this.ctx.list()?.rows[at + by];
    if (next && this.#dialog.open) {
      this.ctx.router.replace({ call: next.callId, t: null });
    } else {
      announce(by > 0 ? "This is the last call" : "This is the first call");
    }
  }

  #openCustomer() {
    const number = this.#call?.caller.customerNumber;
    if (!number) {
      return false;
    }
    const { router } = this.ctx;
    router.follow(router.link({ tab: "customers", customer: number }));
    return true;
  }

  /**
   * Moves to a second of the call: ribbon, transcript and address together.
   * @param {number} t
   */
  #seek(t) {
    const length = Math.round(this.#length / 1000);
    this.#t = Math.max(0, Math.min(Math.round(t), length));
    this.render();
    this.#reveal();
    clearTimeout(this.#writing);
    this.#writing = setTimeout(() => {
      if (this.#id && this.ctx.router.route.call === this.#id) {
        this.ctx.router.replace({ t: this.#t });
      }
    }, 200);
  }
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #writing;

  /** Previous or next turn of talk. @param {number} by */
  #turn(by) {
    const at = this.#t === null ? -1 : turnAt(this.#starts, this.#t);
    const next = this.#starts[Math.max(0, at + by)];
    if (next !== undefined) {
      // Rounded up: a turn that starts at 12.6 s has not begun at 12 s.
      this.#seek(Math.ceil(next));
    }
  }

  get #length() {
    return span(this.#call?.turns ?? [], this.#call?.durationSeconds);
  }

  /** Brings the current turn to a third of the transcript's height. */
  #reveal() {
    const turn = this.#dialog.querySelector(".turn[aria-current]");
    if (turn) {
      this.#scrollTo(turn);
    }
  }

  /** @param {Element} element */
  #scrollTo(element) {
    const script = this.#dialog.querySelector(".script");
    const box = PHONE.matches ? this.#dialog : script;
    if (!box) {
      return;
    }
    const top =
      element.getBoundingClientRect().top -
      box.getBoundingClientRect().top +
      box.scrollTop -
      box.clientHeight / 3;
    box.scrollTo({ top: Math.max(0, top) });
  }

  // ---- templates ---------------------------------------------------------

  render() {
    const { route } = this.ctx.router;
    const panel =
      route.panel && route.panel in PANELS ? route.panel : "transcript";
    this.#dialog.dataset.panel = panel;
    const call = this.#call;
    render(
      html`${this.#header()}
      ${
        call
          ? html`<div class="sheet-body">
              <div class="sheet-main">
                ${this.#player(call)}
                ${NARROW.matches ? this.#tabs(panel) : nothing}
                ${this.#transcript(call)}
              </div>
              ${this.#side(call)}
            </div>`
          : this.#instead()
      }`,
      this.#dialog,
    );
  }

  #header() {
    const call = this.#call ?? this.#row;
    const list = this.ctx.list();
    const at = list?.rows.findIndex((r) => r.callId === this.#id) ?? -1;
    const { router } = this.ctx;
    const byTime = !router.route.sort;
    const number_ = call?.caller.customerNumber;
    const name = call ? callerName(call.caller) : "";
    const unnamed = !call?.caller.name;
    const nth = call ? callOrdinal(call.caller) : "";
    const customer = number_
      ? router.link({ tab: "customers", customer: number_ })
      : "";
    return html`<header class="sheet-head">
      <button
        class="icon-btn only-s"
        aria-label="Back to calls"
        @click=${() => this.close()}
      >
        ${icon("arrow-left")}
      </button>
      <span
        class="avatar avatar-md ${unnamed ? "avatar-none" : ""}"
        aria-hidden="true"
        >${unnamed ? icon("user-round") : initials(name)}</span
      >
      <div class="idline">
        <h1 id="call-title" tabindex="-1">
          ${call ? bdiName(call.caller) : "Call"}${
            nth
              ? html`<span class="chip chip-accent hide-s">${nth}</span>`
              : nothing
          }
        </h1>
        ${
          call
            ? html`<p>
                <span><bdi>${callerPhone(call.caller)}</bdi></span
                ><time datetime=${call.startedAt}>${this.#when(call)}</time
                ><span>${duration(call.durationSeconds)}</span
                ><span>${directionLabel(call.direction ?? "inbound")}</span>
              </p>`
            : nothing
        }
      </div>
      <div class="end">
        ${
          customer
            ? html`<a
                  class="btn btn-quiet btn-sm hide-s"
                  href=${customer}
                  aria-keyshortcuts="c"
                  >${icon("user-round")}Customer</a
                ><a
                  class="icon-btn only-s"
                  href=${customer}
                  aria-label="Customer"
                  >${icon("user-round")}</a
                >`
            : nothing
        }
        ${
          navigator.clipboard
            ? html`<button
                class="icon-btn hide-s"
                aria-label="Copy link to this call"
                title="Copy link"
                @click=${() => this.#copy(location.href, "Link copied")}
              >
                ${icon("link")}
              </button>`
            : nothing
        }
        ${
          list && at >= 0
            ? html`<span class="vsep hide-s" aria-hidden="true"></span
                ><span class="pos hide-s"
                  >${number(at + 1)} of ${number(list.total)}</span
                ><button
                  class="icon-btn hide-s"
                  aria-label=${byTime ? "Newer call" : "Previous call"}
                  aria-keyshortcuts="k"
                  ?disabled=${at === 0}
                  @click=${() => this.#step(-1)}
                >
                  ${icon("chevron-up")}</button
                ><button
                  class="icon-btn hide-s"
                  aria-label=${byTime ? "Older call" : "Next call"}
                  aria-keyshortcuts="j"
                  ?disabled=${at + 1 >= list.rows.length && !list.hasMore}
                  @click=${() => this.#step(1)}
                >
                  ${icon("chevron-down")}
                </button>`
            : nothing
        }
        <span class="vsep hide-s" aria-hidden="true"></span>
        <button
          class="icon-btn hide-s"
          aria-label="Close"
          aria-keyshortcuts="Escape"
          @click=${() => this.close()}
        >
          ${icon("x")}
        </button>
      </div>
    </header>`;
  }

  /** What stands in place of the call: nothing yet, a skeleton, or an error. */
  #instead() {
    if (this.#error) {
      const gone = /** @type {any} */ (this.#error).status === 404;
      const words = errorWords(this.#error);
      return html`<div class="sheet-body sheet-alone">
        ${emptyState({
          icon: gone ? "file-text" : "triangle-alert",
          title: gone ? "No such call" : "The call could not be loaded",
          text: gone
            ? "It may have been deleted, or the link is not complete."
            : words.text,
          bad: true,
          ref: words.ref,
          actions: gone
            ? html`<button class="btn" @click=${() => this.close()}>
                Back to the list
              </button>`
            : html`<button
                class="btn"
                @click=${() => {
                  this.#error = null;
                  this.#load(/** @type {string} */ (this.#id));
                }}
              >
                ${icon("refresh-cw")}Try again
              </button>`,
        })}
      </div>`;
    }
    return html`<div class="sheet-body" aria-busy="true">
      <div class="sheet-main sheet-wait">
        ${
          this.#slow
            ? Array.from(
                { length: 8 },
                (_, i) => html`<span class="sk sk-w${1 + (i % 3)}"></span>`,
              )
            : nothing
        }
      </div>
      <div class="sheet-side"></div>
    </div>`;
  }

  /** @param {string} panel */
  #tabs(panel) {
    const notes = this.#call?.agentNotes?.text ? 1 : 0;
    const names = /** @type {(keyof typeof PANELS)[]} */ (Object.keys(PANELS));
    return html`<div
      class="tabline"
      role="tablist"
      aria-label="Call"
      @keydown=${(/** @type {KeyboardEvent} */ event) => {
        const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (by) {
          event.preventDefault();
          const at = names.indexOf(/** @type {any} */ (panel));
          this.#openPanel(names[(at + by + names.length) % names.length]);
          /** @type {HTMLElement | null} */ (
            this.#dialog.querySelector('[role="tab"][aria-selected="true"]')
          )?.focus();
        }
      }}
    >
      ${names.map(
        (name) =>
          html`<button
            role="tab"
            id="tab-${name}"
            aria-controls="panel-${name}"
            aria-selected=${String(name === panel)}
            tabindex=${name === panel ? 0 : -1}
            @click=${() => this.#openPanel(name)}
          >
            ${PANELS[name]}${
              name === "notes" && notes
                ? html` <span class="badge">${notes}</span>`
                : nothing
            }
          </button>`,
      )}
    </div>`;
  }

  /** @param {keyof typeof PANELS} name */
  #openPanel(name) {
    this.ctx.router.replace({ panel: name === "transcript" ? null : name });
    this.render();
    this.#dialog.scrollTo({ top: 0 });
  }

  /**
   * On narrow screens a part of the call is a tab panel.
   * @param {keyof typeof PANELS} name
   */
  #panelRole(name) {
    return NARROW.matches
      ? { role: "tabpanel", id: `panel-${name}`, label: `tab-${name}` }
      : { role: nothing, id: `panel-${name}`, label: nothing };
  }

  /** @param {Call} call */
  #player(call) {
    const turns = call.turns ?? [];
    if (!turns.length) {
      return nothing;
    }
    const length = this.#length / 1000;
    const t = this.#t;
    const share = shares(turns);
    const voice = this.#voice(call);
    return html`<section class="player" aria-label="Who spoke when">
      <div
        class="seek"
        role="slider"
        tabindex="0"
        aria-label="Position in the call"
        aria-valuemin="0"
        aria-valuemax=${Math.round(length)}
        aria-valuenow=${t ?? 0}
        aria-valuetext="${spoken(t ?? 0)} of ${spoken(length)}"
        @keydown=${(/** @type {KeyboardEvent} */ event) => {
          const to =
            event.ctrlKey || event.metaKey || event.altKey
              ? null
              : slide(event.key, this.#t ?? 0, length);
          if (to !== null) {
            event.preventDefault();
            this.#seek(to);
          }
        }}
        @pointerdown=${(/** @type {PointerEvent} */ event) =>
          this.#drag(event, length)}
        @pointermove=${(/** @type {PointerEvent} */ event) =>
          this.#drag(event, length)}
      >
        ${
          PHONE.matches
            ? this.#ribbon(call, 270, 44)
            : this.#ribbon(call, 720, 68)
        }
      </div>
      <div class="scale" aria-hidden="true">
        ${[0, 0.25, 0.5, 0.75, 1].map(
          (part) => html`<span>${clock(part * length)}</span>`,
        )}
      </div>
      <div class="player-ctl">
        <span class="time"
          >${
            t === null
              ? clock(length)
              : html`<b>${clock(t)}</b> / ${clock(length)}`
          }</span
        >
        ${
          share
            ? html`<div class="end">
                <span class="key"
                  ><span class="dot dot-caller"></span><bdi>${voice}</bdi>
                  <span class="faint num">${percent(share.caller)}</span></span
                ><span class="key"
                  ><span class="dot dot-agent"></span>Assistant
                  <span class="faint num">${percent(share.agent)}</span></span
                >
              </div>`
            : nothing
        }
      </div>
    </section>`;
  }

  /**
   * A press or a drag on the ribbon.
   * @param {PointerEvent} event
   * @param {number} length seconds
   */
  #drag(event, length) {
    const slider = /** @type {HTMLElement} */ (event.currentTarget);
    if (event.type === "pointerdown") {
      if (event.button !== 0) {
        return;
      }
      slider.setPointerCapture(event.pointerId);
    } else if (!slider.hasPointerCapture(event.pointerId)) {
      return;
    }
    const box = slider.getBoundingClientRect();
    this.#seek(((event.clientX - box.left) / box.width) * length);
  }

  /** @param {Call} call @param {number} width @param {number} height */
  #ribbon(call, width, height) {
    const turns = call.turns ?? [];
    const total = this.#length;
    const now = this.#t === null ? null : this.#t * 1000;
    const axis = height / 2;
    const tall = axis * 0.62;
    const later = (/** @type {number} */ ms) =>
      now !== null && ms > now ? "u" : "";
    const x = ((now ?? 0) / total) * width;
    return html`<svg
      class="ribbon"
      viewBox="0 0 ${width} ${height}"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      ${bars(turns, call.durationSeconds, width, 3.6).map((bar) =>
        bar.who < 0
          ? svg`<circle class="quiet ${later(bar.ms)}" cx=${bar.x} cy=${axis} r="0.9"></circle>`
          : svg`<rect
              class="${bar.who ? "a" : "c"} ${later(bar.ms)}"
              x=${bar.x - 1.05}
              y=${bar.who ? axis + 1.5 : axis - 1.5 - tall}
              width="2.1"
              height=${tall}
              rx="1"
            ></rect>`,
      )}
      ${
        now === null
          ? nothing
          : svg`<line class="head" x1=${x} x2=${x} y1="-3" y2=${height + 3}></line>`
      }
    </svg>`;
  }

  /** How the caller is named beside their words. @param {Call} call */
  #voice(call) {
    const first = displayText(call.caller.name, 120).trim().split(/\s+/)[0];
    return first || "Caller";
  }

  /** @param {Call} call */
  #transcript(call) {
    const { role, id, label } = this.#panelRole("transcript");
    const hits = this.#hits();
    const current = this.#t === null ? -1 : turnAt(this.#starts, this.#t);
    const voice = this.#voice(call);
    /** @type {{ key: string, line?: Line, event?: Event }[]} */
    const items = [];
    const events = [...this.#events];
    for (const line of this.#lines) {
      while (events.length && events[0].at < this.#starts[line.n]) {
        items.push({ key: `e${items.length}`, event: events.shift() });
      }
      items.push({ key: `t${line.n}`, line });
    }
    for (const event of events) {
      items.push({ key: `e${items.length}`, event });
    }
    return html`<div
      class="script-box"
      role=${role}
      id=${id}
      aria-labelledby=${label}
    >
      <div class="script-bar">
        <h2>Transcript</h2>
        ${
          this.#lines.length
            ? html`<div class="end">
                ${
                  this.#query
                    ? html`<span class="hits" role="status"
                        >${
                          hits.length
                            ? `${number(this.#hit + 1)} of ${number(hits.length)}`
                            : "Not found"
                        }</span
                      >`
                    : nothing
                }
                <label class="field"
                  >${icon("search", "i-sm")}<input
                    type="search"
                    placeholder="Find in transcript"
                    aria-label="Find in transcript"
                    autocomplete="off"
                    maxlength="100"
                    .value=${this.#query}
                    @input=${(/** @type {InputEvent} */ event) => {
                      this.#query = /** @type {HTMLInputElement} */ (
                        event.target
                      ).value;
                      this.#hit = 0;
                      this.#showHit();
                    }}
                    @keydown=${(/** @type {KeyboardEvent} */ event) => {
                      if (event.key === "Enter" && hits.length) {
                        event.preventDefault();
                        const by = event.shiftKey ? -1 : 1;
                        this.#hit =
                          (this.#hit + by + hits.length) % hits.length;
                        this.#showHit();
                      }
                    }}
                /></label>
                ${
                  navigator.clipboard
                    ? html`<button
                        class="icon-btn icon-btn-sm hide-s"
                        aria-label="Copy transcript"
                        title="Copy transcript"
                        @click=${() =>
                          this.#copy(this.#asText(call), "Transcript copied")}
                      >
                        ${icon("copy")}
                      </button>`
                    : nothing
                }
              </div>`
            : nothing
        }
      </div>
      ${
        items.length
          ? html`<ol class="script" tabindex="0" aria-label="Transcript">
              ${repeat(
                items,
                (item) => item.key,
                (item) =>
                  item.line
                    ? this.#line(
                        item.line,
                        item.line.n === current,
                        voice,
                        hits,
                      )
                    : html`<li class="event ev-${item.event?.tone}">
                        ${icon(item.event?.icon ?? "")}<span
                          >${item.event?.text}</span
                        >
                      </li>`,
              )}
            </ol>`
          : html`<div class="script script-none">
              <div class="line">
                ${icon("file-text")}
                <div>
                  <b>No transcript</b>
                  <p>Nothing was transcribed on this call.</p>
                </div>
              </div>
            </div>`
      }
    </div>`;
  }

  /**
   * @param {Line} line
   * @param {boolean} current
   * @param {string} voice
   * @param {{ n: number, from: number, to: number }[]} hits
   */
  #line(line, current, voice, hits) {
    const long = line.text.length > LONG_TURN && !this.#whole.has(line.n);
    const text = long ? displayText(line.text, LONG_TURN) : line.text;
    const hit = hits[this.#hit];
    let at = 0;
    const pieces = segments(
      text,
      this.#query,
      line.who === 0 ? this.#captures : [],
    ).map((piece) => {
      const from = at;
      at += piece.text.length;
      const body = piece.mark
        ? html`<mark
            ?data-hit=${hit?.n === line.n && hit.from <= from && from < hit.to}
            >${piece.text}</mark
          >`
        : piece.text;
      return piece.label
        ? html`<span class="cap" title=${piece.label}>${body}</span>`
        : body;
    });
    const start = line.start;
    return html`<li
      class="turn ${line.who ? "agent" : "caller"}"
      aria-current=${current ? "true" : nothing}
    >
      ${
        start === null
          ? html`<span></span>`
          : html`<button
              aria-label="Go to ${clock(start)}"
              @click=${() => this.#seek(Math.ceil(start))}
            >
              ${clock(start)}
            </button>`
      }<span class="sp trunc"
        >${line.who ? "Assistant" : html`<bdi>${voice}</bdi>`}</span
      >
      <p>
        <bdi>${pieces}</bdi>${
          long
            ? html` <button
                class="mini"
                @click=${() => {
                  this.#whole.add(line.n);
                  this.render();
                }}
              >
                Show all
              </button>`
            : nothing
        }
      </p>
    </li>`;
  }

  /** Where the searched words stand. */
  #hits() {
    if (!this.#query.trim()) {
      return [];
    }
    return this.#lines.flatMap((line) =>
      find(
        this.#whole.has(line.n) ? line.text : displayText(line.text, LONG_TURN),
        this.#query,
      ).map((at) => ({ n: line.n, ...at })),
    );
  }

  #showHit() {
    this.render();
    const mark = this.#dialog.querySelector("mark[data-hit]");
    if (mark) {
      this.#scrollTo(mark);
    }
  }

  /** @param {Call} call */
  #asText(call) {
    const voice = this.#voice(call);
    return this.#lines
      .map(
        (line) =>
          `${line.start === null ? "" : `${clock(line.start)}  `}${line.who ? "Assistant" : voice}: ${line.text}`,
      )
      .join("\n");
  }

  /** @param {string} text @param {string} said */
  async #copy(text, said) {
    try {
      await navigator.clipboard.writeText(text);
      toast(said);
    } catch {
      toast("The browser does not allow copying here");
    }
  }

  /** @param {Call} call */
  #side(call) {
    const details = this.#panelRole("details");
    const notes = this.#panelRole("notes");
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
                    ? this.#secret(fact.secret, fact)
                    : html`<bdi>${fact.value}</bdi>`
                }
              </dd>`,
        )}
      </dl>
    </section>`;
  }

  /**
   * A code that opens a door: masked until somebody asks, for a while.
   * @param {string} key
   * @param {Fact} fact
   */
  #secret(key, fact) {
    const shown = this.#revealed.has(key);
    return html`<span class="secret"
      >${shown ? html`<bdi>${fact.value}</bdi>` : html`<span aria-hidden="true">••••</span>`}<button
        class="mini"
        aria-label="${shown ? "Hide" : "Show"} ${fact.label.toLowerCase()}"
        @click=${() => {
          clearTimeout(this.#revealed.get(key));
          if (shown) {
            this.#revealed.delete(key);
          } else {
            this.#revealed.set(
              key,
              setTimeout(() => {
                this.#revealed.delete(key);
                this.render();
              }, HIDE_AFTER),
            );
          }
          this.render();
        }}
      >
        ${icon(shown ? "eye-off" : "eye", "i-sm")}${shown ? "Hide" : "Show"}
      </button></span
    >`;
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
                  r.reviewedAt && this.#when({ startedAt: r.reviewedAt }),
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
    const note = call.agentNotes;
    const by = displayText(note?.addedBy, 120).trim();
    return html`<section>
      <h2>Notes</h2>
      ${
        note?.text
          ? html`<article class="note">
              <span class="avatar" aria-hidden="true"
                >${initials(by) || icon("notebook-pen")}</span
              >
              <div>
                <header>
                  <b><bdi>${by || "Unknown author"}</bdi></b
                  >${
                    note.addedAt
                      ? html`<span
                          >${this.#when({ startedAt: note.addedAt })}</span
                        >`
                      : nothing
                  }
                </header>
                <p><bdi>${displayText(note.text, 4000)}</bdi></p>
              </div>
            </article>`
          : html`<p class="hint">No notes on this call.</p>`
      }
    </section>`;
  }
}

/**
 * What the assistant wrote down, in a fixed order; what is empty is absent.
 * @param {Call} call
 * @param {string} zone
 * @returns {Fact[]}
 */
function facts(call, zone) {
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
    { label: "Phone", value: displayText(c.phone, 40) },
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
    { label: "Key", value: displayText(access.keyLocation, 1000) },
    {
      label: "Gate code",
      value: displayText(access.gateCode, 100),
      secret: "gate",
    },
    {
      label: "Lockbox code",
      value: displayText(access.lockboxCode, 100),
      secret: "lockbox",
    },
    {
      label: "Call if locked out",
      value: line(
        [line([other.name, other.relationship], ", "), other.phone],
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
 * The day and time window of a visit. A bare date, and midnight UTC, mean a
 * day; anything else is a moment in the company's zone.
 * @param {string | undefined} date
 * @param {string | undefined} window
 * @param {string} zone
 */
function visitWords(date, window, zone) {
  const today = localDay(new Date(), zone);
  const bare = /^(\d{4}-\d{2}-\d{2})(T00:00:00(\.0+)?(Z|\+00:00))?$/.exec(
    date ?? "",
  );
  const day = bare
    ? bare[1]
    : date && !Number.isNaN(Date.parse(date))
      ? localDay(new Date(date), zone)
      : "";
  return [day && dayLabel(day, today), displayText(window, 120).trim()]
    .filter(Boolean)
    .join(", ");
}
