/*
 * Texts as lines of tab-separated fields, escaped as COPY does in its text
 * format, so that C, SQL and JavaScript read the same files.
 */

/** @type {Record<string, string>} */
const NAMED = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
  "\b": "\\b",
  "\f": "\\f",
  "\v": "\\v",
};

/** @param {string} text */
export function escapeField(text) {
  return text.replace(
    // eslint-disable-next-line no-control-regex -- control characters are the point
    /[\\\x00-\x1f\x7f]/g,
    (c) => NAMED[c] ?? `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

/** @param {{ text: string, region: string }} input */
export const inputLine = ({ text, region }) =>
  `${escapeField(text)}\t${region}`;
