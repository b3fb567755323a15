/**
 * The place of analytics. Figures come with the analytics functions of the
 * server; until then this place says so: nothing here is made up.
 *
 * @typedef {import("./types.js").Context} Context
 */
import { html, render } from "../../vendor/lit.js";
import { emptyState } from "./utils/view.js";

export class CallAnalyticsManager {
  title = "Analytics";
  root = document.createElement("div");
  list = null;

  /** @param {Context} ctx */
  constructor(ctx) {
    this.ctx = ctx;
  }

  enter() {
    this.render();
  }

  update() {}

  leave() {}

  render() {
    render(
      html`<main class="page page-solo" id="main" tabindex="-1">
        <div class="page-head"><h1 tabindex="-1">Analytics</h1></div>
        ${emptyState({
          icon: "chart-column",
          title: "Analytics comes later",
          text: "Until then, the views and filters of Recent calls count calls by outcome, intent and date.",
          actions: html`<a class="btn" href=${this.ctx.router.link({})}
            >Recent calls</a
          >`,
        })}
      </main>`,
      this.root,
    );
  }
}
