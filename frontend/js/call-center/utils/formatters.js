/**
 * Numbers, times and texts as people read them. Pure: no DOM, so that the
 * unit tests import this very file. Times are shown in the company's time
 * zone; Intl formatters are made once and kept, because making one costs a
 * hundred times more than using it. The day a call belongs to comes from the
 * server; here days are only named.
 */

/** The language of the words in labels.js; formats must agree with it. */
const LOCALE = "en-US";

/** @type {Map<string, Intl.DateTimeFormat>} */
const dateFormats = new Map();

/**
 * @param {string} timeZone
 * @param {Intl.DateTimeFormatOptions} options
 * @returns {Intl.DateTimeFormat}
 */
function dateFormat(timeZone, options) {
  const key = timeZone + JSON.stringify(options);
  let format = dateFormats.get(key);
  if (!format) {
    try {
      format = new Intl.DateTimeFormat(LOCALE, { timeZone, ...options });
    } catch {
      // A zone that this browser does not know: say UTC rather than nothing.
      format = new Intl.DateTimeFormat(LOCALE, {
        timeZone: "UTC",
        ...options,
        timeZoneName: "short",
      });
    }
    dateFormats.set(key, format);
  }
  return format;
}

const integers = new Intl.NumberFormat(LOCALE);
const percents = new Intl.NumberFormat(LOCALE, {
  style: "percent",
  maximumFractionDigits: 0,
});
const dollars = new Intl.NumberFormat(LOCALE, {
  style: "currency",
  currency: "USD",
  minimumFractionDigits: 2,
  maximumFractionDigits: 4,
});
const ratings = new Intl.NumberFormat(LOCALE, {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const prices = new Intl.NumberFormat(LOCALE, {
  style: "currency",
  currency: "USD",
  maximumFractionDigits: 0,
});
const ordinals = new Intl.PluralRules(LOCALE, { type: "ordinal" });

/** @param {number} n @returns {string} "1,247" */
export const number = (n) => integers.format(n);
/** @param {number} stars 1 to 5 @returns {string} "4.8" */
export const rating = (stars) => ratings.format(stars);
/** @param {number} share 0 to 1 @returns {string} "94%" */
export const percent = (share) => percents.format(share);
/** @param {number} amount in US dollars @returns {string} "$0.0042" */
export const money = (amount) => dollars.format(amount);

/** @param {number} amount in US dollars @returns {string} "$1,240" */
export const price = (amount) => prices.format(amount);

/** @param {number} n @returns {string} "1st", "22nd", "113th" */
export function ordinal(n) {
  const suffix = { one: "st", two: "nd", few: "rd", other: "th" };
  const rule = /** @type {keyof typeof suffix} */ (ordinals.select(n));
  return number(n) + suffix[rule];
}

/**
 * A length as text: "3m 24s", "19s", "1h 2m".
 * @param {number | undefined | null} seconds
 * @returns {string} "" when unknown
 */
export function duration(seconds) {
  if (seconds == null || !Number.isFinite(seconds) || seconds < 0) {
    return "";
  }
  const s = Math.round(seconds);
  if (s < 60) {
    return `${s}s`;
  }
  if (s < 3600) {
    return s % 60 ? `${Math.floor(s / 60)}m ${s % 60}s` : `${s / 60}m`;
  }
  const minutes = Math.floor((s % 3600) / 60);
  return minutes
    ? `${number(Math.floor(s / 3600))}h ${minutes}m`
    : `${number(s / 3600)}h`;
}

/**
 * A position as a player shows it: "1:04", "1:02:03".
 * @param {number} seconds
 */
export function clock(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return s < 3600
    ? `${Math.floor(s / 60)}:${two(s % 60)}`
    : `${Math.floor(s / 3600)}:${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`;
}

/**
 * A position as a screen reader says it: "1 minute 4 seconds".
 * @param {number} seconds
 */
export function spoken(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const unit = (/** @type {number} */ n, /** @type {string} */ name) =>
    `${n} ${name}${n === 1 ? "" : "s"}`;
  const minutes = Math.floor(s / 60);
  return minutes
    ? `${unit(minutes, "minute")} ${unit(s % 60, "second")}`
    : unit(s, "second");
}

/**
 * How long to wait, rounded up: "8 seconds", "5 minutes".
 * @param {number} seconds
 */
export function wait(seconds) {
  return seconds < 60
    ? spoken(Math.max(1, Math.ceil(seconds)))
    : `${Math.ceil(seconds / 60)} minute${seconds > 60 ? "s" : ""}`;
}

/**
 * "2:34 PM".
 * @param {string} iso @param {string} timeZone
 */
export function time(iso, timeZone) {
  const date = new Date(iso);
  return Number.isNaN(date.getTime())
    ? ""
    : dateFormat(timeZone, { hour: "numeric", minute: "2-digit" }).format(date);
}

/**
 * "Mon, Dec 1, 2:34 PM"; with the year when it is not the year of `today`.
 * @param {string} iso @param {string} timeZone @param {string} today
 */
export function dateTime(iso, timeZone, today) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) {
    return "";
  }
  const day = localDay(date, timeZone);
  return `${dayLabel(day, today)}, ${time(iso, timeZone)}`;
}

/**
 * The calendar day of a moment in a time zone.
 * @param {Date} date @param {string} timeZone
 * @returns {string} YYYY-MM-DD
 */
export function localDay(date, timeZone) {
  const parts = new Map(
    dateFormat(timeZone, { year: "numeric", month: "2-digit", day: "2-digit" })
      .formatToParts(date)
      .map((p) => [p.type, p.value]),
  );
  return `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`;
}

/** "Eastern Time". @param {string} timeZone */
export function zoneName(timeZone) {
  const part = dateFormat(timeZone, { timeZoneName: "longGeneric" })
    .formatToParts(new Date())
    .find((p) => p.type === "timeZoneName");
  return part ? part.value : timeZone;
}

// Days are dates without a clock: they are counted in UTC, where every day
// has 24 hours, so no daylight saving change can move them.

/** @param {string} day @returns {Date} */
const utc = (day) => new Date(`${day}T00:00:00Z`);
/** @param {Date} date @returns {string} */
const iso = (date) => date.toISOString().slice(0, 10);

/** Is this a date that exists? @param {unknown} day */
export function isDay(day) {
  if (typeof day !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(day)) {
    return false;
  }
  const date = utc(day);
  return !Number.isNaN(date.getTime()) && iso(date) === day;
}

/** @param {string} day @param {number} days */
export function addDays(day, days) {
  return iso(new Date(utc(day).getTime() + days * 86_400_000));
}

/** Whole days from a to b. @param {string} a @param {string} b */
export function daysBetween(a, b) {
  return Math.round((utc(b).getTime() - utc(a).getTime()) / 86_400_000);
}

/**
 * "Mon, Dec 1"; "Dec 1, 2024" in another year.
 * @param {string} day @param {string} today
 */
export function dayLabel(day, today) {
  return day.slice(0, 4) === today.slice(0, 4)
    ? dateFormat("UTC", {
        weekday: "short",
        month: "short",
        day: "numeric",
      }).format(utc(day))
    : dateFormat("UTC", {
        year: "numeric",
        month: "short",
        day: "numeric",
      }).format(utc(day));
}

/** "Dec 1", with the year when it is another. @param {string} day @param {string} today */
export function shortDay(day, today) {
  return dateFormat("UTC", {
    month: "short",
    day: "numeric",
    ...(day.slice(0, 4) === today.slice(0, 4) ? {} : { year: "numeric" }),
  }).format(utc(day));
}

/** "December 2025". @param {string} day */
export function monthLabel(day) {
  return dateFormat("UTC", { month: "long", year: "numeric" }).format(utc(day));
}

/**
 * Under which heading a day stands: Today, Yesterday, the weekday for the
 * rest of the last seven days, the week (Monday to Sunday) for five weeks,
 * then the month.
 * @param {string} day the call's company-local day, from the server
 * @param {string} today the company-local day of now
 * @returns {{ key: string, title: string, date: string, span: "day" | "week" | "month" }}
 *   `date` is what stands beside the title, "" when the title says it all
 */
export function dayGroup(day, today) {
  const age = daysBetween(day, today);
  if (age < 0) {
    return { key: day, title: dayLabel(day, today), date: "", span: "day" };
  }
  if (age < 7) {
    const title =
      age === 0
        ? "Today"
        : age === 1
          ? "Yesterday"
          : dateFormat("UTC", { weekday: "long" }).format(utc(day));
    return {
      key: day,
      title,
      date: age < 2 ? dayLabel(day, today) : shortDay(day, today),
      span: "day",
    };
  }
  const monday = addDays(day, -((utc(day).getUTCDay() + 6) % 7));
  const sunday = addDays(monday, 6);
  if (daysBetween(monday, today) <= 41) {
    const end =
      monday.slice(0, 7) === sunday.slice(0, 7)
        ? String(Number(sunday.slice(8)))
        : shortDay(sunday, today);
    return {
      key: `w${monday}`,
      title: `${shortDay(monday, today)} to ${end}`,
      date: "",
      span: "week",
    };
  }
  return {
    key: `m${day.slice(0, 7)}`,
    title:
      day.slice(0, 4) === today.slice(0, 4)
        ? dateFormat("UTC", { month: "long" }).format(utc(day))
        : monthLabel(day),
    date: "",
    span: "month",
  };
}

const CONTROLS =
  // C0 and C1 controls but not newline; bidi overrides, embeddings, isolates
  // and marks; invisible separators; tags and the byte order mark.
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/**
 * Text that a caller, an engine or a stranger wrote, made safe to look at:
 * no control or bidi override characters, no towers of combining marks, not
 * longer than `limit`. It is still only ever put into text nodes.
 * @param {unknown} value
 * @param {number} [limit] in UTF-16 units; a longer text ends with "…"
 * @returns {string}
 */
export function displayText(value, limit = 4000) {
  if (value == null) {
    return "";
  }
  const text = String(value)
    .slice(0, limit + 1024)
    .replace(CONTROLS, (c) => (c === "\t" || c === "\r" ? " " : ""))
    .replace(/(\p{M}{3})\p{M}+/gu, "$1");
  if (text.length <= limit) {
    return text.isWellFormed?.() === false ? text.toWellFormed() : text;
  }
  const cut = text.slice(0, limit);
  return `${cut.isWellFormed?.() === false ? cut.toWellFormed() : cut}…`;
}

/**
 * Two letters for the avatar: "Sarah Johnson" is SJ, "O'Neil" is O.
 * @param {string} name
 */
export function initials(name) {
  const words = name.match(/[\p{L}\p{N}][^\s]*/gu) ?? [];
  const first = (/** @type {string | undefined} */ w) =>
    w ? ([...w][0] ?? "").toLocaleUpperCase(LOCALE) : "";
  return first(words[0]) + (words.length > 1 ? first(words.at(-1)) : "");
}

/**
 * How many calls this caller had with this one: "8th call", "first call".
 * @param {{ withheld?: boolean, previousCallCount?: number }} caller
 * @returns {string} "" when nobody can know
 */
export function callOrdinal(caller) {
  if (caller.withheld || caller.previousCallCount == null) {
    return "";
  }
  return caller.previousCallCount === 0
    ? "first call"
    : `${ordinal(caller.previousCallCount + 1)} call`;
}

/**
 * A text cut into pieces for a template: what was searched for and what the
 * assistant captured. Never markup, never offsets from another language.
 * @param {string} text
 * @param {string} query
 * @param {{ value: string, label: string }[]} captures
 * @returns {{ text: string, mark: boolean, label: string }[]}
 */
export function segments(text, query, captures) {
  /** @type {{ from: number, to: number, label: string }[]} */
  const spans = [];
  for (const capture of captures) {
    const at = find(text, capture.value)[0];
    if (at && !spans.some((s) => at.from < s.to && s.from < at.to)) {
      spans.push({ ...at, label: capture.label });
    }
  }
  const marks = query ? find(text, query) : [];
  const cuts = [
    ...new Set(
      [0, text.length, ...spans, ...marks].flatMap((s) =>
        typeof s === "number" ? s : [s.from, s.to],
      ),
    ),
  ].sort((a, b) => a - b);
  const pieces = [];
  for (let i = 0; i + 1 < cuts.length; i++) {
    const [from, to] = [cuts[i], cuts[i + 1]];
    const inside = (/** @type {{ from: number, to: number }} */ s) =>
      s.from <= from && to <= s.to;
    pieces.push({
      text: text.slice(from, to),
      mark: marks.some(inside),
      label: spans.find(inside)?.label ?? "",
    });
  }
  return pieces;
}

/**
 * Where a text occurs in another, whatever the case.
 * @param {string} text
 * @param {string} needle
 * @returns {{ from: number, to: number }[]}
 */
export function find(text, needle) {
  const wanted = needle.trim();
  if (!wanted) {
    return [];
  }
  const pattern = new RegExp(
    wanted.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replace(/\s+/g, "\\s+"),
    "giu",
  );
  return [...text.matchAll(pattern)].map((m) => ({
    from: m.index,
    to: m.index + m[0].length,
  }));
}
