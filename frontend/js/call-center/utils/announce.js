/**
 * One polite live region for the whole page: what changed without the focus
 * moving is said here, in few words.
 */
const region = document.createElement("p");
region.className = "sr";
region.setAttribute("role", "status");
document.body.append(region);

/** @param {string} text */
export function announce(text) {
  // The same words twice are not announced again unless the region changes.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
  // While a dialog is open everything outside it is inert, the region too.
  const top = [...document.querySelectorAll("dialog[open]")].at(-1);
  (top ?? document.body).append(region);
}
