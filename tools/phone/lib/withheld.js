/*
 * Callers who sent no number: the words that networks put in its place, and
 * the same words spelled on a telephone keypad, for lines that carry digits
 * only.
 *
 * A keypad spelling can be a valid number (RESTRICTED is one in the United
 * States, ANONYMOUS in Germany), so the extension looks for them before it
 * reads a number, and only in what a telephone line announced.
 */

/** Words that stand for a withheld number, in lower case. */
export const WITHHELD_WORDS = [
  "anonymous",
  "blocked",
  "private",
  "restricted",
  "unavailable",
  "unknown",
  "withheld",
];

/**
 * Spellings that are met with and do not come from a word above: RESTRICTED
 * with a wrong key, and a three-digit code of some carriers.
 */
const MET_WITH = ["7378742883", "464"];

/**
 * Gives the digits that stand for a withheld number.
 * @param {Record<string, string>} keypad letter to digit
 * @returns {string[]} sorted
 */
export function withheldSpellings(keypad) {
  const spelled = WITHHELD_WORDS.map((word) =>
    Array.from(word.toUpperCase(), (letter) => keypad[letter]).join(""),
  );
  return [...spelled, ...MET_WITH].sort();
}
