#!/usr/bin/env node
// Checks the vendored libraries of the page: every file under frontend/vendor/
// that is not ours is listed in VENDOR.lock with its SHA-256, nothing listed
// is missing, and the bytes are those of the npm package of that version when
// it is installed. Prints TAP. With --write it makes the lock anew from what
// is there, after an upgrade: name, version, path, sha256, licence.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join, relative, sep } from "node:path";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const VENDOR = join(ROOT, "frontend/vendor");
const LOCK = join(VENDOR, "VENDOR.lock");
const OURS = new Set(["VENDOR.lock", "lit.js", "lit.d.ts"]);
const LICENCES = { "lit-html": "BSD-3-Clause" };

/** Every file under a directory, in byte order. */
function walk(directory) {
  return readdirSync(directory, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      return entry.isDirectory() ? walk(path) : [path];
    })
    .sort();
}

const sha256 = (path) =>
  createHash("sha256").update(readFileSync(path)).digest("hex");

/** "lit-html-3.3.3/directive.js" is the file directive.js of lit-html 3.3.3. */
function origin(path) {
  const match = /^(.+)-(\d+\.\d+\.\d+)\/(.+)$/.exec(path);
  return match && { name: match[1], version: match[2], file: match[3] };
}

const found = walk(VENDOR)
  .map((path) => relative(VENDOR, path).split(sep).join("/"))
  .filter((path) => !OURS.has(path));

if (process.argv.includes("--write")) {
  const lines = found.map((path) => {
    const from = origin(path);
    return `${from.name} ${from.version} ${path} ${sha256(join(VENDOR, path))} ${LICENCES[from.name]}\n`;
  });
  writeFileSync(LOCK, lines.join(""));
  process.exit(0);
}

const results = [];
const check = (what, problem) => results.push([what, problem]);
const listed = new Map(
  readFileSync(LOCK, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split(" "))
    .map(([name, version, path, hash, licence]) => [
      path,
      { name, version, hash, licence },
    ]),
);

for (const path of found) {
  check(`${path} is listed`, listed.has(path) ? "" : "not in VENDOR.lock");
}
for (const [path, entry] of listed) {
  const here = join(VENDOR, path);
  if (!existsSync(here)) {
    check(`${path} is there`, "missing");
    continue;
  }
  check(
    `${path} has its hash`,
    sha256(here) === entry.hash ? "" : "the bytes differ from VENDOR.lock",
  );
  check(`${path} has a licence`, entry.licence ? "" : "no licence");
  const from = origin(path);
  const installed = join(ROOT, "node_modules", from.name);
  if (existsSync(join(installed, "package.json"))) {
    const { version } = JSON.parse(
      readFileSync(join(installed, "package.json"), "utf8"),
    );
    check(
      `${path} is the file of the npm package`,
      version !== entry.version
        ? `installed is ${version}`
        : sha256(join(installed, from.file)) === entry.hash
          ? ""
          : "the bytes differ from the package",
    );
  }
}

console.log("TAP version 13");
results.forEach(([what, problem], i) => {
  console.log(`${problem ? "not ok" : "ok"} ${i + 1} - ${what}`);
  if (problem) {
    console.log(`# ${problem}`);
  }
});
console.log(`1..${results.length}`);
process.exitCode = results.some(([, problem]) => problem) ? 1 : 0;
