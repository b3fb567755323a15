/**
 * What the browser remembers between visits. Preferences only: the theme,
 * single-key shortcuts on or off, the last company, the bare fact that
 * somebody signed in here (so that the sign-in page need not ask the server
 * in vain), and when a tab last had the token exchanged. Never a token, never anything about a caller. Storage may be
 * switched off; then a preference lasts as long as the page.
 *
 * @typedef {"theme" | "keys" | "company" | "signedIn" | "exchanged"} Name
 */
const memory = new Map();

/** @param {Name} name @returns {string | null} */
export function recall(name) {
  try {
    return localStorage.getItem(`cc.${name}`);
  } catch {
    return memory.get(name) ?? null;
  }
}

/** @param {Name} name @param {string | null} value null forgets it */
export function remember(name, value) {
  try {
    if (value === null) {
      localStorage.removeItem(`cc.${name}`);
    } else {
      localStorage.setItem(`cc.${name}`, value);
    }
  } catch {
    memory.set(name, value);
  }
}
