/*
 * The number core against the library whose answers it gives.
 *
 *	node differential.js [--count N] [--seed N] [--program phone_read]
 *
 * Tries N texts (3,000,000) in eight fields each and prints, as TAP, how many
 * were tried and how many differ, by class of text.  The library's two known
 * bugs are repaired (tools/phone/lib/oracle.js) and counted.
 */
import { parseArgs } from "node:util";

import { Inputs } from "../../tools/phone/lib/inputs.js";
import { inputLine } from "../../tools/phone/lib/lines.js";
import { readMetadata } from "../../tools/phone/lib/metadata.js";
import { Oracle } from "../../tools/phone/lib/oracle.js";
import { readAll } from "../../tools/phone/lib/reader.js";

const CHUNK = 50000;
const SHOWN = 20;

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "3000000" },
    seed: { type: "string", default: "20261122" },
    program: { type: "string", default: "build/phone/phone_read" },
  },
});
const count = Number(values.count);

const inputs = new Inputs(readMetadata(), Number(values.seed));
const oracle = new Oracle();
/** @type {Map<string, { tried: number, differ: number }>} */
const tallies = new Map();
const regions = new Set();
let read = 0;
let differ = 0;

for (let done = 0; done < count; done += CHUNK) {
  const chunk = Array.from({ length: Math.min(CHUNK, count - done) }, () =>
    inputs.next(),
  );
  const answers = readAll(values.program, "parse", chunk.map(inputLine));
  chunk.forEach((input, i) => {
    const expected = oracle.read(input);
    const tally = tallies.get(input.kind) ?? { tried: 0, differ: 0 };
    tallies.set(input.kind, tally);
    tally.tried++;
    regions.add(input.region);
    if (expected.includes("\t")) read++;
    if (answers[i] === expected) return;
    tally.differ++;
    differ++;
    if (differ <= SHOWN) {
      console.log(`# ${inputLine(input)}`);
      console.log(`#   library ${expected}`);
      console.log(`#   ours    ${answers[i]}`);
    }
  });
}

console.log("1..1");
for (const [kind, tally] of [...tallies].sort()) {
  console.log(
    `# ${kind.padEnd(10)} ${String(tally.tried).padStart(8)} tried ${String(tally.differ).padStart(6)} differ`,
  );
}
console.log(
  `# ${regions.size - 1} default regions and none; ${read} of the texts are numbers`,
);
console.log(
  `# repaired in the library: ${oracle.counts.national} national numbers over 2^53, ${oracle.counts.extension} extensions in foreign digits`,
);
console.log(
  `${differ === 0 ? "ok" : "not ok"} 1 - ${count} texts tried, ${differ} differ from google-libphonenumber`,
);
process.exitCode = differ === 0 ? 0 : 1;
