/*
 * What other tables change: the drift table of a metadata update.
 *
 *	node drift.js [--old TABLES] [--new TABLES] [--count N] [--seed N]
 *
 * TABLES is a header made by generate.js, or the name of a package under
 * node_modules.  The old ones are by default those of the last commit, the new
 * ones those of the working tree.  Texts are made from the metadata of the
 * package that is installed.  Prints counts by class of change and by region,
 * and examples of what matters most: the same text as another number.
 *
 * Both sides run today's phone.c, so a header must have today's layout; for
 * an older one name its package, which is generated anew.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { renderHeader } from "./lib/header.js";
import { Inputs } from "./lib/inputs.js";
import { inputLine } from "./lib/lines.js";
import { readMetadata } from "./lib/metadata.js";
import { buildModel } from "./lib/model.js";
import { readAll } from "./lib/reader.js";

const CHUNK = 50000;
const EXAMPLES = 3;
const CORE = ["phone.c", "phone_text.c", "phone_caller.c"];

const root = fileURLToPath(new URL("../..", import.meta.url));
const { values } = parseArgs({
  options: {
    old: { type: "string", default: "" },
    new: { type: "string", default: join(root, "extension/phone_tables.h") },
    count: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
  },
});

/**
 * Builds phone_read over other tables.
 * @param {string} side old or new
 * @param {string} tables a header, a package, or "" for the last commit
 * @returns {{ program: string, version: string }}
 */
function build(side, tables) {
  const directory = join(root, "build/phone");
  const header = join(directory, `drift_${side}.h`);
  const program = join(directory, `drift_${side}`);
  mkdirSync(directory, { recursive: true });
  const text = tables.endsWith(".h")
    ? execFileSync("cat", [tables], { encoding: "utf8", maxBuffer: 1 << 24 })
    : tables === ""
      ? execFileSync("git", ["show", "HEAD:extension/phone_tables.h"], {
          cwd: root,
          encoding: "utf8",
          maxBuffer: 1 << 24,
        })
      : renderHeader(buildModel(readMetadata(tables)));
  writeFileSync(header, text);
  execFileSync("cc", [
    "-O2",
    `-DPHONE_TABLES="${header}"`,
    "-o",
    program,
    join(root, "test/phone/phone_read.c"),
    ...CORE.map((file) => join(root, "extension", file)),
  ]);
  const version = /METADATA_VERSION "([^"]*)"/.exec(text)?.[1] ?? "?";
  return { program, version };
}

/** Splits an answer of phone_read. @param {string} line */
function fields(line) {
  const [e164, valid, region, type, possible, national, international] =
    line.split("\t");
  return {
    e164,
    valid: valid === "1",
    region: region ?? "",
    type,
    possible,
    formats: `${national}\t${international}`,
  };
}

const CLASSES = {
  number: "E.164 changed",
  withPlus: "of those, the text began with +",
  wrongNumber: "valid both times, another number",
  newlyValid: "newly valid",
  newlyInvalid: "newly invalid",
  region: "region changed",
  type: "type changed",
  possible: "possible reason changed",
  formats: "format changed",
};

const before = build("old", values.old);
const after = build("new", values.new);
const inputs = new Inputs(readMetadata(), Number(values.seed));
const count = Number(values.count);
/** @type {Record<string, number>} */
const totals = Object.fromEntries(
  Object.keys(CLASSES).map((name) => [name, 0]),
);
/** @type {Map<string, Record<string, number>>} */
const byRegion = new Map();
/** @type {Map<string, string[]>} */
const examples = new Map();

/** @param {string} region @param {string} name */
function tally(region, name) {
  const row = byRegion.get(region) ?? {};
  byRegion.set(region, row);
  row[name] = (row[name] ?? 0) + 1;
  totals[name]++;
}

for (let done = 0; done < count; done += CHUNK) {
  const lines = Array.from({ length: Math.min(CHUNK, count - done) }, () =>
    inputLine(inputs.next()),
  );
  const was = readAll(before.program, "parse", lines);
  const is = readAll(after.program, "parse", lines);
  lines.forEach((line, i) => {
    if (was[i] === is[i]) return;
    const a = fields(was[i]);
    const b = fields(is[i]);
    const region = b.region || a.region || line.slice(line.indexOf("\t") + 1);
    if (a.e164 !== b.e164) {
      tally(region, "number");
      if (line.startsWith("+")) tally(region, "withPlus");
      if (a.valid && b.valid) tally(region, "wrongNumber");
      const list = examples.get(region) ?? [];
      examples.set(region, list);
      if (list.length < EXAMPLES) list.push(`${line}: ${a.e164} -> ${b.e164}`);
    }
    if (!a.valid && b.valid) tally(region, "newlyValid");
    if (a.valid && !b.valid) tally(region, "newlyInvalid");
    if (a.region !== b.region) tally(region, "region");
    if (a.type !== b.type) tally(region, "type");
    if (a.possible !== b.possible) tally(region, "possible");
    if (a.e164 === b.e164 && a.formats !== b.formats) tally(region, "formats");
  });
}

console.log(`# ${before.version} -> ${after.version}, ${count} texts\n`);
console.log("| class | texts |\n|---|---|");
for (const [name, title] of Object.entries(CLASSES)) {
  console.log(`| ${title} | ${totals[name]} |`);
}
console.log(`\n| region | ${Object.keys(CLASSES).join(" | ")} |`);
console.log(
  `|---|${Object.keys(CLASSES)
    .map(() => "---|")
    .join("")}`,
);
for (const [region, row] of [...byRegion].sort(
  ([, a], [, b]) => (b.number ?? 0) - (a.number ?? 0),
)) {
  const cells = Object.keys(CLASSES).map((name) => row[name] ?? 0);
  console.log(`| ${region || "none"} | ${cells.join(" | ")} |`);
}
if (examples.size > 0) {
  console.log("\nThe same text as another number:\n");
  for (const [region, list] of [...examples].sort()) {
    for (const example of list)
      console.log(`- ${region || "none"}: ${example}`);
  }
}
