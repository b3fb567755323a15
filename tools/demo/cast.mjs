/**
 * cast.mjs: what is written by hand into the months of chance: customers that
 * documentation and tests can name, and calls that must be there.
 *
 * - Sarah Johnson (+13055550134) of the first company has called many times; her
 *   call is the newest one, fourteen minutes before `now`.
 * - Nadia Haddad (+13125550177) is a customer of both companies, which must not
 *   know that of each other.
 * - One call goes through a whole apartment building: the longest there is.
 * - The first company's own number calls twice, the second's once.
 * - A caller with a SIP address; a call of two seconds.
 * - The last hours before `now` are busy ones, if they are hours of the day.
 */

import { DAY, MINUTE } from "./clock.mjs";
import { accessOf } from "./scene.mjs";
import * as desk from "./desk.mjs";
import * as scenes from "./scenes.mjs";
import * as showpieces from "./showpieces.mjs";
import { QUIET } from "./world.mjs";

/** @typedef {import("./scene.mjs").Customer} Customer */
/** @typedef {import("./world.mjs").World} World */

export const SARAH = "+13055550134";
export const NADIA = "+13125550177";

/**
 * A customer with a name that is known to readers; chance does not call for them.
 * @param {World} world
 * @param {Partial<Customer>} given
 * @returns {Customer}
 */
function known(world, given) {
  const customer = world.person({ ...given, free: Infinity });
  world.customers.push(customer);
  return customer;
}

/**
 * @param {World} world
 * @param {string} key
 */
function problem(world, key) {
  const found = world.company.problems.find((item) => item.key === key);
  if (found === undefined) throw new Error(`no problem ${key}`);
  return found;
}

/**
 * Somebody calls `days` days before now, in office hours.
 * @param {World} world
 * @param {number} days
 * @param {Customer | undefined} customer
 * @param {(scene: import("./scene.mjs").Scene) => void} perform
 * @param {number} [minutes] after the moment that chance would choose
 */
function before(world, days, customer, perform, minutes = 0) {
  const hour = 9 + ((days * 7) % 8) + (days % 4) * 0.2;
  let at = world.clock.on(world.now, -days, hour);
  if (world.clock.weekday(at) === 0) at -= DAY;
  at = world.second(at + minutes * MINUTE + ((days * 37) % 60) * 1000);
  world.plan(at, () => {
    world.call(at, customer, perform);
    if (customer?.visit !== undefined && customer.visit.slot.at < world.now) {
      const { slot, technician, service } = customer.visit;
      world.plan(slot.at, () => {
        customer.last_visit = { at: slot.at, technician, service };
        customer.visit = undefined;
      });
    }
  });
}

/**
 * Like before(), for a visit that is booked.
 * @param {World} world
 * @param {number} days
 * @param {Customer} customer
 * @param {string} key of the problem
 */
function books(world, days, customer, key) {
  before(world, days, customer, (scene) =>
    scenes.booking(
      scene,
      problem(world, key),
      world.variant(problem(world, key), customer, scene.at),
    ),
  );
}

/** @param {World} world */
function sarahJohnson(world) {
  const { company, clock, now } = world;
  const sarah = known(world, {
    full: "Sarah Johnson",
    phone: SARAH,
    email: "sarah.johnson@example.com",
    town: { city: "Decatur", zip: "30030", streets: ["Palermo Avenue"] },
    street: "418 Palermo Avenue",
    unit: undefined,
    style: "plain",
    pace: 2.7,
    brand: "Carrier",
    age: 7,
    access: {
      keyLocation: "under the front door mat",
      gateCode: "4471",
      petInfo: "Max, friendly dog, barks",
      petLine: "There’s Max. He’s friendly, he just barks.",
      contact: {
        name: "Nataly",
        phone: "+14045550144",
        relationship: "neighbor",
      },
    },
  });
  const season = (/** @type {number} */ days) =>
    [3, 4, 5, 6, 7, 8, 9].includes(clock.month(now - days * DAY));
  before(world, 378, sarah, (scene) =>
    scenes.booking(
      scene,
      problem(world, season(378) ? "tuneup_spring" : "tuneup_fall"),
    ),
  );
  before(world, 291, sarah, (scene) => desk.plan(scene));
  before(world, 203, sarah, (scene) =>
    desk.hangUp(scene, problem(world, "thermostat").variants[0]),
  );
  before(
    world,
    203,
    sarah,
    (scene) =>
      scenes.booking(
        scene,
        problem(world, season(203) ? "ac_warm" : "no_heat"),
      ),
    4,
  );
  before(world, 188, sarah, (scene) =>
    desk.billing(scene, {
      q: "Could you send me a copy of the invoice? My home warranty company needs it.",
      a: "Of course. I have invoice {invoice} for {amount} dollars. Shall I send it to {emailSpoken}?",
      r: "Yes, that’s the right one.",
      end: "It’s on its way.",
      desc: "Needs a copy of invoice {invoice} for the home warranty company.",
      result: "Invoice emailed",
      email: true,
    }),
  );
  before(world, 74, sarah, (scene) =>
    desk.question(
      scene,
      company.questions.find((item) => item.card === "Filters") ??
        company.questions[0],
    ),
  );
  before(world, 11, sarah, (scene) => {
    // The visit is the next morning that somebody works.
    scene.wish = [1, 2, 3]
      .map((days) => clock.slots(now, days)[0])
      .find((slot) => slot !== undefined);
    const tuneup = { ...problem(world, "tuneup_fall"), service: "Tune-up" };
    scenes.booking(scene, tuneup, [
      "It’s time for my maintenance visit. I’m on the plan, both units.",
      "Maintenance plan visit, both units.",
    ]);
  });
  const at = world.second(now - QUIET);
  world.plan(at, () => {
    world.call(at, sarah, (scene) => showpieces.sarah(scene));
  });
}

/** @param {World} world */
function nadiaHaddad(world) {
  const home = world.company.key === "hvac";
  const nadia = known(world, {
    full: "Nadia Haddad",
    phone: NADIA,
    ...(home
      ? {}
      : { firm: "Pilsen Two-Flat Partners", type: "property_manager" }),
    email: home
      ? "nadia.haddad@example.net"
      : "office@pilsentwoflats.example.com",
    access: accessOf(world.people, "+13125550178"),
  });
  const keys = home
    ? ["thermostat", "hot_room"]
    : ["tenant", "tenant", "tenant"];
  keys.forEach((key, index) => {
    books(world, 240 - index * 83, nadia, key);
  });
}

/** What is sure to have happened lately, by minutes before now. */
const LATELY = {
  41: "emergency",
  66: "stranger",
  95: "repair",
  128: "withheld",
  171: "question",
  214: "spam",
  251: "repair",
  294: "complaint",
  333: "repair",
  371: "billing",
};

/** @param {World} world */
function lately(world) {
  for (const [minutes, kind] of Object.entries(LATELY)) {
    const before = Number(minutes) + world.fate.between(0, 30);
    const at = world.second(world.now - before * MINUTE);
    const hour = world.clock.hour(at);
    if (hour < 7.5 || hour > 20.5) continue;
    world.plan(at, () => {
      const unhappy = world.customers.find(
        (customer) =>
          customer.last_visit !== undefined &&
          customer.last_visit.at > at - 12 * DAY &&
          customer.visit === undefined,
      );
      if (kind !== "complaint") world.story(kind, at);
      else if (unhappy !== undefined) world.complain(at, unhappy);
    });
  }
}

/**
 * Puts the hand-written calls into a company's calendar.
 * @param {World} world
 */
export function cast(world) {
  const { company, now } = world;
  nadiaHaddad(world);
  lately(world);
  if (company.key === "hvac") {
    sarahJohnson(world);
    const manager = known(world, {
      full: "Dana Whitlow",
      firm: "Oakline Property Group",
      type: "property_manager",
      email: "dana@oakline.example.com",
    });
    books(world, 158, manager, "tenant");
    before(world, 66, manager, (scene) => showpieces.building(scene));
    books(world, 9, manager, "tenant");
    before(world, 122, undefined, (scene) => desk.ownLine(scene));
    before(world, 31, undefined, (scene) => desk.ownLine(scene));
    const tablet = known(world, {
      full: "Gloria Whitcombe",
      phone: "+16785550199",
      spelling: "sip:+16785550199@voice.example.net",
    });
    books(world, 52, tablet, "thermostat");
    const short = known(world, {
      full: "Nobody Known",
      otherPhone: "",
      access: {},
    });
    before(world, 17, short, (scene) => {
      scene.greet();
      scene.talk.cut(1900);
      scene.tail = 0;
      scene.outcome = {
        status: "abandoned",
        result: "Hung up during the greeting",
      };
    });
  } else {
    before(world, 87, undefined, (scene) => desk.ownLine(scene));
    const baker = known(world, {
      full: "Wanda Ostrowski",
      style: "chatty",
      named: true,
      placed: true,
    });
    books(world, 140, baker, "faucet");
    const at = world.second(now - 37 * MINUTE);
    world.plan(at, () => {
      world.call(at, baker, (scene) =>
        scenes.booking(scene, problem(world, "sink_clog")),
      );
    });
  }
}
