/**
 * Calendar periods against an oracle: ICU's time zones, as Node's Intl shows them.
 *
 * Sixteen zones, 28 days each (those around the changes of its clocks, ends of
 * months and years), four instants a day: where each of today, the week, the
 * month and the year begins and ends, how much of it has passed, what it is
 * compared with and up to where; and which hours the day has.
 *
 * The oracle knows calendars from formatted dates only: a day begins at the
 * first instant at which the zone shows its date.  It shares nothing with the
 * extension.
 *
 * ICU and PostgreSQL have time zone data of their own.  Where releases differ, a
 * country has changed its rules in between (Debian's Node.js 18 of 2022 knows no
 * summer time of Cairo in 2023); so all days lie before the year of ICU's release,
 * in the two years that end in the middle of LEAP_YEAR.  The release is told.
 *
 *   node test/analytics/zones.mjs
 *
 * The server is the one of PGHOST and PGPORT; the database is gone afterwards.
 */
import { dropDatabase, finish, ok, runSql } from "../tap.mjs";

const ZONES = [
  "America/New_York",
  "America/Havana",
  "America/Asuncion",
  "America/Santiago",
  "America/St_Johns",
  "Europe/London",
  "Atlantic/Azores",
  "Africa/Cairo",
  "Africa/Casablanca",
  "Asia/Beirut",
  "Asia/Kathmandu",
  "Asia/Tokyo",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Antarctica/Troll",
  "Pacific/Chatham",
];
const DAYS = 28;
const LEAP_YEAR =
  Math.floor((Number.parseInt(process.versions.tz) - 1) / 4) * 4;
const PERIODS = ["today", "week", "month", "year"];
const WEEK_STARTS = [1, 7, 3];
const QUARTER = 15 * 60 * 1000;
const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const database = `zones_${process.pid}`;

/** Runs SQL and gives its lines. */
const query = (sql) =>
  runSql(sql, database)
    .split("\n")
    .filter((line) => line !== "");

/** A zone, as Intl shows it. */
class Zone {
  constructor(name) {
    this.name = name;
    this.starts = new Map();
    this.format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
  }

  /** What calendar and clock show: the date as "2025-12-01", the time in milliseconds from midnight. */
  shows(at) {
    const part = Object.fromEntries(
      this.format.formatToParts(at).map(({ type, value }) => [type, value]),
    );
    return {
      date: `${part.year}-${part.month}-${part.day}`,
      time:
        ((Number(part.hour) * 60 + Number(part.minute)) * 60 +
          Number(part.second)) *
          1000 +
        (((at % 1000) + 1000) % 1000),
    };
  }

  /** The first instant at which the date, or a later one, is shown; clocks are set at whole quarters of an hour. */
  dayStart(date) {
    if (!this.starts.has(date)) {
      let at = Date.parse(`${date}T00:00:00Z`) - 16 * HOUR;
      while (this.shows(at).date < date) at += QUARTER;
      this.starts.set(date, at);
    }
    return this.starts.get(date);
  }

  /** The first instant of a day at which its clock shows a time or a later one, else its end. */
  clock(date, time) {
    const end = this.dayStart(addDays(date, 1));
    const rest = time % QUARTER;
    for (let at = this.dayStart(date); at < end; at += QUARTER) {
      const shown = this.shows(at).time;
      if (shown >= time) return at;
      if (shown + rest === time) return Math.min(at + rest, end);
    }
    return end;
  }

  /** Where the hours of a day begin: where a full one is shown, and where the clock is set to another one. */
  hours(date) {
    const starts = [];
    const end = this.dayStart(addDays(date, 1));
    let hour = -1;
    for (let at = this.dayStart(date); at < end; at += QUARTER) {
      const { time } = this.shows(at);
      if (time % HOUR === 0 || Math.floor(time / HOUR) !== hour)
        starts.push(at);
      hour = Math.floor(time / HOUR);
    }
    return starts;
  }

  /** The dates of a stretch before which the clock was set. */
  changes(from, to) {
    const dates = [];
    for (let date = from; date <= to; date = addDays(date, 1)) {
      const length = this.dayStart(addDays(date, 1)) - this.dayStart(date);
      if (length !== DAY) dates.push(date);
    }
    return dates;
  }
}

/** A date some days later. */
function addDays(date, days) {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY)
    .toISOString()
    .slice(0, 10);
}

/** The period of a name in which a date lies: its first date and the date behind its last. */
function unit(name, date, weekStart) {
  const [year, month] = date.split("-").map(Number);
  const monthStart = (y, m) =>
    new Date(Date.UTC(y, m - 1, 1)).toISOString().slice(0, 10);
  if (name === "today") return [date, addDays(date, 1)];
  if (name === "month")
    return [monthStart(year, month), monthStart(year, month + 1)];
  if (name === "year") return [monthStart(year, 1), monthStart(year + 1, 1)];
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay(); // 0 Sunday
  const first = addDays(date, -((weekday - weekStart + 7) % 7));
  return [first, addDays(first, 7)];
}

/** What the extension should say of a period, and of what it is compared with. */
function expected(zone, name, asOf, weekStart) {
  const now = zone.shows(asOf);
  const [first, end] = unit(name, now.date, weekStart);
  const [previousFirst, previousEnd] = unit(
    name,
    addDays(first, -1),
    weekStart,
  );
  const elapsed =
    (Date.parse(`${now.date}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) /
    DAY;
  const same = addDays(previousFirst, elapsed);
  let until = zone.dayStart(previousEnd);
  // nothing of the period has passed: nothing is compared, also where the clock begins a day at one
  if (asOf === zone.dayStart(first)) until = zone.dayStart(previousFirst);
  else if (same < previousEnd) until = zone.clock(same, now.time);
  return [
    first,
    addDays(end, -1),
    zone.dayStart(first),
    zone.dayStart(end),
    asOf,
    previousFirst,
    addDays(previousEnd, -1),
    zone.dayStart(previousFirst),
    zone.dayStart(previousEnd),
    until,
  ].join(" ");
}

/** The days to look at: around changes of the clock, then ends of months and years, then any. */
function daysOf(zone) {
  const [before, last] = [LEAP_YEAR - 2, LEAP_YEAR - 1];
  const days = new Set();
  for (const change of zone.changes(`${before}-07-01`, `${LEAP_YEAR}-04-30`))
    for (const by of [-1, 0, 1, 7]) days.add(addDays(change, by));
  if (zone.name === "Pacific/Apia")
    for (const date of ["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-05"])
      days.add(date);
  const list = [...days].slice(0, DAYS - 8);
  const others = ["02-28", "02-29", "03-01"].map((d) => `${LEAP_YEAR}-${d}`);
  others.push(`${last}-12-31`, `${LEAP_YEAR}-01-01`, `${last}-03-31`);
  others.push(`${before}-11-30`, `${last}-07-04`);
  for (let date = `${last}-01-06`; list.length + others.length < DAYS;) {
    others.push(date);
    date = addDays(date, 11);
  }
  return [...list, ...others];
}

/** Four instants of a day: its first, in the hours in which clocks are set, in the afternoon, its last. */
function instantsOf(zone, date) {
  const start = zone.dayStart(date);
  const end = zone.dayStart(addDays(date, 1));
  return [
    start,
    start + 2 * HOUR + 17 * 60 * 1000 + 123,
    start + Math.floor((end - start) * 0.63),
    end - 1,
  ];
}

/** What the extension says, for each line of questions. */
function ask(questions) {
  const rows = questions.map(
    ({ company, params }) => `('${company}', '${JSON.stringify(params)}')`,
  );
  return query(
    `SELECT callcenter.call_series(company, params::jsonb) FROM (VALUES ${rows.join(",")}) AS q (company, params)`,
  ).map((line) => JSON.parse(line));
}

try {
  runSql(`CREATE DATABASE ${database}`, "postgres");
  query("CREATE EXTENSION callcenter CASCADE");
  console.log(
    `# ICU has the time zones of ${process.versions.tz}, PostgreSQL those of its server`,
  );
  let instants = 0;
  ZONES.forEach((name, n) => {
    const zone = new Zone(name);
    const weekStart = WEEK_STARTS[n % WEEK_STARTS.length];
    const [company] = query(
      `SELECT callcenter.create_company('${JSON.stringify({ name, timeZone: name, weekStart })}') #>> '{company,_id}'`,
    );
    const questions = [];
    const days = daysOf(zone);
    for (const date of days)
      for (const asOf of instantsOf(zone, date)) {
        instants++;
        for (const period of PERIODS)
          questions.push({
            company,
            params: {
              period,
              asOf: new Date(asOf).toISOString(),
              step: "month",
            },
            wanted: `${period} as of ${new Date(asOf).toISOString()}: ${expected(zone, period, asOf, weekStart)}`,
          });
      }
    const wrong = [];
    ask(questions).forEach((answer, i) => {
      const { comparison } = answer;
      const at = (text) => Date.parse(text);
      const got = `${answer.period} as of ${new Date(at(answer.asOf)).toISOString()}: ${[
        answer.from,
        answer.to,
        at(answer.start),
        at(answer.end),
        at(answer.until),
        comparison.from,
        comparison.to,
        at(comparison.start),
        at(comparison.end),
        at(comparison.until),
      ].join(" ")}`;
      if (got !== questions[i].wanted)
        wrong.push(`got    ${got}\nwanted ${questions[i].wanted}`);
    });
    ok(
      days.length === DAYS && wrong.length === 0,
      `${name}: ${days.length} days at 4 instants have the periods and comparisons that ICU gives`,
      wrong.slice(0, 5).join("\n"),
    );

    const hours = ask(
      days.map((date) => ({
        company,
        params: {
          from: date,
          to: date,
          step: "hour",
          asOf: "2030-01-01T00:00:00Z",
          compare: "none",
        },
      })),
    ).map((answer) => answer.points.map((each) => Date.parse(each.start)));
    const different = days.filter(
      (date, i) => String(hours[i]) !== String(zone.hours(date)),
    );
    const lengths = new Set(
      days.map((d) => (zone.dayStart(addDays(d, 1)) - zone.dayStart(d)) / HOUR),
    );
    ok(
      different.length === 0,
      `${name}: and the hours (days of ${[...lengths].sort((a, b) => a - b).join(", ")} hours)`,
      different.join(" "),
    );
  });
  ok(
    instants === ZONES.length * DAYS * 4,
    `${ZONES.length} zones x ${DAYS} days x 4 instants were looked at`,
    `${instants}`,
  );
  // control: the usual idiom is an hour wrong where a day has two midnights
  const [idiom] = query(
    `SELECT extract(epoch FROM date_trunc('day', timestamptz '2023-11-05 12:00Z', 'America/Havana')) * 1000`,
  );
  ok(
    Number(idiom) - new Zone("America/Havana").dayStart("2023-11-05") === HOUR,
    "control: the oracle sees that date_trunc() begins a day in Havana an hour late",
    `${idiom}`,
  );
} finally {
  dropDatabase(database);
}
finish();
