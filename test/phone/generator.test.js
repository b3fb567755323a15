/*
 * The generator of the phone number tables: the same bytes every time, and no
 * silence about what it does not know.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import {
  Pool,
  PrefixPool,
  STATE_LIMIT,
} from "../../tools/phone/lib/automata.js";
import { formatGroups } from "../../tools/phone/lib/formats.js";
import { readMetadata } from "../../tools/phone/lib/metadata.js";
import { buildModel } from "../../tools/phone/lib/model.js";
import { compile } from "../../tools/phone/lib/program.js";
import { parseRegex } from "../../tools/phone/lib/regex.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (/** @type {string} */ file) =>
  readFileSync(join(root, file), "utf8");

test("the committed tables are what the generator makes", () => {
  const directory = mkdtempSync(join(tmpdir(), "phone-"));
  try {
    const output = join(directory, "phone_tables.h");
    execFileSync(process.execPath, [
      join(root, "tools/phone/generate.js"),
      "--output",
      output,
    ]);
    // assert.equal would print two headers of 700 KiB.
    assert.ok(
      readFileSync(output, "utf8") === read("extension/phone_tables.h"),
      "extension/phone_tables.h is not up to date: make phone-tables",
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("the metadata is pinned to one release, by its integrity", () => {
  const { devDependencies } = JSON.parse(read("package.json"));
  const locked = JSON.parse(read("package-lock.json")).packages[
    "node_modules/google-libphonenumber"
  ];
  assert.match(devDependencies["google-libphonenumber"], /^\d+\.\d+\.\d+$/);
  assert.equal(locked.version, devDependencies["google-libphonenumber"]);
  assert.match(locked.integrity, /^sha512-/);
  assert.equal(locked.resolved, undefined);
  assert.ok(
    read("extension/phone_tables.h").includes(
      `#define METADATA_VERSION "${locked.version}"`,
    ),
  );
});

test("an unknown construct in a pattern is an error", () => {
  for (const pattern of [
    "(?=1)2",
    "(?!1)2",
    "(?<=1)2",
    "(?<name>1)",
    "(1)\\1",
    "\\w",
    "\\s",
    "\\b1",
    ".",
    "[^1]",
    "1??",
    "1{2}{3}",
    "1{,3}",
    "(1",
    "1)",
    "[1",
    "*1",
    "1\\",
    "[3-1]",
    "^*",
  ]) {
    assert.throws(() => parseRegex(pattern), Error, pattern);
  }
});

test("a pattern that is no finite language over digits is an error", () => {
  for (const pattern of [
    "\\d*",
    "1+",
    "\\d{2,}",
    "12a",
    "[0-9a]",
    "1-2",
    "^1",
  ]) {
    assert.throws(() => compile(pattern), Error, pattern);
  }
});

test("an unknown construct in the metadata stops the generator", () => {
  for (const [field, pattern] of [
    ["nationalPrefix", "0(?!1)"],
    ["internationalPrefix", "00+"],
    ["leadingDigits", "\\w2"],
  ]) {
    const metadata = readMetadata();
    const at = metadata.regions.findIndex(({ key }) => key === "KZ");
    metadata.regions[at] = { ...metadata.regions[at], [field]: pattern };
    assert.throws(() => buildModel(metadata), Error, `${field} ${pattern}`);
  }
});

test("an unknown format is an error", () => {
  /** @param {string} pattern */
  const format = (pattern) =>
    formatGroups({
      pattern,
      template: "$1",
      leadingDigits: "",
      nationalRule: "",
    });
  assert.deepEqual(format("(\\d)(\\d{3})(\\d{2,4})"), [
    [1, 1],
    [3, 3],
    [2, 4],
  ]);
  for (const pattern of ["", "(\\d+)", "\\d{3}", "([2-9]\\d)", "(\\d{3})4"]) {
    assert.throws(() => format(pattern), Error, pattern);
  }
});

test("more states than an index can name are an error", () => {
  const pool = new Pool("a test", 0);
  const next = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let value = 1; value < STATE_LIMIT; value++) pool.add(value, next);
  assert.equal(pool.states.length, STATE_LIMIT);
  assert.equal(pool.add(1, next), 1, "a known state needs no room");
  assert.throws(() => pool.add(STATE_LIMIT, next), /more than 65535 states/);
});

test("a prefix automaton takes off what a backtracking matcher would", () => {
  // The first alternative that matches wins, not the longest.
  const cases = [
    ["0|01|012", ""],
    ["01|0", ""],
    ["(?:0|90)(?:(1[245]|2)(\\d{2}))?", "$2"],
    ["0?(?:(1|12)(3|34))?", "$1$2"],
    ["1(2)?(3)?|12", "9$1"],
    ["0$|01?", ""],
    ["(0)|(1)2?", "7$2"],
  ];
  for (const [pattern, transform] of cases) {
    const pool = new PrefixPool();
    const start = pool.automaton(pattern, transform);
    const regex = new RegExp(`^(?:${pattern})`);
    for (let number = 0; number < 111111; number++) {
      // What follows the first digit is every text of up to four digits and,
      // of five, those from 00000 to 11111.
      const digits = String(number + 1).slice(1);
      const match = regex.exec(digits);
      let state = start;
      let outcome = 0;
      for (let i = 0; state !== 0; i++) {
        const found =
          pool.pool.states[state].value[i === digits.length ? 1 : 0];
        if (found !== 0) outcome = found;
        if (i === digits.length) break;
        state = pool.pool.states[state].next[Number(digits[i])];
      }
      const got = outcome === 0 ? null : pool.outcomes[outcome];
      assert.equal(got?.length, match?.[0].length, `${pattern} of ${digits}`);
      if (!match || !got) continue;
      const last = match[match.length - 1];
      const transforms = transform !== "" && match.length > 1 && Boolean(last);
      assert.equal(got.transforms, transforms, `${pattern} of ${digits}`);
      if (!transforms) continue;
      const groups = got.groups.map(([from, to]) => digits.slice(from, to));
      assert.deepEqual(
        groups,
        match.slice(1).map((group) => group ?? ""),
        `${pattern} of ${digits}`,
      );
    }
  }
});

test("no extension is without a mark, and every mark is needed", () => {
  const { grammar } = buildModel(readMetadata());
  const { start, states } = grammar.extension;
  /** Says whether an extension can be made without the marks. @param {boolean[]} marks */
  const reaches = (marks) => {
    const reached = new Set([start]);
    for (const state of reached) {
      states[state].next.forEach((to, i) => {
        if (!marks[i]) reached.add(to);
      });
    }
    return [...reached].some((state) => states[state].accepts);
  };
  assert.ok(!reaches(grammar.marks));
  grammar.marks.forEach((marked, without) => {
    if (!marked) return;
    assert.ok(reaches(grammar.marks.map((mark, i) => mark && i !== without)));
  });
  for (const plain of "0123456789 -().+/") {
    assert.ok(!grammar.marks[grammar.ascii[plain.charCodeAt(0)]], plain);
  }
});

test("the drift table says what other metadata changes, and nothing of the same", () => {
  /** The totals of a drift table, by class. @param {string} old */
  const drift = (old) => {
    const said = execFileSync(
      process.execPath,
      [join(root, "tools/phone/drift.js"), "--old", old, "--count", "30000"],
      { encoding: "utf8" },
    );
    assert.match(said, /^# \S+ -> 3\.2\.47, 30000 texts$/m);
    return Object.fromEntries(
      Array.from(said.matchAll(/^\| ([^|]+) \| (\d+) \|$/gm), (match) => [
        match[1],
        Number(match[2]),
      ]),
    );
  };
  const changed = drift("google-libphonenumber-2022");
  for (const [name, count] of Object.entries(changed)) {
    assert.ok(count > 0, name);
  }
  const unchanged = drift(join(root, "extension/phone_tables.h"));
  assert.deepEqual(Object.keys(unchanged), Object.keys(changed));
  assert.equal(Object.keys(changed).length, 9);
  for (const [name, count] of Object.entries(unchanged)) {
    assert.equal(count, 0, name);
  }
});

test("withheld words are spelled on the keypad", () => {
  assert.deepEqual(buildModel(readMetadata()).withheldSpellings, [
    "2562533",
    "266696687",
    "464",
    "7378742833",
    "7378742883",
    "7748283",
    "86282452253",
    "8656696",
    "94844353",
  ]);
});
