/**
 * The field tables of the extension, read from its C sources: which fields a document has, of which type, and who sets them.
 */
import { readFileSync } from "node:fs";

/** Splits C at commas that are in no brackets and no string. */
function split(text) {
  const parts = [];
  let depth = 0;
  let part = "";
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      const end = text.indexOf('"', i + 1);
      part += text.slice(i, end + 1);
      i = end;
      continue;
    }
    if ("({".includes(c)) depth++;
    if (")}".includes(c)) depth--;
    if (c === "," && depth === 0) {
      parts.push(part.trim());
      part = "";
    } else part += c;
  }
  if (part.trim()) parts.push(part.trim());
  return parts;
}

/**
 * The fields of one table of a source file.
 * @param {string} file below extension/
 * @param {string} list the array in it
 */
export function fields(file, list) {
  const source = readFileSync(
    new URL(`../../extension/${file}`, import.meta.url),
    "utf8",
  )
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/\\\n/g, " ");
  const macros = Object.fromEntries(
    [...source.matchAll(/^#define (\w+)[ \t]+(.*)$/gm)].map((m) => [
      m[1],
      m[2],
    ]),
  );
  const body = source
    .split(`Field ${list}[] = {`)[1]
    .split("\n};")[0]
    .replace(/\b(TEXT_SHORT|TEXT_LONG|INTENT_MAX)\b/g, (name) => macros[name]);
  return split(body).map((entry) => {
    const [path, column, type, ...rest] = split(entry.slice(1, -1));
    const plain = rest.filter((part) => !part.startsWith("."));
    const named = Object.fromEntries(
      rest
        .filter((part) => part.startsWith("."))
        .map((part) => part.slice(1).split(/ = (.*)/s)),
    );
    return {
      path: path.slice(1, -1),
      column,
      type: type.replace("FIELD_", ""),
      flags: new Set((plain[0] ?? "").match(/FIELD_\w+/g) ?? []),
      min: Number(plain[1] ?? 0),
      max: Number(plain[2] ?? 0),
      of: named.of?.slice(1, -1),
      derived: "derived" in named,
    };
  });
}
