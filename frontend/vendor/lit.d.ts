// Types of lit.js for tsc, taken from the npm package of the same version
// (a development dependency; the browser never loads this file).
export { html, svg, render, nothing } from "lit-html";
export type { TemplateResult } from "lit-html";
export { repeat } from "lit-html/directives/repeat.js";
