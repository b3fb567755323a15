/*
 * Writes the model as the C header extension/phone_tables.h.
 *
 * Owns the layout that phone.c reads: its struct types have the same fields in
 * the same order.  No pointers, so that the tables need no relocation and stay
 * shared between all backends.
 */

/** @import { Model } from "./model.js" */

/** Wraps a list of values at the width of a line. @param {(string|number)[]} values */
function wrap(values) {
  const lines = [];
  let line = "";
  for (const value of values) {
    const item = `${value},`;
    if (line !== "" && line.length + item.length + 1 > 75) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? item : ` ${item}`;
  }
  if (line !== "") lines.push(line);
  return lines.map((text) => `\t${text}\n`).join("");
}

/** @param {string} text */
const quote = (text) => `"${text.replace(/[\\"]/g, "\\$&")}"`;

/** @param {string} declaration @param {string} body */
const table = (declaration, body) =>
  `static const ${declaration} = {\n${body}};\n`;

/** @param {string} declaration @param {string[]} rows */
const rows = (declaration, rows) =>
  table(declaration, rows.map((row) => `\t{${row}},\n`).join(""));

/** @param {string} declaration @param {(string|number)[]} values */
const list = (declaration, values) => table(declaration, wrap(values));

/** @param {string} name @param {string | number} value */
const define = (name, value) => `#define ${name} ${value}\n`;

/** @param {string} name @param {string[]} words @param {string} size with NUL */
const words = (name, words, size) =>
  list(`char ${name}[${words.length}][${size}]`, words.map(quote));

/** @param {Model["regions"][number]} row */
const regionRow = (row) =>
  [
    quote(row.code),
    row.callingCode,
    row.general,
    `0x${row.lengths.toString(16)}`,
    `0x${row.localLengths.toString(16)}`,
    row.internationalPrefix,
    row.nationalPrefix,
    row.transform,
    row.short,
  ].join(", ");

/** @param {Model["outcomes"][number]} outcome */
function outcomeRow({ length, transforms, groups }) {
  const [first, second] = [0, 1].map(
    (i) => `{${(groups[i] ?? [0, 0]).join(", ")}}`,
  );
  return `${length}, ${transforms ? 1 : 0}, {${first}, ${second}}`;
}

/** @param {Model["formats"][number]} format */
const formatRow = ({ groups, template }) =>
  [
    groups.length,
    `{${groups.map(([least]) => least).join(", ")}}`,
    `{${groups.map(([, most]) => most).join(", ")}}`,
    template,
  ].join(", ");

// What a unit is a mark of, as in phone_internal.h.
const MARK_LETTER = 1;
const MARK_EXTENSION = 2;
const MARK_PARAMETER = 4;
const MARK_SLASH = 8;

/** The unit of an ASCII character. @param {Model["grammar"]} grammar @param {number} code */
function unitRow({ ascii, marks }, code) {
  const character = String.fromCharCode(code);
  const mark =
    (/[A-Za-z]/.test(character) ? MARK_LETTER : 0) |
    (marks[ascii[code]] ? MARK_EXTENSION : 0) |
    (character === ";" ? MARK_PARAMETER : 0) |
    (/[\\/]/.test(character) ? MARK_SLASH : 0);
  const digit = /[0-9]/.test(character) ? character : 255;
  return `${ascii[code]}, ${code}, ${digit}, ${mark}`;
}

/** @param {string} name @param {Model["grammar"]["viable"]} automaton */
const characterAutomaton = (name, { start, states }) =>
  define(`${name.toUpperCase()}_START`, start) +
  rows(
    `uint8_t ${name}_next[${states.length}][CLASS_COUNT]`,
    states.map(({ next }) => next.join(",")),
  ) +
  list(
    `uint8_t ${name}_accepts[${states.length}]`,
    states.map(({ accepts }) => (accepts ? 1 : 0)),
  );

/**
 * Writes the header.
 * @param {Model} model
 * @returns {string}
 */
export function renderHeader(model) {
  const { grammar } = model;
  /** @type {number[]} */
  const codeRegions = [];
  const codeRows = model.codes.map((code) => {
    const base = codeRegions.length;
    codeRegions.push(...code.members);
    return [
      code.callingCode,
      code.members[0],
      base,
      code.members.length,
      code.classes,
      code.national,
      code.international,
      code.nationalBase,
      code.internationalBase,
      code.extensionPrefix,
    ].join(", ");
  });
  if (model.codes.length > 255) throw new Error("more than 255 calling codes");
  if (model.outcomes.length > 255) throw new Error("more than 255 outcomes");
  const codeIndex = new Array(1000).fill(255);
  model.codes.forEach(({ callingCode }, i) => (codeIndex[callingCode] = i));
  if (model.regionCount > 255) throw new Error("more than 255 regions");
  const letterIndex = new Array(26 * 26).fill(0);
  model.regions.slice(0, model.regionCount).forEach(({ code }, i) => {
    const [first, second] = [0, 1].map((at) => code.charCodeAt(at) - 65);
    letterIndex[26 * first + second] = i + 1;
  });
  const keypad = Array.from(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    (letter) => model.keypad[letter],
  );

  const longestWithheld = Math.max(
    ...[...model.withheldWords, ...model.withheldSpellings].map(
      ({ length }) => length,
    ),
  );

  return [
    `/*
 * phone_tables.h
 *		Tables of phone.c.  Made by tools/phone/generate.js; do not edit.
 *
 * From Google's metadata in the npm package google-libphonenumber ${model.version},
 * Apache License 2.0 (see NOTICE).  SHA-256 of the package's code:
 * ${model.digest}
 */
`,
    define("METADATA_VERSION", quote(model.version)) +
      define("REGION_COUNT", model.regionCount) +
      define("REGION_ROWS", model.regions.length + 1) +
      define("STATE_COUNT", model.states.length) +
      define("FORMAT_LONGEST", model.longestFormat) +
      define("TRANSFORM_LITERALS", model.mostTransformLiterals) +
      define("WITHHELD_SIZE", longestWithheld + 1) +
      define("CLASS_COUNT", grammar.classes) +
      define("CLASS_OTHER", grammar.otherClass),
    rows(
      "uint16_t state_next[STATE_COUNT][10]",
      model.states.map(({ next }) => next.join(",")),
    ),
    list(
      "uint16_t state_value[STATE_COUNT]",
      model.states.map(({ value }) => value),
    ),
    rows(
      `uint16_t prefix_next[${model.prefixStates.length}][10]`,
      model.prefixStates.map(({ next }) => next.join(",")),
    ),
    rows(
      `uint8_t prefix_outcome[${model.prefixStates.length}][2]`,
      model.prefixStates.map(({ value }) => value.join(", ")),
    ),
    rows(
      `PrefixOutcome prefix_outcomes[${model.outcomes.length}]`,
      model.outcomes.map(outcomeRow),
    ),
    rows(`RegionRow regions[REGION_ROWS]`, [
      `"", 0, 0, 0, 0, 0, 0, 0, 0`,
      ...model.regions.map(regionRow),
    ]),
    list(`uint8_t region_index[26 * 26]`, letterIndex),
    rows(`CodeRow codes[${codeRows.length}]`, codeRows),
    list(`uint16_t code_regions[${codeRegions.length}]`, codeRegions),
    list(`uint8_t code_index[1000]`, codeIndex),
    rows(
      `FormatRow formats[${model.formats.length}]`,
      model.formats.map(formatRow),
    ),
    list(`uint16_t format_list[${model.formatList.length}]`, model.formatList),
    `static const char texts[] =\n${model.texts
      .map((text) => `\t${quote(text)} "\\0"\n`)
      .join("")
      .trimEnd()};\n`,
    list(
      "char keypad[26]",
      keypad.map((digit) => `'${digit}'`),
    ),
    words("withheld_words", model.withheldWords, "WITHHELD_SIZE"),
    words("withheld_spellings", model.withheldSpellings, "WITHHELD_SIZE"),
    rows(
      "Unit ascii_units[128]",
      grammar.ascii.map((_, code) => unitRow(grammar, code)),
    ),
    list(
      "uint8_t class_marks[CLASS_COUNT]",
      grammar.marks.map((marked) => (marked ? MARK_EXTENSION : 0)),
    ),
    rows(
      `ClassRange class_ranges[${grammar.ranges.length}]`,
      grammar.ranges.map(
        (range) => `${range.first}, ${range.last}, ${range.class}`,
      ),
    ),
    characterAutomaton("viable", grammar.viable),
    characterAutomaton("extension", grammar.extension),
  ].join("\n");
}
