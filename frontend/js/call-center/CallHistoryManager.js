/**
 * Recent calls: what is asked, what has come, what is on the screen.
 *
 * A batch is what one question to the server has brought so far. Batches are
 * kept by their question, so that going back shows the same pages at once.
 * Days and totals come from the server; nothing is counted here but the rows
 * of a day that is loaded to its end.
 *
 * @typedef {import("./types.js").CallRow} CallRow
 * @typedef {import("./types.js").Context} Context
 * @typedef {import("./types.js").Route} Route
 */
import { html, nothing, render } from "../../vendor/lit.js";
import { CallFilters, NO_FILTERS, VIEWS } from "./CallFilters.js";
import { CallRows } from "./CallRows.js";
import { ApiError } from "./utils/api.js";
import { announce } from "./utils/announce.js";
import { localDay, number, time } from "./utils/formatters.js";
import { count, errorWords, lost } from "./utils/labels.js";
import { listParams } from "./utils/router.js";
import { emptyState, icon, skeletonRows } from "./utils/view.js";

const PAGE = 50; // rows a request
const AUTO_PAGES = 3; // pages that scrolling loads by itself
const MOST_ROWS = 1000; // more than anybody reads, and than a page should hold
const SKELETON_AFTER = 150; // ms without an answer
const LOOK_EVERY = 30_000; // ms between looks for new calls
const LOOK_ROWS = 20;
const KEPT_BATCHES = 5;

/** What one question has brought so far. */
class Batch {
  /** @type {CallRow[]} */
  rows = [];
  /** @type {Set<string>} */
  ids = new Set();
  total = 0;
  /** @type {string | null} */
  cursor = null;
  pages = 0;
  loaded = false;
  /** @type {Promise<void> | null} */
  loading = null;
  /** @type {unknown} */
  error = null;
  loadedAt = "";
  /** calls that came since */
  fresh = 0;
  slow = false;

  /** @param {string} key @param {Record<string, string>} params */
  constructor(key, params) {
    this.key = key;
    this.params = params;
  }

  get hasMore() {
    return this.cursor !== null && this.rows.length < MOST_ROWS;
  }
}

export class CallHistoryManager {
  title = "Recent calls";
  root = document.createElement("div");

  /** @type {Map<string, Batch>} */
  #batches = new Map();
  /** the batch that the address asks for */
  #batch = new Batch("", {});
  /** the batch that is on the screen: the last one with an answer */
  #shown = new Batch("", {});
  /** @type {Map<string, number>} */
  #totals = new Map();
  #abort = new AbortController();
  #removeKeys = () => {};
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #looking;
  #here = false;
  /** @type {Element | null} */
  #watched = null;
  #watcher = new IntersectionObserver(
    (entries) => {
      if (entries.some((e) => e.isIntersecting)) {
        this.#reachedEnd();
      }
    },
    { rootMargin: "600px" },
  );

  /** @param {Context} ctx */
  constructor(ctx) {
    this.ctx = ctx;
    this.filters = new CallFilters(ctx, () => this.#today);
    this.rows = new CallRows(ctx, () => this.#today);
    document.addEventListener("visibilitychange", () => this.#look());
    addEventListener("online", () => this.#look());
  }

  /** The company-local day of now. */
  get #today() {
    return localDay(new Date(), this.ctx.company.timeZone);
  }

  /** What newer and older walk through. */
  get list() {
    const batch = this.#shown;
    return {
      rows: batch.rows,
      total: batch.total,
      hasMore: batch.hasMore,
      more: () => this.#more(batch),
      focusRow: (/** @type {string} */ callId) => {
        const link = /** @type {HTMLElement | null} */ (
          this.root.querySelector(`a[data-call="${CSS.escape(callId)}"]`)
        );
        link?.focus();
        return Boolean(link);
      },
    };
  }

  /** How many rows are loaded, for coming back after a reload. */
  get depth() {
    return this.#shown.rows.length;
  }

  /**
   * @param {Route} route
   * @param {number} [depth] rows to load at once
   */
  async enter(route, depth = 0) {
    this.#here = true;
    this.#removeKeys = this.ctx.keys.add({
      j: () => this.#step(1),
      k: () => this.#step(-1),
      ArrowDown: (event) => this.#arrow(event, 1),
      ArrowUp: (event) => this.#arrow(event, -1),
      c: () => this.#openCustomer(),
    });
    this.#looking = setInterval(() => this.#look(), LOOK_EVERY);
    await this.update(route, depth);
    this.#look();
  }

  leave() {
    this.#here = false;
    this.#removeKeys();
    clearInterval(this.#looking);
  }

  /** @param {Route} route @param {number} [depth] */
  async update(route, depth = 0) {
    const params = listParams(route, this.#today);
    const key = JSON.stringify(params);
    if (this.#batch.key !== key) {
      this.#abort.abort();
      this.#abort = new AbortController();
      const known = this.#batches.get(key);
      this.#batch = known ?? new Batch(key, params);
      this.#keep(this.#batch);
      if (known?.loaded) {
        this.#shown = known;
      }
    }
    if (!this.#batch.loaded && !this.#batch.error) {
      const asked = this.#batch;
      const loading = this.#load(asked, depth);
      this.render();
      await loading;
      if (asked === this.#batch && !asked.error) {
        announce(count(asked.total, "call"));
        this.#countViews();
      }
    } else {
      this.render();
    }
  }

  /** @param {Batch} batch */
  #keep(batch) {
    this.#batches.delete(batch.key);
    this.#batches.set(batch.key, batch);
    for (const key of this.#batches.keys()) {
      if (this.#batches.size <= KEPT_BATCHES) {
        break;
      }
      this.#batches.delete(key);
    }
  }

  /**
   * Loads the first page of a batch, or as many rows as were there before a
   * reload.
   * @param {Batch} batch
   * @param {number} [depth]
   */
  async #load(batch, depth = 0) {
    const slow = setTimeout(() => {
      batch.slow = true;
      this.render();
    }, SKELETON_AFTER);
    await this.#more(batch);
    while (batch.rows.length < depth && batch.hasMore && !batch.error) {
      await this.#more(batch);
    }
    clearTimeout(slow);
    batch.slow = false;
    if (batch === this.#batch) {
      this.#shown = batch;
    }
    this.render();
  }

  /**
   * Loads the next page of a batch; never twice at once.
   * @param {Batch} batch
   * @returns {Promise<void>}
   */
  #more(batch) {
    if (batch.loading || (batch.loaded && !batch.hasMore)) {
      return batch.loading ?? Promise.resolve();
    }
    batch.loading = this.#page(batch).finally(() => {
      batch.loading = null;
      this.render();
    });
    this.render();
    return batch.loading;
  }

  /** @param {Batch} batch */
  async #page(batch) {
    batch.error = null;
    try {
      const answer = await this.ctx.api.listCalls(
        this.ctx.company.companyId,
        {
          ...batch.params,
          limit: PAGE,
          ...(batch.cursor ? { after: batch.cursor } : {}),
        },
        { signal: this.#abort.signal },
      );
      for (const row of answer.calls) {
        if (!batch.ids.has(row._id)) {
          batch.ids.add(row._id);
          batch.rows.push(row);
          if (row.analysis?.primaryIntent) {
            this.filters.intents.add(row.analysis.primaryIntent);
          }
        }
      }
      // Only the first page is counted; a cursor goes on without.
      batch.total = answer.pagination.total ?? batch.total;
      batch.cursor = answer.pagination.nextCursor ?? null;
      batch.pages++;
      batch.loaded = true;
      batch.loadedAt = new Date().toISOString();
      if (Object.keys(batch.params).length === 0) {
        this.#totals.set("all", batch.total);
      }
    } catch (error) {
      if (error instanceof ApiError && error.kind === "aborted") {
        // Asked again when the address comes back to this question.
        return;
      }
      batch.error = error;
    }
  }

  /** Throws away what is loaded and asks again. */
  async #reload() {
    const batch = new Batch(this.#batch.key, this.#batch.params);
    this.#batch = batch;
    this.#keep(batch);
    await this.#load(batch);
    this.#totals.clear();
    this.#countViews();
  }

  /** The totals of the views, one after the other, behind everything else. */
  async #countViews() {
    for (const view of VIEWS) {
      if (this.#totals.has(view.id)) {
        continue;
      }
      try {
        const { pagination } = await this.ctx.api.listCalls(
          this.ctx.company.companyId,
          {
            ...listParams(
              { ...this.ctx.router.route, ...NO_FILTERS, ...view.fields },
              this.#today,
            ),
            limit: 1,
          },
          { quiet: true },
        );
        this.#totals.set(view.id, pagination.total ?? 0);
        this.render();
      } catch {
        // A view without its number is still a view.
        return;
      }
    }
  }

  /** Looks whether new calls came, without moving what is on the screen. */
  async #look() {
    const batch = this.#shown;
    if (
      !this.#here ||
      document.visibilityState !== "visible" ||
      !batch.loaded ||
      batch.loading ||
      batch.params.sort
    ) {
      return;
    }
    try {
      const { calls } = await this.ctx.api.listCalls(
        this.ctx.company.companyId,
        { ...batch.params, limit: LOOK_ROWS },
        { quiet: true },
      );
      if (batch !== this.#shown) {
        return;
      }
      // An older row that the last page has not reached yet is not new.
      const last = batch.hasMore ? batch.rows.at(-1)?.startedAt : undefined;
      batch.fresh = calls.filter(
        (row) => !batch.ids.has(row._id) && (!last || row.startedAt >= last),
      ).length;
      if (batch.fresh && batch.rows.length === 0) {
        await this.#reload();
        return;
      }
      this.render();
    } catch {
      // The next look tells; what is on the screen stays.
    }
  }

  #reachedEnd() {
    const batch = this.#shown;
    if (
      this.#here &&
      batch === this.#batch &&
      batch.pages < AUTO_PAGES &&
      batch.hasMore &&
      !batch.error
    ) {
      this.#more(batch);
    }
  }

  // ---- keyboard ----------------------------------------------------------

  #links() {
    return /** @type {HTMLElement[]} */ ([
      ...this.root.querySelectorAll("a[data-call]"),
    ]);
  }

  /**
   * Moves the focus to the next or previous call; loads more at the end.
   * @param {number} by
   */
  async #step(by) {
    let links = this.#links();
    const row = document.activeElement?.closest(".call");
    const at = links.findIndex((a) => row?.contains(a));
    if (by > 0 && at === links.length - 1 && this.#shown.hasMore) {
      await this.#more(this.#shown);
      links = this.#links();
    }
    const to = at < 0 ? 0 : Math.max(0, Math.min(at + by, links.length - 1));
    links[to]?.focus();
  }

  /**
   * Arrows move between calls only from a call; elsewhere they scroll.
   * @param {KeyboardEvent} event
   * @param {number} by
   */
  #arrow(event, by) {
    if (!(event.target instanceof Element && event.target.closest(".call"))) {
      return false;
    }
    this.#step(by);
    return true;
  }

  #openCustomer() {
    const row = document.activeElement?.closest(".call");
    const link = row?.querySelector("a[data-customer]");
    if (!(link instanceof HTMLAnchorElement)) {
      return false;
    }
    this.ctx.router.follow(link.href);
    return true;
  }

  // ---- templates ---------------------------------------------------------

  render() {
    if (!this.#here) {
      return;
    }
    const { route } = this.ctx.router;
    const view = this.filters.view(route);
    const shown = this.#shown;
    this.title = view.label === "All calls" ? "Recent calls" : view.label;
    render(
      html`<div class="with-side">
        <aside class="side">
          <nav class="views side-sticky" aria-label="Views">
            <h2>Views</h2>
            ${VIEWS.map((v) => this.filters.viewLink(v, v === view, false, this.#totals.get(v.id)))}
          </nav>
        </aside>
        <main class="page" id="main" tabindex="-1">
          <div class="page-head">
            <h1 tabindex="-1">
              <span class="from-m">${view.label}</span
              ><button
                class="view-switch only-m"
                popovertarget="views-menu"
                aria-haspopup="menu"
              >
                ${view.label}${icon("chevron-down")}
              </button>
            </h1>
            <div id="views-menu" class="menu" role="menu" popover>
              ${VIEWS.map((v) => this.filters.viewLink(v, v === view, true, this.#totals.get(v.id)))}
            </div>
          </div>
          ${this.filters.bar(route, shown.loaded ? shown.total : null)}
          ${this.#banners()} ${this.#body(route)}
        </main>
      </div>`,
      this.root,
    );
    const sentinel = this.root.querySelector(".more");
    if (this.#watched) {
      this.#watcher.unobserve(this.#watched);
    }
    if (sentinel) {
      // Observing anew reports again, also when it is still in sight.
      this.#watcher.observe(sentinel);
    }
    this.#watched = sentinel;
    this.ctx.changed();
  }

  #banners() {
    const batch = this.#shown;
    const at = time(batch.loadedAt, this.ctx.company.timeZone);
    return html`${
      this.ctx.online
        ? nothing
        : html`<div class="banner banner-warn" role="status">
            ${icon("wifi-off")}<span
              >${lost()}${at ? ` Showing calls loaded at ${at}.` : ""}</span
            >
          </div>`
    }
    ${
      batch.fresh && batch === this.#batch
        ? html`<div class="banner banner-info" role="status">
            ${icon("phone-incoming")}<span
              >${
                batch.fresh >= LOOK_ROWS
                  ? `${LOOK_ROWS} or more new calls`
                  : count(batch.fresh, "new call")
              }</span
            ><button class="mini end" @click=${() => this.#showFresh()}>
              Show
            </button>
          </div>`
        : nothing
    }`;
  }

  async #showFresh() {
    scrollTo({ top: 0 });
    await this.#reload();
    this.#links()[0]?.focus();
  }

  /** @param {Route} route */
  #body(route) {
    const asked = this.#batch;
    if (asked.error && !asked.loaded) {
      const words = errorWords(asked.error, "Your filters are kept.");
      return emptyState({
        icon: "triangle-alert",
        title: "Calls could not be loaded",
        text: words.text,
        bad: true,
        ref: words.ref,
        actions: html`<button class="btn" @click=${() => this.#reload()}>
          ${icon("refresh-cw")}Try again
        </button>`,
      });
    }
    const batch = this.#shown;
    const waiting = !asked.loaded;
    if (!batch.loaded) {
      return waiting && asked.slow ? skeletonRows(8) : nothing;
    }
    if (batch.rows.length === 0) {
      return html`<div aria-busy=${String(waiting)}>
        ${this.#empty(route)}
      </div>`;
    }
    return html`<div class="results" aria-busy=${String(waiting)}>
      ${
        waiting && asked.slow
          ? html`<span class="busy" aria-hidden="true"></span>`
          : nothing
      }
      ${
        route.sort === "longest"
          ? html`<h2 class="sr">Longest first</h2>
              ${this.rows.rows(batch.rows, route.call, true)}`
          : this.rows.groups(batch.rows, batch.cursor === null, route.call)
      }
      ${this.#foot(batch)}
    </div>`;
  }

  /** @param {Route} route */
  #empty(route) {
    const active = this.filters.active(route);
    return active.length
      ? emptyState({
          icon: "list-filter",
          title: "No calls match these filters",
          text: `${active.map((f) => f.text).join(", ")}.`,
          actions: html`<a
            class="btn"
            href=${this.ctx.router.href(this.filters.cleared)}
            >Clear filters</a
          >`,
        })
      : emptyState({
          icon: "phone-incoming",
          title: "No calls yet",
          text: "Calls appear here a few seconds after they end.",
        });
  }

  /** @param {Batch} batch */
  #foot(batch) {
    if (batch.error) {
      const words = errorWords(batch.error);
      return html`<div class="more" role="alert">
        <span
          >More calls could not be loaded.
          ${words.text}${words.ref ? ` Reference ${words.ref}` : ""}</span
        ><button class="btn btn-sm" @click=${() => this.#more(batch)}>
          Try again
        </button>
      </div>`;
    }
    const shown = `${number(batch.rows.length)} of ${number(batch.total)} shown`;
    if (!batch.hasMore) {
      return html`<div class="more">
        <span
          >${
            batch.cursor === null
              ? batch.rows.length > 5
                ? "That is all."
                : nothing
              : `${shown}. Narrow the filters to see the others.`
          }</span
        >
      </div>`;
    }
    return html`<div class="more">
      <span>${shown}</span>${
        batch.pages < AUTO_PAGES
          ? nothing
          : html`<button
              class="btn btn-sm"
              aria-disabled=${String(Boolean(batch.loading))}
              @click=${() => this.#showMore(batch)}
            >
              Show more
            </button>`
      }
    </div>`;
  }

  /**
   * The button goes on below what it brought: the focus moves to the first
   * new row, so that the keyboard goes on there too.
   * @param {Batch} batch
   */
  async #showMore(batch) {
    const before = batch.rows.length;
    await this.#more(batch);
    this.#links()[before]?.focus({ preventScroll: true });
    announce(`${number(batch.rows.length)} of ${number(batch.total)} shown`);
  }
}
