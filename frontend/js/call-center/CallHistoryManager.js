/**
 * Recent calls: views, filters, day groups, rows, paging.
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
import { html, nothing, render, repeat } from "../../vendor/lit.js";
import { ApiError } from "./utils/api.js";
import { announce } from "./utils/announce.js";
import {
  callOrdinal,
  dayGroup,
  displayText,
  duration,
  localDay,
  number,
  shortDay,
  time,
} from "./utils/formatters.js";
import {
  count,
  DIRECTION,
  directionLabel,
  errorWords,
  INTENT,
  intentLabel,
  PERIOD,
  SORT,
  STATUS,
  statusLook,
  TIER,
  URGENCY,
  urgencyLabel,
} from "./utils/labels.js";
import { listParams } from "./utils/router.js";
import {
  bdiName,
  callerName,
  callerPhone,
  emptyState,
  icon,
  miniRibbon,
  skeletonRows,
  tierMeter,
} from "./utils/view.js";

const PAGE = 50; // rows a request
const AUTO_PAGES = 3; // pages that scrolling loads by itself
const MOST_ROWS = 1000; // more than anybody reads, and than a page should hold
const SKELETON_AFTER = 150; // ms without an answer
const LOOK_EVERY = 30_000; // ms between looks for new calls
const LOOK_ROWS = 20;
const KEPT_BATCHES = 5;

/** A view is a name for a question. @type {{ id: string, label: string, icon: string, fields: Partial<Route> }[]} */
const VIEWS = [
  { id: "all", label: "All calls", icon: "list", fields: {} },
  {
    id: "not-reviewed",
    label: "Not reviewed",
    icon: "circle-dot",
    fields: { reviewed: "no" },
  },
  {
    id: "follow-up",
    label: "Needs follow-up",
    icon: "clock",
    fields: { followUp: "yes" },
  },
  {
    id: "emergencies",
    label: "Emergencies",
    icon: "siren",
    fields: { urgency: "emergency" },
  },
  { id: "flagged", label: "Flagged", icon: "flag", fields: { flagged: "yes" } },
  {
    id: "voicemail",
    label: "Voicemail",
    icon: "voicemail",
    fields: { status: ["voicemail"] },
  },
];

const NO_FILTERS = /** @type {Partial<Route>} */ ({
  view: null,
  period: null,
  from: null,
  to: null,
  status: [],
  intent: [],
  tier: null,
  direction: null,
  urgency: null,
  flagged: null,
  reviewed: null,
  followUp: null,
  phone: null,
  q: null,
  customer: null,
});

const YES_NO = /** @type {const} */ ({
  reviewed: { yes: "Reviewed", no: "Not reviewed" },
  flagged: { yes: "Flagged", no: "Not flagged" },
  followUp: { yes: "Follow-up needed", no: "No follow-up" },
});

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
  /** intents that calls of this company had */
  #intents = new Set(Object.keys(INTENT));
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
            this.#intents.add(row.analysis.primaryIntent);
          }
        }
      }
      batch.total = answer.pagination.total;
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
        this.#totals.set(view.id, pagination.total);
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
    const view = this.#view(route);
    this.title = view.label === "All calls" ? "Recent calls" : view.label;
    render(
      html`<div class="with-side">
        <aside class="side">
          <nav class="views side-sticky" aria-label="Views">
            <h2>Views</h2>
            ${VIEWS.map((v) => this.#viewLink(v, v === view, false))}
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
              ${VIEWS.map((v) => this.#viewLink(v, v === view, true))}
            </div>
          </div>
          ${this.#filters(route)} ${this.#banners()} ${this.#body(route)}
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

  /**
   * The view that a route shows: the one it names if its fields are set, else
   * the first whose fields are.
   * @param {Route} route
   */
  #view(route) {
    const fits = (/** @type {(typeof VIEWS)[number]} */ v) =>
      Object.entries(v.fields).every(
        ([name, value]) =>
          String(route[/** @type {keyof Route} */ (name)]) === String(value),
      );
    const views = VIEWS.filter(fits);
    return (
      views.find((v) => v.id === route.view) ??
      views.find((v) => v.id !== "all") ??
      VIEWS[0]
    );
  }

  /**
   * @param {(typeof VIEWS)[number]} view
   * @param {boolean} current
   * @param {boolean} inMenu
   */
  #viewLink(view, current, inMenu) {
    const { router } = this.ctx;
    const href = router.link({
      ...view.fields,
      view: view.id === "all" ? null : view.id,
      period: router.route.period,
      from: router.route.from,
      to: router.route.to,
      sort: router.route.sort,
    });
    const total = this.#totals.get(view.id);
    return html`<a
      href=${href}
      role=${inMenu ? "menuitemradio" : nothing}
      aria-checked=${inMenu ? String(current) : nothing}
      aria-current=${current && !inMenu ? "true" : nothing}
      >${icon(view.icon)}${view.label}${
        total === undefined
          ? nothing
          : html`<span class="n">${number(total)}</span>`
      }</a
    >`;
  }

  /** @param {Route} route */
  #filters(route) {
    const { router } = this.ctx;
    const active = this.#active(route);
    const more = active.filter((f) => f.more);
    const batch = this.#shown;
    return html`<div class="filters scroll-x" role="group" aria-label="Filters">
      ${this.#dateFilter(route)}
      ${this.#checks(
        "status",
        "Outcome",
        Object.entries(STATUS).map(([code, look]) => [code, look.label]),
        route.status,
      )}
      ${this.#checks(
        "intent",
        "Intent",
        [...new Set([...this.#intents, ...route.intent])]
          .map(
            (code) =>
              /** @type {[string, string]} */ ([code, intentLabel(code)]),
          )
          .sort((a, b) => a[1].localeCompare(b[1])),
        route.intent,
      )}
      ${this.#tierFilter(route)} ${this.#moreFilter(route, more.length)}
      ${
        active.length
          ? html`<a
              class="btn btn-quiet btn-sm"
              href=${router.href(this.#cleared)}
              >${icon("x")}Clear filters</a
            >`
          : nothing
      }
      <div class="end">
        <span class="hide-s"
          >${batch.loaded ? count(batch.total, "call") : nothing}</span
        ><button
          class="select select-sm"
          popovertarget="sort-menu"
          aria-haspopup="menu"
        >
          ${SORT[route.sort ?? "newest"]}${icon("chevron-down", "i-sm")}
        </button>
        <div id="sort-menu" class="menu" role="menu" data-align="end" popover>
          ${Object.entries(SORT).map(([sort, label]) =>
            choice(
              label,
              router.href({
                sort: sort === "newest" ? null : sort,
                call: null,
                t: null,
              }),
              sort === (route.sort ?? "newest"),
            ),
          )}
        </div>
      </div>
    </div>`;
  }

  get #cleared() {
    return { ...NO_FILTERS, call: null, t: null, panel: null };
  }

  /**
   * The filters that are set, as words.
   * @param {Route} route
   * @returns {{ text: string, more: boolean }[]}
   */
  #active(route) {
    /** @type {{ text: string, more: boolean }[]} */
    const active = [];
    const add = (/** @type {string | null} */ text, more = false) => {
      if (text) {
        active.push({ text, more });
      }
    };
    add(this.#dateWords(route));
    add(route.status.map((s) => statusLook(s).label).join(", "));
    add(route.intent.map(intentLabel).join(", "));
    add(route.tier && `Tier ${route.tier}`);
    add(route.q && `“${displayText(route.q, 60)}”`, true);
    add(route.phone && displayText(route.phone, 32), true);
    add(route.customer, true);
    add(route.urgency && urgencyLabel(route.urgency), true);
    add(route.direction && directionLabel(route.direction), true);
    for (const name of /** @type {const} */ ([
      "reviewed",
      "flagged",
      "followUp",
    ])) {
      const value = /** @type {"yes" | "no" | null} */ (route[name]);
      add(value && YES_NO[name][value], true);
    }
    return active;
  }

  /** @param {Route} route @returns {string | null} */
  #dateWords(route) {
    if (route.period) {
      return PERIOD[route.period];
    }
    const today = this.#today;
    const { from, to } = route;
    if (from && to) {
      return from === to
        ? shortDay(from, today)
        : `${shortDay(from, today)} – ${shortDay(to, today)}`;
    }
    return from
      ? `Since ${shortDay(from, today)}`
      : to
        ? `Until ${shortDay(to, today)}`
        : null;
  }

  /** @param {Route} route */
  #dateFilter(route) {
    const { router } = this.ctx;
    const words = this.#dateWords(route);
    const set = (/** @type {Partial<Route>} */ patch) =>
      router.href({
        period: null,
        from: null,
        to: null,
        call: null,
        t: null,
        ...patch,
      });
    return html`<button
        class="select select-sm"
        ?data-on=${Boolean(words)}
        popovertarget="date-filter"
        aria-haspopup="dialog"
      >
        ${icon("calendar")}${words ?? "All dates"}${icon("chevron-down", "i-sm")}
      </button>
      <form
        id="date-filter"
        class="menu wide"
        popover
        role="dialog"
        aria-label="Date range"
        novalidate
        @submit=${(/** @type {SubmitEvent} */ event) => {
          event.preventDefault();
          const form = /** @type {HTMLFormElement} */ (event.currentTarget);
          const data = new FormData(form);
          form.hidePopover();
          let [from, to] = ["from", "to"].map((n) => String(data.get(n) || ""));
          if (from && to && from > to) {
            [from, to] = [to, from];
          }
          router.follow(set({ from: from || null, to: to || null }));
        }}
      >
        <span class="menu-title">Company time, ${this.ctx.zone}</span>
        ${[["", "All dates"], ...Object.entries(PERIOD)].map(
          ([period, label]) =>
            html`<a
              href=${set({ period: period || null })}
              aria-current=${
                (route.period ?? "") === period && !route.from && !route.to
                  ? "true"
                  : nothing
              }
              @click=${closePopover}
              >${icon("check", "tick")}${label}</a
            >`,
        )}
        <hr />
        <div class="range padx">
          <label class="field"
            ><input
              type="date"
              name="from"
              aria-label="From"
              value=${route.from ?? ""} /></label
          ><span>to</span
          ><label class="field"
            ><input
              type="date"
              name="to"
              aria-label="To"
              value=${route.to ?? ""}
          /></label>
        </div>
        <div class="menu-foot">
          <button class="btn btn-primary btn-sm">Apply</button>
        </div>
      </form>`;
  }

  /**
   * A filter of several values: applied when the popover closes, by whatever
   * way but Escape.
   * @param {"status" | "intent"} name
   * @param {string} label
   * @param {[string, string][]} options
   * @param {string[]} chosen
   */
  #checks(name, label, options, chosen) {
    const words =
      chosen.length === 1
        ? options.find(([v]) => v === chosen[0])?.[1]
        : String(chosen.length);
    return html`<button
        class="select select-sm"
        ?data-on=${chosen.length > 0}
        popovertarget="${name}-filter"
        aria-haspopup="dialog"
      >
        ${label}${chosen.length ? html`: <b>${words}</b>` : nothing}${icon(
          "chevron-down",
          "i-sm",
        )}
      </button>
      <form
        id="${name}-filter"
        class="menu"
        popover
        role="dialog"
        aria-label=${label}
        @submit=${submitPopover}
        @keydown=${cancelPopover}
        @toggle=${(/** @type {ToggleEvent} */ event) =>
          this.#applied(event, (data) => ({
            [name]: data.getAll(name).map(String),
          }))}
      >
        <fieldset>
          <legend class="sr">${label}</legend>
          ${options.map(
            ([value, text]) =>
              html`<label class="check"
                ><input
                  type="checkbox"
                  name=${name}
                  value=${value}
                  ?checked=${chosen.includes(value)}
                />${text}</label
              >`,
          )}
        </fieldset>
      </form>`;
  }

  /** @param {Route} route */
  #tierFilter(route) {
    return html`<button
        class="select select-sm"
        ?data-on=${Boolean(route.tier)}
        popovertarget="tier-filter"
        aria-haspopup="dialog"
      >
        Tier${route.tier ? html`: <b>${route.tier}</b>` : nothing}${icon(
          "chevron-down",
          "i-sm",
        )}
      </button>
      <form
        id="tier-filter"
        class="menu"
        popover
        role="dialog"
        aria-label="Tier"
        @submit=${submitPopover}
        @keydown=${cancelPopover}
        @toggle=${(/** @type {ToggleEvent} */ event) =>
          this.#applied(event, (data) => ({
            tier: String(data.get("tier") ?? "") || null,
          }))}
      >
        <fieldset>
          <legend class="sr">Tier</legend>
          ${[["", "Any tier"], ...Object.entries(TIER)].map(
            ([value, text]) =>
              html`<label class="check"
                ><input
                  type="radio"
                  name="tier"
                  value=${value}
                  ?checked=${(route.tier ?? "") === value}
                />${text}</label
              >`,
          )}
        </fieldset>
      </form>`;
  }

  /** @param {Route} route @param {number} set how many of its fields are set */
  #moreFilter(route, set) {
    const select = (
      /** @type {"urgency" | "direction" | "reviewed" | "flagged" | "followUp"} */ name,
      /** @type {string} */ label,
      /** @type {Record<string, string>} */ options,
    ) =>
      html`<label class="label" for="more-${name}">${label}</label>
        <div class="field">
          <select id="more-${name}" name=${name}>
            ${[["", "Any"], ...Object.entries(options)].map(
              ([value, text]) =>
                html`<option
                  value=${value}
                  ?selected=${(route[name] ?? "") === value}
                >
                  ${text}
                </option>`,
            )}
          </select>
        </div>`;
    return html`<button
        class="select select-sm"
        ?data-on=${set > 0}
        popovertarget="more-filter"
        aria-haspopup="dialog"
      >
        ${icon("list-filter")}More${set ? html`: <b>${set}</b>` : nothing}
      </button>
      <form
        id="more-filter"
        class="menu wide more-form"
        popover
        role="dialog"
        aria-label="More filters"
        @submit=${submitPopover}
        @keydown=${cancelPopover}
        @toggle=${(/** @type {ToggleEvent} */ event) =>
          this.#applied(event, (data) =>
            Object.fromEntries(
              [
                "q",
                "phone",
                "urgency",
                "direction",
                "reviewed",
                "flagged",
                "followUp",
              ].map((name) => [
                name,
                String(data.get(name) ?? "").trim() || null,
              ]),
            ),
          )}
      >
        <label class="label" for="more-q">Name, number or words</label>
        <div class="field">
          <input
            id="more-q"
            name="q"
            type="search"
            maxlength="200"
            autocomplete="off"
            value=${route.q ?? ""}
          />
        </div>
        <label class="label" for="more-phone">Phone number</label>
        <div class="field">
          <input
            id="more-phone"
            name="phone"
            type="tel"
            maxlength="32"
            autocomplete="off"
            value=${route.phone ?? ""}
          />
        </div>
        ${select("urgency", "Urgency", URGENCY)}
        ${select("followUp", "Follow-up", YES_NO.followUp)}
        ${select("reviewed", "Review", YES_NO.reviewed)}
        ${select("flagged", "Flag", YES_NO.flagged)}
        ${select("direction", "Direction", DIRECTION)}
        <div class="menu-foot">
          <button class="btn btn-primary btn-sm">Apply</button>
        </div>
      </form>`;
  }

  /**
   * Takes over what a filter popover says once it is closed.
   * @param {ToggleEvent} event
   * @param {(data: FormData) => Partial<Route>} read
   */
  #applied(event, read) {
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    if (event.newState === "open") {
      form.reset(); // to what the address says
      return;
    }
    const { router } = this.ctx;
    const patch = read(new FormData(form));
    const before = router.href({ call: null, t: null, panel: null });
    const after = router.href({ ...patch, call: null, t: null, panel: null });
    if (after !== before) {
      router.follow(after);
    }
  }

  #banners() {
    const batch = this.#shown;
    const at = time(batch.loadedAt, this.ctx.company.timeZone);
    return html`${
      this.ctx.online
        ? nothing
        : html`<div class="banner banner-warn" role="status">
            ${icon("wifi-off")}<span
              >You are
              offline.${at ? ` Showing calls loaded at ${at}.` : ""}</span
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
          ? this.#rows(batch.rows, route, true)
          : this.#groups(batch, route)
      }
      ${this.#foot(batch)}
    </div>`;
  }

  /** @param {Route} route */
  #empty(route) {
    const active = this.#active(route);
    return active.length
      ? emptyState({
          icon: "list-filter",
          title: "No calls match these filters",
          text: `${active.map((f) => f.text).join(", ")}.`,
          actions: html`<a
            class="btn"
            href=${this.ctx.router.href(this.#cleared)}
            >Clear filters</a
          >`,
        })
      : emptyState({
          icon: "phone-incoming",
          title: "No calls yet",
          text: "Calls appear here a few seconds after they end.",
        });
  }

  /**
   * Rows under their headings. A heading counts its calls only when all of
   * them are loaded.
   * @param {Batch} batch
   * @param {Route} route
   */
  #groups(batch, route) {
    const today = this.#today;
    /** @type {{ key: string, title: string, date: string, span: string, rows: CallRow[] }[]} */
    const groups = [];
    for (const row of batch.rows) {
      const group = dayGroup(row.day, today);
      if (groups.at(-1)?.key !== group.key) {
        groups.push({ ...group, rows: [] });
      }
      groups.at(-1)?.rows.push(row);
    }
    return repeat(
      groups,
      (g) => g.key,
      (g, i) => {
        const whole = i < groups.length - 1 || batch.cursor === null;
        const parts = [
          g.date,
          ...(whole
            ? [
                html`<b>${count(g.rows.length, "call")}</b>`,
                ...tally(g.rows, (r) => r.booked === true, "booked"),
                ...tally(
                  g.rows,
                  (r) => r.urgency === "emergency",
                  "emergency",
                  "emergencies",
                ),
              ]
            : []),
        ].filter(Boolean);
        return html`<section aria-labelledby="g-${g.key}">
          <header class="day">
            <h2 id="g-${g.key}">${g.title}</h2>
            <span class="sum"
              >${parts.map((p, n) => (n ? html` · ${p}` : p))}</span
            >
          </header>
          ${this.#rows(g.rows, route, g.span !== "day")}
        </section>`;
      },
    );
  }

  /**
   * @param {CallRow[]} rows
   * @param {Route} route
   * @param {boolean} dated whether the rows must say their day
   */
  #rows(rows, route, dated) {
    const today = this.#today;
    return html`<ol class="calls">
      ${repeat(
        rows,
        (row) => row._id,
        (row) => this.#row(row, row.callId === route.call, dated, today),
      )}
    </ol>`;
  }

  /**
   * @param {CallRow} row
   * @param {boolean} current
   * @param {boolean} dated
   * @param {string} today
   */
  #row(row, current, dated, today) {
    const { router, company } = this.ctx;
    const { caller, analysis, outcome, review } = row;
    const look = statusLook(outcome.status);
    const missed = ["abandoned", "spam", "error"].includes(outcome.status);
    const nth = callOrdinal(caller);
    const summary = displayText(row.summary, 300).trim();
    const open = { call: row.callId, t: null, panel: null };
    return html`<li class="call" ?data-current=${current}>
      <span
        class="play ${missed ? "play-none" : "play-sign"}"
        aria-hidden="true"
        >${icon(
          row.direction === "outbound"
            ? "phone-outgoing"
            : outcome.status === "voicemail" || outcome.status === "spam"
              ? look.icon
              : missed
                ? "phone-missed"
                : "phone-incoming",
        )}</span
      >
      <div class="who">
        <h3>
          ${
            review?.reviewed
              ? nothing
              : html`<span class="new" title="Not reviewed"></span
                  ><span class="sr">Not reviewed: </span>`
          }<a class="trunc" data-call=${row.callId} href=${router.href(open)}
            >${bdiName(caller)}</a
          >
        </h3>
        <p>
          <span class="trunc"><bdi>${callerPhone(caller)}</bdi></span
          >${
            nth
              ? html`<span class="hide-s" aria-hidden="true">·</span
                  ><span class="hide-s">${nth}</span>`
              : nothing
          }
        </p>
      </div>
      <div class="about">
        <p>${this.#intent(row)}</p>
        <p class="trunc">
          ${
            summary
              ? html`<bdi>${summary}</bdi>`
              : html`<span class="faint">Nothing was transcribed</span>`
          }
        </p>
      </div>
      <div class="out">
        <p class="st s-${look.tone}">
          ${icon(look.icon)}<span>${look.label}</span>
        </p>
        <p class="trunc"><bdi>${displayText(outcome.result, 200)}</bdi></p>
      </div>
      ${tierMeter(analysis?.routingTier, `Tier ${analysis?.routingTier}`)}
      <div class="talk">
        ${miniRibbon(row)}<span>${duration(row.durationSeconds)}</span>
      </div>
      <time class="when" datetime=${row.startedAt}
        >${
          dated ? html`<span>${shortDay(row.day, today)}</span>` : nothing
        }${time(row.startedAt, company.timeZone)}</time
      >
      <div class="acts">
        <a
          class="icon-btn icon-btn-sm"
          href=${router.href({ ...open, panel: "transcript" })}
          aria-label="Transcript of ${callerName(caller)}"
          title="Transcript"
          >${icon("file-text")}</a
        >${
          caller.customerNumber
            ? html`<a
                class="icon-btn icon-btn-sm"
                data-customer
                href=${router.link({ customer: caller.customerNumber, tab: "customers" })}
                aria-label="Customer ${callerName(caller)}"
                title="Customer"
                >${icon("user-round")}</a
              >`
            : nothing
        }
      </div>
    </li>`;
  }

  /** @param {CallRow} row */
  #intent(row) {
    const code = row.analysis?.primaryIntent;
    const emergency = row.urgency === "emergency";
    const chips = [
      emergency
        ? html`<span class="chip chip-solid-bad"
            >${icon("siren")}Emergency</span
          >`
        : nothing,
      row.outcome.followUpRequired
        ? html`<span class="chip chip-warn">${icon("clock")}Follow-up</span>`
        : nothing,
      row.review?.flagged
        ? html`<span class="chip chip-bad">${icon("flag")}Flagged</span>`
        : nothing,
    ];
    return html`${
      !code
        ? html`<span class="faint">No intent recognized</span>`
        : emergency && code === "EMERGENCY"
          ? nothing
          : html`<span class="trunc">${intentLabel(code)}</span>`
    }${chips}`;
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

/**
 * "7 booked", if any.
 * @param {CallRow[]} rows
 * @param {(row: CallRow) => boolean} test
 * @param {string} one
 * @param {string} [many]
 */
function tally(rows, test, one, many = one) {
  const n = rows.filter(test).length;
  return n ? [count(n, one, many)] : [];
}

/**
 * One of several links of a menu.
 * @param {string} label @param {string} href @param {boolean} current
 */
const choice = (label, href, current) =>
  html`<a role="menuitemradio" aria-checked=${String(current)} href=${href}
    >${icon("check", "tick")}${label}</a
  >`;

/** @param {Event} event */
function closePopover(event) {
  /** @type {HTMLElement | null} */ (
    /** @type {Element} */ (event.currentTarget).closest("[popover]")
  )?.hidePopover();
}

/** @param {SubmitEvent} event */
function submitPopover(event) {
  event.preventDefault();
  /** @type {HTMLElement} */ (event.currentTarget).hidePopover();
}

/** Escape leaves a filter as it was. @param {KeyboardEvent} event */
function cancelPopover(event) {
  if (event.key === "Escape") {
    /** @type {HTMLFormElement} */ (event.currentTarget).reset();
  } else if (
    event.key === "Enter" &&
    event.target instanceof HTMLInputElement &&
    ["checkbox", "radio"].includes(event.target.type)
  ) {
    event.preventDefault();
    /** @type {HTMLElement} */ (event.currentTarget).hidePopover();
  }
}
