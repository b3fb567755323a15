/*
 * Compiles a pattern over the ten digits into a small program, as Thompson's
 * and Pike's matchers use: an ordered list of threads says everything about a
 * match, also which alternative a backtracking matcher would have preferred.
 *
 * All patterns of the metadata are finite languages over digits.  One that is
 * not (an unbounded repeat, another character) is an error.
 */
import { parseRegex } from "./regex.js";

/** @import { Node, SetNode } from "./regex.js" */

/**
 * @typedef {{ op: "digit", mask: number }} DigitStep one digit out of a set
 * @typedef {{ op: "split", first: number, second: number }} SplitStep
 * @typedef {{ op: "jump", to: number }} JumpStep
 * @typedef {{ op: "save", slot: number }} SaveStep keeps the position of a group
 * @typedef {{ op: "end" }} EndStep goes on only at the end of the input
 * @typedef {{ op: "match" }} MatchStep
 * @typedef {DigitStep | SplitStep | JumpStep | SaveStep | EndStep | MatchStep} Step
 */

/**
 * @typedef {object} Program
 * @property {Step[]} steps
 * @property {number} groups how many groups capture
 */

const ZERO = 0x30;
const NINE = 0x39;

/** @param {SetNode} node @param {string} source @returns {number} */
function digitMask(node, source) {
  let mask = 0;
  for (const [first, last] of node.ranges) {
    if (first < ZERO || last > NINE) {
      throw new Error(
        `a character that is no digit in the pattern /${source}/`,
      );
    }
    for (let code = first; code <= last; code++) mask |= 1 << (code - ZERO);
  }
  return mask;
}

/** @type {Map<string, Program>} */
const compiled = new Map();

/**
 * Compiles a pattern; the same pattern gives the same program.
 * @param {string} source
 * @returns {Program}
 */
export function compile(source) {
  const known = compiled.get(source);
  if (known) return known;
  const { tree, groups } = parseRegex(source);
  /** @type {any[]} */
  const steps = [];

  /** @param {any} step @returns {any} */
  const emit = (step) => {
    steps.push(step);
    return step;
  };

  /** @param {Node} node */
  const visit = (node) => {
    switch (node.kind) {
      case "set":
        emit({ op: "digit", mask: digitMask(node, source) });
        break;
      case "sequence":
        node.items.forEach(visit);
        break;
      case "choice": {
        const jumps = [];
        for (const option of node.options.slice(0, -1)) {
          const split = emit({ op: "split", first: steps.length + 1 });
          visit(option);
          jumps.push(emit({ op: "jump" }));
          split.second = steps.length;
        }
        visit(node.options[node.options.length - 1]);
        for (const jump of jumps) jump.to = steps.length;
        break;
      }
      case "repeat": {
        if (node.max === Infinity) {
          throw new Error(`unbounded repeat in the pattern /${source}/`);
        }
        for (let i = 0; i < node.min; i++) visit(node.item);
        const splits = [];
        for (let i = node.min; i < node.max; i++) {
          splits.push(emit({ op: "split", first: steps.length + 1 }));
          visit(node.item);
        }
        for (const split of splits) split.second = steps.length;
        break;
      }
      case "group":
        emit({ op: "save", slot: 2 * node.index });
        visit(node.item);
        emit({ op: "save", slot: 2 * node.index + 1 });
        break;
      case "end":
        emit({ op: "end" });
        break;
      default:
        throw new Error(`"${node.kind}" in the pattern /${source}/`);
    }
  };

  visit(tree);
  emit({ op: "match" });
  const program = { steps, groups };
  compiled.set(source, program);
  return program;
}

/**
 * Follows every step that takes no digit.
 * @param {Program} program
 * @param {number[]} threads
 * @returns {number[]} digit and match steps, sorted
 */
export function closure(program, threads) {
  const seen = new Set();
  const open = [...threads];
  while (open.length > 0) {
    const at = /** @type {number} */ (open.pop());
    if (seen.has(at)) continue;
    seen.add(at);
    const step = program.steps[at];
    if (step.op === "split") open.push(step.first, step.second);
    else if (step.op === "jump") open.push(step.to);
    else if (step.op === "save") open.push(at + 1);
    else if (step.op === "end") {
      throw new Error("$ in a pattern that must match a whole number");
    }
  }
  return [...seen]
    .filter((at) => ["digit", "match"].includes(program.steps[at].op))
    .sort((a, b) => a - b);
}

/**
 * Takes one digit.
 * @param {Program} program
 * @param {number[]} threads
 * @param {number} digit
 * @returns {number[]} what can follow; empty when the digit does not fit
 */
export function advance(program, threads, digit) {
  const next = [];
  for (const at of threads) {
    const step = program.steps[at];
    if (step.op === "digit" && step.mask & (1 << digit)) next.push(at + 1);
  }
  return next.length > 0 ? closure(program, next) : [];
}

/** @param {Program} program @param {number[]} threads */
export const isMatch = (program, threads) =>
  threads.some((at) => program.steps[at].op === "match");
