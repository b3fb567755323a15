/*
 * The front end: automata over characters, made from the library's own regular
 * expressions for what a phone number may look like and for an extension at its
 * end.
 *
 * Characters fall into classes that no set of the two expressions can tell
 * apart.  Case is folded as ECMAScript does without the u flag.  The extension
 * automaton reads backwards from the end of the input.
 */
import { parseRegex } from "./regex.js";

/** @import { Node, Range } from "./regex.js" */

const UNITS = 0x10000;

/** The most states that an 8-bit index can name. */
const STATE_LIMIT = 255;

/**
 * @typedef {object} CharacterAutomaton
 * @property {number} start
 * @property {{ accepts: boolean, next: number[] }[]} states next by class
 */

/**
 * @typedef {object} Grammar
 * @property {number} classes how many classes of characters there are
 * @property {number[]} ascii class of each ASCII character
 * @property {{ first: number, last: number, class: number }[]} ranges of others
 * @property {number} otherClass class of whatever is in no range
 * @property {CharacterAutomaton} viable reads forwards, all of the input
 * @property {CharacterAutomaton} extension reads backwards, from the end
 * @property {boolean[]} marks by class: every extension has a character of one
 */

/** ECMAScript's Canonicalize for /i. @param {number} unit */
function fold(unit) {
  const upper = String.fromCharCode(unit).toUpperCase();
  if (upper.length !== 1) return unit;
  const folded = upper.charCodeAt(0);
  return unit >= 0x80 && folded < 0x80 ? unit : folded;
}

/** Sets of code units, case folded, each kept once. */
class Sets {
  constructor() {
    /** @type {Map<number, number[]>} */
    this.folded = new Map();
    for (let unit = 0; unit < UNITS; unit++) {
      const key = fold(unit);
      const list = this.folded.get(key);
      if (list) list.push(unit);
      else this.folded.set(key, [unit]);
    }
    /** @type {Set<number>[]} */
    this.sets = [];
    /** @type {Map<string, number>} */
    this.known = new Map();
  }

  /** @param {Range[]} ranges @returns {number} */
  add(ranges) {
    /** @type {Set<number>} */
    const set = new Set();
    for (const [first, last] of ranges) {
      for (let unit = first; unit <= last; unit++) {
        for (const same of this.folded.get(fold(unit)) ?? []) set.add(same);
      }
    }
    const key = String([...set].sort((a, b) => a - b));
    let index = this.known.get(key);
    if (index === undefined) {
      index = this.sets.length;
      this.sets.push(set);
      this.known.set(key, index);
    }
    return index;
  }

  /** Gives the class of every code unit and a representative of every class. */
  classes() {
    const classOf = new Uint8Array(UNITS);
    /** @type {Map<string, number>} */
    const seen = new Map();
    /** @type {number[]} */
    const representatives = [];
    for (let unit = 0; unit < UNITS; unit++) {
      const key = this.sets.map((set) => (set.has(unit) ? "1" : "0")).join("");
      let index = seen.get(key);
      if (index === undefined) {
        index = representatives.length;
        seen.set(key, index);
        representatives.push(unit);
      }
      classOf[unit] = index;
    }
    return { classOf, representatives };
  }
}

/** Turns a tree around. @param {Node} node @returns {Node} */
function reverse(node) {
  switch (node.kind) {
    case "sequence":
      return { ...node, items: node.items.map(reverse).reverse() };
    case "choice":
      return { ...node, options: node.options.map(reverse) };
    case "repeat":
    case "group":
      return { ...node, item: reverse(node.item) };
    default:
      return node;
  }
}

/** A non-deterministic automaton. */
class Network {
  /** @param {Node} tree @param {Sets} sets */
  constructor(tree, sets) {
    this.sets = sets;
    /** @type {number[][]} */
    this.empty = [];
    /** @type {{ set: number, to: number }[][]} */
    this.moves = [];
    const ends = this.build(tree);
    this.first = ends[0];
    this.last = ends[1];
  }

  state() {
    this.empty.push([]);
    this.moves.push([]);
    return this.empty.length - 1;
  }

  /** @param {Node} node @returns {[number, number]} first and last state */
  build(node) {
    const first = this.state();
    switch (node.kind) {
      case "set": {
        const last = this.state();
        this.moves[first].push({ set: this.sets.add(node.ranges), to: last });
        return [first, last];
      }
      case "sequence":
        return [
          first,
          node.items.reduce((at, item) => this.follow(at, item), first),
        ];
      case "choice": {
        const last = this.state();
        for (const option of node.options) {
          this.empty[this.follow(first, option)].push(last);
        }
        return [first, last];
      }
      case "group":
        return [first, this.follow(first, node.item)];
      case "repeat":
        return [first, this.repeat(first, node.item, node.min, node.max)];
      default:
        throw new Error(`"${node.kind}" within the grammar of a number`);
    }
  }

  /** @param {number} from @param {Node} node @returns {number} */
  follow(from, node) {
    const [first, last] = this.build(node);
    this.empty[from].push(first);
    return last;
  }

  /**
   * @param {number} from
   * @param {Node} item
   * @param {number} min
   * @param {number} max
   * @returns {number}
   */
  repeat(from, item, min, max) {
    let at = from;
    for (let i = 0; i < min; i++) at = this.follow(at, item);
    const last = this.state();
    if (max === Infinity) {
      const loop = this.state();
      this.empty[at].push(loop);
      this.empty[this.follow(loop, item)].push(loop);
      this.empty[loop].push(last);
      return last;
    }
    for (let i = min; i < max; i++) {
      this.empty[at].push(last);
      at = this.follow(at, item);
    }
    this.empty[at].push(last);
    return last;
  }

  /** @param {number[]} states @returns {number[]} */
  closure(states) {
    const seen = new Set(states);
    const open = [...seen];
    while (open.length > 0) {
      for (const to of this.empty[/** @type {number} */ (open.pop())]) {
        if (!seen.has(to)) {
          seen.add(to);
          open.push(to);
        }
      }
    }
    return [...seen].sort((a, b) => a - b);
  }
}

/**
 * Makes the smallest deterministic automaton; state 0 is the dead one.
 * @param {Network} network
 * @param {number[]} representatives of the classes
 * @returns {CharacterAutomaton}
 */
function determinize(network, representatives) {
  /** @type {{ members: number[], next: number[] }[]} */
  const states = [];
  /** @type {Map<string, number>} */
  const known = new Map();
  /** @param {number[]} members */
  const add = (members) => {
    const key = String(members);
    let index = known.get(key);
    if (index === undefined) {
      index = states.length;
      states.push({ members, next: [] });
      known.set(key, index);
    }
    return index;
  };

  add([]);
  const start = add(network.closure([network.first]));
  for (let i = 0; i < states.length; i++) {
    states[i].next = representatives.map((unit) => {
      const next = [];
      for (const member of states[i].members) {
        for (const { set, to } of network.moves[member]) {
          if (network.sets.sets[set].has(unit)) next.push(to);
        }
      }
      return add(network.closure(next));
    });
  }

  // Moore: split the states until those of a part agree about every class.
  let part = states.map(({ members }) =>
    Number(members.includes(network.last)),
  );
  for (let count = 0; ;) {
    /** @type {Map<string, number>} */
    const parts = new Map();
    const finer = states.map(({ next }, i) => {
      const key = `${part[i]}|${next.map((to) => part[to])}`;
      const index = parts.get(key) ?? parts.size;
      parts.set(key, index);
      return index;
    });
    part = finer;
    if (parts.size === count) break;
    count = parts.size;
  }
  // The dead state is the first, so its part is number 0.
  /** @type {CharacterAutomaton["states"]} */
  const merged = [];
  states.forEach(({ members, next }, i) => {
    merged[part[i]] = {
      accepts: members.includes(network.last),
      next: next.map((to) => part[to]),
    };
  });
  if (merged.length > STATE_LIMIT) {
    throw new Error(
      `more than ${STATE_LIMIT} states in the grammar of a number`,
    );
  }
  return { start: part[start], states: merged };
}

/**
 * Takes the anchors off an expression that must match the whole input.
 * @param {Node} tree
 * @param {boolean} atStart whether it is anchored at the start, too
 * @returns {Node}
 */
function unanchor(tree, atStart) {
  const options = tree.kind === "choice" ? tree.options : [tree];
  return {
    kind: "choice",
    options: options.map((option) => {
      const items = option.kind === "sequence" ? [...option.items] : [option];
      if (items.pop()?.kind !== "end") throw new Error("grammar without $");
      if (atStart && items.shift()?.kind !== "start") {
        throw new Error("grammar without ^");
      }
      return { kind: "sequence", items };
    }),
  };
}

/**
 * Finds classes of which every text of an automaton has a character, so that
 * texts without one need not be read: all classes but as many as can be left
 * out, those of the first characters first.
 * @param {CharacterAutomaton} automaton
 * @param {number[]} first classes that had better be left out
 * @returns {boolean[]} by class
 */
function findMarks({ start, states }, first) {
  const marks = states[start].next.map(() => true);
  for (const plain of new Set([...first, ...marks.keys()])) {
    marks[plain] = false;
    const reached = new Set([start]);
    for (const state of reached) {
      states[state].next.forEach((to, i) => {
        if (!marks[i]) reached.add(to);
      });
    }
    marks[plain] = [...reached].some((state) => states[state].accepts);
  }
  return marks;
}

/**
 * Makes the front-end automata.
 * @param {string} viablePattern
 * @param {string} extensionPattern
 * @returns {Grammar}
 */
export function buildGrammar(viablePattern, extensionPattern) {
  const sets = new Sets();
  const viable = new Network(
    unanchor(parseRegex(viablePattern).tree, true),
    sets,
  );
  const extension = new Network(
    reverse(unanchor(parseRegex(extensionPattern).tree, false)),
    sets,
  );
  const { classOf, representatives } = sets.classes();

  // Most of Unicode is of one class; the table names the others.
  const otherClass = classOf[0xe000];
  /** @type {Grammar["ranges"]} */
  const ranges = [];
  for (let unit = 0x80; unit < UNITS; unit++) {
    const last = ranges.at(-1);
    if (classOf[unit] === otherClass) continue;
    if (last && last.last === unit - 1 && last.class === classOf[unit]) {
      last.last = unit;
    } else {
      ranges.push({ first: unit, last: unit, class: classOf[unit] });
    }
  }
  const extensions = determinize(extension, representatives);
  return {
    classes: representatives.length,
    ascii: Array.from(classOf.slice(0, 0x80)),
    ranges,
    otherClass,
    viable: determinize(viable, representatives),
    extension: extensions,
    // Most numbers are written with these.
    marks: findMarks(
      extensions,
      Array.from("0 -().+/", (plain) => classOf[plain.charCodeAt(0)]),
    ),
  };
}
