/**
 * clock.mjs: local calendars and the way people say dates.
 *
 * Instants are milliseconds since 1970 UTC. A `Clock` turns them into the wall
 * time of one IANA zone and back; the only outside knowledge is the zone's offset.
 */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const WEEKDAYS = [
  "Sunday",
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/**
 * A number as an ordinal: 2nd, 11th.
 * @param {number} n
 */
export function ordinal(n) {
  const teen = n % 100 >= 11 && n % 100 <= 13;
  const suffix = teen ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${n}${suffix}`;
}

/** Visit windows on offer, by the hour in which they begin. */
const WINDOWS = [
  { hour: 8, short: "8–10 AM", spoken: "between 8 and 10 in the morning" },
  { hour: 10, short: "10 AM–12 PM", spoken: "between 10 and noon" },
  { hour: 12, short: "12–2 PM", spoken: "between noon and 2" },
  { hour: 14, short: "2–4 PM", spoken: "between 2 and 4 in the afternoon" },
  { hour: 16, short: "4–6 PM", spoken: "between 4 and 6" },
];

/**
 * @typedef {object} Slot a visit window on a day
 * @property {number} at instant at which it begins
 * @property {number} hour local hour at which it begins
 * @property {string} window "8–10 AM"
 * @property {string} spoken "between 8 and 10 in the morning"
 */

export class Clock {
  /** @param {string} zone IANA name */
  constructor(zone) {
    this.format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    /** @type {Map<number, number>} */
    this.offsets = new Map();
  }

  /**
   * The zone's offset from UTC in milliseconds at an instant (looked up once an hour).
   * @param {number} at
   */
  offset(at) {
    const hour = Math.floor(at / HOUR);
    let offset = this.offsets.get(hour);
    if (offset === undefined) {
      /** @type {Record<string, number>} */
      const part = {};
      for (const { type, value } of this.format.formatToParts(hour * HOUR)) {
        part[type] = Number(value);
      }
      offset =
        Date.UTC(
          part.year,
          part.month - 1,
          part.day,
          part.hour,
          part.minute,
          part.second,
        ) -
        hour * HOUR;
      this.offsets.set(hour, offset);
    }
    return offset;
  }

  /**
   * Wall time of an instant, as a Date whose UTC fields are the local ones.
   * @param {number} at
   */
  local(at) {
    return new Date(at + this.offset(at));
  }

  /**
   * The instant of a local hour, `days` days after the day of `at`.
   * @param {number} at
   * @param {number} days
   * @param {number} hour may be fractional
   */
  on(at, days, hour) {
    const day = this.local(at);
    const wall =
      Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()) +
      days * DAY +
      hour * HOUR;
    const guess = wall - this.offset(wall);
    return wall - this.offset(guess);
  }

  /** @param {number} at @returns {number} 0 = Sunday */
  weekday(at) {
    return this.local(at).getUTCDay();
  }

  /** @param {number} at @returns {number} 0 = January */
  month(at) {
    return this.local(at).getUTCMonth();
  }

  /** @param {number} at @returns {number} with minutes as a fraction */
  hour(at) {
    const local = this.local(at);
    return local.getUTCHours() + local.getUTCMinutes() / 60;
  }

  /** A day on which nobody works unless a house floods. @param {number} at */
  holiday(at) {
    return ["01-01", "07-04", "12-25"].includes(this.date(at).slice(5));
  }

  /**
   * Whole calendar days from `from` to `to`.
   * @param {number} from
   * @param {number} to
   */
  days(from, to) {
    const day = (/** @type {number} */ at) =>
      Math.floor((at + this.offset(at)) / DAY);
    return day(to) - day(from);
  }

  /** "Wednesday" @param {number} at */
  dayName(at) {
    return WEEKDAYS[this.weekday(at)];
  }

  /** "December 3rd" @param {number} at */
  monthDay(at) {
    const local = this.local(at);
    return `${MONTHS[local.getUTCMonth()]} ${ordinal(local.getUTCDate())}`;
  }

  /** "December" @param {number} at */
  monthName(at) {
    return MONTHS[this.month(at)];
  }

  /** "Wed, Dec 3" @param {number} at */
  short(at) {
    const local = this.local(at);
    return `${WEEKDAYS[local.getUTCDay()].slice(0, 3)}, ${MONTHS[local.getUTCMonth()].slice(0, 3)} ${local.getUTCDate()}`;
  }

  /**
   * The day as one says it on the telephone: today, tomorrow, Wednesday, or
   * Wednesday the 10th when it is further off.
   * @param {number} from
   * @param {number} at
   */
  spokenDay(from, at) {
    const days = this.days(from, at);
    if (days === 0) return "today";
    if (days === 1) return "tomorrow";
    if (days < 6) return this.dayName(at);
    return `${this.dayName(at)} the ${ordinal(this.local(at).getUTCDate())}`;
  }

  /** "2025-12-03" @param {number} at */
  date(at) {
    return this.local(at).toISOString().slice(0, 10);
  }

  /** "2:34 PM" @param {number} at */
  time(at) {
    const local = this.local(at);
    const hour = local.getUTCHours();
    const minute = String(local.getUTCMinutes()).padStart(2, "0");
    return `${hour % 12 || 12}:${minute} ${hour < 12 ? "AM" : "PM"}`;
  }

  /**
   * The visit windows still open `days` days after `at` (none on Sundays and holidays, mornings only on Saturdays).
   * @param {number} at
   * @param {number} days
   * @returns {Slot[]}
   */
  slots(at, days) {
    return WINDOWS.map(({ hour, short, spoken }) => ({
      at: this.on(at, days, hour),
      hour,
      window: short,
      spoken,
    })).filter((slot) => {
      const weekday = this.weekday(slot.at);
      if (weekday === 0 || (weekday === 6 && slot.hour > 10)) return false;
      if (this.holiday(slot.at)) return false;
      return slot.at > at + 90 * MINUTE;
    });
  }
}

/**
 * An instant as the API takes it, without milliseconds when there are none.
 * @param {number} at
 */
export function iso(at) {
  return new Date(at).toISOString().replace(".000Z", "Z");
}
