/**
 * generate.mjs: writes the demo data as newline-delimited JSON.
 *
 *     node tools/demo/generate.mjs [--now INSTANT]
 *
 * Every line is an object with one member that says what it is:
 *
 *     {"company": {…}}                      a document for create_company()
 *     {"user": {…}}                         a document for create_user(), without a password
 *     {"grant": {companyId, email, role}}   arguments of grant_company()
 *     {"companyId": "…", "call": {…}}       arguments of create_call()
 *     {"companyId": "…", "visit": {id, patch}}             for update_appointment()
 *     {"companyId": "…", "profile": {phone, patch, notes}} for update_customer(), add_customer_note()
 *
 * in the order in which they are to be loaded. Calls come by their start, as a
 * platform logs them, except for a few that arrive late.
 *
 * The same INSTANT gives the same bytes on every machine; without one it is the
 * last midnight UTC, so that two runs on a day agree. Nothing else of the time of
 * generation gets into the data.
 */

import { parseArgs } from "node:util";
import { cast } from "./cast.mjs";
import { DAY } from "./clock.mjs";
import { COMPANIES, USERS } from "./companies.mjs";
import { Random } from "./random.mjs";
import { profiles, visitPatches } from "./records.mjs";
import { World } from "./world.mjs";

/** Why people call who are no leads: not counted in the rate at which leads book. */
const NON_LEAD_INTENTS = [
  "billing_question",
  "vendor",
  "reschedule",
  "cancel_appointment",
  "confirm_appointment",
  "appointment_access_update",
  "technician_eta",
  "feedback",
  "employment",
  "internal",
  "wrong_number",
];

/**
 * Reads an instant; it must say its offset.
 * @param {string | undefined} text
 */
function instant(text) {
  if (text === undefined) return Math.floor(Date.now() / DAY) * DAY;
  const at = /(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) {
    throw new Error(
      `--now takes an instant with an offset, as 2026-01-31T15:00:00Z, not "${text}"`,
    );
  }
  return Math.floor(at / 1000) * 1000;
}

/**
 * Lets a few calls arrive after calls that began later.
 * @template T
 * @param {T[]} calls
 * @returns {T[]}
 */
function late(calls) {
  const random = new Random("callcenter demo 1/late");
  return calls
    .map((call, index) => ({
      call,
      place: random.chance(0.02) ? index + random.int(2, 40) + 0.5 : index,
    }))
    .sort((a, b) => a.place - b.place)
    .map(({ call }) => call);
}

/**
 * All lines of the demo data.
 * @param {number} now
 */
function* lines(now) {
  for (const { id, name, timeZone, ownNumbers } of COMPANIES) {
    yield {
      company: {
        _id: id,
        name,
        timeZone,
        defaultRegion: "US",
        ownNumbers,
        nonLeadIntents: NON_LEAD_INTENTS,
      },
    };
  }
  for (const { email, name, companies } of USERS) {
    yield { user: { email, name } };
    for (const companyId of companies) {
      yield { grant: { companyId, email, role: "admin" } };
    }
  }
  const worlds = COMPANIES.map((company) => {
    const world = new World(company, now);
    cast(world);
    world.fillCalendar();
    world.run();
    return world;
  });
  const calls = worlds
    .flatMap((world) => world.calls)
    .sort((a, b) => a.at - b.at);
  for (const { companyId, call } of late(calls)) yield { companyId, call };
  for (const world of worlds) {
    const companyId = world.company.id;
    for (const visit of visitPatches(world)) yield { companyId, visit };
    for (const profile of profiles(world)) yield { companyId, profile };
  }
}

function main() {
  const { values } = parseArgs({ options: { now: { type: "string" } } });
  let text = "";
  for (const line of lines(instant(values.now))) {
    text += `${JSON.stringify(line)}\n`;
  }
  process.stdout.write(text);
}

try {
  main();
} catch (error) {
  console.error(`generate: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}
