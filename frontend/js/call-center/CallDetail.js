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
 */
import { html, nothing, render, svg } from "../../vendor/lit.js";
import { CallFacts } from "./CallFacts.js";
import { CallTranscript } from "./CallTranscript.js";
import { bars, shares, slide, span } from "./TalkRibbon.js";
import { announce } from "./utils/announce.js";
import {
  callOrdinal,
  clock,
  dateTime,
  duration,
  initials,
  localDay,
  number,
  percent,
  spoken,
} from "./utils/formatters.js";
import { directionLabel, errorWords } from "./utils/labels.js";
import { toast } from "./utils/popovers.js";
import {
  bdiName,
  callerName,
  callerPhone,
  emptyState,
  icon,
} from "./utils/view.js";

const KEPT_CALLS = 20;
const SKELETON_AFTER = 150; // ms
const NARROW = matchMedia("(max-width: 63.99rem)"); // one panel at a time
const PHONE = matchMedia("(max-width: 47.99rem)");
const PANELS = /** @type {const} */ ({
  transcript: "Transcript",
  details: "Details",
  notes: "Notes",
});

export class CallDetail {
  #dialog = document.createElement("dialog");
  /** @type {Map<string, Call>} */
  #calls = new Map();
  /** @type {string | null} */
  #id = null;
  /** @type {Call | null} */
  #call = null;
  /** @type {unknown} */
  #error = null;
  #slow = false;
  /** @type {number | null} */
  #t = null;
  /** @type {Element | null} */
  #opener = null;
  #abort = new AbortController();
  #removeKeys = () => {};

  /** @param {Context} ctx */
  constructor(ctx) {
    this.ctx = ctx;
    this.facts = new CallFacts(ctx, () => this.render());
    this.transcript = new CallTranscript(ctx, {
      redraw: () => this.render(),
      seek: (t) => this.#seek(t),
      copy: (text, said) => this.#copy(text, said),
      bring: (selector) => this.#bring(selector),
    });
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
      this.#removeKeys = this.ctx.keys.add({
        j: () => this.#step(1),
        k: () => this.#step(-1),
        c: () => this.#openCustomer(),
        "[": () => this.#turn(-1),
        "]": () => this.#turn(1),
        "/": () => this.#focusFind(),
      });
    }
    if (route.call !== this.#id) {
      this.#reset(route.call);
      await this.#load(route.call);
      return;
    }
    if (route.t !== this.#t) {
      this.#t = route.t;
      this.render();
      this.#bring(".turn[aria-current]");
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
    this.transcript.reset();
    this.facts.reset();
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
    const call = /** @type {Call} */ (this.#calls.get(id));
    this.#call = call;
    this.#t = this.ctx.router.route.t;
    this.transcript.take(call);
    this.render();
    this.#dialog.querySelector(".script")?.scrollTo({ top: 0 });
    this.#dialog.querySelector(".sheet-side")?.scrollTo({ top: 0 });
    this.#dialog.scrollTo({ top: 0 });
    if (known) {
      this.#focusTitle();
    }
    this.#bring(".turn[aria-current]");
    this.ctx.changed();
    announce(`${callerName(call.caller)}, ${this.#when(call)}`);
  }

  #focusTitle() {
    /** @type {HTMLElement | null} */ (
      this.#dialog.querySelector("#call-title")
    )?.focus({ preventScroll: true });
  }

  #focusFind() {
    /** @type {HTMLElement | null} */ (
      this.#dialog.querySelector('input[type="search"]')
    )?.focus();
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
    this.#bring(".turn[aria-current]");
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
    const t = this.transcript.next(this.#t, by);
    if (t !== undefined) {
      this.#seek(t);
    }
  }

  get #length() {
    return span(this.#call?.turns ?? [], this.#call?.durationSeconds);
  }

  /**
   * Brings what a selector finds to a third of the transcript's height.
   * @param {string} selector
   */
  #bring(selector) {
    const element = this.#dialog.querySelector(selector);
    // On a phone the dialog scrolls as a whole.
    const box = PHONE.matches
      ? this.#dialog
      : this.#dialog.querySelector(".script");
    if (!element || !box) {
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
                ${this.transcript.template(this.#t, this.#panelRole("transcript"))}
              </div>
              ${this.facts.template(call, (name) => this.#panelRole(name))}
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
          }${
            call?.caller.doNotContact
              ? html`<span class="chip chip-bad"
                  >${icon("ban")}Do not contact</span
                >`
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
    const notes = this.#call?.notes?.length ?? 0;
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
    const { voice } = this.transcript;
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

  /** @param {string} text @param {string} said */
  async #copy(text, said) {
    try {
      await navigator.clipboard.writeText(text);
      toast(said);
    } catch {
      toast("The browser does not allow copying here");
    }
  }
}
