/**
 * What lies over the page without stopping it: menus and filter popovers
 * (Popover API), toasts. The platform does layering and Escape; this file adds
 * what it leaves open: where a popover stands, and arrow keys in menus.
 */
import { html, render } from "../../../vendor/lit.js";
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
