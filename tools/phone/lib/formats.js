/*
 * How numbers are written: an automaton that chooses the format, and the rows
 * that say where its groups are.
 *
 * Every pattern of the metadata is a sequence of (\d), (\d{n}) and (\d{n,m}),
 * so that the lengths of the groups follow from the length of the number alone.
 * Another pattern is an error.
 */
import { leadAutomaton, MATCHED, step } from "./automata.js";

/** @import { Pool } from "./automata.js" */
/** @import { NumberFormat } from "./metadata.js" */

const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const GROUP = /\(\\d(?:\{(\d+)(?:,(\d+))?\})?\)/g;

/** The longest national number that can be parsed. */
const LONGEST = 17;

/**
 * The groups of a format: least and most digits of each.
 * @param {NumberFormat} format
 * @returns {[number, number][]}
 */
export function formatGroups({ pattern }) {
  if (pattern.replace(GROUP, "") !== "" || pattern === "") {
    throw new Error(`unknown format pattern /${pattern}/`);
  }
  return [...pattern.matchAll(GROUP)].map(([, least, most]) => {
    const min = least === undefined ? 1 : Number(least);
    return [min, most === undefined ? min : Number(most)];
  });
}

/**
 * Makes the automaton that chooses a format: the value of a state is the place
 * of the format in the list, from 1, or 0.
 * @param {NumberFormat[]} formats in order of preference
 * @param {Pool<number>} pool
 * @returns {number} its first state
 */
export function formatAutomaton(formats, pool) {
  const bounds = formats.map((format) => {
    const groups = formatGroups(format);
    return {
      min: groups.reduce((sum, [least]) => sum + least, 0),
      max: groups.reduce((sum, [, most]) => sum + most, 0),
    };
  });
  /** @type {Map<string, number>} */
  const made = new Map();
  /** @param {number[]} raw @param {number} length @returns {number} */
  const make = (raw, length) => {
    const leads = raw.map((lead, i) => (length > bounds[i].max ? 0 : lead));
    if (length > LONGEST || leads.every((lead) => lead === 0)) return 0;
    const key = `${leads}@${length}`;
    const done = made.get(key);
    if (done !== undefined) return done;
    const chosen = leads.findIndex(
      (lead, i) => lead === MATCHED && length >= bounds[i].min,
    );
    const next = DIGITS.map((digit) =>
      make(
        leads.map((lead) => (lead > 0 ? step(lead, digit) : lead)),
        length + 1,
      ),
    );
    const state = pool.add(chosen + 1, next);
    made.set(key, state);
    return state;
  };
  const first = formats.map(({ leadingDigits }) =>
    leadingDigits === "" ? MATCHED : leadAutomaton(leadingDigits),
  );
  return make(first, 0);
}

/**
 * The template of a format in one style: the national rule stands for the first
 * group that the template names.
 * @param {NumberFormat} format
 * @param {boolean} national
 */
export function formatTemplate({ template, nationalRule }, national) {
  // As the library does it: by String.replace, whose own $1 is the group name.
  return national && nationalRule !== ""
    ? template.replace(/(\$\d)/, nationalRule)
    : template;
}
