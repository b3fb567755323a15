/*
 * The number core over the metadata of 2022 against Debian's libphonenumber.
 *
 *	node cpp.js [--count N] [--seed N]
 *
 * A second oracle that shares no code with the first: C++ over ICU, version
 * 8.12.57, against our tables of 8.12.56 (npm 3.2.31).  Texts are printable
 * ASCII of at most 250 characters without ";phone-context=", where the two
 * languages are meant to agree.  E.164 must be the same for all of them.  Other
 * fields may differ in the regions that changed between the two releases, and
 * one error may have another name.
 */
import { parseArgs } from "node:util";

import { Inputs } from "../../tools/phone/lib/inputs.js";
import { inputLine } from "../../tools/phone/lib/lines.js";
import { readMetadata } from "../../tools/phone/lib/metadata.js";
import { readAll } from "../../tools/phone/lib/reader.js";

const CHUNK = 50000;
const SHOWN = 20;

/** Regions whose metadata Google's release notes of 8.12.57 name as updated. */
const CHANGED = new Set("BJ EH GB GF GG JE MA MW SG SN SO ZM".split(" "));

/**
 * Our error and that of C++ where the two libraries differ: "+003" has no calling
 * code; JavaScript then sees the prefix 00 with too little behind it.
 */
const RENAMED = ["TOO_SHORT_AFTER_IDD", "INVALID_COUNTRY_CODE"];

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "1000000" },
    seed: { type: "string", default: "20221122" },
  },
});
const count = Number(values.count);

const inputs = new Inputs(
  readMetadata("google-libphonenumber-2022"),
  Number(values.seed),
);
const tally = { number: 0, error: 0, release: 0, other: 0 };
let compared = 0;
let read = 0;
let shown = 0;

while (compared < count) {
  /** @type {string[]} */
  const lines = [];
  while (lines.length < Math.min(CHUNK, count - compared)) {
    const input = inputs.next();
    if (!/^[\x20-\x7e]{0,250}$/.test(input.text)) continue;
    if (/;phone-context=|\\/.test(input.text)) continue;
    lines.push(inputLine(input));
  }
  const ours = readAll("build/phone/phone_read_2022", "parse", lines);
  const theirs = readAll("build/phone/phone_cpp", "parse", lines);
  lines.forEach((line, i) => {
    compared++;
    if (ours[i].includes("\t")) read++;
    if (ours[i] === theirs[i]) return;
    const [number, , region, , , ,] = ours[i].split("\t");
    const [theirNumber, , theirRegion] = theirs[i].split("\t");
    const isNumber = number.startsWith("+") || theirNumber.startsWith("+");
    /** @type {keyof typeof tally} */
    let kind = "other";
    if (isNumber && number !== theirNumber) kind = "number";
    else if (ours[i] === RENAMED[0] && theirs[i] === RENAMED[1]) kind = "error";
    else if (CHANGED.has(region) || CHANGED.has(theirRegion)) kind = "release";
    tally[kind]++;
    if ((kind === "number" || kind === "other") && shown++ < SHOWN) {
      console.log(`# ${line}`);
      console.log(`#   C++  ${theirs[i]}`);
      console.log(`#   ours ${ours[i]}`);
    }
  });
}

console.log(`# ${compared} texts, ${read} of them numbers`);
console.log(
  `# the same error by another name: ${tally.error}; changed between the releases (${[...CHANGED].join(" ")}): ${tally.release}`,
);
console.log(
  `${tally.number === 0 ? "ok" : "not ok"} 1 - ${compared} texts tried, ${tally.number} have another E.164 in C++`,
);
console.log(
  `${tally.other === 0 ? "ok" : "not ok"} 2 - ${tally.other} differ otherwise without a reason`,
);
console.log("1..2");
process.exitCode = tally.number + tally.other === 0 ? 0 : 1;
