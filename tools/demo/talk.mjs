/**
 * talk.mjs: one conversation as it is spoken: who says what, and when.
 *
 * Time passes as people speak: a turn lasts as long as its words take, and the
 * next one starts after the pause that the next speaker needs. Two turns in a row
 * of the same speaker become one, so that scenes can be put together from pieces.
 */

/**
 * @typedef {object} Turn
 * @property {"agent" | "caller"} speaker
 * @property {string} text
 * @property {number} start milliseconds from the start of the call
 * @property {number} end
 */

export class Talk {
  /**
   * @param {import("./random.mjs").Random} random
   * @param {(text: string) => string} fill replaces the {slots} of a template
   * @param {{ pace: number, latency: number }} manner words a second of the caller; seconds the assistant needs to answer
   */
  constructor(random, fill, manner) {
    this.random = random;
    this.fill = fill;
    this.manner = manner;
    /** @type {Turn[]} */
    this.turns = [];
    this.cursor = Math.round(random.between(900, 3200));
    this.pending = 0;
  }

  /** @param {string} text */
  agent(text) {
    this.add("agent", text);
  }

  /** @param {string} text */
  caller(text) {
    this.add("caller", text);
  }

  /**
   * Lets time pass before the next turn: someone looks for something.
   * @param {number} low seconds
   * @param {number} high seconds
   */
  wait(low, high) {
    this.pending += Math.round(this.random.between(low, high) * 1000);
  }

  /**
   * @param {"agent" | "caller"} speaker
   * @param {string} template
   */
  add(speaker, template) {
    const text = this.fill(template).trim();
    if (text === "") return;
    const last = this.turns[this.turns.length - 1];
    const pace = speaker === "agent" ? 2.4 : this.manner.pace;
    const words = text.split(/\s+/).length;
    // An ellipsis is somebody away from the telephone for a while.
    const away = (text.match(/…/g) ?? []).length;
    const length =
      Math.round((words / pace) * 1000) +
      400 +
      away * Math.round(this.random.between(1500, 6000));
    if (last !== undefined && last.speaker === speaker) {
      last.text += ` ${text}`;
      last.end += length + this.pending;
    } else {
      const pause =
        this.turns.length === 0
          ? 0
          : speaker === "agent"
            ? this.manner.latency * this.random.between(0.75, 1.5)
            : this.random.between(0.6, 3.2);
      const start = this.cursor + this.pending + Math.round(pause * 1000);
      this.turns.push({ speaker, text, start, end: start + length });
    }
    this.pending = 0;
    this.cursor = this.turns[this.turns.length - 1].end;
  }

  /** Where the conversation stands, in milliseconds from the start of the call. */
  get now() {
    return this.cursor;
  }

  /**
   * Cuts the conversation off at a moment: a turn that has not begun is gone, and
   * the one being spoken breaks off.
   * @param {number} at
   */
  cut(at) {
    this.turns = this.turns.filter((turn) => turn.start < at);
    const last = this.turns[this.turns.length - 1];
    if (last !== undefined && last.end > at) {
      const words = last.text.split(/\s+/);
      const kept = Math.max(
        1,
        Math.floor(
          (words.length * (at - last.start)) / (last.end - last.start),
        ),
      );
      if (kept < words.length) {
        last.text = `${words
          .slice(0, kept)
          .join(" ")
          .replace(/[,.;:]$/, "")} –`;
      }
      last.end = at;
    }
    this.cursor = at;
  }
}
