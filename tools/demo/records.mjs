/**
 * records.mjs: what the office knows beside the calls: how visits went and what
 * they brought, and the profile of each customer.
 */

import { HOUR } from "./clock.mjs";

/** @typedef {import("./scene.mjs").Customer} Customer */
/** @typedef {import("./world.mjs").World} World */

/** What a visit costs, by words in the name of its service; the first that fits. */
const PRICES = [
  { words: /consultation|estimate|return/i, low: 0, high: 0 },
  { words: /tune-up|test|inspection|maintenance/i, low: 109, high: 189 },
  { words: /replacement/i, low: 1450, high: 2950 },
  { words: /emergency/i, low: 290, high: 1240 },
  { words: /building/i, low: 2180, high: 2960 },
  { words: /./, low: 145, high: 780 },
];

const VISIT_NOTES = [
  ["Attic hatch sticks. Bring the short ladder.", "service"],
  ["Prefers to be called, does not read texts.", "preference"],
  ["Asked for a second quote on a replacement next year.", "service"],
  ["Pays by check at the door.", "billing"],
  ["Very friendly, offers coffee every time.", "general"],
  ["Shutoff valve is behind the freezer.", "service"],
  ["Dog gate must stay closed.", "general"],
  ["Discount promised for the late arrival, 10 percent.", "complaint"],
  ["Filters are in the hall closet.", "service"],
  ["Send invoices to the daughter’s e-mail.", "billing"],
];

/**
 * Changes to the visits that calls have booked: patches for update_appointment().
 * @param {World} world
 */
export function visitPatches(world) {
  const { clock, records, now } = world;
  return [...world.visits].map(([id, { visit, status }]) => {
    const past = visit.slot.at + 4 * HOUR < now;
    const outcome =
      status === "scheduled" && past
        ? records.chance(0.015)
          ? "no_show"
          : "completed"
        : status;
    const price = PRICES.find(({ words }) => words.test(visit.service));
    const cost = records.int(price?.low ?? 0, price?.high ?? 0);
    return {
      id,
      patch: {
        service: visit.service,
        date: clock.date(visit.slot.at),
        timeWindow: visit.slot.window,
        status: outcome,
        ...(outcome === "completed" ? { value: cost } : {}),
      },
    };
  });
}

/**
 * The address with what one needs to get in.
 * @param {World} world
 * @param {Customer} customer
 */
function address(world, customer) {
  const { access, town } = customer;
  return {
    type: customer.type === "residential" ? "home" : "work",
    label: customer.firm ?? "Main house",
    street: customer.street,
    ...(customer.unit === undefined ? {} : { unit: customer.unit }),
    city: town.city,
    state: world.company.state,
    zip: town.zip,
    isPrimary: true,
    ...(access.gateCode === undefined
      ? {}
      : { accessNotes: `Gate code ${access.gateCode}` }),
    ...(access.keyLocation === undefined || customer.firm !== undefined
      ? {}
      : { keyLocation: access.keyLocation }),
    ...(access.lockboxCode === undefined
      ? {}
      : { lockboxCode: access.lockboxCode }),
    ...(access.petInfo === undefined ? {} : { petInfo: access.petInfo }),
    ...(access.contact === undefined || customer.firm !== undefined
      ? {}
      : { alternateContact: access.contact }),
  };
}

/**
 * A machine on file.
 * @param {World} world
 * @param {Customer} customer
 */
function equipment(world, customer) {
  const { clock, records, now, company } = world;
  const year = Number(clock.date(now).slice(0, 4)) - customer.age;
  const month = String(records.int(1, 12)).padStart(2, "0");
  return {
    type:
      company.key === "plumbing"
        ? "Water heater"
        : records.pick(["AC", "Heat pump", "Furnace"]),
    brand: customer.brand,
    model: `${records.pick(["GX", "CT", "XR", "PS"])}${records.int(14, 80)}-${records.int(100, 999)}`,
    serialNumber: `${records.int(10, 99)}${records.int(1000000, 9999999)}`,
    installedDate: `${year}-${month}-15`,
    warrantyExpires: `${year + 10}-${month}-15`,
    addressIndex: 0,
  };
}

/**
 * What is on file of the customers whose name and address are known: patches for
 * update_customer(), found by the number, and notes.
 * @param {World} world
 */
export function profiles(world) {
  const { records } = world;
  const called = new Set(
    world.calls
      .filter(({ call }) => call.outcome.status !== "spam")
      .map(({ call }) => call.caller.phone.replace(/\D/g, "").slice(-10)),
  );
  return world.customers
    .filter(
      (customer) =>
        customer.named &&
        customer.placed &&
        customer.spelling === customer.phone &&
        called.has(customer.phone.slice(-10)),
    )
    .map((customer) => {
      const tags = [];
      if (customer.firm !== undefined) tags.push("Net 30");
      if (records.chance(0.22)) tags.push("Maintenance plan");
      if (records.chance(0.06)) tags.push("VIP");
      if (records.chance(0.1)) tags.push("Referral");
      const notes = records.chance(0.16)
        ? [records.deal(VISIT_NOTES)].map(([text, category]) => ({
            text,
            category,
          }))
        : [];
      return {
        phone: customer.phone,
        patch: {
          customerType: customer.type,
          addresses: [address(world, customer)],
          ...(records.chance(0.6)
            ? { equipment: [equipment(world, customer)] }
            : {}),
          ...(tags.length > 0 ? { tags } : {}),
          preferences: {
            preferredTimeOfDay: records.pick(["morning", "afternoon", "any"]),
            communicationMethod: records.pick([
              "call",
              "text",
              "text",
              "email",
            ]),
            language: customer.spanish ? "es" : "en",
          },
        },
        notes,
      };
    });
}
