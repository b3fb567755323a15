// The one door to lit-html: application modules import from here, so an
// upgrade changes this file, VENDOR.lock and the directory, nothing else.
// unsafeHTML, unsafeSVG and static.js are left out on purpose: text that
// callers spoke must never become markup.
export { html, svg, render, nothing } from "./lit-html-3.3.3/lit-html.js";
export { repeat } from "./lit-html-3.3.3/directives/repeat.js";
