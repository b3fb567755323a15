/**
 * Sign-in. The session comes back as a cookie that no script can read; the
 * page goes on to where somebody wanted to go, which is a path of this site or
 * nothing.
 */
import { Api, ApiError } from "./call-center/utils/api.js";
import { wait } from "./call-center/utils/formatters.js";
import { safeNext } from "./call-center/utils/router.js";
import { recall, remember } from "./call-center/utils/store.js";

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @returns {T}
 */
const byId = (id) => /** @type {T} */ (document.getElementById(id));

const form = /** @type {HTMLFormElement} */ (byId("sign-in"));
const email = /** @type {HTMLInputElement} */ (byId("email"));
const password = /** @type {HTMLInputElement} */ (byId("password"));
const show = /** @type {HTMLButtonElement} */ (byId("show-password"));
const button = /** @type {HTMLButtonElement} */ (byId("go"));

const api = new Api({ signInAgain: async () => false, reached: () => {} });

const goOn = () =>
  location.replace(
    safeNext(new URLSearchParams(location.search).get("next"), location.origin),
  );

/**
 * Says under a field what is wrong with it, or nothing.
 * @param {HTMLInputElement} field
 * @param {string} text
 */
function complain(field, text) {
  const place = byId(`${field.id}-error`);
  place.hidden = !text;
  byId(`${field.id}-error-text`).textContent = text;
  field.toggleAttribute("aria-invalid", false);
  if (text) {
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", place.id);
  } else {
    field.removeAttribute("aria-describedby");
  }
  field.parentElement?.toggleAttribute("data-invalid", Boolean(text));
}

/** @param {unknown} error */
function words(error) {
  if (!(error instanceof ApiError) || error.kind !== "http") {
    return "The server cannot be reached. Try again in a moment.";
  }
  switch (error.status) {
    case 400:
    case 401:
      return "Email or password is incorrect.";
    case 429:
      return `Too many tries. Try again in ${wait(error.retryAfter || 60)}.`;
    default:
      return `The server reported a problem. Try again in a moment.${error.ref ? ` Reference ${error.ref}` : ""}`;
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.getAttribute("aria-disabled") === "true") {
    return;
  }
  complain(email, email.value.trim() ? "" : "Enter your email.");
  complain(password, password.value ? "" : "Enter your password.");
  const wrong = form.querySelector("[aria-invalid]");
  if (wrong instanceof HTMLElement) {
    wrong.focus();
    return;
  }
  button.setAttribute("aria-disabled", "true");
  try {
    await api.signIn(email.value.trim(), password.value);
    remember("signedIn", "1");
    goOn();
  } catch (error) {
    complain(password, words(error));
    password.focus();
    password.select();
  } finally {
    button.setAttribute("aria-disabled", "false");
  }
});

show.addEventListener("click", () => {
  const shown = password.type === "password";
  password.type = shown ? "text" : "password";
  show.setAttribute("aria-pressed", String(shown));
});

// Somebody who is signed in already goes on. Only who signed in here before is
// worth the question.
if (recall("signedIn")) {
  api.session({ quiet: true }).then(goOn, () => remember("signedIn", null));
}
