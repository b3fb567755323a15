/**
 * What lies over the page: menus and filter popovers (Popover API), dialogs
 * (<dialog>.showModal, which keeps the focus inside and gives it back), toasts.
 * The platform does layering, inertness and Escape; this file adds what it
 * leaves open: where a popover stands, arrow keys in menus, and the dialogs
 * that belong to no single place.
 *
 * @typedef {import("./keys.js").Keys} Keys
 */
import { html, nothing, render } from "../../../vendor/lit.js";
import { announce } from "./announce.js";
import { icon } from "./view.js";

const GAP = 4; // px between a button and its popover
const EDGE = 8; // px kept free at the edges of the window

/** Starts the service of every popover of the page. Called once. */
export function startPopovers() {
  // toggle does not bubble, but it can be captured.
  document.addEventListener(
    "toggle",
    (event) => {
      const popover = event.target;
      if (
        !(popover instanceof HTMLElement) ||
        !popover.popover ||
        /** @type {ToggleEvent} */ (event).newState !== "open"
      ) {
        return;
      }
      place(popover);
      if (popover.role === "menu" || popover.getAttribute("role") === "menu") {
        const items = menuItems(popover);
        (
          items.find((i) => i.getAttribute("aria-checked") === "true") ??
          items[0]
        )?.focus();
      }
    },
    true,
  );
  const replace = () => {
    for (const open of document.querySelectorAll(":popover-open")) {
      place(/** @type {HTMLElement} */ (open));
    }
  };
  addEventListener("scroll", replace, { capture: true, passive: true });
  addEventListener("resize", replace, { passive: true });
  document.addEventListener("keydown", menuKey);
  document.addEventListener("click", (event) => {
    const item =
      event.target instanceof Element &&
      event.target.closest('[role^="menuitem"]');
    if (item) {
      /** @type {HTMLElement | null} */ (
        item.closest("[popover]")
      )?.hidePopover();
    }
  });
}

/**
 * Puts a popover under the button that opens it, inside the window.
 * @param {HTMLElement} popover
 */
function place(popover) {
  const button = [
    ...document.querySelectorAll(`[popovertarget="${popover.id}"]`),
  ].find((b) => b.getClientRects().length > 0);
  if (!button) {
    return;
  }
  const from = button.getBoundingClientRect();
  const size = popover.getBoundingClientRect();
  const { clientWidth: width, clientHeight: height } = document.documentElement;
  const end = popover.dataset.align === "end";
  const left = end ? from.right - size.width : from.left;
  const below = from.bottom + GAP;
  const top =
    below + size.height + EDGE > height && from.top - GAP - size.height > EDGE
      ? from.top - GAP - size.height
      : below;
  popover.style.setProperty(
    "left",
    `${Math.max(EDGE, Math.min(left, width - size.width - EDGE))}px`,
  );
  popover.style.setProperty(
    "top",
    `${Math.max(EDGE, Math.min(top, height - size.height - EDGE))}px`,
  );
}

/** @param {Element} menu @returns {HTMLElement[]} */
const menuItems = (menu) => [
  .../** @type {NodeListOf<HTMLElement>} */ (
    menu.querySelectorAll('[role^="menuitem"]')
  ),
];

/**
 * Arrow keys, Home, End and Tab in a menu (WAI-ARIA APG).
 * @param {KeyboardEvent} event
 */
function menuKey(event) {
  const target = event.target;
  const menu =
    target instanceof Element &&
    /** @type {HTMLElement | null} */ (
      target.closest('[popover][role="menu"]')
    );
  if (!menu) {
    return;
  }
  const items = menuItems(menu);
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const to = /** @type {Record<string, number>} */ ({
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  });
  if (Object.hasOwn(to, event.key)) {
    event.preventDefault();
    items[to[event.key]]?.focus();
  } else if (event.key === "Tab") {
    menu.hidePopover();
  } else if (event.key === " " && at >= 0) {
    event.preventDefault();
    items[at].click();
  }
}

/** @type {HTMLElement | undefined} */
let toastBox;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let toastTimer;

/**
 * Says in passing what was done.
 * @param {string} text
 */
export function toast(text) {
  if (!toastBox) {
    toastBox = document.createElement("div");
    toastBox.className = "toast toast-at";
    toastBox.popover = "manual";
    document.body.append(toastBox);
  }
  render(
    html`${icon("circle-check", "s-ok")}<span aria-hidden="true"
        >${text}</span
      >`,
    toastBox,
  );
  toastBox.hidePopover();
  toastBox.showPopover();
  announce(text);
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => toastBox?.hidePopover(), 4000);
}

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
