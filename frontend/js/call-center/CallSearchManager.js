/**
 * The place of search. Searching in what was said comes with the search
 * functions of the server; until then this place says so and points to what
 * can be found already.
 *
 * @typedef {import("./types.js").Context} Context
 */
import { html, render } from "../../vendor/lit.js";
import { emptyState } from "./utils/view.js";

export class CallSearchManager {
  title = "Search";
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
        <div class="page-head"><h1 tabindex="-1">Search</h1></div>
        ${emptyState({
          icon: "search",
          title: "Search comes later",
          text: "Until then, Recent calls finds calls by name, number or words: choose More among its filters.",
          actions: html`<a class="btn" href=${this.ctx.router.link({})}
            >Recent calls</a
          >`,
        })}
      </main>`,
      this.root,
    );
  }
}
