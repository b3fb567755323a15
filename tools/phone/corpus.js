/*
 * Makes test/phone/corpus.tsv.gz: texts and what the library makes of them.
 *
 *	node corpus.js [--count N] [--seed N] [--output FILE]
 *
 * A line is text, region, and the answer as test/phone/phone_read prints it.
 * Texts with a zero byte are left out, for PostgreSQL has no such text.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";

import { Inputs } from "./lib/inputs.js";
import { inputLine } from "./lib/lines.js";
import { readMetadata } from "./lib/metadata.js";
import { Oracle } from "./lib/oracle.js";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "24000" },
    seed: { type: "string", default: "7" },
    output: {
      type: "string",
      default: fileURLToPath(
        new URL("../../test/phone/corpus.tsv.gz", import.meta.url),
      ),
    },
  },
});

const inputs = new Inputs(readMetadata(), Number(values.seed));
const oracle = new Oracle();
const lines = new Set();
const regions = new Set();
while (lines.size < Number(values.count)) {
  const input = inputs.next();
  // One very long text is enough of a kind; they are most of the file's size.
  if (input.text.includes("\0") || input.text.length > 300) continue;
  lines.add(`${inputLine(input)}\t${oracle.read(input)}\n`);
  regions.add(input.region);
}
const packed = gzipSync([...lines].join(""), { level: 9 });
writeFileSync(values.output, packed);
console.log(
  `${lines.size} texts, ${regions.size - 1} default regions and none, ${Math.round(packed.length / 1024)} KiB`,
);
