/*
 * Reads Google's metadata out of the npm package google-libphonenumber and
 * gives its numbered protocol buffer fields names.
 *
 * Rules: nothing here interprets a pattern; a field that is absent is "" or [].
 * The numbers are those of phonemetadata.proto in Google's repository.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** The key that the library uses for what belongs to no region. */
export const NON_GEOGRAPHICAL = "001";

/** Numbers of the descriptions within a region's metadata. */
const DESCRIPTIONS = {
  general: 1,
  fixedLine: 2,
  mobile: 3,
  tollFree: 4,
  premiumRate: 5,
  sharedCost: 6,
  personalNumber: 7,
  voip: 8,
  pager: 21,
  uan: 25,
  emergency: 27,
  voicemail: 28,
  shortCode: 29,
};

/**
 * What numbers of one kind look like.
 * @typedef {object} Description
 * @property {string} pattern regular expression over digits, "" for none
 * @property {number[]} lengths possible lengths; [-1] says that there are none
 * @property {number[]} localLengths lengths that work within an area only
 */

/**
 * How numbers of one kind are written.
 * @typedef {object} NumberFormat
 * @property {string} pattern groups of digits
 * @property {string} template with $1, $2 … for the groups
 * @property {string} leadingDigits the most specific pattern, "" for any
 * @property {string} nationalRule what stands for $1 in national style, or ""
 */

/**
 * One region, or one calling code that belongs to no region.
 * @typedef {object} Region
 * @property {string} key two letters, or the calling code
 * @property {string} code two letters, or "001"
 * @property {number} callingCode
 * @property {string} internationalPrefix
 * @property {string} nationalPrefix what parsing takes off, a pattern
 * @property {string} transform what parsing puts in its place, or ""
 * @property {string} extensionPrefix
 * @property {boolean} sameMobileAndFixed
 * @property {string} leadingDigits
 * @property {NumberFormat[]} formats
 * @property {NumberFormat[]} internationalFormats
 * @property {Record<keyof typeof DESCRIPTIONS, Description>} descriptions
 */

/**
 * Everything that the generator reads.
 * @typedef {object} Metadata
 * @property {string} version of the package
 * @property {string} digest SHA-256 of the package's code
 * @property {Region[]} regions geographical ones by code, then the others
 * @property {Map<number, string[]>} callingCodes keys of the regions, main first
 * @property {Map<string, Region>} shortNumbers by region code
 * @property {string} viablePattern the library's own grammar of a number
 * @property {string} extensionPattern the library's own grammar of an extension
 * @property {Record<string, string>} keypad letter to digit
 */

/** @param {any} list @returns {any[]} */
const array = (list) => (list ? Array.from(list) : []);

/** @param {any} raw @returns {Description} */
function readDescription(raw) {
  return {
    pattern: raw?.[2] ?? "",
    lengths: array(raw?.[9]),
    localLengths: array(raw?.[10]),
  };
}

/** @param {any} raw @returns {NumberFormat} */
function readFormat(raw) {
  return {
    pattern: raw[1],
    template: raw[2],
    leadingDigits: array(raw[3]).at(-1) ?? "",
    nationalRule: raw[4] ?? "",
  };
}

/** @param {string} key @param {any} raw @returns {Region} */
function readRegion(key, raw) {
  const descriptions = /** @type {any} */ ({});
  for (const [name, field] of Object.entries(DESCRIPTIONS)) {
    descriptions[name] = readDescription(raw[field]);
  }
  return {
    key,
    code: /^\d/.test(key) ? NON_GEOGRAPHICAL : key,
    callingCode: Number(raw[10] ?? 0),
    internationalPrefix: raw[11] ?? "",
    extensionPrefix: raw[13] ?? "",
    nationalPrefix: raw[15] ?? "",
    transform: raw[16] ?? "",
    sameMobileAndFixed: Boolean(raw[18]),
    leadingDigits: raw[23] ?? "",
    formats: array(raw[19]).map(readFormat),
    internationalFormats: array(raw[20]).map(readFormat),
    descriptions,
  };
}

/**
 * Reads the metadata of an installed package.
 * @param {string} [name] of the package under node_modules
 * @returns {Metadata}
 */
export function readMetadata(name = "google-libphonenumber") {
  const library = require(name);
  const numbers = library.metadata;
  const short = library.shortnumbermetadata;

  // Two letters sort after digits; geographical regions go first.
  const keys = Object.keys(numbers.countryToMetadata).sort();
  const ordered = [
    ...keys.filter((key) => !/^\d/.test(key)),
    ...keys.filter((key) => /^\d/.test(key)),
  ];

  const callingCodes = new Map();
  for (const code of Object.keys(numbers.countryCodeToRegionCodeMap)
    .map(Number)
    .sort((a, b) => a - b)) {
    callingCodes.set(
      code,
      array(numbers.countryCodeToRegionCodeMap[code]).map((key) =>
        key === NON_GEOGRAPHICAL ? String(code) : key,
      ),
    );
  }

  const shortNumbers = new Map();
  for (const key of Object.keys(short.countryToMetadata).sort()) {
    shortNumbers.set(key, readRegion(key, short.countryToMetadata[key]));
  }

  return {
    version: require(`${name}/package.json`).version,
    digest: createHash("sha256")
      .update(readFileSync(require.resolve(name)))
      .digest("hex"),
    regions: ordered.map((key) =>
      readRegion(key, numbers.countryToMetadata[key]),
    ),
    callingCodes,
    shortNumbers,
    viablePattern: library.PhoneNumberUtil.VALID_PHONE_NUMBER_PATTERN_.source,
    extensionPattern: library.PhoneNumberUtil.EXTN_PATTERN_.source,
    keypad: library.PhoneNumberUtil.ALPHA_MAPPINGS_,
  };
}
