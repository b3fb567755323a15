/**
 * The views and the filter bar of Recent calls: what can be asked, what is
 * asked now, and in which words. Every choice is a link or ends in one: the
 * address is the only state. No filter is offered that the server does not
 * know.
 *
 * @typedef {import("./types.js").Context} Context
 * @typedef {import("./types.js").Route} Route
 */
import { html, nothing } from "../../vendor/lit.js";
import { displayText, number, shortDay } from "./utils/formatters.js";
import {
  count,
  DIRECTION,
  directionLabel,
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
import { icon } from "./utils/view.js";

/** A view is a name for a question. @type {{ id: string, label: string, icon: string, fields: Partial<Route> }[]} */
export const VIEWS = [
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

export const NO_FILTERS = /** @type {Partial<Route>} */ ({
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

export class CallFilters {
  /** the intents that the filter offers */
  intents = new Set(Object.keys(INTENT));

  /**
   * @param {Context} ctx
   * @param {() => string} today the company-local day of now
   */
  constructor(ctx, today) {
    this.ctx = ctx;
    this.today = today;
  }

  /**
   * The view that a route shows: the one it names if its fields are set, else
   * the first whose fields are.
   * @param {Route} route
   */
  view(route) {
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
   * @param {number | undefined} total how many calls it has, if known
   */
  viewLink(view, current, inMenu, total) {
    const { router } = this.ctx;
    const href = router.link({
      ...view.fields,
      view: view.id === "all" ? null : view.id,
      period: router.route.period,
      from: router.route.from,
      to: router.route.to,
      sort: router.route.sort,
    });
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

  /**
   * @param {Route} route
   * @param {number | null} total how many calls are shown of, if known
   */
  bar(route, total) {
    const { router } = this.ctx;
    const active = this.active(route);
    const more = active.filter((f) => f.more);
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
        [...new Set([...this.intents, ...route.intent])]
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
              href=${router.href(this.cleared)}
              >${icon("x")}Clear filters</a
            >`
          : nothing
      }
      <div class="end">
        <span class="hide-s"
          >${total === null ? nothing : count(total, "call")}</span
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

  /** What undoes every filter, and closes what is open. */
  get cleared() {
    return { ...NO_FILTERS, call: null, t: null, panel: null };
  }

  /**
   * The filters that are set, as words.
   * @param {Route} route
   * @returns {{ text: string, more: boolean }[]}
   */
  active(route) {
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
    const today = this.today();
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
      >
        ${icon("calendar")}${words ?? "All dates"}${icon("chevron-down", "i-sm")}
      </button>
      <form
        id="date-filter"
        class="menu wide"
        popover
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
      >
        ${icon("list-filter")}More${set ? html`: <b>${set}</b>` : nothing}
      </button>
      <form
        id="more-filter"
        class="menu wide more-form"
        popover
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
