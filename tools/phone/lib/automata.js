/*
 * Deterministic automata over the ten digits, hash-consed: equal states are one
 * state, so that equality of numbers is equality of languages, and the tables
 * share whatever they can.
 *
 * Three kinds
 *	pattern		says whether the whole input matches (and has a given length)
 *	lead		says whether the input begins with a match
 *	prefix		gives what a leftmost-first matcher would take off the front
 *
 * State 0 is always the dead state.  Indexes are 16 bits wide in the tables;
 * a pool that outgrows them is an error.
 */
import { advance, closure, compile, isMatch } from "./program.js";

/** @import { Program } from "./program.js" */

const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const DEAD = DIGITS.map(() => 0);

/** The most states that a 16-bit index can name. */
export const STATE_LIMIT = 65535;

/** In lead automata: has matched, whatever follows. */
export const MATCHED = -1;

/**
 * States of one kind, equal ones kept once.
 * @template Value
 */
export class Pool {
  /** @param {string} name @param {Value} dead value of state 0 */
  constructor(name, dead) {
    this.name = name;
    /** @type {{ value: Value, next: number[] }[]} */
    this.states = [];
    /** @type {Map<string, number>} */
    this.known = new Map();
    this.add(dead, DEAD);
  }

  /**
   * Gives the state with this value and these successors.
   * @param {Value} value
   * @param {number[] | "self"} next "self": every digit leads back here
   * @returns {number}
   */
  add(value, next) {
    const key = JSON.stringify([value, next]);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const id = this.states.length;
    if (id >= STATE_LIMIT) {
      throw new Error(`more than ${STATE_LIMIT} states of ${this.name}`);
    }
    const successors = next === "self" ? DIGITS.map(() => id) : next;
    this.states.push({ value, next: successors });
    this.known.set(key, id);
    this.known.set(JSON.stringify([value, successors]), id);
    return id;
  }
}

/** Patterns and leads live here; only what the tables need is copied out. */
const scratch = new Pool("intermediate automata", false);

/** @param {number} state */
export const accepts = (state) => scratch.states[state].value;

/** @param {number} state @param {number} digit */
export const step = (state, digit) => scratch.states[state].next[digit];

/** @type {Map<string, number>} */
const patterns = new Map();

/**
 * Makes the automaton of a whole-number pattern.
 * @param {string} source "" matches nothing
 * @param {number[]} lengths that alone may match; empty for any
 * @returns {number} a state for accepts() and step()
 */
export function patternAutomaton(source, lengths = []) {
  if (source === "") return 0;
  const key = `${source} ${lengths}`;
  const known = patterns.get(key);
  if (known !== undefined) return known;

  const program = compile(source);
  /** @type {Map<string, number>} */
  const made = new Map();
  /** @param {number[]} threads @param {number} length @returns {number} */
  const make = (threads, length) => {
    if (threads.length === 0) return 0;
    const name = `${threads}@${lengths.length > 0 ? length : ""}`;
    const done = made.get(name);
    if (done !== undefined) return done;
    const next = DIGITS.map((digit) =>
      make(advance(program, threads, digit), length + 1),
    );
    const accepting =
      isMatch(program, threads) &&
      (lengths.length === 0 || lengths.includes(length));
    const state = scratch.add(accepting, next);
    made.set(name, state);
    return state;
  };
  const start = make(closure(program, [0]), 0);
  patterns.set(key, start);
  return start;
}

/** @type {Map<string, number>} */
const leads = new Map();

/**
 * Makes the automaton of a pattern that the number must begin with.
 * @param {string} source
 * @returns {number} a state for step(), or MATCHED
 */
export function leadAutomaton(source) {
  const known = leads.get(source);
  if (known !== undefined) return known;
  const program = compile(source);
  /** @type {Map<string, number>} */
  const made = new Map();
  /** @param {number[]} threads @returns {number} */
  const make = (threads) => {
    if (threads.length === 0) return 0;
    if (isMatch(program, threads)) return MATCHED;
    const name = String(threads);
    const done = made.get(name);
    if (done !== undefined) return done;
    const state = scratch.add(
      false,
      DIGITS.map((digit) => make(advance(program, threads, digit))),
    );
    made.set(name, state);
    return state;
  };
  const start = make(closure(program, [0]));
  leads.set(source, start);
  return start;
}

/**
 * Copies a pattern automaton into another pool.
 * @template Value
 * @param {number} state
 * @param {Pool<Value>} pool
 * @param {(accepting: boolean) => Value} value
 * @param {Map<number, number>} copied what the pool has already
 * @returns {number}
 */
export function copyPattern(state, pool, value, copied) {
  if (state === 0) return 0;
  const known = copied.get(state);
  if (known !== undefined) return known;
  const next = DIGITS.map((digit) =>
    copyPattern(step(state, digit), pool, value, copied),
  );
  const copy = pool.add(value(accepts(state)), next);
  copied.set(state, copy);
  return copy;
}

/**
 * What a prefix match does to a number.
 * @typedef {object} Outcome
 * @property {number} length how many digits it takes off the front
 * @property {boolean} transforms puts the transform rule in their place
 * @property {[number, number][]} groups from and to of each captured group
 */

/**
 * The automata of international and national prefixes.
 *
 * A backtracking matcher prefers the first alternative that matches, not the
 * longest.  The ordered threads of a program say which one that is: a match
 * cuts off every thread after it.  Where the groups begin and end, and whether
 * the transform rule applies, is known by then and is part of the outcome.
 */
export class PrefixPool {
  constructor() {
    /** @type {Outcome[]} outcome 0 is none */
    this.outcomes = [{ length: 0, transforms: false, groups: [] }];
    /** @type {Map<string, number>} */
    this.outcomeIndex = new Map();
    /** @type {Pool<[number, number]>} outcome anywhere, outcome at the end */
    this.pool = new Pool("prefixes", /** @type {[number, number]} */ ([0, 0]));
    /** @type {Map<string, number>} */
    this.known = new Map();
  }

  /** @param {Outcome} outcome @returns {number} */
  addOutcome(outcome) {
    const key = JSON.stringify(outcome);
    let index = this.outcomeIndex.get(key);
    if (index === undefined) {
      index = this.outcomes.length;
      this.outcomes.push(outcome);
      this.outcomeIndex.set(key, index);
    }
    return index;
  }

  /**
   * Makes the automaton of a prefix pattern.
   * @param {string} source "" for none
   * @param {string} transform the rule that replaces the prefix, "" for none
   * @returns {number} its first state
   */
  automaton(source, transform = "") {
    if (source === "") return 0;
    const key = `${source} ${transform}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const start = new PrefixBuilder(this, compile(source), transform).build();
    this.known.set(key, start);
    return start;
  }
}

/**
 * A thread of a prefix program.
 * @typedef {{ at: number, slots: (number | undefined)[] }} Thread
 */

class PrefixBuilder {
  /**
   * @param {PrefixPool} target
   * @param {Program} program
   * @param {string} transform
   */
  constructor(target, program, transform) {
    this.target = target;
    this.program = program;
    this.transform = transform;
    /** @type {Map<string, number>} */
    this.made = new Map();
  }

  build() {
    return this.make([{ at: 0, slots: [] }], 0);
  }

  /**
   * Follows what takes no digit, in order of preference.
   * @param {Thread[]} threads
   * @param {number} position
   * @param {boolean} atEnd whether the input ends here
   * @returns {Thread[]}
   */
  close(threads, position, atEnd) {
    /** @type {Thread[]} */
    const out = [];
    const seen = new Set();
    /** @param {Thread} thread */
    const follow = ({ at, slots }) => {
      if (seen.has(at)) return;
      seen.add(at);
      const step = this.program.steps[at];
      switch (step.op) {
        case "split":
          follow({ at: step.first, slots });
          follow({ at: step.second, slots });
          break;
        case "jump":
          follow({ at: step.to, slots });
          break;
        case "save": {
          const saved = slots.slice();
          saved[step.slot] = position;
          follow({ at: at + 1, slots: saved });
          break;
        }
        case "end":
          if (atEnd) follow({ at: at + 1, slots });
          break;
        default:
          out.push({ at, slots });
      }
    };
    threads.forEach(follow);
    return out;
  }

  /** @param {Thread} thread @param {number} position @returns {number} */
  outcome({ slots }, position) {
    /** @type {([number, number] | null)[]} */
    const groups = [];
    for (let group = 1; group <= this.program.groups; group++) {
      const from = slots[2 * group];
      const to = slots[2 * group + 1];
      groups.push(from === undefined || to === undefined ? null : [from, to]);
    }
    // Google applies the rule only if the last group caught something.
    const last = groups.length > 0 ? groups[groups.length - 1] : [0, position];
    const transforms =
      this.transform !== "" && last !== null && last[1] > last[0];
    return this.target.addOutcome({
      length: position,
      transforms,
      groups: transforms ? groups.map((group) => group ?? [0, 0]) : [],
    });
  }

  /** @param {Thread[]} threads @param {number} position @returns {number} */
  make(threads, position) {
    const inside = this.close(threads, position, false);
    const atEnd = this.close(threads, position, true);
    const isMatch = (/** @type {Thread} */ { at }) =>
      this.program.steps[at].op === "match";

    const hit = inside.findIndex(isMatch);
    const preferred = hit < 0 ? inside : inside.slice(0, hit);
    const anywhere = hit < 0 ? 0 : this.outcome(inside[hit], position);
    const last = atEnd.find(isMatch);
    const ending = last ? this.outcome(last, position) : 0;
    if (preferred.length === 0 && !anywhere && !ending) return 0;

    const slots = 2 * this.program.groups + 2;
    const key = JSON.stringify([
      position,
      anywhere,
      ending,
      preferred.map(({ at, slots: saved }) => [
        at,
        Array.from({ length: slots }, (_, i) => saved[i] ?? null),
      ]),
    ]);
    const done = this.made.get(key);
    if (done !== undefined) return done;
    const next = DIGITS.map((digit) => {
      /** @type {Thread[]} */
      const moved = [];
      for (const { at, slots: saved } of preferred) {
        const step = this.program.steps[at];
        if (step.op === "digit" && step.mask & (1 << digit)) {
          moved.push({ at: at + 1, slots: saved });
        }
      }
      return moved.length > 0 ? this.make(moved, position + 1) : 0;
    });
    const state = this.target.pool.add([anywhere, ending], next);
    this.made.set(key, state);
    return state;
  }
}
