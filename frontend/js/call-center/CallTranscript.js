/**
 * The transcript of a call: turns with their times, what the assistant did in
 * between, what it captured underlined, and finding words. It knows which turn
 * is heard at a second, but not where the seconds come from: the dialog that
 * shows it moves it.
 *
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Context} Context
 * @typedef {{ who: 0 | 1, text: string, start: number | null, n: number }} Line
 * @typedef {{ icon: string, tone: string, text: string, at: number }} Event
 */
import { html, nothing, repeat } from "../../vendor/lit.js";
import { facts } from "./CallFacts.js";
import { turnAt } from "./TalkRibbon.js";
import {
  clock,
  displayText,
  find,
  number,
  segments,
} from "./utils/formatters.js";
import { actionLabel, actionLook } from "./utils/labels.js";
import { icon } from "./utils/view.js";

const LONG_TURN = 4000; // UTF-16 units, then "Show all"

export class CallTranscript {
  /** @type {Line[]} */
  #lines = [];
  /** @type {number[]} */
  #starts = [];
  /** @type {Event[]} */
  #events = [];
  /** @type {{ value: string, label: string }[]} */
  #captures = [];
  #voice = "Caller";
  #query = "";
  #hit = 0;
  /** @type {Set<number>} turns that are shown to their end */
  #whole = new Set();

  /**
   * @param {Context} ctx
   * @param {{ redraw(): void, seek(t: number): void, copy(text: string, said: string): void, bring(selector: string): void }} dialog
   *   bring() scrolls what a selector finds into sight
   */
  constructor(ctx, dialog) {
    this.ctx = ctx;
    this.dialog = dialog;
  }

  /** Takes a call apart once, so that drawing it is cheap. @param {Call} call */
  take(call) {
    const began = Date.parse(call.startedAt);
    const length = (call.durationSeconds ?? 0) + 60;
    const at = (/** @type {string | undefined} */ iso) => {
      const s = (Date.parse(iso ?? "") - began) / 1000;
      return s >= 0 && s <= length ? s : null;
    };
    const transcript = call.transcript ?? [];
    const turns = call.turns ?? [];
    this.#voice =
      displayText(call.caller.name, 120).trim().split(/\s+/)[0] || "Caller";
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
  }

  reset() {
    this.#lines = [];
    this.#query = "";
    this.#hit = 0;
    this.#whole.clear();
  }

  /** How the caller is named beside their words. */
  get voice() {
    return this.#voice;
  }

  /**
   * Where the previous or next turn of talk begins.
   * @param {number | null} t seconds
   * @param {number} by
   * @returns {number | undefined} seconds
   */
  next(t, by) {
    const at = t === null ? -1 : turnAt(this.#starts, t);
    const start = this.#starts[Math.max(0, at + by)];
    // Rounded up: a turn that starts at 12.6 s has not begun at 12 s.
    return start === undefined ? undefined : Math.ceil(start);
  }

  /**
   * @param {number | null} t the second that is heard
   * @param {{ role: unknown, id: string, label: unknown }} panel
   */
  template(t, { role, id, label }) {
    const hits = this.#hits();
    const current = t === null ? -1 : turnAt(this.#starts, t);
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
                          this.dialog.copy(this.#asText(), "Transcript copied")}
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
                    ? this.#line(item.line, item.line.n === current, hits)
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
   * @param {{ n: number, from: number, to: number }[]} hits
   */
  #line(line, current, hits) {
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
              @click=${() => this.dialog.seek(Math.ceil(start))}
            >
              ${clock(start)}
            </button>`
      }<span class="sp trunc"
        >${line.who ? "Assistant" : html`<bdi>${this.#voice}</bdi>`}</span
      >
      <p>
        <bdi>${pieces}</bdi>${
          long
            ? html` <button
                class="mini"
                @click=${() => {
                  this.#whole.add(line.n);
                  this.dialog.redraw();
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
    this.dialog.redraw();
    this.dialog.bring("mark[data-hit]");
  }

  /** Plain text with times. */
  #asText() {
    return this.#lines
      .map(
        (line) =>
          `${line.start === null ? "" : `${clock(line.start)}  `}${line.who ? "Assistant" : this.#voice}: ${line.text}`,
      )
      .join("\n");
  }
}
