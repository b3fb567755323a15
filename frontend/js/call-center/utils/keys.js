/**
 * Keyboard shortcuts. Layers lie on each other: the top one that knows a key
 * gets it, a layer marked `alone` lets nothing through to those below. Single
 * keys can be switched off (WCAG 2.1.4: they get in the way of voice control)
 * and are ignored while somebody types; Escape always works.
 *
 * @typedef {Record<string, (event: KeyboardEvent) => unknown>} Bindings
 *   names as keyName() gives them, sequences as "g c"; a handler that returns
 *   false did not want the key
 * @typedef {{ bindings: Bindings, alone: boolean }} Layer
 */

const SEQUENCE_MS = 1200; // how long the second key of "g c" may take

/**
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">} event
 * @returns {string} "j", "?", "Escape", "ArrowDown"; "" for a chord, which
 *   belongs to the browser
 */
export function keyName(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    return "";
  }
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

/**
 * Is the key part of a text that somebody types?
 * @param {{ tagName?: string, type?: string, isContentEditable?: boolean } | null} target
 */
export function isTyping(target) {
  if (!target) {
    return false;
  }
  const tag = target.tagName;
  return (
    target.isContentEditable === true ||
    tag === "TEXTAREA" ||
    tag === "SELECT" ||
    (tag === "INPUT" &&
      !["checkbox", "radio", "button", "submit", "reset"].includes(
        target.type ?? "",
      ))
  );
}

export class Keys {
  /** @type {Layer[]} */
  #layers = [];
  #prefix = "";
  #prefixAt = 0;
  /** Are single-key shortcuts on? */
  enabled = true;

  /** @param {Pick<EventTarget, "addEventListener">} target */
  constructor(target) {
    target.addEventListener("keydown", (event) =>
      this.handle(/** @type {KeyboardEvent} */ (event)),
    );
  }

  /**
   * Puts a layer on top.
   * @param {Bindings} bindings
   * @param {boolean} [alone]
   * @returns {() => void} takes it away again
   */
  add(bindings, alone = false) {
    const layer = { bindings, alone };
    this.#layers.push(layer);
    return () => {
      this.#layers = this.#layers.filter((l) => l !== layer);
    };
  }

  /** @param {KeyboardEvent} event */
  handle(event) {
    const name = keyName(event);
    if (!name || event.defaultPrevented || event.isComposing) {
      return;
    }
    const typing = isTyping(/** @type {any} */ (event.target));
    if (name !== "Escape" && (typing || !this.enabled)) {
      return;
    }
    const now = event.timeStamp;
    const sequence =
      this.#prefix && now - this.#prefixAt < SEQUENCE_MS
        ? `${this.#prefix} ${name}`
        : "";
    this.#prefix = "";
    for (const layer of [...this.#layers].reverse()) {
      const handler =
        (sequence && layer.bindings[sequence]) || layer.bindings[name];
      if (handler) {
        if (handler(event) !== false) {
          event.preventDefault();
        }
        return;
      }
      if (Object.keys(layer.bindings).some((k) => k.startsWith(`${name} `))) {
        this.#prefix = name;
        this.#prefixAt = now;
        return;
      }
      if (layer.alone) {
        return;
      }
    }
  }
}
