/*
 * Every transition of every automaton against the library.
 *
 *	node cover.js [--program phone_read]
 *
 * Three tests: classes and formats of national numbers, international and
 * national prefixes through parsing, short and emergency numbers.  Two more
 * hold what phone_caller() relies on: what is valid can be stored, and is a key
 * unless it works in an area only; and a valid number stays as it stands.
 */
import { parseArgs } from "node:util";

import {
  coverNumbers,
  coverPrefixes,
  coverShortNumbers,
} from "../../tools/phone/lib/cover.js";
import { inputLine } from "../../tools/phone/lib/lines.js";
import { readMetadata } from "../../tools/phone/lib/metadata.js";
import { buildModel } from "../../tools/phone/lib/model.js";
import { Oracle } from "../../tools/phone/lib/oracle.js";
import { readAll } from "../../tools/phone/lib/reader.js";

const SHOWN = 20;

const { values } = parseArgs({
  options: {
    program: { type: "string", default: "build/phone/phone_read" },
  },
});

const model = buildModel(readMetadata());
const oracle = new Oracle();
let tests = 0;
let failed = false;

/** @param {boolean} good @param {string} name */
function ok(good, name) {
  tests++;
  failed ||= !good;
  console.log(`${good ? "ok" : "not ok"} ${tests} - ${name}`);
}

/**
 * Compares the answers to many cases.
 * @template Case
 * @param {string} name
 * @param {string} mode of phone_read
 * @param {Case[]} cases
 * @param {(item: Case) => string} line
 * @param {(item: Case) => string} expect
 * @returns {string[]} our answers
 */
function compare(name, mode, cases, line, expect) {
  const lines = cases.map(line);
  const answers = readAll(values.program, mode, lines);
  let differ = 0;
  cases.forEach((item, i) => {
    const expected = expect(item);
    if (answers[i] === expected) return;
    differ++;
    if (differ <= SHOWN) {
      console.log(`# ${lines[i]}`);
      console.log(`#   library ${expected}`);
      console.log(`#   ours    ${answers[i]}`);
    }
  });
  ok(differ === 0, `${name}: ${cases.length} tried, ${differ} differ`);
  return answers;
}

const numbers = [...coverNumbers(model)];
const described = compare(
  "classes and formats",
  "classify",
  numbers,
  ({ callingCode, national }) => `${callingCode}\t${national}`,
  ({ callingCode, national }) => oracle.classify(callingCode, national),
);
compare(
  "international and national prefixes",
  "parse",
  [...coverPrefixes(model)],
  inputLine,
  (input) => oracle.read(input),
);
compare(
  "short and emergency numbers",
  "short",
  [...coverShortNumbers(model)],
  ({ digits, region }) => `${digits}\t${region}`,
  ({ digits, region }) => oracle.shortNumber(digits, region),
);

/** Google's ValidationResult. */
const [POSSIBLE, LOCAL_ONLY] = ["0", "4"];

/** @type {Map<string, string>} valid numbers, and whether their length is possible */
const valid = new Map();
for (const line of described) {
  const [e164, isValid, , , possible] = line.split("\t");
  if (isValid === "1") valid.set(e164, possible);
}
const broken = [...valid].filter(
  ([e164, possible]) =>
    ![POSSIBLE, LOCAL_ONLY].includes(possible) ||
    !/^\+[1-9][0-9]{5,18}$/.test(e164),
);
for (const [e164] of broken.slice(0, SHOWN)) console.log(`# ${e164}`);
const local = [...valid.values()].filter((possible) => possible === LOCAL_ONLY);
ok(
  broken.length === 0,
  `valid numbers are possible and can be stored: ${valid.size} tried, ${broken.length} differ (${local.length} work in an area only)`,
);

// A valid number with its plus sign stays as it is, also where the library takes
// a digit off; how many those are is worth knowing.
const validNumbers = [...valid.keys()];
const kept = readAll(
  values.program,
  "caller",
  validNumbers.map((e164) => `${e164}\t\tagent`),
);
const changed = validNumbers.filter(
  (e164, i) =>
    kept[i] !== `e164\t${e164}\t${valid.get(e164) === POSSIBLE ? 1 : 0}`,
);
for (const e164 of changed.slice(0, SHOWN)) console.log(`# ${e164}`);
ok(
  changed.length === 0,
  `phone_caller() keeps a valid number as it stands: ${valid.size} tried, ${changed.length} differ`,
);
const damaged = readAll(
  values.program,
  "parse",
  validNumbers.map((e164) => `${e164}\t`),
).filter((line, i) => line.split("\t")[0] !== validNumbers[i]);
console.log(`# parsing alone changes ${damaged.length} of them`);

console.log(`1..${tests}`);
process.exitCode = failed ? 1 : 0;
