/*
 * Numbers that take every transition of every automaton.
 *
 * Each state is reached by the shortest digits that lead to it; from there each
 * digit is taken, and after it: nothing, the shortest way on to an answer, and
 * a random walk to others.
 */
import { Random } from "./random.js";

/** @import { Model } from "./model.js" */

const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const LONGEST = 17;

/**
 * Gives the states that can be reached, with the shortest digits to each.
 * @param {{ next: number[] }[]} states
 * @param {number} start
 */
function reach(states, start) {
  /** @type {Map<number, string>} */
  const access = new Map([[start, ""]]);
  for (const [state, digits] of access) {
    for (const digit of DIGITS) {
      const to = states[state].next[digit];
      if (to !== 0 && !access.has(to)) access.set(to, digits + digit);
    }
  }
  return access;
}

/**
 * Gives the shortest digits from each state to one with a value.
 * @param {{ value: number, next: number[] }[]} states
 */
function completions(states) {
  /** @type {(string | null)[]} */
  const out = states.map(({ value }) => (value ? "" : null));
  for (let changed = true; changed;) {
    changed = false;
    states.forEach(({ next }, i) => {
      for (const digit of DIGITS) {
        const rest = next[digit] ? out[next[digit]] : null;
        const known = out[i];
        if (
          rest !== null &&
          (known === null || known.length > rest.length + 1)
        ) {
          out[i] = digit + rest;
          changed = true;
        }
      }
    });
  }
  return out;
}

/**
 * Covers the automata that start from the given states.
 * @param {Model["states"]} states
 * @param {number[]} starts
 * @param {Random} random
 * @returns {Set<string>} digits
 */
function coverStates(states, starts, random) {
  const complete = completions(states);
  /** @type {Set<string>} */
  const out = new Set();
  /** @param {string} digits */
  const add = (digits) => {
    if (digits.length >= 2 && digits.length <= LONGEST) out.add(digits);
  };
  for (const start of new Set(starts)) {
    if (start === 0) continue;
    for (const [state, access] of reach(states, start)) {
      for (const digit of DIGITS) {
        const taken = access + digit;
        let at = states[state].next[digit];
        add(taken);
        if (at === 0) {
          add(
            taken +
              random.digits(Math.max(0, random.between(7, 12) - taken.length)),
          );
          continue;
        }
        const rest = complete[at];
        if (rest !== null) add(taken + rest);
        let walk = taken;
        while (walk.length < 15) {
          const open = DIGITS.filter((next) => states[at].next[next] !== 0);
          if (open.length === 0) break;
          const next = random.pick(open);
          walk += next;
          at = states[at].next[next];
          if (states[at].value) add(walk);
        }
        add(walk);
      }
    }
  }
  return out;
}

/**
 * Numbers for every transition of the classes and formats.
 * @param {Model} model
 * @returns {Iterable<{ callingCode: number, national: string }>}
 */
export function* coverNumbers(model) {
  const random = new Random(12345);
  for (const code of model.codes) {
    const starts = [code.classes, code.national, code.international];
    for (const national of coverStates(model.states, starts, random)) {
      yield { callingCode: code.callingCode, national };
    }
  }
}

/**
 * Digits for every transition of the short numbers.
 * @param {Model} model
 * @returns {Iterable<{ digits: string, region: string }>}
 */
export function* coverShortNumbers(model) {
  const random = new Random(54321);
  for (const { code, short } of model.regions.slice(0, model.regionCount)) {
    for (const digits of coverStates(model.states, [short], random)) {
      yield { digits, region: code };
    }
  }
}

/**
 * Texts for every transition of the international and national prefixes.
 * @param {Model} model
 * @returns {Iterable<{ text: string, region: string }>}
 */
export function* coverPrefixes(model) {
  const random = new Random(777);
  for (const region of model.regions.slice(0, model.regionCount)) {
    const home = region.code;
    for (const start of [region.internationalPrefix, region.nationalPrefix]) {
      if (start === 0) continue;
      for (const [state, access] of reach(model.prefixStates, start)) {
        for (const digit of DIGITS) {
          const taken = access + digit;
          const to = model.prefixStates[state].next[digit];
          if (to === 0) {
            for (const length of [3, 6, 7, 9]) {
              yield { text: taken + random.digits(length), region: home };
            }
            continue;
          }
          for (const length of [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11]) {
            yield { text: taken + random.digits(length), region: home };
          }
          for (const length of [6, 7, 8, 9]) {
            const rest = taken + random.digits(length);
            yield { text: `+${region.callingCode}${rest}`, region: "" };
            yield { text: `${region.callingCode}${rest}`, region: home };
          }
          if (model.prefixStates[to].value[1] !== 0) {
            yield { text: `${taken}0${random.digits(7)}`, region: home };
            yield { text: `${taken}1${random.digits(10)}`, region: home };
            yield {
              text: taken + region.callingCode + random.digits(8),
              region: home,
            };
          }
        }
      }
    }
  }
}
