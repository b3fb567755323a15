/**
 * The dialogs that belong to no single place. <dialog>.showModal() keeps the
 * focus inside, makes the rest inert and gives the focus back. Loaded when the
 * first of them is needed.
 *
 * @typedef {import("./keys.js").Keys} Keys
 */
import { html, nothing, render } from "../../../vendor/lit.js";
import { icon } from "./view.js";

/**
 * Opens a modal dialog that is made for the occasion and gone afterwards.
 * @param {Keys} keys
 * @param {string} labelledBy id of the heading inside
 * @param {(dialog: HTMLDialogElement) => unknown} template
 * @returns {{ dialog: HTMLDialogElement, draw: () => void, closed: Promise<void> }}
 */
function openDialog(keys, labelledBy, template) {
  const dialog = document.createElement("dialog");
  dialog.className = "dlg-box";
  dialog.setAttribute("aria-labelledby", labelledBy);
  const draw = () => render(template(dialog), dialog);
  draw();
  document.body.append(dialog);
  const removeLayer = keys.add({}, true);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && dialog.dataset.must === undefined) {
      dialog.close();
    }
  });
  const closed = new Promise((/** @type {(v: void) => void} */ resolve) => {
    dialog.addEventListener("close", () => {
      removeLayer();
      dialog.remove();
      resolve();
    });
  });
  dialog.showModal();
  return { dialog, draw, closed };
}

/**
 * The list of shortcuts, and the switch that turns single keys off.
 * @param {Keys} keys
 * @param {{ what: string, keys: string[] }[]} list
 * @param {(on: boolean) => void} turned
 */
export function showShortcuts(keys, list, turned) {
  if (document.getElementById("shortcuts-title")) {
    return;
  }
  openDialog(
    keys,
    "shortcuts-title",
    (dialog) =>
      html`<div class="dlg dlg-keys">
        <header class="dlg-head">
          <h2 id="shortcuts-title">Keyboard shortcuts</h2>
          <button
            class="icon-btn icon-btn-sm"
            aria-label="Close"
            @click=${() => dialog.close()}
          >
            ${icon("x")}
          </button>
        </header>
        <ul class="keylist">
          ${list.map(
            (entry) =>
              html`<li>
                <span>${entry.what}</span
                ><span class="keys"
                  >${entry.keys.map(
                    (k) => html`<kbd class="kbd">${k}</kbd>`,
                  )}</span
                >
              </li>`,
          )}
        </ul>
        <p class="keyset">
          <label class="check"
            ><input
              type="checkbox"
              class="switch"
              role="switch"
              ?checked=${keys.enabled}
              @change=${(/** @type {Event} */ event) =>
                turned(/** @type {HTMLInputElement} */ (event.target).checked)}
            />Single-key shortcuts</label
          ><span class="hint">Turn off if you use voice control.</span>
        </p>
      </div>`,
  );
}

/**
 * The session ended during work: signs in again in place. The page behind
 * stays as it is; there is no way around this dialog but another account.
 * @param {Keys} keys
 * @param {string} email
 * @param {(password: string) => Promise<string>} signIn resolves "" when
 *   signed in, else what to tell
 * @param {() => void} switchAccount
 * @returns {Promise<boolean>} true: signed in
 */
export async function signInAgain(keys, email, signIn, switchAccount) {
  let problem = "";
  let busy = false;
  let done = false;
  const { dialog, draw, closed } = openDialog(
    keys,
    "again-title",
    (dialog) =>
      html`<form
        class="dlg"
        method="dialog"
        novalidate
        @submit=${async (/** @type {SubmitEvent} */ event) => {
          event.preventDefault();
          if (busy) {
            return;
          }
          const field = /** @type {HTMLInputElement} */ (
            dialog.querySelector("#again-password")
          );
          problem = field.value ? "" : "Enter your password.";
          busy = !problem;
          draw();
          if (busy) {
            problem = await signIn(field.value);
            busy = false;
            done = !problem;
          }
          if (done) {
            dialog.close();
          } else {
            draw();
            field.select();
            field.focus();
          }
        }}
      >
        <h2 id="again-title">Sign in again to continue</h2>
        <p>Your session has ended. The page behind is kept as it is.</p>
        <input
          class="sr"
          type="text"
          autocomplete="username"
          .value=${email}
          readonly
          tabindex="-1"
          aria-hidden="true"
        />
        <label class="label" for="again-password"
          >Password for <bdi>${email}</bdi></label
        >
        <div class="field" ?data-invalid=${Boolean(problem)}>
          <input
            id="again-password"
            type="password"
            autocomplete="current-password"
            autofocus
            aria-invalid=${problem ? "true" : "false"}
            aria-describedby=${problem ? "again-problem" : nothing}
          />
        </div>
        ${
          problem
            ? html`<p class="error-text" id="again-problem" role="alert">
                ${icon("octagon-alert", "i-sm")}${problem}
              </p>`
            : nothing
        }
        <div class="row">
          <button type="button" class="btn btn-quiet" @click=${switchAccount}>
            Switch account
          </button>
          <button class="btn btn-primary" aria-disabled=${String(busy)}>
            Sign in
          </button>
        </div>
      </form>`,
  );
  dialog.dataset.must = "";
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  // A browser may close a dialog on a second Escape whatever the page says.
  dialog.addEventListener("close", () => {
    if (!done) {
      switchAccount();
    }
  });
  await closed;
  return done;
}
