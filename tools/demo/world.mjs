/**
 * world.mjs: thirteen months of one company, day by day.
 *
 * What happens is a queue of events in time. A story begins with somebody calling
 * about something; it leaves further events behind: the visit, a call to move it,
 * a bill, a complaint. Events are taken in order of time, so a call knows all that
 * happened before it and nothing of what comes after. What would happen after
 * `now` does not happen.
 */

import { Clock, DAY, HOUR, iso, MINUTE } from "./clock.mjs";
import * as office from "./office.mjs";
import { UNITS } from "./people.mjs";
import { Random } from "./random.mjs";
import { accessOf, Scene } from "./scene.mjs";
import * as desk from "./desk.mjs";
import * as scenes from "./scenes.mjs";
import * as showpieces from "./showpieces.mjs";
import * as visits from "./visits.mjs";

/** @typedef {import("./companies.mjs").Company} Company */
/** @typedef {import("./scene.mjs").Customer} Customer */
/** @typedef {import("./scenes.mjs").Problem} Problem */

const SPAN = 396 * DAY;

/** Nothing happens in the last minutes before `now`, so that the newest call is a chosen one. */
export const QUIET = 14 * MINUTE;

/** How many calls come at an hour of the day. */
const HOURS = [
  0.15, 0.1, 0.1, 0.1, 0.15, 0.2, 0.7, 2.2, 6, 8, 7.5, 6, 4.5, 5, 5, 5, 5.5,
  4.8, 2.8, 1.9, 1.3, 0.8, 0.4, 0.2,
];

/** How busy a day of the week is, Sunday first. */
const WEEKDAYS = [0.35, 1.35, 1.1, 1, 1, 1.1, 0.6];

/** How busy a month is, January first. */
const SEASONS = {
  hvac: [1.15, 1, 0.85, 0.9, 1.1, 1.3, 1.35, 1.3, 1, 0.85, 0.9, 1.1],
  plumbing: [1.3, 1.15, 1, 1, 1, 1, 0.95, 0.95, 0.95, 1, 1.1, 1.25],
};

/** What a story is about. */
const STORIES = {
  repair: 60,
  emergency: 7,
  question: 11,
  billing: 2,
  plan: 3.5,
  spanish: 1.3,
  spam: 8,
  stranger: 3.6,
  withheld: 2.4,
  other: 4,
};

const TIERS = {
  EMERGENCY: { 1: 5, 2: 3, 3: 2 },
  COMPLAINT: { 1: 2, 2: 4, 3: 4 },
  BILLING_QUESTION: { 1: 4, 2: 4, 3: 1.5 },
  SERVICE_QUESTION: { 1: 4, 2: 4, 3: 2 },
  ESTIMATE_REQUEST: { 1: 4, 2: 4, 3: 1.5 },
};
const OTHER_TIERS = { 1: 8, 2: 2, 3: 0.5 };

/** Words that limit a variant to a time of the year; all others name kinds of firm. */
const SEASON_WORDS = ["summer", "winter"];

const MAILBOXES = ["example.com", "example.net", "example.org"];

const TITLE = /^(Dr\.|Pastor|Deacon|Father|Mr\.) /;

/**
 * @typedef {object} Call a finished call
 * @property {string} companyId
 * @property {number} at
 * @property {Record<string, any>} call the document
 */

/**
 * Letters of a name as they stand in an e-mail address.
 * @param {string} name
 */
function ascii(name) {
  return name
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/ł/g, "l")
    .toLowerCase()
    .replace(/[^a-z]/g, "");
}

/**
 * Without members that have no value.
 * @param {Record<string, any>} object
 */
function compact(object) {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined),
  );
}

/**
 * All numbers kept for fiction in some areas, less those of the companies' own staff.
 * @param {number[]} areaCodes
 */
function fictional(areaCodes) {
  return areaCodes.flatMap((area) =>
    Array.from({ length: 88 }, (_, i) => `+1${area}5550${101 + i}`),
  );
}

/** Somebody of whom nothing is ever learnt. */
const NOBODY = { full: "Nobody Known", otherPhone: "", access: {} };

export class World {
  /**
   * @param {Company} company
   * @param {number} now
   */
  constructor(company, now) {
    this.company = company;
    this.now = now;
    this.begin = now - SPAN;
    this.clock = new Clock(company.timeZone);
    const seed = `callcenter demo 1/${company.key}`;
    this.people = new Random(`${seed}/people`);
    this.fate = new Random(`${seed}/fate`);
    this.talk = new Random(`${seed}/talk`);
    this.records = new Random(`${seed}/records`);
    this.paper = new Random(`${seed}/paper`);
    /** @type {{ at: number, order: number, run: () => void }[]} */
    this.queue = [];
    this.order = 0;
    /** @type {Call[]} */
    this.calls = [];
    /** @type {Customer[]} */
    this.customers = [];
    /** @type {Map<string, { visit: import("./scene.mjs").Visit, status: string }>} */
    this.visits = new Map();
    this.names = this.people.shuffle(company.names);
    this.spanishNames = this.people.shuffle(company.spanishNames);
    this.firms = this.people.shuffle(company.firms);
    this.abroad = this.people.shuffle(company.abroad);
    this.numbers = this.people.shuffle(fictional(company.areaCodes));
    this.spareNumbers = this.people.shuffle(fictional(company.spareCodes));
    this.spammers = Array.from(
      { length: 13 },
      (_, i) =>
        `+1${this.people.pick([833, 844, 855, 866, 877, 888])}5550${102 + i * 7}`,
    ).concat(this.numbers.splice(0, 6));
  }

  /* ---- people ---- */

  /** A number that nobody has yet. @param {string[]} pool */
  number(pool = this.numbers) {
    const number = pool.pop();
    if (number === undefined) throw new Error("out of telephone numbers");
    return number;
  }

  /**
   * A person the company has not met yet.
   * @param {Partial<Customer>} [given]
   * @returns {Customer}
   */
  person(given = {}) {
    const { people, company } = this;
    const full = given.full ?? this.names.pop();
    if (full === undefined) throw new Error("out of names");
    const plain = full.replace(TITLE, "");
    const at = plain.lastIndexOf(" ");
    const first = plain.slice(0, at);
    const last = plain.slice(at + 1);
    const title = TITLE.exec(full)?.[1];
    const town = people.pick(company.towns);
    const far = people.chance(0.09);
    const phone =
      given.phone ??
      (far
        ? `+1${people.pick(company.farCodes)}${this.number().slice(5)}`
        : this.number());
    const box = people.pick(MAILBOXES);
    const initial = ascii(first)[0];
    const address = people.pick([
      `${ascii(first)}.${ascii(last)}`,
      `${initial}${ascii(last)}`,
      `${ascii(last)}.${ascii(first)}`,
      `${ascii(first)}${people.int(61, 99)}`,
    ]);
    return {
      first,
      last,
      full,
      hail:
        title === undefined
          ? first
          : title === "Father"
            ? `Father ${first}`
            : `${title} ${last}`,
      type: "residential",
      phone,
      spelling: phone,
      otherPhone: given.otherPhone ?? this.number(this.spareNumbers),
      email: `${address}@${box}`,
      town,
      street: `${people.int(12, 3980)} ${people.pick(town.streets)}`,
      unit: people.chance(0.12) ? people.pick(UNITS) : undefined,
      style: people.weighted({ plain: 6, chatty: 3, hesitant: 2 }),
      pace: people.between(1.9, 2.9),
      spanish: false,
      brand: people.pick(company.brands),
      age: people.int(4, 21),
      fixture: people.pick([
        "Moen",
        "Delta",
        "Kohler",
        "Price Pfister",
        "Grohe",
      ]),
      access: given.access ?? accessOf(people, this.number(this.spareNumbers)),
      named: false,
      placed: false,
      weight: people.pick([0.25, 0.5, 1, 1, 1.5, 2.5]),
      free: 0,
      ...given,
    };
  }

  /** The next customer to call for the first time: a person, a firm, somebody abroad. */
  newcomer() {
    const { people } = this;
    /** @type {Customer} */
    let customer;
    if (this.abroad.length > 0 && people.chance(0.045)) {
      const { name, phone, from, tie } = /** @type {any} */ (this.abroad.pop());
      customer = this.person({ full: name, phone, abroad: { from, tie } });
    } else if (this.firms.length > 0 && people.chance(0.14)) {
      const [firm, contact, type, kind] = /** @type {string[]} */ (
        this.firms.pop()
      );
      customer = this.person({
        full: contact,
        firm,
        type,
        kind,
        weight: 2.5,
        email: `office@${ascii(firm)}.example.com`,
      });
    } else {
      customer = this.person();
    }
    this.customers.push(customer);
    return customer;
  }

  /**
   * Who calls next: somebody known, or somebody new.
   * @param {number} at
   */
  caller(at) {
    const { fate, company } = this;
    const progress = (at - this.begin) / SPAN;
    const wanted = company.customers * Math.pow(progress, 0.72);
    const idle = this.customers.filter(
      (customer) => customer.free <= at && !customer.spanish,
    );
    if (idle.length === 0 || this.customers.length < wanted) {
      return this.newcomer();
    }
    return fate.choose(idle, (customer) => customer.weight);
  }

  /**
   * The caller's number as the telephone network spells it this time.
   * @param {Customer} customer
   */
  spell(customer) {
    const { phone } = customer;
    const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone);
    if (customer.spelling !== phone) return customer.spelling;
    if (parts === null || this.paper.chance(0.86)) return phone;
    const [, area, exchange, line] = parts;
    return this.paper.weighted({
      [`+1 ${area}-${exchange}-${line}`]: 3,
      [`1${area}${exchange}${line}`]: 3,
      [`(${area}) ${exchange}-${line}`]: 3,
      [`+1 (${area}) ${exchange}-${line}`]: 2,
      [`${area}.${exchange}.${line}`]: 1,
      [`tel:+1-${area}-${exchange}-${line}`]: 1,
    });
  }

  /* ---- time ---- */

  /**
   * Something happens at a moment.
   * @param {number} at
   * @param {() => void} run
   */
  plan(at, run) {
    this.queue.push({ at, order: this.order++, run });
  }

  /** Runs everything up to the quiet minutes before `now`. */
  run() {
    while (this.queue.length > 0) {
      let next = 0;
      for (let i = 1; i < this.queue.length; i++) {
        const [a, b] = [this.queue[i], this.queue[next]];
        if (a.at < b.at || (a.at === b.at && a.order < b.order)) next = i;
      }
      const [event] = this.queue.splice(next, 1);
      if (event.at > this.now - QUIET) continue;
      event.run();
    }
    this.calls.sort((a, b) => a.at - b.at);
    return this.calls;
  }

  /**
   * A moment in the office hours of a day, `days` after `at`.
   * @param {number} at
   * @param {number} days may be fractional
   */
  officeHour(at, days) {
    const { clock, fate } = this;
    let day = Math.max(0, Math.floor(days));
    if (clock.weekday(clock.on(at, day, 12)) === 0) day++;
    const moment = clock.on(at, day, fate.between(8.1, 17.4));
    return this.second(moment <= at ? at + fate.int(20, 90) * MINUTE : moment);
  }

  /** @param {number} at */
  second(at) {
    return Math.round(at / 1000) * 1000;
  }

  /* ---- calls ---- */

  /**
   * Holds one call and files it.
   * @param {number} at
   * @param {Customer | undefined} customer
   * @param {(scene: Scene) => void} perform
   * @returns {Scene}
   */
  call(at, customer, perform) {
    const scene = new Scene(this.company, this.clock, this.talk, at, customer);
    perform(scene);
    const end = this.second(at + scene.talk.now + scene.tail + 500);
    if (end <= this.now) {
      this.calls.push({
        companyId: this.company.id,
        at,
        call: this.document(scene, end),
      });
      const visit = customer?.visit;
      if (visit !== undefined) {
        this.visits.set(visit.id, { visit, status: "scheduled" });
      }
      const off = scene.cancelled;
      if (off !== undefined) {
        this.visits.set(off.id, { visit: off, status: "cancelled" });
      }
    }
    return scene;
  }

  /**
   * The record of a call.
   * @param {Scene} scene
   * @param {number} end
   */
  document(scene, end) {
    const { paper, company } = this;
    const { at, customer, captured, outcome } = scene;
    const known = scene.known || scene.firstNamed;
    const name = known
      ? (customer?.firm ?? customer?.full)
      : customer?.named === false
        ? captured.name
        : undefined;
    if (customer?.firm !== undefined && captured.name !== undefined) {
      delete captured.name;
      scene.custom.contactPerson = customer.full;
    }
    if (Object.keys(scene.custom).length > 0) captured.custom = scene.custom;
    this.route(scene, end);
    const { review, agentNotes } = this.paperwork(scene, end);
    return compact({
      callId: `call_${Math.floor(at / 1000)}_${paper.hex(6)}`,
      twilioCallSid: `CA${paper.hex(32)}`,
      caller: compact({
        phone:
          customer === undefined ? company.ownNumbers[0] : this.spell(customer),
        name,
      }),
      direction: scene.direction,
      startedAt: iso(at),
      endedAt: iso(end),
      analysis:
        Object.keys(scene.analysis).length > 0 ? scene.analysis : undefined,
      captured:
        Object.keys(captured).length > 0 ? compact(captured) : undefined,
      outcome: compact(outcome),
      actions: scene.actions.length > 0 ? scene.actions : undefined,
      transcript: scene.talk.turns.map((turn, index) => ({
        speaker: turn.speaker,
        text: turn.text,
        timestamp: iso(at + turn.start),
        turnNumber: index + 1,
      })),
      agentNotes,
      review,
    });
  }

  /**
   * Which tier handled the call, how sure it was, and what that cost.
   * @param {Scene} scene
   * @param {number} end
   */
  route(scene, end) {
    const { paper } = this;
    const { analysis, talk } = scene;
    if (analysis.primaryIntent === undefined) return;
    const weights =
      TIERS[/** @type {keyof typeof TIERS} */ (analysis.primaryIntent)] ??
      OTHER_TIERS;
    const tier =
      scene.custom.language === "es" ? 3 : Number(paper.weighted(weights));
    const [low, high] = [[], [0.9, 0.99], [0.74, 0.93], [0.48, 0.87]][tier];
    analysis.intentConfidence =
      Math.round(paper.between(low, high) * 100) / 100;
    analysis.routingTier = tier;
    if (tier !== 3) return;
    const recent = end > this.now - 150 * DAY;
    const small = recent ? "gpt-4.1-mini" : "gpt-4o-mini";
    const large = recent ? "gpt-4.1" : "gpt-4o";
    const model = paper.chance(0.7) ? small : large;
    const [input, output] = {
      "gpt-4o-mini": [0.15, 0.6],
      "gpt-4o": [2.5, 10],
      "gpt-4.1-mini": [0.4, 1.6],
      "gpt-4.1": [2, 8],
    }[model] ?? [0, 0];
    const turns = talk.turns.filter((turn) => turn.speaker === "agent");
    const words = turns.reduce(
      (sum, turn) => sum + turn.text.split(" ").length,
      0,
    );
    const tokens = turns.length * (1900 + turns.length * 70);
    analysis.llmModel = model;
    if (paper.chance(0.96)) {
      analysis.llmCost =
        Math.round(tokens * input + words * 1.4 * output) / 1_000_000;
    }
  }

  /**
   * What people in the office did with the record since.
   * @param {Scene} scene
   * @param {number} end
   */
  paperwork(scene, end) {
    const { paper, company, now } = this;
    const { outcome } = scene;
    const age = now - end;
    /** @type {Record<string, any> | undefined} */
    let review;
    /** @type {Record<string, any> | undefined} */
    let agentNotes;
    if (age > 3 * DAY && paper.chance(0.93)) {
      const at = end + Math.round(paper.between(2, 66)) * HOUR;
      review = {
        reviewed: true,
        reviewedBy: company.manager.email,
        reviewedAt: iso(Math.min(this.second(at), now)),
      };
      if (
        outcome.status !== "spam" &&
        outcome.status !== "abandoned" &&
        paper.chance(0.5)
      ) {
        review.rating = Number(
          paper.weighted({ 5: 6, 4: 5, 3: 2, 2: 0.6, 1: 0.25 }),
        );
        if (paper.chance(0.25)) {
          review.feedback = paper.deal(
            review.rating >= 4
              ? office.FEEDBACK.good
              : review.rating === 3
                ? office.FEEDBACK.mixed
                : office.FEEDBACK.bad,
          );
        }
      }
    }
    if (paper.chance(outcome.followUpRequired ? 0.07 : 0.012)) {
      review = {
        reviewed: false,
        ...review,
        flagged: true,
        flagReason: paper.deal(office.FLAG_REASONS),
      };
    }
    if (outcome.followUpRequired && age > 4 * DAY && paper.chance(0.96)) {
      outcome.followUpRequired = false;
      if (paper.chance(0.6)) {
        agentNotes = { text: paper.deal(office.OFFICE_NOTES) };
      }
    } else if (age > DAY && paper.chance(0.02)) {
      agentNotes = { text: paper.deal(office.OFFICE_NOTES) };
    }
    if (agentNotes !== undefined) {
      agentNotes.addedBy = company.manager.email;
      agentNotes.addedAt = iso(
        Math.min(this.second(end + paper.between(0.5, 30) * HOUR), now),
      );
    }
    return { review, agentNotes };
  }

  /* ---- stories ---- */

  /**
   * A problem that fits the customer and the season.
   * @param {number} at
   * @param {Customer} customer
   * @returns {Problem}
   */
  problem(at, customer) {
    const month = this.clock.month(at);
    const fitting = this.company.problems.filter((problem) =>
      customer.type === "residential"
        ? problem.only === undefined
        : problem.only === customer.type,
    );
    return this.fate.choose(
      fitting,
      (problem) => problem.months[month] * problem.weight,
    );
  }

  /**
   * One way of putting a problem, that fits the customer and the season.
   * @param {Problem} problem
   * @param {Customer} customer
   * @param {number} at
   */
  variant(problem, customer, at) {
    const month = this.clock.month(at);
    const here = [
      customer.kind,
      month >= 3 && month <= 9 ? "summer" : "",
      month >= 9 || month <= 3 ? "winter" : "",
    ];
    const fits = (/** @type {string[]} */ words) =>
      words.length === 0 || words.some((word) => here.includes(word));
    return this.talk.deal(problem.variants, ([, , limits = ""]) => {
      const words = limits.split(" ").filter((word) => word !== "");
      return (
        fits(words.filter((word) => SEASON_WORDS.includes(word))) &&
        fits(words.filter((word) => !SEASON_WORDS.includes(word)))
      );
    });
  }

  /** @param {number} at */
  emergency(at) {
    const month = this.clock.month(at);
    return this.fate.choose(
      this.company.emergencies,
      (emergency) => emergency.months[month],
    );
  }

  /** Fills thirteen months with stories. */
  fillCalendar() {
    const { company, clock, fate } = this;
    const seasons = SEASONS[/** @type {keyof typeof SEASONS} */ (company.key)];
    for (let day = 0; day <= 397; day++) {
      const noon = clock.on(this.begin, day, 12);
      // More and more lines are forwarded, all of them for the last three weeks.
      const growth = day > 374 ? 2.6 : 0.55 + 0.75 * (day / 374);
      const mean =
        company.pace *
        growth *
        WEEKDAYS[clock.weekday(noon)] *
        seasons[clock.month(noon)] *
        (clock.holiday(noon) ? 0.25 : 1);
      const count = fate.poisson(mean);
      for (let i = 0; i < count; i++) {
        const kind = fate.weighted(STORIES);
        const hours =
          kind === "emergency" ? HOURS.map((weight) => weight + 1) : HOURS;
        const hour = fate.choose(
          hours.map((weight, at) => ({ weight, at })),
          (item) => item.weight,
        ).at;
        const at = this.second(clock.on(this.begin, day, hour + fate.float()));
        this.plan(at, () => this.story(kind, at));
      }
    }
  }

  /**
   * A story begins.
   * @param {string} kind
   * @param {number} at
   */
  story(kind, at) {
    const { company, fate, talk } = this;
    switch (kind) {
      case "repair":
        return this.repair(at, this.caller(at));
      case "emergency": {
        const customer = this.caller(at);
        if (customer.firm !== undefined) return this.repair(at, customer);
        this.call(at, customer, (scene) =>
          scenes.emergency(scene, this.emergency(at)),
        );
        return this.after(at, customer);
      }
      case "question": {
        const customer = this.caller(at);
        const visited = customer.last_visit !== undefined;
        const asked = talk.deal(
          company.questions,
          (item) => visited || !item.known,
        );
        this.call(at, customer, (scene) => desk.question(scene, asked));
        customer.free = at + 4 * DAY;
        return undefined;
      }
      case "billing":
        return this.bill(at, this.caller(at));
      case "plan": {
        const customer = this.caller(at);
        if (customer.type !== "residential") return this.repair(at, customer);
        this.call(at, customer, (scene) => desk.plan(scene));
        customer.free = at + 10 * DAY;
        return undefined;
      }
      case "spanish": {
        let customer = this.customers.find(
          (item) => item.spanish && item.free <= at && fate.chance(0.3),
        );
        if (customer === undefined) {
          const full = this.spanishNames.pop();
          if (full === undefined) return this.repair(at, this.caller(at));
          customer = this.person({ full, spanish: true });
          this.customers.push(customer);
        }
        this.call(at, customer, (scene) =>
          showpieces.spanish(scene, talk.deal(company.spanish)),
        );
        return this.after(at, customer);
      }
      case "spam": {
        const phone = fate.pick(this.spammers);
        const caller = this.person({ ...NOBODY, phone });
        this.call(at, caller, (scene) =>
          desk.spam(scene, talk.deal(office.SPAM)),
        );
        return undefined;
      }
      case "stranger": {
        const caller = this.person(NOBODY);
        this.call(at, caller, (scene) => desk.hangUp(scene));
        return undefined;
      }
      case "withheld":
        return this.withheld(at);
      default: {
        const caller = this.person(NOBODY);
        const kindOfOther = fate.choose(office.OTHERS, (item) => item.weight);
        this.call(at, caller, (scene) => desk.other(scene, kindOfOther));
        return undefined;
      }
    }
  }

  /**
   * Somebody needs a visit.
   * @param {number} at
   * @param {Customer} customer
   */
  repair(at, customer) {
    const { fate } = this;
    const problem = this.problem(at, customer);
    customer.free = at + 2 * DAY;
    const late = this.clock.hour(at) >= 18 || this.clock.hour(at) < 7.5;
    const way = fate.weighted({
      book: 88,
      dropped: 5,
      message: late ? 16 : 4,
      fault: 1.4,
      otherPhone: customer.named && customer.firm === undefined ? 1.5 : 0,
    });
    const variant = this.variant(problem, customer, at);
    const again = this.second(at + fate.int(150, 540) * 1000);
    const book = (/** @type {number} */ when, /** @type {Customer} */ who) => {
      this.call(when, who, (scene) => scenes.booking(scene, problem, variant));
      this.after(when, who);
    };
    switch (way) {
      case "dropped":
        this.call(at, customer, (scene) => desk.hangUp(scene, variant));
        this.plan(again, () => book(again, customer));
        break;
      case "message": {
        const [line, summary] = variant;
        this.call(at, customer, (scene) =>
          desk.message(
            scene,
            line,
            summary,
            problem.intent ?? "BOOK_APPOINTMENT",
          ),
        );
        const later = this.officeHour(
          at,
          late && this.clock.hour(at) >= 12 ? 1 : 0,
        );
        this.plan(later, () => book(later, customer));
        break;
      }
      case "fault":
        this.call(at, customer, (scene) =>
          desk.failure(scene, problem, variant),
        );
        this.plan(again, () => book(again, customer));
        break;
      case "otherPhone":
        // The same person on another line: nothing is recognised.
        book(at, {
          ...customer,
          phone: customer.otherPhone,
          spelling: customer.otherPhone,
          otherPhone: customer.phone,
          named: false,
          placed: false,
        });
        break;
      default:
        book(at, customer);
    }
  }

  /**
   * What follows once a visit is booked, or not.
   * @param {number} at
   * @param {Customer} customer
   * @param {number} [moves] how often it has been changed already
   */
  after(at, customer, moves = 0) {
    const { fate } = this;
    const visit = customer.visit;
    if (visit === undefined) {
      customer.free = at + fate.between(2, 20) * DAY;
      return;
    }
    customer.free = Infinity;
    const begins = visit.slot.at;
    const gap = begins - at;
    if (customer.spanish) {
      this.plan(begins + HOUR, () => this.visited(customer));
      return;
    }
    const change = fate.weighted({
      none: 66,
      access: gap > 5 * HOUR ? 15 : 0,
      move: gap > 12 * HOUR ? 13 / (moves + 1) : 0,
      cancel: gap > 12 * HOUR ? 6 : 0,
      confirm: gap > 26 * HOUR ? 7 : 0,
    });
    if (change === "confirm") {
      const when = this.second(this.clock.on(begins, -1, fate.between(15, 18)));
      this.plan(when, () => {
        this.call(when, customer, (scene) => visits.confirmation(scene));
      });
      this.plan(begins + HOUR, () => this.visited(customer));
      return;
    }
    if (change === "none") {
      if (fate.chance(0.08)) {
        const when = this.second(begins + fate.between(0.8, 2.2) * HOUR);
        this.plan(when, () => {
          this.call(when, customer, (scene) => visits.eta(scene));
        });
        this.plan(when + HOUR, () => this.visited(customer));
      } else {
        this.plan(begins + HOUR, () => this.visited(customer));
      }
      return;
    }
    let when = this.officeHour(
      at,
      fate.between(0, Math.max(0, gap / DAY - 0.5)),
    );
    if (when > begins - 2 * HOUR)
      when = this.second(at + gap * fate.between(0.2, 0.6));
    this.plan(when, () => {
      this.call(when, customer, (scene) => {
        if (change === "access") visits.access(scene);
        else if (change === "move") visits.reschedule(scene);
        else visits.cancel(scene);
      });
      if (change === "access") {
        this.plan(begins + HOUR, () => this.visited(customer));
      } else {
        this.after(when, customer, moves + 1);
      }
    });
  }

  /**
   * The technician was there.
   * @param {Customer} customer
   */
  visited(customer) {
    const { fate, company, talk } = this;
    const visit = customer.visit;
    if (visit === undefined) return;
    const at = visit.slot.at + HOUR;
    customer.last_visit = {
      at,
      technician: visit.technician,
      service: visit.service,
    };
    customer.visit = undefined;
    customer.free = at + fate.between(12, 70) * DAY;
    if (customer.spanish) return;
    const next = fate.weighted({
      nothing: 78,
      complaint: 7.5,
      bill: 10,
      praise: 4,
    });
    if (next === "complaint") {
      const when = this.officeHour(at, fate.between(0, 8));
      this.plan(when, () => {
        this.complain(when, customer);
      });
    } else if (next === "bill") {
      const when = this.officeHour(at, fate.between(3, 26));
      this.plan(when, () => this.bill(when, customer));
    } else if (next === "praise") {
      const when = this.officeHour(at, fate.between(0, 3));
      this.plan(when, () => {
        this.call(when, customer, (scene) =>
          visits.praise(scene, talk.deal(company.praise)),
        );
      });
    }
  }

  /**
   * Something was wrong with the last visit.
   * @param {number} at
   * @param {Customer} customer
   */
  complain(at, customer) {
    const visit = customer.last_visit;
    if (visit === undefined) return;
    const sameDay = this.clock.days(visit.at, at) === 0;
    const about = this.talk.deal(
      this.company.complaints,
      (item) => sameDay || !item.sameDay,
    );
    this.call(at, customer, (scene) => visits.complaint(scene, about));
    this.after(at, customer, 2);
  }

  /**
   * A question about a bill.
   * @param {number} at
   * @param {Customer} customer
   */
  bill(at, customer) {
    const firm = customer.firm !== undefined;
    const about = this.talk.deal(
      office.BILLING,
      (item) => firm || item.only === undefined,
    );
    this.call(at, customer, (scene) => desk.billing(scene, about));
    if (customer.free < at + 5 * DAY) customer.free = at + 5 * DAY;
  }

  /**
   * A caller who sends no number. Nothing of it stays: the next one is nobody again.
   * @param {number} at
   */
  withheld(at) {
    const { fate, talk, company } = this;
    const spelling = fate.weighted({
      anonymous: 5,
      "+266696687": 4,
      Restricted: 1,
      unavailable: 1,
    });
    const way = fate.weighted({ book: 5, ask: 3, hang: 3 });
    const nobody = way === "hang" ? NOBODY : {};
    const caller = this.person({ ...nobody, withheld: true, spelling });
    if (way === "book") {
      const problem = this.problem(at, caller);
      this.call(at, caller, (scene) => scenes.booking(scene, problem));
    } else if (way === "ask") {
      const asked = talk.deal(
        company.questions,
        (item) => !item.known && !item.email,
      );
      this.call(at, caller, (scene) => desk.question(scene, asked));
    } else {
      this.call(at, caller, (scene) => desk.hangUp(scene));
    }
  }
}
