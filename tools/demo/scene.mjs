/**
 * scene.mjs: one call in the making, and the pieces that many calls share:
 * greeting, name, telephone, address, finding a time, getting into the house,
 * saying goodbye.
 *
 * A piece speaks its lines and writes what was learnt into the record at the same
 * time, so that transcript and record cannot drift apart. What the company already
 * knows of the customer decides which questions it still asks.
 */

import { iso, MINUTE } from "./clock.mjs";
import * as office from "./office.mjs";
import { CONTACTS } from "./people.mjs";
import { Talk } from "./talk.mjs";

/** @typedef {import("./clock.mjs").Slot} Slot */
/** @typedef {import("./companies.mjs").Company} Company */
/** @typedef {import("./companies.mjs").Technician} Technician */

/**
 * @typedef {object} Visit
 * @property {Slot} slot
 * @property {string} service
 * @property {Technician} technician
 * @property {string} id of the appointment
 */

/**
 * @typedef {object} Customer
 * @property {string} first
 * @property {string} last
 * @property {string} full
 * @property {string} hail how the assistant addresses them
 * @property {string} [firm]
 * @property {string} type residential, commercial or property_manager
 * @property {string} [kind] what a firm does
 * @property {string} phone E.164
 * @property {string} spelling how the telephone network spells it
 * @property {string} otherPhone
 * @property {string} email
 * @property {{ city: string, zip: string, streets: string[] }} town
 * @property {string} street with the house number
 * @property {string} [unit]
 * @property {string} style plain, chatty or hesitant
 * @property {number} pace words a second
 * @property {boolean} spanish
 * @property {boolean} [withheld] sends no number
 * @property {{ from: string, tie: string }} [abroad]
 * @property {string} brand
 * @property {number} age years
 * @property {string} fixture
 * @property {Record<string, unknown>} access
 * @property {boolean} named the company knows the name
 * @property {boolean} placed the company knows the address
 * @property {Visit} [visit] the one to come
 * @property {{ at: number, technician: Technician, service: string }} [last_visit]
 * @property {number} weight how often they call
 * @property {number} free instant from which a new story may begin
 */

const TELEPHONE = /^\+1(\d{3})(\d{3})(\d{4})$/;

/**
 * A number the way people read it out.
 * @param {string} e164
 */
export function spokenPhone(e164) {
  const parts = TELEPHONE.exec(e164);
  return parts ? `${parts[1]}-${parts[2]}-${parts[3]}` : e164;
}

/**
 * A sentence without its first word's capital, unless that word keeps it.
 * @param {string} text
 */
function lower(text) {
  return /^(I|I’\w+|[A-Z]{2,}\w*|[A-Z]\w+ [A-Z])\b/.test(text)
    ? text
    : text[0].toLowerCase() + text.slice(1);
}

export class Scene {
  /**
   * @param {Company} company
   * @param {import("./clock.mjs").Clock} clock
   * @param {import("./random.mjs").Random} random
   * @param {number} at instant at which the call starts
   * @param {Customer | undefined} customer
   */
  constructor(company, clock, random, at, customer) {
    this.company = company;
    this.clock = clock;
    this.random = random;
    this.at = at;
    this.customer = customer;
    /** The assistant recognises the number and knows whose it is. */
    this.known = customer !== undefined && customer.named;
    this.firstNamed = false;
    /** @type {Record<string, string>} */
    this.slots = {};
    /** @type {Slot | undefined} the time that will be agreed on */
    this.wish = undefined;
    /** @type {Visit | undefined} the visit that was called off */
    this.cancelled = undefined;
    this.direction = "inbound";
    this.tail = random.between(400, 2200);
    /** @type {Record<string, any>} */
    this.analysis = {};
    /** @type {Record<string, any>} */
    this.captured = {};
    /** @type {Record<string, any>} */
    this.custom = {};
    /** @type {Record<string, any>} */
    this.outcome = {};
    /** @type {Record<string, any>[]} */
    this.actions = [];
    this.talk = new Talk(random, (text) => this.fill(text), {
      pace: customer?.pace ?? random.between(2, 2.8),
      latency: random.between(1, 1.8),
    });
  }

  /** @param {string} text */
  fill(text) {
    return text.replace(/\{(\w+)\}/g, (_, name) => this.slot(name));
  }

  /**
   * The value of a slot, the same throughout the call.
   * @param {string} name
   * @returns {string}
   */
  slot(name) {
    if (!(name in this.slots)) this.slots[name] = this.decide(name);
    return this.slots[name];
  }

  /** True when the conversation has mentioned a slot. @param {string} name */
  said(name) {
    return name in this.slots;
  }

  /**
   * @param {string} name
   * @returns {string}
   */
  decide(name) {
    const { company, customer, clock, random, at } = this;
    const visit = customer?.last_visit;
    const hour = clock.hour(at);
    switch (name) {
      case "company":
        return company.name;
      case "first":
        return customer?.first ?? "";
      case "last":
        return customer?.last ?? "";
      case "full":
        return customer?.full ?? "";
      case "hail":
        return customer?.hail ?? "";
      case "firm":
        return customer?.firm ?? "";
      case "daypart":
        return hour < 12 ? "morning" : hour < 17 ? "afternoon" : "evening";
      case "partOfDay":
        return hour < 12 ? "day" : hour < 17 ? "afternoon" : "evening";
      case "since":
        return this.since();
      case "month":
        return clock.monthName(at);
      case "hot":
        return `${random.int(79, 89)} degrees`;
      case "cold":
        return `${random.int(51, 61)} degrees`;
      case "floor":
        return "upstairs";
      case "room":
        return random.deal(company.rooms);
      case "brand":
      case "heater":
        return customer?.brand ?? random.pick(company.brands);
      case "fixture":
        return customer?.fixture ?? "Moen";
      case "age":
        return String(customer?.age ?? random.int(6, 18));
      case "po":
        return `PO ${random.int(41000, 98999)}`;
      case "fee":
        return String(company.fee);
      case "doorCode":
      case "lockCode":
        return String(random.int(1000, 9899));
      case "invoice":
        return String(random.int(10230, 14890));
      case "amount":
        return String(
          random.pick([89, 128, 165, 214, 248, 310, 396, 452, 575]),
        );
      case "street":
        return customer?.street ?? "";
      case "city":
        return customer?.town.city ?? "";
      case "tech":
        return visit?.technician.name.split(" ")[0] ?? "the technician";
      case "he":
        return visit?.technician.he ?? "he";
      case "He":
        return visit?.technician.he === "she" ? "She" : "He";
      case "his":
        return visit?.technician.his ?? "his";
      case "lastVisit": {
        if (visit === undefined) return "last week";
        const days = clock.days(visit.at, at);
        if (days <= 0) return "this morning";
        if (days === 1) return "yesterday";
        if (days < 7) return `on ${clock.dayName(visit.at)}`;
        return days < 13 ? "last week" : `on ${clock.monthDay(visit.at)}`;
      }
      case "phoneSpoken":
        return spokenPhone(customer?.phone ?? "");
      case "otherPhone":
        return spokenPhone(customer?.otherPhone ?? "");
      case "last4":
        return (customer?.phone ?? "").slice(-4);
      case "emailSpoken":
        return this.spokenEmail();
      case "spelled":
        return [...(customer?.last ?? "").toUpperCase()].join("-");
      default:
        throw new Error(`no such slot: {${name}}`);
    }
  }

  /** When the trouble began. */
  since() {
    const { clock, random, at } = this;
    const options = [
      "since last night",
      "since yesterday",
      "for about three days",
      "for a couple of days",
      "for a week or so",
      `since ${clock.dayName(at - random.int(3, 5) * 24 * 60 * MINUTE)}`,
    ];
    if (clock.hour(at) > 10) options.push("since this morning");
    return random.pick(options);
  }

  spokenEmail() {
    return (this.customer?.email ?? "")
      .replace(/\./g, " dot ")
      .replace(/_/g, " underscore ")
      .replace("@", " at ");
  }

  /** One line of a list, never the same twice in a row. @param {readonly string[]} list */
  deal(list) {
    return this.random.deal(list);
  }

  /** Short word between question and answer. */
  ack() {
    return this.deal(office.ACKS);
  }

  /** Outside office hours? */
  get late() {
    const hour = this.clock.hour(this.at);
    const weekday = this.clock.weekday(this.at);
    return weekday === 0 || hour < 7.5 || hour >= 18;
  }

  /* ---- pieces: beginning ---- */

  greet() {
    const list = this.known
      ? this.customer?.firm !== undefined
        ? office.GREETINGS.firm
        : office.GREETINGS.again
      : this.late
        ? office.GREETINGS.late
        : office.GREETINGS.stranger;
    this.talk.agent(this.deal(list));
  }

  /**
   * The caller's first sentence.
   * @param {string} text
   * @param {string} [mood] key of OPENERS
   */
  open(text, mood) {
    const style = mood ?? this.customer?.style ?? "plain";
    const openers =
      office.OPENERS[/** @type {keyof typeof office.OPENERS} */ (style)];
    let opener = this.deal(openers);
    const filled = this.fill(text);
    const joined = /[,–] $/.test(opener) ? lower(filled) : filled;
    if (/^(hi|hello|good|quick|yes|yeah|hey)\b/i.test(filled)) opener = "";
    this.talk.caller(opener + (opener === "" ? filled : joined));
    if (this.customer?.abroad && this.random.chance(this.known ? 0.2 : 1)) {
      const { from, tie } = this.customer.abroad;
      this.talk.caller(
        this.deal([
          `I’m calling from ${from}, it’s about ${tie}.`,
          `I should say I’m in ${from}. It’s ${tie}.`,
        ]),
      );
      this.custom.callingFrom = from;
    }
  }

  name() {
    const { customer, talk } = this;
    if (customer === undefined) return;
    this.captured.name = customer.full;
    if (customer.named) return;
    talk.agent(this.deal(office.NAME_QUESTIONS));
    const hard =
      /^[A-Za-zÀ-ž]+$/.test(customer.last) && customer.last.length > 6;
    talk.caller(
      this.deal(
        hard && this.random.chance(0.45)
          ? office.NAME_SPELLED
          : office.NAME_ANSWERS,
      ),
    );
    if (customer.firm !== undefined) {
      talk.caller(
        this.deal([
          `I’m with ${customer.firm}.`,
          `I’m calling for ${customer.firm}.`,
          `From ${customer.firm}.`,
        ]),
      );
      this.custom.businessName = customer.firm;
    }
    customer.named = true;
    this.firstNamed = true;
    talk.agent(`Thank you, ${customer.hail}.`);
  }

  /** Which number to call back. */
  phone() {
    const { customer, talk, random } = this;
    if (customer === undefined) return;
    if (customer.withheld) {
      talk.agent(
        this.deal([
          "Your number is hidden on my side. Which number can we reach you at?",
          "I don’t see your number. What’s the best one for a call back?",
        ]),
      );
      talk.caller(
        this.deal([
          "{otherPhone}.",
          "Oh, sorry, work phone. It’s {otherPhone}.",
          "Use {otherPhone}.",
        ]),
      );
      talk.agent(`{otherPhone}. ${this.ack()}`);
      this.captured.phone = customer.otherPhone;
      return;
    }
    talk.agent(this.deal(office.PHONE_QUESTIONS));
    if (random.chance(0.14)) {
      talk.caller(this.deal(office.PHONE_OTHER));
      talk.agent(
        `${spokenPhone(customer.otherPhone)}, ${this.deal(["noted.", "got it.", "thank you."])}`,
      );
      this.captured.phone = customer.otherPhone;
    } else {
      talk.caller(this.deal(office.YES));
      this.captured.phone = customer.phone;
    }
  }

  address() {
    const { customer, talk, random } = this;
    if (customer === undefined) return;
    const unit = customer.unit === undefined ? "" : `, ${customer.unit}`;
    if (customer.placed && this.known) {
      talk.agent(this.deal(office.ADDRESS_KNOWN));
      talk.caller(
        this.deal([
          "Yes, same place.",
          "Yes.",
          "That’s the one.",
          "Yep, nothing’s changed.",
          "Yes, the house.",
          "Right.",
        ]),
      );
    } else {
      talk.agent(this.deal(office.ADDRESS_QUESTIONS));
      const spoken = `${customer.street}${unit}`;
      switch (random.int(1, 4)) {
        case 1:
          talk.caller(
            `${spoken}, ${customer.town.city}, ${customer.town.zip}.`,
          );
          break;
        case 2:
          talk.caller(`It’s ${spoken}.`);
          talk.agent("And the city and ZIP code?");
          talk.caller(`${customer.town.city}, ${customer.town.zip}.`);
          break;
        case 3:
          talk.caller(`${spoken}, in ${customer.town.city}.`);
          talk.agent(`Is that ${customer.town.zip}?`);
          talk.caller(this.deal(office.YES));
          break;
        default:
          talk.caller(`${spoken}. ${customer.town.zip}.`);
          talk.agent(`${customer.street} in ${customer.town.city}, thank you.`);
      }
      customer.placed = true;
    }
    const street = `${customer.street}${unit}`;
    this.captured.address = {
      street,
      city: customer.town.city,
      state: this.company.state,
      zip: customer.town.zip,
      full: `${street}, ${customer.town.city}, ${this.company.state} ${customer.town.zip}`,
    };
  }

  email() {
    const { talk, customer } = this;
    if (customer === undefined) return;
    talk.agent(this.deal(office.EMAIL_QUESTIONS));
    talk.caller(
      this.deal([
        "It’s {emailSpoken}.",
        "{emailSpoken}.",
        "Sure. {emailSpoken}.",
        "Uh, {emailSpoken}, all lower case.",
      ]),
    );
    talk.agent(
      this.deal([
        "Got it.",
        "Thanks, I have that.",
        `${customer.email}, thank you.`,
      ]),
    );
    this.captured.email = customer.email;
  }

  /* ---- pieces: a time ---- */

  /**
   * Visit windows that are open, soonest first.
   * @param {number} first days from the day of the call
   * @param {number} last
   * @returns {Slot[]}
   */
  openings(first, last) {
    const open = [];
    for (let day = first; day <= last || open.length < 3; day++) {
      for (const slot of this.clock.slots(this.at, day)) {
        if (this.random.chance(0.38)) open.push(slot);
      }
    }
    return open;
  }

  /** "Wednesday, between 10 and noon" @param {Slot} slot */
  when(slot) {
    return `${this.clock.spokenDay(this.at, slot.at)} ${slot.spoken}`;
  }

  /** "today, 4–6 PM" or "Wed, Dec 3, 8–10 AM" @param {Slot} slot */
  written(slot) {
    const today = this.clock.days(this.at, slot.at) === 0;
    return `${today ? "today" : this.clock.short(slot.at)}, ${slot.window}`;
  }

  /**
   * Finds a time both agree on.
   * @param {number} first days from now
   * @param {number} last
   * @param {Slot} [not] on another day than this
   * @returns {Slot}
   */
  agree(first, last, not) {
    const { talk, random, clock, at } = this;
    const open = this.openings(first, last).filter(
      (slot) => not === undefined || clock.days(not.at, slot.at) !== 0,
    );
    if (open.length < 3) open.push(...this.openings(last + 1, last + 3));
    talk.wait(2, 11);
    if (this.wish !== undefined) {
      talk.agent(`I can offer ${this.when(this.wish)}. Does that suit you?`);
      talk.caller("Yes, that’s perfect.");
      return this.wish;
    }
    const [one, two] = [
      open[0],
      open[random.int(1, Math.min(open.length - 1, 4))],
    ];
    /** @type {Slot} */
    let slot;
    const kind = random.weighted({
      pair: 5,
      late: 2,
      ask: 3,
      soon: 2,
      flexible: 1,
    });
    switch (kind) {
      case "pair":
        talk.agent(
          this.deal([
            `I have ${this.when(one)}, or ${this.when(two)}. Which is better?`,
            `I can offer ${this.when(one)}, or ${this.when(two)}.`,
            `There’s an opening ${this.when(one)}, and another ${this.when(two)}. What works for you?`,
          ]),
        );
        slot = random.chance(0.6) ? one : two;
        talk.caller(
          this.deal(
            slot === one
              ? [
                  "The first one’s good.",
                  "Let’s do the first one.",
                  "The earlier one, please.",
                  "The sooner the better. The first one.",
                ]
              : [
                  "The second one, I’ve got work.",
                  "The later one’s better for me.",
                  "Second one, please.",
                  "Let’s say the second.",
                ],
          ),
        );
        break;
      case "late": {
        const later =
          open.find((item) => item !== one && item.hour >= 14) ?? two;
        talk.agent(`The next opening is ${this.when(one)}. Would that work?`);
        talk.caller(
          this.deal([
            "I’m at work then. Do you have anything later in the day?",
            "Hm, no, I can’t. Something in the late afternoon?",
            "I have to pick up the kids. Is there anything else?",
          ]),
        );
        talk.wait(0.8, 2.5);
        talk.agent(`How about ${this.when(later)}?`);
        talk.caller(
          this.deal([
            "That works.",
            "Perfect.",
            "Yes, I can do that.",
            "Okay, put me down.",
          ]),
        );
        this.captured.appointment = { requestedTimeWindow: "afternoon" };
        slot = later;
        break;
      }
      case "ask": {
        slot = two;
        const day = clock.spokenDay(at, slot.at);
        const half = slot.hour < 12 ? "morning" : "afternoon";
        talk.agent(
          this.deal([
            "What day works best for you?",
            "When would you like us to come?",
            "Is there a day you’d prefer?",
          ]),
        );
        talk.caller(
          this.deal([
            `Is ${day} ${half} possible?`,
            `${day[0].toUpperCase()}${day.slice(1)}, if you’ve got it. The ${half}’s best.`,
            `I’m home ${day}, in the ${half}.`,
          ]),
        );
        talk.wait(0.8, 2.5);
        talk.agent(
          this.deal([
            `Yes, I have ${this.when(slot)}. Shall I book it?`,
            `${slot.spoken[0].toUpperCase()}${slot.spoken.slice(1)} is open. Shall I take it?`,
          ]),
        );
        talk.caller(
          this.deal(["Yes, please.", "Great, yes.", "Do it.", "Please."]),
        );
        this.captured.appointment = {
          requestedDate: clock.date(slot.at),
          requestedTimeWindow: half,
        };
        break;
      }
      case "soon":
        slot = one;
        talk.caller(
          this.deal([
            "What’s the soonest you have?",
            "How soon can you be here?",
            "When’s the first you can come?",
          ]),
        );
        talk.agent(`The earliest is ${this.when(slot)}.`);
        talk.caller(
          this.deal([
            "I’ll take it.",
            "Okay, book it.",
            "That’ll have to do. Yes.",
          ]),
        );
        break;
      default:
        slot = one;
        talk.agent(`Would ${this.when(slot)} suit you?`);
        talk.caller(
          this.deal([
            "Sure, I work from home.",
            "Any time’s fine, I’m retired.",
            "Yes, that’s good.",
            "Works for me.",
          ]),
        );
    }
    return slot;
  }

  /**
   * Books a visit and tells the technician.
   * @param {Slot} slot
   * @param {string} service
   */
  book(slot, service) {
    const { customer, random } = this;
    const technician = random.pick(this.company.technicians);
    const id = Math.floor(this.at / 1000).toString(16) + random.hex(16);
    if (customer !== undefined) {
      customer.visit = { slot, service, technician, id };
    }
    this.outcome.appointmentCreated = id;
    this.captured.appointment = {
      ...this.captured.appointment,
      bookedDate: this.clock.date(slot.at),
      bookedTimeWindow: slot.window,
    };
    this.action("appointment_created", service, {
      service,
      date: this.clock.short(slot.at),
      window: slot.window,
    });
    this.outcome.status = "completed";
    this.outcome.result = `Booked ${this.written(slot)}`;
    return technician;
  }

  /* ---- pieces: getting in ---- */

  /**
   * How the technician gets in. Speaks one to three of the customer's ways.
   * @param {boolean} away nobody will be at home
   */
  entry(away) {
    const { customer, talk, random } = this;
    if (customer === undefined) return;
    if (customer.firm !== undefined) {
      this.firmEntry();
      return;
    }
    const access = customer.access;
    /** @type {Record<string, any>} */
    const notes = { customerPresent: !away };
    if (away) {
      if (access.lockboxCode !== undefined) {
        talk.agent(
          this.deal([
            "How can the technician get in?",
            "Will someone be there to let us in?",
          ]),
        );
        talk.caller(
          `There’s a lockbox on the ${random.pick(["front door", "side rail", "gas meter"])}. The code’s ${access.lockboxCode}.`,
        );
        talk.agent(`Lockbox, ${access.lockboxCode}. ${this.ack()}`);
        notes.lockboxCode = access.lockboxCode;
      } else {
        talk.agent(
          this.deal([
            "Will anyone be home to let us in?",
            "How should the technician get in?",
          ]),
        );
        const key = String(access.keyLocation);
        talk.caller(
          this.deal([
            `Nobody’s home, but there’s a key ${key}. Just lock up after.`,
            `I’ll be at work. The key’s ${key}.`,
            `No, use the key, it’s ${key}.`,
          ]),
        );
        talk.agent(
          `The key is ${key}, and we lock up when finished. ${this.ack()}`,
        );
        notes.keyLocation = key[0].toUpperCase() + key.slice(1);
      }
    } else if (
      access.gateCode === undefined &&
      access.petInfo === undefined &&
      access.special === undefined
    ) {
      talk.agent(
        this.deal([
          "Will you be home at that time?",
          "Will somebody be there?",
        ]),
      );
      talk.caller(
        this.deal([
          "Yes, I’ll be here.",
          "My wife will be.",
          "Yes, I work from home.",
          "I’ll make sure of it.",
        ]),
      );
    }
    if (access.gateCode !== undefined) {
      talk.agent(
        this.deal([
          "Is there a gate or anything we need to get past?",
          "Any gate code?",
          "Is the entrance gated?",
        ]),
      );
      talk.caller(
        this.deal([
          `Yes, the gate code is ${access.gateCode}.`,
          `It’s gated, ${access.gateCode}, and wait for the beep.`,
          `${access.gateCode} at the call box.`,
        ]),
      );
      talk.agent(`${access.gateCode}. ${this.ack()}`);
      notes.gateCode = access.gateCode;
    }
    if (access.petInfo !== undefined && random.chance(0.8)) {
      talk.agent(
        this.deal([
          "Any pets we should know about?",
          "Do you have any animals?",
        ]),
      );
      talk.caller(String(access.petLine));
      notes.petInfo = access.petInfo;
    }
    if (access.special !== undefined && random.chance(0.7)) {
      talk.agent(
        this.deal([
          "Anything else the technician should know?",
          "Any special instructions?",
        ]),
      );
      talk.caller(String(access.specialLine));
      talk.agent("I’ve put that on the ticket.");
      notes.specialNotes = access.special;
    }
    if (away && access.contact !== undefined) {
      const contact =
        /** @type {{ name: string, phone: string, relationship: string }} */ (
          access.contact
        );
      talk.agent(
        this.deal([
          "Is there someone we can call if we can’t get in?",
          "Who can we call if there’s a problem with the door?",
        ]),
      );
      talk.caller(
        this.deal([
          `${contact.name}, that’s my ${contact.relationship}. ${spokenPhone(contact.phone)}.`,
          `Call ${contact.name}, ${spokenPhone(contact.phone)}. My ${contact.relationship}.`,
        ]),
      );
      talk.agent(
        `${contact.name}, at ${spokenPhone(contact.phone)}. ${this.ack()}`,
      );
      notes.alternateContact = contact;
    }
    this.captured.accessInstructions = notes;
  }

  /** How the technician gets into a business. Gives the line for the record. */
  firmEntry() {
    const way = this.random.deal(office.FIRM_ACCESS);
    this.talk.agent(
      this.deal([
        "Is there anything the technician needs to know to get in?",
        "How does the technician get in?",
        "Who or what should we ask for on site?",
      ]),
    );
    this.talk.caller(way.line);
    this.talk.agent(
      this.deal([
        "I’ll put that on the ticket.",
        "Noted for the technician.",
        "Got it.",
      ]),
    );
    this.captured.accessInstructions = {
      customerPresent: true,
      ...Object.fromEntries(
        Object.entries(way.notes).map(([key, text]) => [key, this.fill(text)]),
      ),
    };
    return this.fill(way.summary);
  }

  /** Make and age of the equipment. */
  equipment() {
    this.talk.agent(
      this.deal([
        "Do you know the make, and roughly how old it is?",
        "What make is it, and about how old?",
        "Is there a name on the unit? And do you know its age?",
      ]),
    );
    const brand = this.slot("brand");
    this.talk.wait(0.5, 6);
    this.talk.caller(
      this.deal([
        `It’s ${/^[AEIOU]/.test(brand) ? "an" : "a"} {brand}. Maybe {age} years.`,
        "{brand}, it says here. It must be {age} years old by now.",
        "Let me see. … {brand}. We put it in {age} years ago, I think.",
        "{brand}. It came with the house, so at least {age} years.",
      ]),
    );
    this.talk.agent(this.ack());
  }

  /** Whose house it is. */
  ownership() {
    const home = this.random.pick([
      ["It’s ours.", "owner"],
      ["We own it.", "owner"],
      ["I’m the homeowner, yes.", "owner"],
      [
        "I rent. The landlord said to go ahead and send him the bill.",
        "renter",
      ],
      ["It’s my mother’s house, I take care of things for her.", "family"],
    ]);
    this.talk.agent(
      this.deal([
        "And do you own the home, or rent?",
        "Are you the homeowner?",
        "Is it your own house, or do you rent?",
      ]),
    );
    this.talk.caller(home[0]);
    this.custom.occupancy = home[1];
  }

  /* ---- pieces: the end ---- */

  /** "Anything else?", and goodbye. */
  close() {
    const { talk } = this;
    if (this.random.chance(0.75)) {
      talk.agent(this.deal(office.MORE));
      talk.caller(this.deal(office.NO_MORE));
    } else {
      talk.caller(
        this.deal([
          "Great, thank you.",
          "Okay, thanks. Bye.",
          "Perfect, thanks.",
          "Alright then, thank you.",
        ]),
      );
    }
    talk.agent(
      this.deal(this.customer?.named ? office.GOODBYES : office.GOODBYES_PLAIN),
    );
    if (this.random.chance(0.3))
      talk.caller(
        this.deal(["Bye.", "Bye-bye.", "You too.", "Okay, bye now."]),
      );
  }

  /**
   * Something done during or right after the call.
   * @param {string} type
   * @param {string} target
   * @param {Record<string, string>} [details]
   * @param {string} [status]
   */
  action(type, target, details, status = "success") {
    this.actions.push({
      type,
      target,
      status,
      timestamp: iso(this.at + Math.round(this.talk.now / 1000) * 1000),
      ...(details === undefined ? {} : { details }),
    });
  }

  /** A text message to the caller; now and then it does not arrive. @param {string} template */
  sms(template) {
    const { customer, random } = this;
    if (customer === undefined) return;
    const target = String(this.captured.phone ?? customer.phone);
    if (random.chance(0.03)) {
      this.action(
        "sms_sent",
        target,
        { template, reason: "landline" },
        "failed",
      );
    } else {
      this.action("sms_sent", target, { template });
    }
  }

  /**
   * Marks the call for somebody to act on.
   * @param {string} notes
   */
  followUp(notes) {
    this.outcome.followUpRequired = true;
    this.outcome.followUpNotes = this.fill(notes);
  }

  /**
   * @param {string} intent
   * @param {string} card
   * @param {string} [scenario]
   */
  intent(intent, card, scenario) {
    this.analysis.primaryIntent = intent;
    this.analysis.triageCard = card;
    if (scenario !== undefined) this.analysis.scenarioMatched = scenario;
  }

  /**
   * @param {string} primary
   * @param {number} low
   * @param {number} high
   */
  mood(primary, low, high) {
    this.analysis.emotion = {
      primary,
      intensity: Math.round(this.random.between(low, high) * 100) / 100,
    };
  }
}

/**
 * How one gets into a customer's property; stays the same from call to call.
 * @param {import("./random.mjs").Random} random
 * @param {string} phone of the contact
 * @returns {Record<string, unknown>}
 */
export function accessOf(random, phone) {
  /** @type {Record<string, unknown>} */
  const access = { keyLocation: random.deal(office.KEYS) };
  if (random.chance(0.25)) access.lockboxCode = String(random.int(1000, 9899));
  if (random.chance(0.3))
    access.gateCode = `${random.chance(0.5) ? "#" : ""}${random.int(1000, 9899)}`;
  if (random.chance(0.4)) {
    const [name, info, line] = random.deal(office.PETS);
    access.petInfo = /^(two|parrot)/i.test(info) ? info : `${name}, ${info}`;
    if (name === "Pepper") access.petInfo = `Pepper, ${info}`;
    access.petLine = line;
  }
  if (random.chance(0.3)) {
    const [line, note] = random.deal(office.SPECIAL_NOTES);
    access.special = note;
    access.specialLine = line;
  }
  if (random.chance(0.5)) {
    const [name, relationship] = random.deal(CONTACTS);
    access.contact = { name, phone, relationship };
  }
  return access;
}
