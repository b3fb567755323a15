/**
 * random.mjs: the only source of chance in the demo data.
 *
 * Everything the generator decides comes from one of these streams, so the same
 * seed gives the same bytes on every machine. A stream is named: taking one more
 * number in one subject (say, names) does not shift another (say, call times).
 */

/**
 * Hashes a name to four 32-bit words (FNV-1a with four offsets).
 * @param {string} name
 * @returns {[number, number, number, number]}
 */
function hash(name) {
  const words = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35];
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    for (let w = 0; w < 4; w++) {
      words[w] = Math.imul(words[w] ^ (code + w), 0x01000193) >>> 0;
    }
  }
  return [words[0], words[1], words[2], words[3]];
}

export class Random {
  /** @param {string} seed name of the stream */
  constructor(seed) {
    const [a, b, c, d] = hash(seed);
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
    /** @type {Map<readonly unknown[], unknown[]>} */
    this.decks = new Map();
    for (let i = 0; i < 16; i++) this.float();
  }

  /** The next number, 0 <= x < 1 (sfc32). */
  float() {
    const t = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + t) | 0;
    return (t >>> 0) / 4294967296;
  }

  /**
   * A whole number from `low` to `high`, both included.
   * @param {number} low
   * @param {number} high
   */
  int(low, high) {
    return low + Math.floor(this.float() * (high - low + 1));
  }

  /**
   * A number between `low` and `high`.
   * @param {number} low
   * @param {number} high
   */
  between(low, high) {
    return low + this.float() * (high - low);
  }

  /**
   * True with probability `p`.
   * @param {number} p
   */
  chance(p) {
    return this.float() < p;
  }

  /**
   * One element, all equally likely.
   * @template T
   * @param {readonly T[]} list
   * @returns {T}
   */
  pick(list) {
    return list[Math.floor(this.float() * list.length)];
  }

  /**
   * One element, dealt from a shuffled deck: a list is used up before anything in
   * it comes again. With `accept`, the next card that is accepted; the others stay.
   * @template T
   * @param {readonly T[]} list
   * @param {(item: T) => boolean} [accept]
   * @returns {T}
   */
  deal(list, accept = () => true) {
    let deck = /** @type {T[] | undefined} */ (this.decks.get(list));
    if (deck === undefined) {
      deck = [];
      this.decks.set(list, deck);
    }
    for (;;) {
      const at = deck.findIndex(accept);
      if (at >= 0) return deck.splice(at, 1)[0];
      if (!list.some(accept)) throw new Error("no card can be accepted");
      deck.push(...this.shuffle(list));
    }
  }

  /**
   * One key of `weights`, by weight.
   * @template {string} K
   * @param {Readonly<Record<K, number>>} weights
   * @returns {K}
   */
  weighted(weights) {
    const entries = /** @type {[K, number][]} */ (Object.entries(weights));
    return this.choose(entries, (entry) => entry[1])[0];
  }

  /**
   * One element, by the weight that `weight` gives it.
   * @template T
   * @param {readonly T[]} list
   * @param {(item: T) => number} weight
   * @returns {T}
   */
  choose(list, weight) {
    let total = 0;
    for (const item of list) total += weight(item);
    let left = this.float() * total;
    for (const item of list) {
      left -= weight(item);
      if (left < 0) return item;
    }
    return list[list.length - 1];
  }

  /**
   * A shuffled copy.
   * @template T
   * @param {readonly T[]} list
   * @returns {T[]}
   */
  shuffle(list) {
    const copy = [...list];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = Math.floor(this.float() * (i + 1));
      [copy[i], copy[j]] = [copy[j], copy[i]];
    }
    return copy;
  }

  /**
   * A number from a normal distribution.
   * @param {number} mean
   * @param {number} deviation
   */
  normal(mean, deviation) {
    const u = 1 - this.float();
    const v = this.float();
    return (
      mean + deviation * Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v)
    );
  }

  /**
   * How many events happen when `mean` are expected (Poisson).
   * @param {number} mean
   */
  poisson(mean) {
    const limit = Math.exp(-mean);
    let count = 0;
    let product = this.float();
    while (product > limit) {
      count++;
      product *= this.float();
    }
    return count;
  }

  /**
   * `digits` lower-case hex digits.
   * @param {number} digits
   */
  hex(digits) {
    let text = "";
    while (text.length < digits) text += this.int(0, 15).toString(16);
    return text;
  }
}
