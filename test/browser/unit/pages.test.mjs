// What must hold for the files of the page as they are: what the pages load,
// what no source may contain, which icons there are.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../frontend", import.meta.url));
const PAGES = ["call-center.html", "login.html"];

const read = (path) => readFileSync(join(ROOT, path), "utf8");

function walk(directory) {
  return readdirSync(join(ROOT, directory), { withFileTypes: true }).flatMap(
    (entry) => {
      const path = join(directory, entry.name);
      return entry.isDirectory() ? walk(path) : [path];
    },
  );
}

const SOURCES = walk("js").filter((path) => path.endsWith(".js"));

/** Files of the tree that a page names, without the release. */
const named = (html) =>
  [...html.matchAll(/(?:href|src)="\/ui\/@RELEASE@\/([^"#]+)/g)].map(
    (match) => match[1],
  );

/** Every module that a module needs before it can run. */
function staticImports(entry, seen = new Set()) {
  for (const match of read(entry).matchAll(
    /^(?:import|export)\s[^;]*?from\s*"(\.[^"]+)"|^import\s*"(\.[^"]+)"|from"(\.[^"]+)"/gm,
  )) {
    const path = relative(
      ROOT,
      join(ROOT, dirname(entry), match[1] ?? match[2] ?? match[3]),
    );
    if (!seen.has(path)) {
      seen.add(path);
      staticImports(path, seen);
    }
  }
  return seen;
}

test("every file that a page names is there", () => {
  for (const page of PAGES) {
    for (const path of named(read(page))) {
      assert.ok(existsSync(join(ROOT, path)), `${page}: ${path}`);
    }
  }
});

test("a page preloads exactly the modules that its entry needs", () => {
  for (const page of PAGES) {
    const html = read(page);
    const entry =
      /<script\s+type="module"\s+src="\/ui\/@RELEASE@\/([^"]+)"/.exec(html)[1];
    const preloaded = [
      ...html.matchAll(
        /rel="modulepreload"\s+href="\/ui\/@RELEASE@\/([^"]+)"/g,
      ),
    ].map((match) => match[1]);
    assert.deepEqual(
      [...preloaded].sort(),
      [...staticImports(entry)].sort(),
      page,
    );
  }
});

test("pages have no inline script, style or handler", () => {
  for (const page of PAGES) {
    const html = read(page);
    assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)/, page);
    assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=/i, page);
    assert.doesNotMatch(html, /javascript:|https?:\/\/(?!www\.w3\.org)/i, page);
  }
});

test("no source makes markup or code out of text", () => {
  const banned =
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|unsafe-html|unsafeHTML|unsafeSVG|unsafeStatic|\beval\(|new Function|srcdoc|createContextualFragment|\sstyle="|\son[a-z]+="/;
  for (const path of [...SOURCES, "vendor/lit.js"]) {
    const code = read(path).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
    assert.doesNotMatch(code, banned, path);
  }
});

test("no source keeps more in the browser than preferences and positions", () => {
  for (const path of SOURCES) {
    const code = read(path);
    if (!path.endsWith("store.js") && !path.endsWith("theme.js")) {
      assert.doesNotMatch(
        code,
        /localStorage|indexedDB|document\.cookie/,
        path,
      );
    }
  }
});

test("every icon that is used is in icons.svg, with its own name", () => {
  const there = new Set(
    [...read("icons.svg").matchAll(/<symbol id="([^"]+)"/g)].map((m) => m[1]),
  );
  const used = new Set();
  for (const path of SOURCES) {
    const code = read(path);
    for (const match of code.matchAll(
      /\bicon\(\s*"([a-z0-9-]+)"|icon: "([a-z0-9-]+)"/g,
    )) {
      if (match[1] || match[2]) {
        used.add(match[1] ?? match[2]);
      }
    }
  }
  for (const page of PAGES) {
    for (const match of read(page).matchAll(/icons\.svg#([a-z0-9-]+)/g)) {
      used.add(match[1]);
    }
  }
  assert.ok(used.size > 20);
  assert.deepEqual(
    [...used].filter((name) => !there.has(name)),
    [],
  );
});
