/*
 * Builds everything that the tables hold, out of the metadata.
 *
 * Owns the numbering: region indexes, rows of calling codes, formats and texts.
 * What comes out depends on the metadata alone, in the same order every time.
 */
import {
  accepts,
  copyPattern,
  patternAutomaton,
  Pool,
  PrefixPool,
  step,
} from "./automata.js";
import { classAutomaton } from "./classes.js";
import { formatAutomaton, formatGroups, formatTemplate } from "./formats.js";
import { buildGrammar } from "./grammar.js";
import { WITHHELD_WORDS, withheldSpellings } from "./withheld.js";

/** @import { Description, Metadata, NumberFormat, Region } from "./metadata.js" */

const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Bits of a state's value in the automaton of short numbers. */
export const SHORT_BITS = { SHORT: 1, EMERGENCY: 2 };

/** The most groups that a row of the format table has room for. */
const GROUP_LIMIT = 8;

/** The most groups that an outcome of a prefix match has room for. */
const CAPTURE_LIMIT = 2;

/** What the library writes before an extension if the region has no word. */
const DEFAULT_EXTENSION_PREFIX = " ext. ";

/** Texts, equal ones kept once, in one long string. */
class Texts {
  constructor() {
    /** @type {Map<string, number>} */
    this.offsets = new Map();
    this.length = 0;
    this.add("");
  }

  /** @param {string} text @returns {number} its offset */
  add(text) {
    if (!/^[\x20-\x7e]*$/.test(text)) {
      throw new Error(`not ASCII: ${JSON.stringify(text)}`);
    }
    let offset = this.offsets.get(text);
    if (offset === undefined) {
      offset = this.length;
      this.offsets.set(text, offset);
      this.length += text.length + 1;
    }
    return offset;
  }
}

/** A bit for every possible length. @param {number[]} lengths */
const lengthMask = (lengths) =>
  lengths.reduce(
    (mask, length) => (length > 0 ? mask | (1 << length) : mask),
    0,
  ) >>> 0;

/** How many characters a template adds. @param {string} template */
const literals = (template) => template.replace(/\$\d/g, "").length;

/**
 * Checks that a template names only groups that there are.
 * @param {string} template
 * @param {number} groups
 */
function checkTemplate(template, groups) {
  for (const [, group] of template.matchAll(/\$(.?)/g)) {
    if (!/[1-9]/.test(group) || Number(group) > groups) {
      throw new Error(`"$${group}" in the template "${template}"`);
    }
  }
}

/**
 * The automaton of a region's short and emergency numbers.
 * @param {Region} region of the short number metadata
 * @param {Pool<number>} pool
 * @returns {number} its first state
 */
function shortAutomaton({ descriptions }, pool) {
  /** @param {Description} description */
  const whole = ({ pattern, lengths }) => patternAutomaton(pattern, lengths);
  const first = [
    whole(descriptions.general),
    whole(descriptions.shortCode),
    patternAutomaton(descriptions.emergency.pattern),
  ];
  /** @type {Map<string, number>} */
  const made = new Map();
  /** @param {number[]} states @returns {number} */
  const make = (states) => {
    const [general, short, emergency] = states;
    if (emergency === 0 && (general === 0 || short === 0)) return 0;
    const key = String(states);
    const done = made.get(key);
    if (done !== undefined) return done;
    let value = 0;
    if (accepts(general) && accepts(short)) value |= SHORT_BITS.SHORT;
    if (accepts(emergency)) value |= SHORT_BITS.EMERGENCY;
    const state = pool.add(
      value,
      DIGITS.map((digit) => make(states.map((at) => step(at, digit)))),
    );
    made.set(key, state);
    return state;
  };
  return make(first);
}

/** Rows of the format table, equal ones kept once. */
class Formats {
  /** @param {Texts} texts */
  constructor(texts) {
    this.texts = texts;
    /** @type {{ groups: [number, number][], template: number }[]} */
    this.rows = [];
    /** @type {Map<string, number>} */
    this.known = new Map();
    /** Rows in the order in which the automata number them. @type {number[]} */
    this.list = [];
    this.mostLiterals = 0;
  }

  /**
   * @param {NumberFormat[]} formats
   * @param {boolean} national
   * @returns {number} where the formats begin in the list
   */
  add(formats, national) {
    const base = this.list.length;
    for (const format of formats) {
      const groups = formatGroups(format);
      const template = formatTemplate(format, national);
      checkTemplate(template, groups.length);
      if (groups.length > GROUP_LIMIT) {
        throw new Error(
          `more than ${GROUP_LIMIT} groups in /${format.pattern}/`,
        );
      }
      this.mostLiterals = Math.max(this.mostLiterals, literals(template));
      const key = JSON.stringify([groups, template]);
      let row = this.known.get(key);
      if (row === undefined) {
        row = this.rows.length;
        this.rows.push({ groups, template: this.texts.add(template) });
        this.known.set(key, row);
      }
      this.list.push(row);
    }
    return base;
  }
}

/**
 * Builds the model of the tables.
 * @param {Metadata} metadata
 */
export function buildModel(metadata) {
  const texts = new Texts();
  /** @type {Pool<number>} */
  const states = new Pool("the tables", 0);
  const prefixes = new PrefixPool();
  const formats = new Formats(texts);

  // Regions first, then what has a calling code and no region; 0 is none.
  /** @type {Map<string, number>} */
  const indexOf = new Map();
  metadata.regions.forEach(({ key }, i) => indexOf.set(key, i + 1));
  const geographical = metadata.regions.filter(({ key }) => !/^\d/.test(key));

  const copied = new Map();
  let mostTransformLiterals = 0;
  let longestExtensionPrefix = DEFAULT_EXTENSION_PREFIX.length;
  const regions = metadata.regions.map((region) => {
    const { general } = region.descriptions;
    const short = metadata.shortNumbers.get(region.code);
    if (region.transform !== "") {
      checkTemplate(region.transform, CAPTURE_LIMIT);
      mostTransformLiterals = Math.max(
        mostTransformLiterals,
        literals(region.transform),
      );
    }
    longestExtensionPrefix = Math.max(
      longestExtensionPrefix,
      region.extensionPrefix.length,
    );
    return {
      code: region.code,
      callingCode: region.callingCode,
      general: copyPattern(
        patternAutomaton(general.pattern),
        states,
        (accepting) => (accepting ? 1 : 0),
        copied,
      ),
      lengths: lengthMask(general.lengths),
      localLengths: lengthMask(general.localLengths),
      internationalPrefix: prefixes.automaton(region.internationalPrefix),
      nationalPrefix: prefixes.automaton(
        region.nationalPrefix,
        region.transform,
      ),
      transform: texts.add(region.transform),
      short: short ? shortAutomaton(short, states) : 0,
    };
  });
  const statesOfRegions = states.states.length;

  for (const { groups } of prefixes.outcomes) {
    if (groups.length > CAPTURE_LIMIT) {
      throw new Error(`more than ${CAPTURE_LIMIT} groups in a transform`);
    }
  }

  const codes = [...metadata.callingCodes].map(([callingCode, keys]) => {
    const members = keys.map((key) => {
      const index = indexOf.get(key);
      if (index === undefined) throw new Error(`no metadata of "${key}"`);
      return index;
    });
    return {
      callingCode,
      members,
      classes: classAutomaton(
        members.map((index) => metadata.regions[index - 1]),
        states,
      ),
    };
  });
  const statesOfClasses = states.states.length - statesOfRegions;

  const codeRows = codes.map((code) => {
    const main = metadata.regions[code.members[0] - 1];
    const international =
      main.internationalFormats.length > 0
        ? main.internationalFormats
        : main.formats;
    return {
      ...code,
      national: formatAutomaton(main.formats, states),
      international: formatAutomaton(international, states),
      nationalBase: formats.add(main.formats, true),
      internationalBase: formats.add(international, false),
      extensionPrefix: texts.add(
        main.extensionPrefix || DEFAULT_EXTENSION_PREFIX,
      ),
    };
  });

  return {
    version: metadata.version,
    digest: metadata.digest,
    states: states.states,
    prefixStates: prefixes.pool.states,
    outcomes: prefixes.outcomes,
    regions,
    regionCount: geographical.length,
    codes: codeRows,
    formats: formats.rows,
    formatList: formats.list,
    texts: [...texts.offsets.keys()],
    grammar: buildGrammar(metadata.viablePattern, metadata.extensionPattern),
    withheldWords: WITHHELD_WORDS,
    withheldSpellings: withheldSpellings(metadata.keypad),
    keypad: metadata.keypad,
    /** The longest output: plus, calling code, space, number, extension. */
    longestFormat:
      1 + 3 + 1 + 17 + formats.mostLiterals + longestExtensionPrefix + 20,
    mostTransformLiterals,
    counts: {
      statesOfRegions,
      statesOfClasses,
      statesOfFormats: states.states.length - statesOfRegions - statesOfClasses,
    },
  };
}

/** @typedef {ReturnType<typeof buildModel>} Model */
