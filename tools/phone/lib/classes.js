/*
 * The automaton of a calling code: national number -> region and type.
 *
 * One walk answers Google's getRegionCodeForNumber, getNumberType and
 * isValidNumber, also for the 25 regions of +1.  It is the product of all the
 * patterns of all the regions of the code, in the order in which Google asks
 * them; parts that can no longer change the answer are dropped on the way, and
 * that keeps the product small.
 */
import {
  accepts,
  leadAutomaton,
  MATCHED,
  patternAutomaton,
  step,
} from "./automata.js";

/** @import { Pool } from "./automata.js" */
/** @import { Region } from "./metadata.js" */

/** Google's PhoneNumberType. */
export const TYPES = {
  FIXED_LINE: 0,
  MOBILE: 1,
  FIXED_LINE_OR_MOBILE: 2,
  TOLL_FREE: 3,
  PREMIUM_RATE: 4,
  SHARED_COST: 5,
  VOIP: 6,
  PERSONAL_NUMBER: 7,
  PAGER: 8,
  UAN: 9,
  VOICEMAIL: 10,
};

const UNKNOWN = -1;
const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Bits of a state's value below the region's place in its calling code. */
export const TYPE_BITS = 4;

/**
 * The kinds of a region in the order in which Google tries them, after the
 * general pattern; fixed line and mobile have a rule of their own.
 * @type {[keyof Region["descriptions"], number][]}
 */
const SPECIAL = [
  ["premiumRate", TYPES.PREMIUM_RATE],
  ["tollFree", TYPES.TOLL_FREE],
  ["sharedCost", TYPES.SHARED_COST],
  ["voip", TYPES.VOIP],
  ["personalNumber", TYPES.PERSONAL_NUMBER],
  ["pager", TYPES.PAGER],
  ["uan", TYPES.UAN],
  ["voicemail", TYPES.VOICEMAIL],
];

const KINDS = /** @type {(keyof Region["descriptions"])[]} */ ([
  "general",
  ...SPECIAL.map(([name]) => name),
  "fixedLine",
  "mobile",
]);
const FIXED = KINDS.indexOf("fixedLine");
const MOBILE = KINDS.indexOf("mobile");
const NOTHING = KINDS.map(() => 0);

/**
 * One region within the product.
 * @typedef {object} Component
 * @property {boolean} claims has leading digits: a match of those decides
 * @property {boolean} sameMobileAndFixed
 * @property {number} place within the calling code, from 1
 */

/**
 * Where a component stands: its leading digits and its patterns.
 * @typedef {{ lead: number, kinds: number[] }} Position
 */

/**
 * The type of the number read so far.
 * @param {Component} component
 * @param {number[]} kinds
 */
function typeOf(component, kinds) {
  if (!accepts(kinds[0])) return UNKNOWN;
  for (let i = 0; i < SPECIAL.length; i++) {
    if (accepts(kinds[i + 1])) return SPECIAL[i][1];
  }
  const fixed = accepts(kinds[FIXED]);
  const mobile = accepts(kinds[MOBILE]);
  if (fixed) {
    return component.sameMobileAndFixed || mobile
      ? TYPES.FIXED_LINE_OR_MOBILE
      : TYPES.FIXED_LINE;
  }
  return !component.sameMobileAndFixed && mobile ? TYPES.MOBILE : UNKNOWN;
}

/**
 * Makes the automaton of a calling code.  The value of a state is
 * place << TYPE_BITS | type + 1, or 0; a code of one region has place 0, for
 * then the region claims every number.
 * @param {Region[]} regions of the code, main region first
 * @param {Pool<number>} pool
 * @returns {number} its first state
 */
export function classAutomaton(regions, pool) {
  const shared = regions.length > 1;
  /** @type {Component[]} */
  const components = regions.map((region, i) => ({
    claims: shared && region.leadingDigits !== "",
    sameMobileAndFixed: region.sameMobileAndFixed,
    place: shared ? i + 1 : 0,
  }));
  /** @type {Position[]} */
  const first = regions.map((region, i) => ({
    lead: components[i].claims ? leadAutomaton(region.leadingDigits) : 0,
    kinds: KINDS.map((name) => {
      const { pattern, lengths } = region.descriptions[name];
      return patternAutomaton(pattern, lengths);
    }),
  }));

  /** Drops what can no longer matter. @param {Position[]} positions */
  const simplify = (positions) => {
    let decided = false;
    return positions.map(({ lead, kinds }, i) => {
      const nothing = { lead: 0, kinds: NOTHING };
      if (decided || (components[i].claims && lead === 0)) return nothing;
      if (lead === MATCHED) decided = true;
      // No general pattern, no type.
      return kinds[0] === 0 ? { lead, kinds: NOTHING } : { lead, kinds };
    });
  };

  /** @param {Position[]} positions @returns {number} */
  const valueOf = (positions) => {
    for (let i = 0; i < positions.length; i++) {
      const { lead, kinds } = positions[i];
      const component = components[i];
      if (component.claims && lead !== MATCHED) continue;
      const type = typeOf(component, kinds);
      if (component.claims || !shared || type !== UNKNOWN) {
        return (component.place << TYPE_BITS) | (type + 1);
      }
    }
    return 0;
  };

  /** @param {Position[]} positions @param {number} digit @returns {Position[]} */
  const take = (positions, digit) =>
    positions.map(({ lead, kinds }) => ({
      lead: lead > 0 ? step(lead, digit) : lead,
      kinds: kinds.map((state) => (state > 0 ? step(state, digit) : 0)),
    }));

  /** @type {Map<string, number>} */
  const made = new Map();
  /** @param {Position[]} raw @returns {number} */
  const make = (raw) => {
    const positions = simplify(raw);
    const key = positions
      .map(({ lead, kinds }) => `${lead}:${kinds}`)
      .join(";");
    const done = made.get(key);
    if (done !== undefined) return done;
    const open = positions.some(
      ({ lead, kinds }) => lead > 0 || kinds.some((state) => state !== 0),
    );
    const value = valueOf(positions);
    let state;
    if (open) {
      const next = DIGITS.map((digit) => make(take(positions, digit)));
      state = pool.add(value, next);
    } else {
      state = value === 0 ? 0 : pool.add(value, "self");
    }
    made.set(key, state);
    return state;
  };
  return make(first);
}
