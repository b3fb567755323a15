/**
 * The page itself: session, company, the four places, the open call, theme,
 * shortcuts. Places other than the first, and the open call, are loaded when
 * they are first needed. A company in the address selects, it never grants: who may see what
 * is decided by the server, and a link to a company of others says only that
 * there is no access.
 *
 * @typedef {import("./CallDetail.js").CallDetail} CallDetail
 * @typedef {import("./types.js").Session} Session
 * @typedef {import("./types.js").Company} Company
 * @typedef {import("./types.js").Context} Context
 * @typedef {import("./types.js").Place} Place
 * @typedef {import("./types.js").Route} Route
 */
import { html, nothing, render } from "../../vendor/lit.js";
import { CallHistoryManager } from "./CallHistoryManager.js";
import { announce } from "./utils/announce.js";
import { Api, ApiError } from "./utils/api.js";
import { displayText, initials, zoneName } from "./utils/formatters.js";
import { errorWords, roleLabel } from "./utils/labels.js";
import { Keys } from "./utils/keys.js";
import { startPopovers, toast } from "./utils/popovers.js";
import { Router } from "./utils/router.js";
import { recall, remember } from "./utils/store.js";
import { emptyState, icon, logo } from "./utils/view.js";

/** @typedef {Route["tab"]} Tab */

/** @type {Record<Tab, { label: string, short: string, icon: string, key: string }>} */
const PLACES = {
  calls: {
    label: "Recent calls",
    short: "Calls",
    icon: "phone-incoming",
    key: "c",
  },
  customers: {
    label: "Customers",
    short: "Customers",
    icon: "users",
    key: "u",
  },
  search: { label: "Search", short: "Search", icon: "search", key: "s" },
  analytics: {
    label: "Analytics",
    short: "Analytics",
    icon: "chart-column",
    key: "a",
  },
};

/** @type {Record<Exclude<Tab, "calls">, () => Promise<new (ctx: Context) => Place>>} */
const LOADERS = {
  customers: async () => (await import("./CustomerManager.js")).CustomerManager,
  search: async () =>
    (await import("./CallSearchManager.js")).CallSearchManager,
  analytics: async () =>
    (await import("./CallAnalyticsManager.js")).CallAnalyticsManager,
};

const SHORTCUTS = [
  { what: "Older call", keys: ["J"] },
  { what: "Newer call", keys: ["K"] },
  { what: "Open call", keys: ["Enter"] },
  { what: "Customer of the call", keys: ["C"] },
  { what: "Previous turn of talk", keys: ["["] },
  { what: "Next turn of talk", keys: ["]"] },
  { what: "Go to Recent calls", keys: ["G", "then", "C"] },
  { what: "Go to Customers", keys: ["G", "then", "U"] },
  { what: "Go to Search", keys: ["G", "then", "S"] },
  { what: "Go to Analytics", keys: ["G", "then", "A"] },
  { what: "Filter by words", keys: ["/"] },
  { what: "Find in the open transcript", keys: ["/"] },
  { what: "Close", keys: ["Esc"] },
  { what: "This list", keys: ["?"] },
];

const THEMES = /** @type {const} */ ([
  { id: "", label: "Follow system", icon: "sun-moon" },
  { id: "light", label: "Light", icon: "sun" },
  { id: "dark", label: "Dark", icon: "moon" },
]);

const POSITIONS = "cc.positions"; // sessionStorage: how far each entry was

class CallCenterApp {
  #root = /** @type {HTMLElement} */ (document.getElementById("app"));
  #router = new Router();
  #keys = new Keys(document);
  #api = new Api({
    signInAgain: () => this.#signInAgain(),
    reached: (ok) => this.#reached(ok),
  });
  /** @type {Session | null} */
  #session = null;
  /** @type {unknown} what kept the page from starting */
  #failed = null;
  /** a part of the page did not arrive: it is offline, or out of date */
  #stale = false;
  /** @type {Context | null} */
  #ctx = null;
  /** @type {CallDetail | null} */
  #detail = null;
  /** @type {Map<Tab, Place>} */
  #places = new Map();
  /** @type {Place | null} */
  #place = null;
  #online = navigator.onLine;
  /** counts navigations, so that an overtaken one stops */
  #turn = 0;
  /** the navigation under way */
  #going = Promise.resolve();
  /** @type {Record<string, { y: number, rows: number }>} */
  #positions = {};
  #drawing = false;

  async start() {
    this.#root.replaceChildren(); // the notice for browsers that stop earlier
    startPopovers();
    this.#keys.enabled = recall("keys") !== "off";
    this.#keys.add({
      "?": () => this.#showShortcuts(),
      "/": () => this.#focusFilter(),
      ...Object.fromEntries(
        Object.entries(PLACES).map(([tab, place]) => [
          `g ${place.key}`,
          () =>
            this.#router.follow(
              this.#router.link({ tab: /** @type {Tab} */ (tab) }),
            ),
        ]),
      ),
    });
    try {
      this.#positions = JSON.parse(sessionStorage.getItem(POSITIONS) ?? "{}");
    } catch {
      this.#positions = {};
    }
    addEventListener("online", () => this.#reached(true));
    addEventListener("offline", () => this.#reached(false));
    addEventListener("scroll", () => this.#notePosition(), { passive: true });
    addEventListener("pagehide", () => this.#keepPositions());
    this.#router.addEventListener("leave", () => this.#notePosition());
    this.#router.addEventListener("route", (event) => {
      this.#going = this.#go(/** @type {CustomEvent} */ (event).detail);
    });
    await this.#begin();
  }

  async #begin() {
    this.#failed = null;
    /** @type {Session} */
    let session;
    try {
      session = await this.#api.session({ quiet: true });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        this.#toSignIn();
        return;
      }
      this.#failed = error;
      this.#draw();
      return;
    }
    remember("signedIn", "1");
    this.#pickCompany(session.companies);
    this.#session = session;
    await this.#go({ back: false, cold: true });
    // So that the first call and the first dialog open at once.
    Promise.all([import("./CallDetail.js"), import("./utils/modals.js")]).catch(
      () => {},
    );
  }

  #toSignIn() {
    remember("signedIn", null);
    const next = location.pathname + location.search;
    location.replace(`/login.html?next=${encodeURIComponent(next)}`);
  }

  /**
   * Without a company in the address: the last one used, or the only one.
   * @param {Company[]} companies
   */
  #pickCompany(companies) {
    if (this.#router.route.companyId) {
      return;
    }
    const last = recall("company");
    const company =
      companies.find((c) => c.companyId === last) ??
      (companies.length === 1 ? companies[0] : null);
    if (company) {
      this.#router.replace({ companyId: company.companyId });
    }
  }

  /** @returns {Company | undefined} the company of the address, if allowed */
  get #company() {
    return this.#session?.companies.find(
      (c) => c.companyId === this.#router.route.companyId,
    );
  }

  // ---- navigation --------------------------------------------------------

  /** @param {{ back: boolean, replace?: boolean, cold?: boolean }} how */
  async #go(how) {
    if (!this.#session) {
      return;
    }
    const turn = ++this.#turn;
    this.#stale = false;
    const company = this.#company;
    if (this.#ctx?.company !== company) {
      this.#changeCompany(company);
    }
    if (!this.#ctx) {
      this.#draw();
      return;
    }
    const { route, entry } = this.#router;
    const position = this.#positions[entry];
    const place = await this.#load(route.tab, this.#ctx);
    if (turn !== this.#turn || !place) {
      return;
    }
    const moved = place !== this.#place;
    const listBefore = this.#place?.list?.rows;
    if (moved) {
      this.#place?.leave();
      this.#place = place;
    }
    this.#draw();
    const arriving = moved
      ? /** @type {any} */ (place).enter(route, position?.rows ?? 0)
      : place.update(route);
    // The call does not wait for the list behind it.
    const opened = this.#showCall(this.#ctx);
    await arriving;
    await opened;
    if (turn !== this.#turn) {
      return;
    }
    this.#draw();
    const other = moved || place.list?.rows !== listBefore;
    if (how.back || how.cold) {
      if (other && position) {
        scrollTo({ top: position.y });
      }
    } else if (other && !how.replace && !route.call) {
      scrollTo({ top: 0 });
    }
    if (moved && !how.cold && !route.call) {
      /** @type {HTMLElement | null} */ (
        this.#root.querySelector("main h1")
      )?.focus({ preventScroll: true });
      announce(place.title);
    }
  }

  /**
   * Shows the call that the address asks for, or none.
   * @param {Context} ctx
   */
  async #showCall(ctx) {
    if (!this.#detail && this.#router.route.call) {
      try {
        const { CallDetail } = await import("./CallDetail.js");
        if (ctx !== this.#ctx) {
          return;
        }
        this.#detail ??= new CallDetail(ctx);
      } catch {
        this.#stale = true;
        this.#draw();
        return;
      }
    }
    await this.#detail?.show(this.#router.route);
  }

  /**
   * @param {Tab} tab
   * @param {Context} ctx
   * @returns {Promise<Place | null>} null when it cannot be loaded now
   */
  async #load(tab, ctx) {
    const known = this.#places.get(tab);
    if (known) {
      return known;
    }
    try {
      const Manager =
        tab === "calls" ? CallHistoryManager : await LOADERS[tab]();
      if (ctx !== this.#ctx) {
        return null;
      }
      const place = this.#places.get(tab) ?? new Manager(ctx);
      this.#places.set(tab, place);
      return place;
    } catch {
      this.#stale = true;
      this.#draw();
      return null;
    }
  }

  /** @param {Company | undefined} company */
  #changeCompany(company) {
    this.#place?.leave();
    this.#place = null;
    this.#places.clear();
    this.#detail?.discard();
    this.#detail = null;
    this.#ctx = null;
    if (!company || !this.#session) {
      return;
    }
    remember("company", company.companyId);
    const app = this;
    this.#ctx = {
      api: this.#api,
      router: this.#router,
      keys: this.#keys,
      session: this.#session,
      company,
      zone: zoneName(company.timeZone),
      list: () => this.#place?.list ?? null,
      changed: () => this.#changed(),
      get online() {
        return app.#online;
      },
    };
  }

  /** The place changed what the shell or the open call show of it. */
  #changed() {
    const company = this.#company;
    const what =
      this.#router.route.call && this.#detail
        ? this.#detail.title
        : this.#place?.title;
    document.title = [what, displayText(company?.name, 120), "ClientsVia"]
      .filter(Boolean)
      .join(" · ");
    if (this.#detail?.open && !this.#drawing) {
      // Position and neighbours may have come only now.
      this.#drawing = true;
      queueMicrotask(() => {
        this.#drawing = false;
        if (this.#detail?.open) {
          this.#detail.render();
        }
      });
    }
  }

  #notePosition() {
    const { entry } = this.#router;
    const depth = /** @type {any} */ (this.#place)?.depth ?? 0;
    delete this.#positions[entry]; // the newest is the last
    this.#positions[entry] = { y: Math.round(scrollY), rows: depth };
  }

  #keepPositions() {
    this.#notePosition();
    try {
      sessionStorage.setItem(
        POSITIONS,
        JSON.stringify(
          Object.fromEntries(Object.entries(this.#positions).slice(-20)),
        ),
      );
    } catch {
      // Without storage a reload starts at the top.
    }
  }

  // ---- session -----------------------------------------------------------

  /** @returns {Promise<boolean>} */
  async #signInAgain() {
    const email = this.#session?.user.email;
    if (!email) {
      this.#toSignIn();
      return false;
    }
    const { signInAgain } = await import("./utils/modals.js");
    return signInAgain(
      this.#keys,
      displayText(email, 254),
      async (password) => {
        try {
          this.#session = await this.#api.signIn(email, password);
          return "";
        } catch (error) {
          return error instanceof ApiError && error.status === 401
            ? "The password is incorrect."
            : errorWords(error).text;
        }
      },
      () => this.#toSignIn(),
    );
  }

  async #signOut() {
    try {
      await this.#api.signOut();
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) {
        toast(`You are still signed in. ${errorWords(error).text}`);
        return;
      }
    }
    remember("signedIn", null);
    location.replace("/login.html");
  }

  /** @param {boolean} ok */
  #reached(ok) {
    const online = ok && navigator.onLine;
    if (online !== this.#online) {
      this.#online = online;
      this.#place?.render();
      announce(online ? "You are online again" : "You are offline");
    }
  }

  // ---- keyboard, theme ---------------------------------------------------

  async #showShortcuts() {
    const { showShortcuts } = await import("./utils/modals.js");
    showShortcuts(this.#keys, SHORTCUTS, (on) => {
      this.#keys.enabled = on;
      remember("keys", on ? null : "off");
    });
  }

  /** The field that filters the calls by words. */
  async #focusFilter() {
    if (!this.#ctx) {
      return;
    }
    if (this.#router.route.tab !== "calls") {
      this.#router.follow(this.#router.link({}));
      await this.#going;
    }
    const field = document.getElementById("more-q");
    /** @type {HTMLElement | null} */ (
      field?.closest("[popover]") ?? null
    )?.showPopover();
    field?.focus();
  }

  /** @param {string} theme */
  #setTheme(theme) {
    remember("theme", theme || null);
    if (theme) {
      document.documentElement.dataset.theme = theme;
    } else {
      delete document.documentElement.dataset.theme;
    }
    this.#draw();
  }

  // ---- templates ---------------------------------------------------------

  #draw() {
    render(
      html`<a class="skip" href="#main">Skip to content</a>
        <div class="app">
          ${this.#bar()}
          <div class="place">${this.#content()}</div>
          ${this.#ctx ? this.#tabs("tabbar") : nothing}
        </div>`,
      this.#root,
    );
    this.#changed();
  }

  #content() {
    if (this.#failed) {
      const words = errorWords(this.#failed);
      return this.#alone(
        emptyState({
          icon: "triangle-alert",
          title: "The page could not be loaded",
          text: words.text,
          bad: true,
          ref: words.ref,
          actions: html`<button class="btn" @click=${() => this.#begin()}>
            ${icon("refresh-cw")}Try again
          </button>`,
        }),
      );
    }
    if (this.#stale) {
      return this.#alone(
        emptyState({
          icon: "refresh-cw",
          title: "A part of the page is missing",
          text: "It could not be loaded. The connection may be down, or a newer version of the page is out.",
          bad: true,
          actions: html`<button class="btn" @click=${() => location.reload()}>
            ${icon("refresh-cw")}Reload
          </button>`,
        }),
      );
    }
    if (this.#ctx) {
      return this.#place?.root;
    }
    const companies = this.#session?.companies ?? [];
    const { companyId } = this.#router.route;
    if (!companies.length) {
      return this.#alone(
        emptyState({
          icon: "building-2",
          title: "No company yet",
          text: "Your account does not belong to a company. Ask an administrator to add you.",
        }),
      );
    }
    return this.#alone(
      html`${
          companyId
            ? html`<div class="banner banner-bad" role="alert">
                ${icon("shield-alert")}<span
                  >You do not have access to this company.</span
                >
              </div>`
            : nothing
        }
        <div class="page-head">
          <h1 tabindex="-1">Choose a company</h1>
        </div>
        <ul class="card chooser">
          ${companies.map(
            (c) =>
              html`<li>
                <a href=${this.#companyHref(c)}
                  >${icon("building-2")}<span
                    ><bdi>${displayText(c.name, 120)}</bdi
                    ><span class="sub">${roleLabel(c.role)}</span></span
                  >${icon("chevron-right", "i-sm")}</a
                >
              </li>`,
          )}
        </ul>`,
    );
  }

  /** @param {unknown} content */
  #alone(content) {
    return html`<main class="page page-solo" id="main" tabindex="-1">
      ${content}
    </main>`;
  }

  /** @param {Company} company */
  #companyHref(company) {
    return this.#router.link({
      companyId: company.companyId,
      tab: this.#ctx ? this.#router.route.tab : "calls",
    });
  }

  #bar() {
    const session = this.#session;
    const company = this.#ctx?.company;
    return html`<header class="bar">
      <div class="brand">
        <a
          href=${this.#router.link({})}
          aria-label="ClientsVia Call Center, home"
          >${logo}</a
        >
        <span class="word hide-s">ClientsVia</span>
        ${
          company
            ? html`<span class="sep" aria-hidden="true"></span>${this.#switcher(
                  company,
                )}`
            : nothing
        }
      </div>
      ${company ? this.#tabs("tabs") : nothing}
      <div class="end">
        ${
          company
            ? html`<button
                class="omni"
                aria-label="Filter calls by words"
                aria-keyshortcuts="/"
                @click=${() => this.#focusFilter()}
              >
                ${icon("search")}<span>Filter calls by words</span
                ><kbd class="kbd" aria-hidden="true">/</kbd>
              </button>`
            : nothing
        }
        <button
          class="icon-btn hide-s"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts"
          aria-keyshortcuts="?"
          @click=${() => this.#showShortcuts()}
        >
          ${icon("keyboard")}
        </button>
        ${this.#themeMenu()} ${session ? this.#account(session) : nothing}
      </div>
    </header>`;
  }

  /** @param {Company} company */
  #switcher(company) {
    const companies = this.#session?.companies ?? [];
    const name = html`<span class="trunc"
      ><bdi>${displayText(company.name, 120)}</bdi></span
    >`;
    if (companies.length < 2) {
      return html`<span class="company company-only">${name}</span>`;
    }
    return html`<button
        class="company"
        popovertarget="company-menu"
        aria-haspopup="menu"
      >
        ${name}${icon("chevron-down", "i-sm")}
      </button>
      <div id="company-menu" class="menu" role="menu" popover>
        ${companies.map(
          (c) =>
            html`<a
              role="menuitemradio"
              aria-checked=${String(c === company)}
              href=${this.#companyHref(c)}
              >${icon("check", "tick")}<bdi>${displayText(c.name, 120)}</bdi></a
            >`,
        )}
      </div>`;
  }

  /** The four places. @param {"tabs" | "tabbar"} where */
  #tabs(where) {
    const { tab } = this.#router.route;
    return html`<nav class=${where} aria-label="Main">
      ${
        /** @type {Tab[]} */ (Object.keys(PLACES)).map(
          (name) =>
            html`<a
              href=${this.#router.link({ tab: name })}
              aria-current=${name === tab ? "page" : nothing}
              >${icon(PLACES[name].icon)}${
                where === "tabs" ? PLACES[name].label : PLACES[name].short
              }</a
            >`,
        )
      }
    </nav>`;
  }

  get #theme() {
    return (
      THEMES.find((t) => t.id === document.documentElement.dataset.theme) ??
      THEMES[0]
    );
  }

  #themeMenu() {
    return html`<button
        class="icon-btn hide-s"
        popovertarget="theme-menu"
        aria-haspopup="menu"
        aria-label="Theme: ${this.#theme.label.toLowerCase()}"
        title="Theme"
      >
        ${icon(this.#theme.icon)}
      </button>
      <div
        id="theme-menu"
        class="menu"
        role="menu"
        aria-label="Theme"
        data-align="end"
        popover
      >
        ${this.#themeChoices()}
      </div>`;
  }

  #themeChoices() {
    return THEMES.map(
      (t) =>
        html`<button
          role="menuitemradio"
          aria-checked=${String(t === this.#theme)}
          @click=${() => this.#setTheme(t.id)}
        >
          ${icon(t.icon)}${t.label}${icon("check", "tick end")}
        </button>`,
    );
  }

  /** @param {Session} session */
  #account(session) {
    const name = displayText(session.user.name || session.user.email, 120);
    const company = this.#ctx?.company;
    return html`<button
        class="icon-btn"
        popovertarget="account-menu"
        aria-haspopup="menu"
        aria-label="${initials(name)}, account menu of ${name}"
      >
        <span class="avatar avatar-user" aria-hidden="true"
          >${initials(name)}</span
        >
      </button>
      <div
        id="account-menu"
        class="menu account"
        role="menu"
        aria-label="Account"
        data-align="end"
        popover
      >
        <div class="who" role="presentation">
          <b><bdi>${name}</bdi></b>
          <span><bdi>${displayText(session.user.email, 254)}</bdi></span>
          ${
            company
              ? html`<span
                    >${roleLabel(company.role)} of
                    <bdi>${displayText(company.name, 120)}</bdi></span
                  ><span>Times are in ${this.#ctx?.zone}</span>`
              : nothing
          }
        </div>
        <hr />
        <div class="only-s" role="group" aria-label="Theme">
          ${this.#themeChoices()}
        </div>
        <hr class="only-s" />
        <button role="menuitem" @click=${() => this.#signOut()}>
          ${icon("log-out")}Sign out
        </button>
      </div>`;
  }
}

new CallCenterApp().start();
