/*
 * Reads a regular expression into a tree.
 *
 * Owns the list of constructs that the generator understands: characters,
 * classes with ranges, groups, |, ? * + {n} {n,} {n,m}, ^ and $.  Anything else
 * (look-around, back-references, lazy quantifiers, negated classes, the dot)
 * is an error, so that new syntax in the metadata stops the build and never
 * changes an answer silently.
 */

/**
 * A range of UTF-16 code units, both ends included.
 * @typedef {[number, number]} Range
 */

/**
 * @typedef {{ kind: "set", ranges: Range[] }} SetNode
 * @typedef {{ kind: "sequence", items: Node[] }} SequenceNode
 * @typedef {{ kind: "choice", options: Node[] }} ChoiceNode
 * @typedef {{ kind: "repeat", item: Node, min: number, max: number }} RepeatNode
 * @typedef {{ kind: "group", index: number, item: Node }} GroupNode
 * @typedef {{ kind: "start" } | { kind: "end" }} AssertionNode
 * @typedef {SetNode | SequenceNode | ChoiceNode | RepeatNode | GroupNode | AssertionNode} Node
 */

/** @type {Range} */
const DIGITS = [0x30, 0x39];

const SYNTAX = new Set("\\^$.*+?()[]{}|/-");

class Reader {
  /** @param {string} source */
  constructor(source) {
    this.source = source;
    this.at = 0;
    this.groups = 0;
  }

  /** @param {string} what @returns {never} */
  fail(what) {
    throw new Error(
      `${what} at offset ${this.at} of the pattern /${this.source}/`,
    );
  }

  /** @param {string} text */
  take(text) {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** @returns {Node} */
  choice() {
    const options = [this.sequence()];
    while (this.take("|")) options.push(this.sequence());
    return options.length === 1 ? options[0] : { kind: "choice", options };
  }

  /** @returns {Node} */
  sequence() {
    const items = [];
    while (
      this.at < this.source.length &&
      this.source[this.at] !== "|" &&
      this.source[this.at] !== ")"
    ) {
      items.push(this.repeat());
    }
    return { kind: "sequence", items };
  }

  /** @returns {Node} */
  repeat() {
    const item = this.atom();
    const bounds = this.quantifier();
    if (!bounds) return item;
    if (item.kind === "start" || item.kind === "end") {
      this.fail("repeated assertion");
    }
    if (this.source[this.at] === "?") this.fail("lazy quantifier");
    if (this.quantifier()) this.fail("repeated quantifier");
    return { kind: "repeat", item, min: bounds[0], max: bounds[1] };
  }

  /** @returns {Range | null} */
  quantifier() {
    if (this.take("?")) return [0, 1];
    if (this.take("*")) return [0, Infinity];
    if (this.take("+")) return [1, Infinity];
    if (this.source[this.at] !== "{") return null;
    const match = /^\{(\d+)(,?)(\d*)\}/.exec(this.source.slice(this.at));
    if (!match) this.fail("unknown brace");
    this.at += match[0].length;
    const min = Number(match[1]);
    if (!match[2]) return [min, min];
    return [min, match[3] === "" ? Infinity : Number(match[3])];
  }

  /** @returns {Node} */
  atom() {
    if (this.take("(")) return this.group();
    if (this.take("[")) return this.characterClass();
    if (this.take("^")) return { kind: "start" };
    if (this.take("$")) return { kind: "end" };
    if (this.source[this.at] === "\\") {
      return { kind: "set", ranges: [this.escape()] };
    }
    const character = this.source[this.at];
    if (character === "." || "*+?{}]".includes(character)) {
      this.fail(`unknown construct "${character}"`);
    }
    this.at += 1;
    const code = character.charCodeAt(0);
    return { kind: "set", ranges: [[code, code]] };
  }

  /** @returns {Node} */
  group() {
    let index = 0;
    if (this.source[this.at] === "?") {
      if (!this.take("?:")) this.fail("look-around or named group");
    } else {
      index = ++this.groups;
    }
    const item = this.choice();
    if (!this.take(")")) this.fail("missing parenthesis");
    return index ? { kind: "group", index, item } : item;
  }

  /** @returns {Node} */
  characterClass() {
    if (this.source[this.at] === "^") this.fail("negated class");
    /** @type {Range[]} */
    const ranges = [];
    while (!this.take("]")) {
      if (this.at >= this.source.length) this.fail("missing bracket");
      const first = this.classMember();
      // A hyphen is a range only between two single characters.
      const isRange =
        this.source[this.at] === "-" &&
        this.source[this.at + 1] !== "]" &&
        first[0] === first[1];
      if (!isRange) {
        ranges.push(first);
        continue;
      }
      this.at += 1;
      const last = this.classMember();
      if (last[0] !== last[1] || last[0] < first[0]) this.fail("bad range");
      ranges.push([first[0], last[0]]);
    }
    return { kind: "set", ranges };
  }

  /** @returns {Range} */
  classMember() {
    if (this.source[this.at] === "\\") return this.escape();
    const code = this.source.charCodeAt(this.at);
    this.at += 1;
    return [code, code];
  }

  /** @returns {Range} */
  escape() {
    const name = this.source[this.at + 1];
    if (name === undefined) this.fail("backslash at the end");
    let range = DIGITS;
    if (name === "t") range = [9, 9];
    else if (SYNTAX.has(name)) {
      range = [name.charCodeAt(0), name.charCodeAt(0)];
    } else if (name !== "d") this.fail(`unknown escape "\\${name}"`);
    this.at += 2;
    return range;
  }
}

/**
 * Reads a pattern.
 * @param {string} source
 * @returns {{ tree: Node, groups: number }} with the number of capturing groups
 * @throws {Error} naming the construct that is not known
 */
export function parseRegex(source) {
  const reader = new Reader(source);
  const tree = reader.choice();
  if (reader.at !== source.length) reader.fail("stray parenthesis");
  return { tree, groups: reader.groups };
}
