/**
 * Templates that more than one place shows. Whatever a caller, an engine or a
 * stranger wrote goes through displayText() and into a text node inside <bdi>;
 * links come from the router, never from data.
 *
 * @typedef {import("../types.js").CallRow} CallRow
 * @typedef {import("../types.js").Caller} Caller
 */
import { html, nothing, svg } from "../../../vendor/lit.js";
import { dots, lanes } from "../TalkRibbon.js";
import { displayText, duration } from "./formatters.js";
import { statusLook } from "./labels.js";

const ICONS = new URL("../../../icons.svg#", import.meta.url).href;

/** @param {string} name a symbol of icons.svg @param {string} [more] classes */
export const icon = (name, more = "") =>
  html`<svg class="i ${more}" aria-hidden="true">
    <use href="${ICONS}${name}"></use>
  </svg>`;

export const logo = html`<svg
  class="logo"
  viewBox="0 0 28 28"
  aria-hidden="true"
>
  <rect width="28" height="28" rx="7" class="lg-bg"></rect>
  <g class="lg-fg">
    <rect x="6" y="11" width="2.6" height="4.5" rx="1.3"></rect>
    <rect x="10.4" y="6.5" width="2.6" height="9" rx="1.3"></rect>
    <rect x="14.8" y="12.5" width="2.6" height="9" rx="1.3"></rect>
    <rect x="19.2" y="12.5" width="2.6" height="4.5" rx="1.3"></rect>
  </g>
</svg>`;

/**
 * The caller's name as text.
 * @param {Caller} caller
 */
export const callerName = (caller) =>
  displayText(caller.name, 120).trim() || "Unknown caller";

/** @param {Caller} caller */
export const callerPhone = (caller) =>
  displayText(caller.phoneDisplay || caller.phone, 40);

/** @param {Caller} caller */
export const bdiName = (caller) => html`<bdi>${callerName(caller)}</bdi>`;

/**
 * Three steps and a text; the text alone would do.
 * @param {number | undefined} tier
 * @param {string} label
 */
export const tierMeter = (tier, label) =>
  tier
    ? html`<span class="tier" data-t=${tier}
        ><span class="lv" aria-hidden="true"><i></i><i></i><i></i></span
        >${label}</span
      >`
    : html`<span class="tier faint">No tier</span>`;

/** @param {string} status */
export function statusChip(status) {
  const look = statusLook(status);
  return html`<span class="chip chip-${look.tone}"
    >${icon(look.icon)}${look.label}</span
  >`;
}

/** @param {number} x */
const quietDot = (x) =>
  svg`<circle class="quiet" cx=${x} cy="9" r="0.9"></circle>`;

/** @param {CallRow} row */
export function miniRibbon(row) {
  const turns = row.turns ?? [];
  if (!turns.length) {
    return html`<svg
      class="ribbon"
      viewBox="0 0 80 18"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      ${dots(80, 14).map(quietDot)}
    </svg>`;
  }
  const { caller, agent } = lanes(turns, row.durationSeconds, 80);
  return html`<svg
    class="ribbon"
    viewBox="0 0 80 18"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    <path class="c" d=${caller}></path>
    <path class="a" d=${agent}></path>
  </svg>`;
}

/** @param {CallRow | { durationSeconds?: number }} call */
export const lengthText = (call) => duration(call.durationSeconds);

/**
 * The state in place of a list: one line why, one action.
 * @param {{ icon: string, title: string, text: string, actions?: unknown, bad?: boolean, ref?: string }} state
 */
export const emptyState = (state) =>
  html`<div class="empty" role=${state.bad ? "alert" : nothing}>
    <span class="art ${state.bad ? "bad" : ""}"
      >${icon(state.icon, "i-xl")}</span
    >
    <h2>${state.title}</h2>
    <p>${state.text}</p>
    ${state.actions ? html`<div class="row">${state.actions}</div>` : nothing}
    ${state.ref ? html`<p class="hint">Reference ${state.ref}</p>` : nothing}
  </div>`;

/** Rows of the same height as real ones. @param {number} n */
export const skeletonRows = (n) =>
  html`<ol class="calls" aria-busy="true" aria-label="Loading calls">
    ${Array.from(
      { length: n },
      (_, i) =>
        html`<li class="call sk-call">
          <span class="sk sk-round"></span>
          <div class="who">
            <span class="sk sk-w${1 + (i % 3)}"></span
            ><span class="sk sk-s sk-w2"></span>
          </div>
          <div class="about">
            <span class="sk sk-w2"></span
            ><span class="sk sk-s sk-w${2 + (i % 2)}"></span>
          </div>
          <div class="out"><span class="sk sk-w1"></span></div>
        </li>`,
    )}
  </ol>`;
