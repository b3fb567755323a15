/**
 * The query string is the state of the page: a link shows a colleague the same
 * filter, call and second. One row of PARAMS a parameter. A wrong value is
 * ignored and dropped, an unknown parameter is kept (it may belong to a newer
 * page or to the platform around this one). Nothing here touches the DOM but
 * the Router class, so that the rest is tested in Node.
 *
 * @typedef {import("../types.js").Route} Route
 */
import { addDays, isDay } from "./formatters.js";

/** @param {string[]} values */
const oneOf =
  (...values) =>
  (/** @type {string} */ raw) =>
    values.includes(raw) ? raw : null;
/** @param {RegExp} pattern */
const matching = (pattern) => (/** @type {string} */ raw) =>
  pattern.test(raw) ? raw : null;
/** @param {number} max */
const text = (max) => (/** @type {string} */ raw) =>
  raw.trim().slice(0, max) || null;
const day = (/** @type {string} */ raw) => (isDay(raw) ? raw : null);
const yesNo = oneOf("yes", "no");
/** @param {RegExp} pattern */
const listOf = (pattern) => (/** @type {string} */ raw) => [
  ...new Set(raw.split(",").filter((v) => pattern.test(v))),
];

/**
 * How each parameter is read from its text, in the order it is written.
 * companyId is kept as it is, even when it is not an id: falling back to
 * another company would show the wrong calls under the link.
 * @type {Record<keyof Route, (raw: string) => any>}
 */
const PARAMS = {
  companyId: text(64),
  tab: oneOf("calls", "customers", "search", "analytics"),
  view: matching(/^[a-z-]{1,32}$/),
  period: oneOf("today", "yesterday", "week", "month", "this-month", "year"),
  from: day,
  to: day,
  status: listOf(/^[a-z_]{1,32}$/),
  intent: listOf(/^[\w .-]{1,64}$/),
  tier: oneOf("1", "2", "3"),
  direction: oneOf("inbound", "outbound"),
  urgency: oneOf("normal", "urgent", "emergency"),
  flagged: yesNo,
  reviewed: yesNo,
  followUp: yesNo,
  phone: text(32),
  q: text(200),
  sort: oneOf("oldest", "longest"),
  customer: matching(/^(CUST-\d{5,9}|[0-9a-f]{24})$/),
  call: matching(/^[\w.:-]{1,128}$/),
  t: (raw) => (/^\d{1,6}$/.test(raw) ? Number(raw) : null),
  panel: oneOf("transcript", "details", "notes"),
};

/** Nothing asked for: every parameter at its default. */
const EMPTY = /** @type {Route} */ (
  /** @type {unknown} */ (
    Object.fromEntries(
      Object.keys(PARAMS).map((name) => [
        name,
        name === "status" || name === "intent" ? [] : null,
      ]),
    )
  )
);

/**
 * @param {string} search a location's query string
 * @returns {{ route: Route, rest: [string, string][] }} `rest` holds what this
 *   page does not know
 */
export function parse(search) {
  /** @type {any} */
  const route = structuredClone(EMPTY);
  /** @type {[string, string][]} */
  const rest = [];
  for (const [name, raw] of new URLSearchParams(search)) {
    if (!Object.hasOwn(PARAMS, name)) {
      rest.push([name, raw]);
      continue;
    }
    const value = PARAMS[/** @type {keyof Route} */ (name)](raw);
    if (value != null) {
      route[name] = value;
    }
  }
  route.tab ??= route.customer ? "customers" : "calls";
  if (route.from && route.to && route.from > route.to) {
    [route.from, route.to] = [route.to, route.from];
  }
  if (route.from || route.to) {
    route.period = null;
  }
  return { route, rest };
}

/**
 * @param {Route} route
 * @param {[string, string][]} [rest]
 * @returns {string} "?…", with defaults left out
 */
export function format(route, rest = []) {
  const params = new URLSearchParams();
  const home = route.customer ? "customers" : "calls";
  for (const name of /** @type {(keyof Route)[]} */ (Object.keys(PARAMS))) {
    const value = route[name];
    if (value == null || (name === "tab" && value === home)) {
      continue;
    }
    const raw = Array.isArray(value) ? value.join(",") : String(value);
    if (raw) {
      params.append(name, raw);
    }
  }
  for (const [name, raw] of rest) {
    params.append(name, raw);
  }
  // Commas and colons are legal in a query and read better unescaped.
  return `?${params.toString().replaceAll("%2C", ",").replaceAll("%3A", ":")}`;
}

/**
 * What list_calls is asked for a route. Days are whole days in the company's
 * zone; the server finds their edges.
 * @param {Route} route
 * @param {string} today the company-local day of now
 * @returns {Record<string, string>}
 */
export function listParams(route, today) {
  /** @type {Record<string, string>} */
  const params = {};
  const [from, to] = dates(route, today);
  if (from) params.startDate = from;
  if (to) params.endDate = to;
  if (route.status.length) params.status = route.status.join(",");
  if (route.intent.length) params.intent = route.intent.join(",");
  for (const name of /** @type {const} */ ([
    "tier",
    "direction",
    "urgency",
    "phone",
    "q",
    "sort",
  ])) {
    const value = route[name];
    if (value) params[name] = value;
  }
  for (const name of /** @type {const} */ ([
    "flagged",
    "reviewed",
    "followUp",
  ])) {
    const value = route[name];
    if (value) params[name] = String(value === "yes");
  }
  if (route.customer) params.customerId = route.customer;
  return params;
}

/**
 * The first and last day that a route's dates name.
 * @param {Route} route
 * @param {string} today
 * @returns {[string | null, string | null]}
 */
export function dates(route, today) {
  switch (route.period) {
    case "today":
      return [today, today];
    case "yesterday":
      return [addDays(today, -1), addDays(today, -1)];
    case "week":
      return [addDays(today, -6), today];
    case "month":
      return [addDays(today, -29), today];
    case "this-month":
      return [`${today.slice(0, 8)}01`, today];
    case "year":
      return [addDays(today, -364), today];
    default:
      return [route.from, route.to];
  }
}

/**
 * Where sign-in may send somebody: a path of this site, nothing else.
 * @param {string | null} next
 * @param {string} origin
 * @returns {string}
 */
export function safeNext(next, origin) {
  const home = "/call-center.html";
  if (!next || !next.startsWith("/")) {
    return home;
  }
  try {
    const url = new URL(next, origin);
    return url.origin === origin && url.pathname === home
      ? url.pathname + url.search
      : home;
  } catch {
    return home;
  }
}

/**
 * The page's history. Emits "route" whenever the state changed, whoever
 * changed it. Each history entry has an id of its own, under which places
 * remember how far they were scrolled.
 */
export class Router extends EventTarget {
  #rest = /** @type {[string, string][]} */ ([]);

  constructor() {
    super();
    history.scrollRestoration = "manual";
    const { route, rest } = parse(location.search);
    /** @type {Route} */
    this.route = route;
    this.#rest = rest;
    if (!history.state?.id) {
      history.replaceState({ id: newId(), over: false }, "");
    }
    addEventListener("popstate", () => this.#read());
    document.addEventListener("click", (event) => this.#click(event));
  }

  /** The id of the current history entry. @returns {string} */
  get entry() {
    return history.state?.id ?? "";
  }

  /** Did this page itself open what is on top, so that Back closes it? */
  get over() {
    return history.state?.over === true;
  }

  /**
   * A link to the current state with some parameters changed.
   * @param {Partial<Route>} patch
   */
  href(patch) {
    return location.pathname + format({ ...this.route, ...patch }, this.#rest);
  }

  /**
   * A link to a place of the same company, without anything else of now.
   * @param {Partial<Route>} fields
   */
  link(fields) {
    const { companyId } = this.route;
    return (
      location.pathname + format({ ...EMPTY, companyId, ...fields }, this.#rest)
    );
  }

  /** @param {Partial<Route>} patch */
  push(patch) {
    this.#go(this.href(patch), false);
  }

  /** @param {Partial<Route>} patch */
  replace(patch) {
    this.#go(this.href(patch), true);
  }

  /**
   * Follows a link of this page.
   * @param {string} href
   */
  follow(href) {
    this.#go(href, false);
  }

  /**
   * @param {string} href
   * @param {boolean} replace
   */
  #go(href, replace) {
    const url = new URL(href, location.href);
    const { route, rest } = parse(url.search);
    if (url.pathname + url.search === location.pathname + location.search) {
      return;
    }
    if (replace) {
      history.replaceState(history.state, "", href);
    } else {
      this.dispatchEvent(new Event("leave"));
      // `over` says that this very page opened the call, one step ago.
      const over = !this.route.call && Boolean(route.call);
      history.pushState({ id: newId(), over }, "", href);
    }
    this.route = route;
    this.#rest = rest;
    this.dispatchEvent(
      new CustomEvent("route", { detail: { back: false, replace } }),
    );
  }

  #read() {
    const { route, rest } = parse(location.search);
    this.route = route;
    this.#rest = rest;
    this.dispatchEvent(
      new CustomEvent("route", { detail: { back: true, replace: false } }),
    );
  }

  /** Links of this page change the state instead of loading it again. */
  #click(/** @type {MouseEvent} */ event) {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey ||
      !(event.target instanceof Element)
    ) {
      return;
    }
    const a = event.target.closest("a");
    if (
      !a ||
      a.target ||
      a.hasAttribute("download") ||
      a.origin !== location.origin ||
      a.pathname !== location.pathname ||
      a.hash
    ) {
      return;
    }
    event.preventDefault();
    this.#go(a.pathname + a.search, false);
  }
}

function newId() {
  return Math.random().toString(36).slice(2, 10);
}
