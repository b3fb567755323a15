/*
 * Makes texts to try the number core with: real numbers in all the ways in which
 * people and machines write them, almost numbers, and hostile text.
 *
 * Rules: the same seed gives the same texts; every region is met; no text has a
 * lone surrogate (UTF-8 cannot hold one) or a domain name of many labels after
 * ";phone-context=" (the library's own expression takes exponential time).
 */
import { parseRegex } from "./regex.js";
import { Random } from "./random.js";

/** @import { Metadata, Region } from "./metadata.js" */
/** @import { Node } from "./regex.js" */

/**
 * A text to read.
 * @typedef {{ text: string, region: string, kind: string }} Input
 */

const KINDS_OF_NUMBER = /** @type {(keyof Region["descriptions"])[]} */ ([
  "general",
  "fixedLine",
  "mobile",
  "tollFree",
  "premiumRate",
  "sharedCost",
  "personalNumber",
  "voip",
  "pager",
  "uan",
  "voicemail",
]);

const ALPHABETS = [0xff10, 0x0660, 0x06f0];
const PUNCTUATION =
  "-x‐‑–—−ー-／ \u00a0\u00ad\u200b\u2060\u3000()（）［］.[]/~⁓∼~*";
const EXTENSIONS = [
  ";ext=",
  " ext ",
  " ext. ",
  "x",
  " x",
  " extn. ",
  " extension: ",
  " Extensión ",
  " доб. ",
  " anexo ",
  " int ",
  "#",
  " #",
  "~",
  ",",
  ",,",
  " , ",
  ";",
  "; ",
  " - ",
  "ｅｘｔ．",
  "ｘ",
  " ｉｎｔ ",
];
const GRAMMAR =
  "0123456789++-x(). ,;#*/\\:=extnabotelisubphone-contextＸｘ１٢۳＋ー~～\u00a0éó́доб";
const WRAPPERS = [
  ["tel:", ""],
  ["TEL:", ""],
  ["tel:", ";isub=12345"],
  ["sip:", "@example.com"],
  ["whatsapp:", ""],
  ["client:", ""],
  ["<", ">"],
  ['"', '"'],
  ["\u202a", "\u202c"],
  ["\u200e", ""],
  ["Call ", " now"],
  ["Tel. ", "."],
  ["", " / x 12"],
  ["", "/x12"],
  ["", "\\ x99"],
  ["", ";phone-context=example.com"],
  ["tel:", ";phone-context=+1"],
  ["tel:", ";phone-context=+44-20"],
  ["tel:", ";phone-context=a.b-c.com."],
  ["tel:", ";phone-context=1a.-b"],
  ["tel:", ";phone-context="],
  ["tel:", ";phone-context=+;ext=3"],
  ["tel:", ";ext=17;phone-context=+49"],
  ["", ";phone-context=+81 tel:12345"],
];
const HOSTILE = [
  "",
  "+",
  "++",
  "0",
  "00",
  "000",
  "+0",
  "+00",
  "+1",
  "+12",
  "+123",
  "anonymous",
  "restricted",
  "+266696687",
  "266696687",
  "7378742833",
  "7378742883",
  "86282452253",
  "+86282452253",
  "8656696",
  "2562533",
  "464",
  "911",
  "988",
  "112",
  "116117",
  "24273",
  "client:agent007",
  "client:12133734253",
  "sip:alice@example.com",
  "+5215512345678",
  "+541123456789",
  "+5491123456789",
  "+375810123456789",
  "+39 06 698 12345",
  "+390012345",
  "+1 (213) 373-4253 ext. 12345678901234567890",
  "+1 213 373 4253 x1234567890",
  "１24- 2intn",
  "1-800-FLOWERS",
  "0800 REPAIRS",
  "tel:+1-201-555-0123;phone-context=1",
  "+003",
  "+49 (0) 30 123456",
];

/** A text that a pattern matches. @param {Node} node @param {Random} random @returns {string} */
function derive(node, random) {
  switch (node.kind) {
    case "set": {
      const [first, last] = random.pick(node.ranges);
      return String.fromCharCode(random.between(first, last));
    }
    case "sequence":
      return node.items.map((item) => derive(item, random)).join("");
    case "choice":
      return derive(random.pick(node.options), random);
    case "repeat": {
      let text = "";
      for (let i = random.between(node.min, node.max); i > 0; i--) {
        text += derive(node.item, random);
      }
      return text;
    }
    case "group":
      return derive(node.item, random);
    default:
      return "";
  }
}

export class Inputs {
  /** @param {Metadata} metadata @param {number} seed */
  constructor(metadata, seed) {
    this.random = new Random(seed);
    this.regions = metadata.regions;
    this.geographical = metadata.regions.filter(({ key }) => !/^\d/.test(key));
    this.callingCodes = [...metadata.callingCodes.keys()];
    /** @type {Map<string, Node>} */
    this.trees = new Map();
    this.turn = 0;
  }

  /** @param {string} pattern */
  sample(pattern) {
    if (pattern === "") return "";
    let tree = this.trees.get(pattern);
    if (!tree) {
      tree = parseRegex(pattern).tree;
      this.trees.set(pattern, tree);
    }
    return derive(tree, this.random);
  }

  /** National digits of some kind of a region. @param {Region} region */
  national(region) {
    const kinds = KINDS_OF_NUMBER.filter(
      (kind) => region.descriptions[kind].pattern !== "",
    );
    return this.sample(region.descriptions[this.random.pick(kinds)].pattern);
  }

  /** Breaks a number in a small way. @param {string} digits */
  mutate(digits) {
    const at = this.random.between(0, digits.length);
    const digit = this.random.digits(1);
    switch (this.random.between(0, 3)) {
      case 0:
        return digits.slice(0, at) + digit + digits.slice(at);
      case 1:
        return digits.slice(0, at) + digits.slice(at + 1);
      case 2:
        return digits.slice(0, at) + digit + digits.slice(at + 1);
      default:
        return digits.slice(0, at);
    }
  }

  /** Puts a number as it is dialled. @param {Region} region @param {string} digits */
  dial(region, digits) {
    const code = String(region.callingCode);
    switch (this.random.between(0, 9)) {
      case 0:
      case 1:
        return digits;
      case 2:
        return this.sample(region.nationalPrefix) + digits;
      case 3:
        return code + digits;
      case 4:
        return `+${code}${this.sample(region.nationalPrefix)}${digits}`;
      case 5: {
        const home = this.random.pick(this.geographical);
        this.home = home.code;
        return this.sample(home.internationalPrefix) + code + digits;
      }
      case 6:
        return `+${this.sample(region.internationalPrefix)}${code}${digits}`;
      default:
        return `+${code}${digits}`;
    }
  }

  /** Puts punctuation between digits. @param {string} text */
  punctuate(text) {
    const { random } = this;
    const common = random.chance(0.8);
    const marks = common ? " -.()/" : PUNCTUATION;
    let out = "";
    for (const character of text) {
      if (out !== "" && random.chance(0.25)) out += random.pick(marks);
      out += character;
    }
    return out;
  }

  /** Writes digits in other alphabets. @param {string} text */
  transliterate(text) {
    const { random } = this;
    const zero = random.pick(ALPHABETS);
    const mixed = random.chance(0.3);
    return text
      .replace(/\d/g, (digit) =>
        mixed && random.chance(0.5)
          ? digit
          : String.fromCharCode(zero + Number(digit)),
      )
      .replace(/\+/g, () => (random.chance(0.5) ? "＋" : "+"));
  }

  /** A number of a region, as somebody might write it. */
  number() {
    const { random } = this;
    const region = this.regions[this.turn++ % this.regions.length];
    const any = random.pick(this.geographical).code;
    this.home =
      region.code.length === 2 && random.chance(0.8) ? region.code : any;
    let kind = "derived";
    let digits = this.national(region);
    if (random.chance(0.15)) {
      kind = "mutated";
      digits = this.mutate(digits);
    } else if (random.chance(0.05)) {
      kind = "local";
      digits = digits.slice(random.between(1, 4));
    } else if (random.chance(0.08)) {
      kind = "digits";
      digits = random.digits(random.between(1, 20));
    }
    let text = this.dial(region, digits);
    if (random.chance(0.6)) text = this.punctuate(text);
    if (random.chance(0.08)) {
      kind = "alphabet";
      text = this.transliterate(text);
    }
    if (random.chance(0.12)) {
      kind = "extension";
      let extension = random.digits(
        random.between(1, random.chance(0.1) ? 22 : 7),
      );
      if (random.chance(0.1)) extension = this.transliterate(extension);
      text +=
        random.pick(EXTENSIONS) + extension + (random.chance(0.15) ? "#" : "");
    }
    if (random.chance(0.1)) {
      kind = "wrapped";
      const [before, after] = random.pick(WRAPPERS);
      text = before + text + after;
    }
    if (random.chance(0.04)) this.home = "";
    return { text, region: this.home, kind };
  }

  /** A number spelled in letters. */
  vanity() {
    const { random } = this;
    const region = random.pick(this.geographical);
    const digits = this.dial(region, this.national(region));
    const text = digits.replace(/\d/g, (digit) => {
      if (random.chance(0.5)) return digit;
      const letters = [
        "",
        "",
        "abc",
        "def",
        "ghi",
        "jkl",
        "mno",
        "pqrs",
        "tuv",
        "wxyz",
      ];
      const keys = letters[Number(digit)];
      const letter = keys === "" ? digit : random.pick(keys);
      return random.chance(0.5) ? letter.toUpperCase() : letter;
    });
    return { text, region: region.code, kind: "vanity" };
  }

  /** Characters that the grammar of a number knows, in any order. */
  scramble() {
    const { random } = this;
    let text = "";
    for (let i = random.between(1, 24); i > 0; i--)
      text += random.pick(GRAMMAR);
    const region = random.chance(0.1)
      ? ""
      : random.pick(this.geographical).code;
    return { text, region, kind: "grammar" };
  }

  /** A number with control characters or other Unicode thrown in. */
  unicode() {
    const { random } = this;
    const { text, region } = this.number();
    let out = "";
    for (const character of text) {
      if (random.chance(0.15)) {
        const code = random.chance(0.4)
          ? random.between(0, 0x9f)
          : random.between(0xa0, random.chance(0.2) ? 0x10ffff : 0xffff);
        if (code < 0xd800 || code > 0xdfff) out += String.fromCodePoint(code);
      }
      out += character;
    }
    return { text: out, region, kind: "unicode" };
  }

  /** A text about as long as is allowed, or much longer. */
  long() {
    const { random } = this;
    const { text, region } = this.number();
    const length = random.chance(0.05) ? 10000 : random.between(240, 256);
    const filler = random.pick(["0", "1", " ", "-", "x", "(", "１", "+", "a"]);
    const room = Math.max(0, length - text.length);
    const long = random.chance(0.5)
      ? text + filler.repeat(room)
      : filler.repeat(room) + text;
    return { text: long, region, kind: "long" };
  }

  /** @returns {Input} */
  next() {
    const { random } = this;
    const dice = random.next();
    if (dice < 0.86) return this.number();
    if (dice < 0.89) return this.vanity();
    if (dice < 0.94) return this.scramble();
    if (dice < 0.98) return this.unicode();
    if (dice < 0.982) return this.long();
    const text = random.pick(HOSTILE);
    const region = random.chance(0.2)
      ? ""
      : random.pick(this.geographical).code;
    return { text, region, kind: "hostile" };
  }
}
