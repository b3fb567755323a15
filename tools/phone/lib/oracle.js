/*
 * The library's own answers, to compare ours with.
 *
 * Two of its bugs are repaired on the way in, each at one place of its source:
 * a national number of 2^53 or more loses digits in a double, and an extension
 * keeps the digits of the alphabet it was written in.  How many texts a repair
 * made a difference to is counted.
 */
import { readFileSync } from "node:fs";
import Module, { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Names that phone.h gives to the library's errors. @type {Record<string, string>} */
const STATUS = {
  "Invalid country calling code": "INVALID_COUNTRY_CODE",
  "The string supplied did not seem to be a phone number": "NOT_A_NUMBER",
  "Phone number too short after IDD": "TOO_SHORT_AFTER_IDD",
  "The string supplied is too short to be a phone number": "TOO_SHORT",
  "The string supplied is too long to be a phone number": "TOO_LONG",
};

const REPAIRS = "phoneOracleRepairs";

/** Source of the library and what stands there instead. */
const PATCHES = [
  [
    "d.setNationalNumber(parseInt(c,10))",
    `d.setNationalNumber(parseInt(c,10)),d.exact=globalThis.${REPAIRS}.national(c)`,
  ],
  [
    'getNationalSignificantNumber=function(a){if(!a.hasNationalNumber())return"";var b=""',
    'getNationalSignificantNumber=function(a){if(!a.hasNationalNumber())return"";var b=a.exact??""',
  ],
  [
    "a.append(b.substring(0,c)),d[f]",
    `a.append(b.substring(0,c)),globalThis.${REPAIRS}.extension(d[f])`,
  ],
];

/** @param {string} name of the package @returns {any} its exports, repaired */
function loadRepaired(name) {
  const file = require.resolve(name);
  let source = readFileSync(file, "utf8");
  for (const [before, after] of PATCHES) {
    if (source.split(before).length !== 2) {
      throw new Error(`${name} has changed: "${before}" is not there once`);
    }
    source = source.replace(before, () => after);
  }
  const module = new Module(file);
  /** @type {any} */ (module)._compile(source, file);
  return module.exports;
}

export class Oracle {
  /** @param {string} [name] of the package */
  constructor(name = "google-libphonenumber") {
    this.counts = { national: 0, extension: 0 };
    /** @type {any} */ (globalThis)[REPAIRS] = {
      national: (/** @type {string} */ digits) => {
        const exact = digits.replace(/^0+(?=.)/, "");
        if (String(parseInt(digits, 10)) !== exact) this.counts.national++;
        return exact;
      },
      extension: (/** @type {string} */ digits) => {
        const ascii = this.library.PhoneNumberUtil.normalizeDigitsOnly(digits);
        if (ascii !== digits) this.counts.extension++;
        return ascii;
      },
    };
    this.library = loadRepaired(name);
    this.util = this.library.PhoneNumberUtil.getInstance();
    this.short = this.library.ShortNumberInfo.getInstance();
  }

  /**
   * Reads a text, gives the line that test/phone/phone_read prints for it.
   * @param {{ text: string, region: string }} input
   */
  read({ text, region }) {
    const { PhoneNumberFormat } = this.library;
    let number;
    try {
      number = this.util.parse(text, region || undefined);
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      return STATUS[message] ?? `unexpected: ${message}`;
    }
    return this.describe(number, PhoneNumberFormat);
  }

  /** @param {any} number @param {any} format */
  describe(number, format) {
    return [
      this.util.format(number, format.E164),
      this.util.isValidNumber(number) ? 1 : 0,
      this.util.getRegionCodeForNumber(number) ?? "",
      this.util.getNumberType(number),
      this.util.isPossibleNumberWithReason(number),
      this.util.format(number, format.NATIONAL),
      this.util.format(number, format.INTERNATIONAL),
      number.getExtension() ?? "",
    ].join("\t");
  }

  /**
   * Describes national digits of a calling code, without parsing.
   * @param {number} callingCode
   * @param {string} national
   */
  classify(callingCode, national) {
    return this.describe(
      this.number(callingCode, national),
      this.library.PhoneNumberFormat,
    );
  }

  /** Makes a number of the library. @param {number} callingCode @param {string} national */
  number(callingCode, national) {
    const number = new this.library.PhoneNumber();
    const zeros = /^0*(?=.)/.exec(national)?.[0].length ?? 0;
    number.setCountryCode(callingCode);
    number.setNationalNumber(Number(national));
    number.exact = national.slice(zeros);
    if (zeros > 0) {
      number.setItalianLeadingZero(true);
      number.setNumberOfLeadingZeros(zeros);
    }
    return number;
  }

  /**
   * Says what digits are among the short numbers of a region.
   * @param {string} digits
   * @param {string} region
   */
  shortNumber(digits, region) {
    if (this.short.isEmergencyNumber(digits, region)) return "emergency";
    const code = this.util.getCountryCodeForRegion(region);
    return this.short.isValidShortNumberForRegion(
      this.number(code, digits),
      region,
    )
      ? "short"
      : "";
  }
}
