/**
 * One customer: who it is, which numbers, what the calls add up to, and the
 * calls themselves, which open in the same dialog with newer and older inside
 * this customer.
 *
 * @typedef {import("./types.js").CallRow} CallRow
 * @typedef {import("./types.js").Context} Context
 * @typedef {import("./types.js").Customer} Customer
 * @typedef {import("./types.js").Route} Route
 */
import { html, nothing, render, repeat } from "../../vendor/lit.js";
import { announce } from "./utils/announce.js";
import {
  dateTime,
  displayText,
  duration,
  initials,
  localDay,
  monthLabel,
  number,
  price,
  rating,
  shortDay,
  time,
} from "./utils/formatters.js";
import {
  count,
  customerStatus,
  customerType,
  errorWords,
  intentLabel,
  lost,
  sourceLabel,
} from "./utils/labels.js";
import { emptyState, icon, statusChip } from "./utils/view.js";

const PAGE = 50; // as many calls as get_customer brings
const SKELETON_AFTER = 150; // ms

export class CustomerManager {
  title = "Customers";
  root = document.createElement("div");

  /** @type {string | null} */
  #id = null;
  /** @type {Customer | null} */
  #customer = null;
  /** @type {CallRow[]} */
  #rows = [];
  #page = 1;
  /** @type {unknown} */
  #error = null;
  /** @type {unknown} */
  #moreError = null;
  #slow = false;
  #ended = false;
  /** @type {Promise<void> | null} */
  #loading = null;
  #abort = new AbortController();
  #here = false;

  /** @param {Context} ctx */
  constructor(ctx) {
    this.ctx = ctx;
  }

  get #today() {
    return localDay(new Date(), this.ctx.company.timeZone);
  }

  get #total() {
    return Math.max(this.#customer?.stats?.totalCalls ?? 0, this.#rows.length);
  }

  /** What newer and older walk through. */
  get list() {
    if (!this.#customer) {
      return null;
    }
    return {
      rows: this.#rows,
      total: this.#ended ? this.#rows.length : this.#total,
      hasMore: this.#hasMore,
      more: () => this.#more(),
      focusRow: (/** @type {string} */ callId) => {
        const link = /** @type {HTMLElement | null} */ (
          this.root.querySelector(`a[data-call="${CSS.escape(callId)}"]`)
        );
        link?.focus();
        return Boolean(link);
      },
    };
  }

  get #hasMore() {
    return (
      !this.#ended &&
      this.#rows.length >= PAGE &&
      this.#rows.length < this.#total
    );
  }

  /** @param {Route} route */
  async enter(route) {
    this.#here = true;
    await this.update(route);
  }

  leave() {
    this.#here = false;
  }

  /** @param {Route} route */
  async update(route) {
    if (route.customer !== this.#id) {
      this.#abort.abort();
      this.#abort = new AbortController();
      this.#id = route.customer;
      this.#customer = null;
      this.#rows = [];
      this.#page = 1;
      this.#ended = false;
      this.#error = null;
      this.#moreError = null;
      if (this.#id) {
        await this.#load(this.#id);
        return;
      }
    }
    this.render();
  }

  /** @param {string} id */
  async #load(id) {
    this.#slow = false;
    const slow = setTimeout(() => {
      this.#slow = true;
      this.render();
    }, SKELETON_AFTER);
    this.render();
    try {
      const { customer } = await this.ctx.api.getCustomer(
        this.ctx.company.companyId,
        id,
        { signal: this.#abort.signal },
      );
      if (this.#id !== id) {
        return;
      }
      this.#customer = customer;
      this.#rows = customer.callHistory ?? [];
      announce(this.#name);
    } catch (error) {
      if (this.#id !== id) {
        return;
      }
      this.#error = error;
    } finally {
      clearTimeout(slow);
    }
    this.render();
  }

  /** Loads older calls. @returns {Promise<void>} */
  #more() {
    this.#loading ??= this.#older().finally(() => {
      this.#loading = null;
      this.render();
    });
    return this.#loading;
  }

  async #older() {
    const customer = this.#customer;
    if (!customer || !this.#hasMore) {
      return;
    }
    this.#moreError = null;
    try {
      const { calls } = await this.ctx.api.listCalls(
        this.ctx.company.companyId,
        { customerId: customer._id, page: this.#page + 1, limit: PAGE },
        { signal: this.#abort.signal },
      );
      if (customer !== this.#customer) {
        return;
      }
      const known = new Set(this.#rows.map((r) => r._id));
      this.#rows = [...this.#rows, ...calls.filter((r) => !known.has(r._id))];
      this.#page++;
      this.#ended = calls.length < PAGE;
    } catch (error) {
      this.#moreError = error;
    }
  }

  get #name() {
    const c = this.#customer;
    return (
      displayText(
        c?.fullName || [c?.firstName, c?.lastName].filter(Boolean).join(" "),
        200,
      ).trim() || "Unnamed customer"
    );
  }

  // ---- templates ---------------------------------------------------------

  render() {
    if (!this.#here) {
      return;
    }
    const c = this.#customer;
    this.title = c ? this.#name : "Customers";
    render(
      html`<main class="page page-solo" id="main" tabindex="-1">
        ${c ? this.#profile(c) : this.#id ? this.#instead() : this.#noList()}
      </main>`,
      this.root,
    );
    this.ctx.changed();
  }

  #noList() {
    return html`<div class="page-head"><h1 tabindex="-1">Customers</h1></div>
      ${emptyState({
        icon: "users",
        title: "The list of customers comes later",
        text: "Until then, open a customer from one of their calls.",
        actions: html`<a class="btn" href=${this.ctx.router.link({})}
          >Recent calls</a
        >`,
      })}`;
  }

  #instead() {
    if (!this.#error) {
      return html`<h1 class="sr" tabindex="-1">Customer</h1>
        ${
          this.#slow
            ? html`<div class="wait" aria-busy="true">
                <span class="sk sk-w1"></span><span class="sk sk-s sk-w2"></span
                ><span class="sk sk-w3"></span><span class="sk sk-w2"></span>
              </div>`
            : nothing
        }`;
    }
    const gone = /** @type {any} */ (this.#error).status === 404;
    const words = errorWords(this.#error);
    return html`<div class="page-head"><h1 tabindex="-1">Customer</h1></div>
      ${emptyState({
        icon: gone ? "user-round" : "triangle-alert",
        title: gone ? "No such customer" : "The customer could not be loaded",
        text: gone
          ? "The record may have been merged or deleted, or the link is not complete."
          : words.text,
        bad: true,
        ref: words.ref,
        actions: gone
          ? html`<a class="btn" href=${this.ctx.router.link({})}
              >Recent calls</a
            >`
          : html`<button
              class="btn"
              @click=${() => {
                this.#error = null;
                this.#load(/** @type {string} */ (this.#id));
              }}
            >
              ${icon("refresh-cw")}Try again
            </button>`,
      })}`;
  }

  /** @param {Customer} c */
  #profile(c) {
    const status = c.status ? customerStatus(c.status) : null;
    const barred = c.status === "do_not_contact";
    return html`${
        this.ctx.online
          ? nothing
          : html`<div class="banner banner-warn" role="status">
              ${icon("wifi-off")}<span>${lost()}</span>
            </div>`
      }
      ${
        barred
          ? html`<div class="banner banner-bad" role="note">
              ${icon("ban")}<span
                >This customer asked not to be contacted.</span
              >
            </div>`
          : nothing
      }
      <nav class="crumbs" aria-label="Breadcrumb">
        <a href=${this.ctx.router.link({ tab: "customers" })}>Customers</a
        >${icon("chevron-right", "i-sm")}<span class="trunc" aria-current="page"
          ><bdi>${this.#name}</bdi></span
        >
      </nav>
      <header class="record">
        <span class="avatar avatar-lg" aria-hidden="true"
          >${initials(this.#name)}</span
        >
        <div>
          <h1 tabindex="-1">
            <bdi>${this.#name}</bdi>${
              status
                ? html`<span class="tags"
                    ><span class="chip chip-${status.tone}"
                      >${status.label}</span
                    ></span
                  >`
                : nothing
            }
          </h1>
          <p class="meta">
            ${
              c.phone
                ? html`<span
                    >${icon("phone")}${phoneLink(
                      c.phone,
                      c.phoneDisplay,
                      barred,
                    )}</span
                  >`
                : nothing
            }${
              c.email
                ? html`<span
                    >${icon("mail")}<bdi class="wrap"
                      >${displayText(c.email, 254)}</bdi
                    ></span
                  >`
                : nothing
            }${
              c.customerType
                ? html`<span
                    >${icon("house")}${customerType(c.customerType)}</span
                  >`
                : nothing
            }<span class="faint">${c.customerId}</span>
          </p>
        </div>
      </header>
      ${this.#stats(c)}
      <div class="cols">
        ${this.#history()}
        <div class="stack">${this.#numbers(c, barred)} ${this.#facts(c)}</div>
      </div>`;
  }

  /** @param {Customer} c */
  #stats(c) {
    const zone = this.ctx.company.timeZone;
    const stats = c.stats ?? {};
    const last = this.#rows[0];
    const visits = [
      [stats.completedAppointments, "done"],
      [stats.cancelledAppointments, "canceled"],
      [stats.noShows, "missed"],
    ]
      .filter(([n]) => n)
      .map(([n, what]) => `${number(Number(n))} ${what}`)
      .join(", ");
    /** @type {[string, string, string][]} */
    const all = [
      [
        "Calls",
        stats.totalCalls == null ? "" : number(stats.totalCalls),
        last ? `Last: ${dateTime(last.startedAt, zone, this.#today)}` : "",
      ],
      [
        "Appointments",
        stats.totalAppointments == null ? "" : number(stats.totalAppointments),
        visits,
      ],
      [
        "Lifetime value",
        stats.lifetimeValue == null ? "" : price(stats.lifetimeValue),
        c.becameCustomerDate
          ? `Since ${monthLabel(c.becameCustomerDate)}`
          : "No visit done yet",
      ],
      [
        "Average call",
        stats.avgCallDuration == null ? "" : duration(stats.avgCallDuration),
        "",
      ],
      [
        "Call rating",
        stats.avgResponseRating ? rating(stats.avgResponseRating) : "",
        "Average of reviewed calls",
      ],
    ];
    const shown = all.filter(([, value]) => value);
    return shown.length
      ? html`<div
          class="stats-wrap"
          role="group"
          aria-label="Summary"
          tabindex="0"
        >
          <dl class="stats card">
            ${shown.map(
              ([label, value, foot]) =>
                html`<div class="stat">
                  <dt>${label}</dt>
                  <dd>${value}</dd>
                  ${foot ? html`<dd class="foot">${foot}</dd>` : nothing}
                </div>`,
            )}
          </dl>
        </div>`
      : nothing;
  }

  /** @param {string | undefined} iso */
  #day(iso) {
    return iso && !Number.isNaN(Date.parse(iso))
      ? shortDay(
          localDay(new Date(iso), this.ctx.company.timeZone),
          this.#today,
        )
      : "";
  }

  #history() {
    const left = this.#total - this.#rows.length;
    /** @type {{ key: string, title: string, rows: CallRow[] }[]} */
    const months = [];
    for (const row of this.#rows) {
      const key = row.day.slice(0, 7);
      if (months.at(-1)?.key !== key) {
        months.push({ key, title: monthLabel(row.day), rows: [] });
      }
      months.at(-1)?.rows.push(row);
    }
    const words = this.#moreError ? errorWords(this.#moreError) : null;
    return html`<section class="card" aria-labelledby="history">
      <header class="card-head">
        <h2 id="history">Calls</h2>
        <span class="end sub">${count(this.#total, "call")}</span>
      </header>
      ${
        this.#rows.length
          ? html`<ol class="timeline">
              ${months.map(
                (month) =>
                  html`<li><h3>${month.title}</h3></li>
                    ${repeat(
                      month.rows,
                      (row) => row._id,
                      (row) => this.#entry(row),
                    )}`,
              )}
              ${
                this.#hasMore
                  ? html`<li class="older">
                      <button
                        class="btn btn-sm"
                        aria-disabled=${String(Boolean(this.#loading))}
                        @click=${() => this.#showOlder()}
                      >
                        Show ${number(Math.min(left, PAGE))} older
                      </button>
                      ${
                        words
                          ? html`<p class="error-text" role="alert">
                              ${words.text}
                            </p>`
                          : nothing
                      }
                    </li>`
                  : nothing
              }
            </ol>`
          : html`<p class="card-body hint">No calls yet.</p>`
      }
    </section>`;
  }

  async #showOlder() {
    const before = this.#rows.length;
    await this.#more();
    const next = this.#rows[before];
    if (next) {
      this.list?.focusRow(next.callId);
      announce(count(this.#rows.length - before, "older call"));
    }
  }

  /** @param {CallRow} row */
  #entry(row) {
    const zone = this.ctx.company.timeZone;
    const missed = ["abandoned", "spam", "error"].includes(row.outcome.status);
    const code = row.analysis?.primaryIntent;
    const when =
      row.day === this.#today
        ? time(row.startedAt, zone)
        : shortDay(row.day, this.#today);
    const length = duration(row.durationSeconds);
    const current = row.callId === this.ctx.router.route.call;
    return html`<li class="tl" ?data-current=${current}>
      <span class="ic ic-call"
        >${icon(missed ? "phone-missed" : "phone-incoming")}</span
      >
      <div>
        <p class="t">
          <a
            data-call=${row.callId}
            href=${this.ctx.router.href({ call: row.callId, t: null, panel: null })}
            >${code ? intentLabel(code) : "No intent recognized"}</a
          >
          ${statusChip(row.outcome.status)}
        </p>
        ${
          row.summary
            ? html`<p class="d"><bdi>${displayText(row.summary, 300)}</bdi></p>`
            : nothing
        }
      </div>
      <time datetime=${row.startedAt}
        >${when}${length ? ` · ${length}` : ""}</time
      >
    </li>`;
  }

  /** @param {Customer} c @param {boolean} barred */
  #numbers(c, barred) {
    /** @type {[string, string | undefined, string | undefined][]} */
    const all = [
      ["Main", c.phone, c.phoneDisplay],
      ["Second", c.phoneSecondary, c.phoneSecondaryDisplay],
      ["Mobile", c.phoneMobile, c.phoneMobileDisplay],
      ["Work", c.phoneWork, c.phoneWorkDisplay],
    ];
    return html`<section class="card" aria-labelledby="numbers">
      <header class="card-head"><h2 id="numbers">Numbers</h2></header>
      <div class="card-body">
        <dl class="facts">
          ${all
            .filter(([, phone]) => phone)
            .map(
              ([label, phone, shown]) =>
                html`<dt>${label}</dt>
                  <dd>${phoneLink(String(phone), shown, barred)}</dd>`,
            )}
        </dl>
      </div>
    </section>`;
  }

  /** @param {Customer} c */
  #facts(c) {
    /** @type {[string, string][]} */
    const all = [
      ["First name", displayText(c.firstName, 120)],
      ["Last name", displayText(c.lastName, 120)],
      ["Email", displayText(c.email, 254)],
      ["Type", c.customerType ? customerType(c.customerType) : ""],
      ["Source", c.source ? sourceLabel(c.source) : ""],
      ["First contact", this.#day(c.firstContactDate)],
      ["Last contact", this.#day(c.lastContactDate)],
    ];
    const shown = all.filter(([, value]) => value);
    return shown.length
      ? html`<section class="card" aria-labelledby="person">
          <header class="card-head"><h2 id="person">Person</h2></header>
          <div class="card-body">
            <dl class="facts">
              ${shown.map(
                ([label, value]) =>
                  html`<dt>${label}</dt>
                    <dd><bdi>${value}</bdi></dd>`,
              )}
            </dl>
          </div>
        </section>`
      : nothing;
  }
}

/**
 * A number that can be called, when it is one and may be.
 * @param {string} phone
 * @param {string | undefined} shown
 * @param {boolean} barred
 */
function phoneLink(phone, shown, barred) {
  const words = html`<bdi>${displayText(shown || phone, 40)}</bdi>`;
  return !barred && /^\+[1-9]\d{5,14}$/.test(phone)
    ? html`<a class="tel" href="tel:${phone}">${words}</a>`
    : words;
}
