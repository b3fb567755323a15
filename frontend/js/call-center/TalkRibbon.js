/**
 * The talk ribbon: who spoke when, drawn from the turn times, caller above the
 * axis, assistant below. It needs no audio. This file owns its geometry and
 * the arithmetic of its slider; the templates are with the places that show
 * it. Pure, so that the unit tests import this very file.
 *
 * @typedef {import("./types.js").Turn} Turn
 */

/**
 * How long the ribbon is: the call's length, or the end of the last turn when
 * that is later or the length is not known.
 * @param {Turn[]} turns
 * @param {number | undefined} seconds the call's length
 * @returns {number} milliseconds, at least 1
 */
export function span(turns, seconds) {
  return Math.max(1, (seconds ?? 0) * 1000, ...turns.map((t) => t[2]));
}

/**
 * The small ribbon of a row: one path a voice, turns as blocks on two lanes.
 * @param {Turn[]} turns
 * @param {number | undefined} seconds
 * @param {number} width of the view box
 * @returns {{ caller: string, agent: string }} path data
 */
export function lanes(turns, seconds, width) {
  const scale = width / span(turns, seconds);
  const paths = ["", ""];
  for (const [who, from, to] of turns) {
    if (who !== 0 && who !== 1) {
      continue;
    }
    const x = clamp(from * scale, 0, width - 1);
    const w = Math.max(1, Math.min(to * scale, width) - x - 0.5);
    paths[who] += `M${round(x)} ${who ? 10 : 2}h${round(w)}v6H${round(x)}z`;
  }
  return { caller: paths[0], agent: paths[1] };
}

/**
 * Dots on the axis, for a call in which nobody spoke.
 * @param {number} width
 * @param {number} n
 * @returns {number[]} x positions
 */
export function dots(width, n) {
  return Array.from({ length: n }, (_, i) => round((width * (i + 0.5)) / n));
}

/**
 * The large ribbon: one thin bar every `step`, up while the caller speaks and
 * down while the assistant does, a dot while nobody does. Bars of one turn are
 * equally high: how loud somebody spoke is not known without audio.
 * @param {Turn[]} turns
 * @param {number | undefined} seconds
 * @param {number} width
 * @param {number} step
 * @returns {{ x: number, who: 0 | 1 | -1, ms: number }[]} x is the middle of
 *   the bar, ms the moment that it stands for
 */
export function bars(turns, seconds, width, step) {
  const total = span(turns, seconds);
  const n = Math.max(1, Math.floor(width / step));
  let next = 0;
  return Array.from({ length: n }, (_, i) => {
    const ms = ((i + 0.5) * total) / n;
    while (next < turns.length && turns[next][2] <= ms) {
      next++;
    }
    const turn = turns[next];
    const who = turn && turn[1] <= ms ? turn[0] : -1;
    return { x: round(((i + 0.5) * width) / n), who, ms };
  });
}

/**
 * Share of the talk of each voice.
 * @param {Turn[]} turns
 * @returns {{ caller: number, agent: number } | null} 0 to 1, summing to 1
 */
export function shares(turns) {
  const talk = [0, 0];
  for (const [who, from, to] of turns) {
    talk[who] += Math.max(0, to - from);
  }
  const sum = talk[0] + talk[1];
  return sum > 0 ? { caller: talk[0] / sum, agent: talk[1] / sum } : null;
}

/**
 * The turn that is heard at a moment: the last one that has begun.
 * @param {number[]} starts seconds, ascending
 * @param {number} t seconds
 * @returns {number} its index, -1 before the first
 */
export function turnAt(starts, t) {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= t) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}

/**
 * Where a key moves the slider (WAI-ARIA APG: arrows 5 s, Page 30 s).
 * @param {string} key
 * @param {number} t
 * @param {number} length
 * @returns {number | null} null: not a key of the slider
 */
export function slide(key, t, length) {
  const steps = /** @type {Record<string, number>} */ ({
    ArrowRight: t + 5,
    ArrowUp: t + 5,
    ArrowLeft: t - 5,
    ArrowDown: t - 5,
    PageUp: t + 30,
    PageDown: t - 30,
    Home: 0,
    End: length,
  });
  return Object.hasOwn(steps, key)
    ? Math.round(clamp(steps[key], 0, length))
    : null;
}

/** @param {number} x @param {number} low @param {number} high */
const clamp = (x, low, high) => Math.min(Math.max(x, low), high);
/** @param {number} x */
const round = (x) => Math.round(x * 100) / 100;
