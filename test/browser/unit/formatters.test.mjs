// Numbers, times and texts as people read them: formatters.js and labels.js.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addDays,
  callOrdinal,
  clock,
  dateTime,
  dayGroup,
  dayLabel,
  daysBetween,
  displayText,
  duration,
  find,
  initials,
  isDay,
  localDay,
  money,
  number,
  ordinal,
  percent,
  price,
  rating,
  segments,
  shortDay,
  wait,
  spoken,
  time,
  zoneName,
} from "../../../frontend/js/call-center/utils/formatters.js";
import {
  count,
  customerStatus,
  errorWords,
  humanize,
  intentLabel,
  statusLook,
} from "../../../frontend/js/call-center/utils/labels.js";

const NEW_YORK = "America/New_York";
// Intl separates the hour from AM and PM by a narrow no-break space.
const plain = (text) => text.replace(/\u202f/g, " ");

test("a length is said in hours, minutes and seconds", () => {
  assert.equal(duration(0), "0s");
  assert.equal(duration(19), "19s");
  assert.equal(duration(204), "3m 24s");
  assert.equal(duration(120), "2m");
  assert.equal(duration(3600), "1h");
  assert.equal(duration(3720), "1h 2m");
  assert.equal(duration(59.6), "1m");
  for (const unknown of [undefined, null, NaN, -1, Infinity]) {
    assert.equal(duration(unknown), "");
  }
});

test("a position is shown as a player shows it", () => {
  assert.equal(clock(0), "0:00");
  assert.equal(clock(64.9), "1:04");
  assert.equal(clock(3723), "1:02:03");
  assert.equal(clock(-3), "0:00");
  assert.equal(spoken(64), "1 minute 4 seconds");
  assert.equal(spoken(1), "1 second");
  assert.equal(spoken(120), "2 minutes 0 seconds");
});

test("numbers, shares, money and ordinals", () => {
  assert.equal(number(1247), "1,247");
  assert.equal(percent(0.944), "94%");
  assert.equal(money(0.0042), "$0.0042");
  assert.equal(money(1240), "$1,240.00");
  assert.equal(price(1240), "$1,240");
  assert.equal(rating(4.75), "4.8");
  assert.deepEqual(
    [1, 2, 3, 4, 11, 12, 13, 21, 22, 103, 111].map(ordinal).join(" "),
    "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 103rd 111th",
  );
});

test("the ordinal of a call is not guessed for a withheld number", () => {
  assert.equal(callOrdinal({ previousCallCount: 7 }), "8th call");
  assert.equal(callOrdinal({ previousCallCount: 0 }), "first call");
  assert.equal(callOrdinal({ previousCallCount: 7, withheld: true }), "");
  assert.equal(callOrdinal({}), "");
});

test("times are in the company's zone, wherever the reader is", () => {
  assert.equal(plain(time("2025-12-01T19:34:00Z", NEW_YORK)), "2:34 PM");
  assert.equal(plain(time("2025-12-01T19:34:00Z", "Asia/Kolkata")), "1:04 AM");
  assert.equal(time("nonsense", NEW_YORK), "");
  assert.equal(
    plain(dateTime("2025-12-01T19:34:00Z", NEW_YORK, "2025-12-01")),
    "Mon, Dec 1, 2:34 PM",
  );
  assert.equal(dateTime("nonsense", NEW_YORK, "2025-12-01"), "");
  assert.equal(zoneName(NEW_YORK), "Eastern Time");
});

test("a zone that the browser does not know falls back to UTC and says so", () => {
  assert.match(
    plain(time("2025-12-01T19:34:00Z", "Mars/Olympus")),
    /^7:34 PM UTC$/,
  );
});

test("the hour that daylight saving repeats is shown twice", () => {
  // Nov 2 2025: 1:30 EDT and, an hour later, 1:30 EST.
  assert.equal(plain(time("2025-11-02T05:30:00Z", NEW_YORK)), "1:30 AM");
  assert.equal(plain(time("2025-11-02T06:30:00Z", NEW_YORK)), "1:30 AM");
  assert.equal(
    localDay(new Date("2025-11-02T03:59:59Z"), NEW_YORK),
    "2025-11-01",
  );
  assert.equal(
    localDay(new Date("2025-11-02T04:00:00Z"), NEW_YORK),
    "2025-11-02",
  );
  assert.equal(
    localDay(new Date("2025-11-03T04:59:59Z"), NEW_YORK),
    "2025-11-02",
  );
  assert.equal(
    localDay(new Date("2025-11-03T05:00:00Z"), NEW_YORK),
    "2025-11-03",
  );
});

test("days are counted by the calendar, also across 23 and 25 hours", () => {
  assert.equal(daysBetween("2025-11-01", "2025-11-03"), 2);
  assert.equal(daysBetween("2025-03-08", "2025-03-10"), 2);
  assert.equal(addDays("2025-03-08", 1), "2025-03-09");
  assert.equal(addDays("2025-03-09", 1), "2025-03-10");
  assert.equal(addDays("2025-11-02", -1), "2025-11-01");
  assert.equal(addDays("2024-02-28", 1), "2024-02-29");
  assert.equal(addDays("2025-12-31", 1), "2026-01-01");
});

test("a day must exist", () => {
  assert.ok(isDay("2024-02-29"));
  for (const wrong of ["2025-02-29", "2025-13-01", "2025-1-1", "", null, 7]) {
    assert.equal(isDay(wrong), false, String(wrong));
  }
});

test("days are named with the year only when it is another", () => {
  assert.equal(dayLabel("2025-12-01", "2025-12-05"), "Mon, Dec 1");
  assert.equal(dayLabel("2024-12-01", "2025-12-05"), "Dec 1, 2024");
  assert.equal(shortDay("2025-12-01", "2025-12-05"), "Dec 1");
  assert.equal(shortDay("2024-12-01", "2025-12-05"), "Dec 1, 2024");
});

test("calls stand under today, yesterday, weekdays, weeks, then months", () => {
  const today = "2025-12-03"; // a Wednesday
  const title = (day) => dayGroup(day, today).title;
  assert.equal(title("2025-12-03"), "Today");
  assert.equal(dayGroup("2025-12-03", today).date, "Wed, Dec 3");
  assert.equal(title("2025-12-02"), "Yesterday");
  assert.equal(title("2025-12-01"), "Monday");
  assert.equal(title("2025-11-27"), "Thursday");
  assert.equal(title("2025-11-26"), "Nov 24 to 30");
  assert.equal(title("2025-11-24"), "Nov 24 to 30");
  assert.equal(title("2025-11-23"), "Nov 17 to 23");
  assert.equal(title("2025-10-30"), "Oct 27 to Nov 2");
  assert.equal(title("2025-10-10"), "October");
  assert.equal(title("2024-10-10"), "October 2024");
  assert.equal(title("2025-12-04"), "Thu, Dec 4", "a clock that is ahead");
  assert.equal(
    dayGroup("2025-11-25", today).key,
    dayGroup("2025-11-29", "2025-12-08").key,
    "one week, one key",
  );
});

test("every day of two years has one group, and groups do not interleave", () => {
  const today = "2025-03-10"; // the day after the clocks went forward
  const seen = new Set();
  let last = "";
  for (let i = 0; i < 730; i++) {
    const { key } = dayGroup(addDays(today, -i), today);
    if (key !== last) {
      assert.ok(!seen.has(key), `${key} comes back`);
      seen.add(key);
      last = key;
    }
  }
});

test("text loses what deceives the eye and keeps the rest", () => {
  assert.equal(displayText("\u202etxt.exe\u202c مرحبا"), "txt.exe مرحبا");
  assert.equal(displayText("\u2066a\u2069\u200e\u200f\ufeffb"), "ab");
  assert.equal(displayText("a\u0000b\u0007c\u009bd"), "abcd");
  assert.equal(displayText("a\tb\r\nc"), "a b \nc");
  assert.equal(displayText("<b>&amp;</b>"), "<b>&amp;</b>");
  assert.equal(displayText("👩‍👩‍👧 ok"), "👩‍👩‍👧 ok");
  assert.equal(displayText("Zoë Å"), "Zoë Å");
  assert.equal(displayText(null), "");
  assert.equal(displayText(undefined), "");
  assert.equal(displayText(12), "12");
});

test("towers of combining marks are cut, long text is capped", () => {
  assert.equal(displayText(`z${"\u0301".repeat(50)}`), "z\u0301\u0301\u0301");
  const long = displayText("x".repeat(10_000));
  assert.equal(long.length, 4001);
  assert.ok(long.endsWith("…"));
  assert.equal(displayText("abcdef", 3), "abc…");
  assert.equal(displayText("x".repeat(9000), Infinity).length, 9000);
});

test("initials are those of the first and last word", () => {
  assert.equal(initials("Sarah Johnson"), "SJ");
  assert.equal(initials("Tomás de la Herrera"), "TH");
  assert.equal(initials("cher"), "C");
  assert.equal(initials("  "), "");
  assert.equal(initials("<img src=x>"), "IS");
});

test("words are found whatever their case, and never as a pattern", () => {
  assert.deepEqual(find("Key under the KEY mat", "key"), [
    { from: 0, to: 3 },
    { from: 14, to: 17 },
  ]);
  assert.deepEqual(find("a+b (c)", "+b (c)"), [{ from: 1, to: 7 }]);
  assert.deepEqual(find("two  words", "two words"), [{ from: 0, to: 10 }]);
  assert.deepEqual(find("abc", "   "), []);
  assert.deepEqual(find("price $5.00 or $5x00", "$5.00"), [
    { from: 6, to: 11 },
  ]);
});

test("pieces of a text add up to the text and carry what they are", () => {
  const text = "There is a key under the front mat. Just lock up.";
  const captures = [{ value: "Under the front mat", label: "Key" }];
  const pieces = segments(text, "front mat. Just", captures);
  assert.equal(pieces.map((p) => p.text).join(""), text);
  assert.deepEqual(
    pieces.map((p) => [p.text, p.mark, p.label]),
    [
      ["There is a key ", false, ""],
      ["under the ", false, "Key"],
      ["front mat", true, "Key"],
      [". Just", true, ""],
      [" lock up.", false, ""],
    ],
  );
  assert.deepEqual(segments("", "x", captures), []);
  assert.deepEqual(segments("abc", "", []), [
    { text: "abc", mark: false, label: "" },
  ]);
});

test("codes become words; an unknown one is humanised, never hidden", () => {
  assert.equal(
    humanize("APPOINTMENT_ACCESS_UPDATE"),
    "Appointment access update",
  );
  assert.equal(humanize("systemAge"), "System age");
  assert.equal(intentLabel("BOOK_APPOINTMENT"), "Book appointment");
  assert.equal(intentLabel("NEW_THING"), "New thing");
  assert.equal(statusLook("completed").tone, "ok");
  assert.equal(statusLook("half_done").label, "Half done");
  assert.equal(customerStatus("do_not_contact").label, "Do not contact");
});

test("a code named like a member of Object is only a code", () => {
  for (const name of [
    "constructor",
    "__proto__",
    "toString",
    "hasOwnProperty",
  ]) {
    assert.equal(typeof statusLook(name).label, "string");
    assert.equal(typeof intentLabel(name), "string");
  }
});

test("counts agree with their noun", () => {
  assert.equal(count(1, "call"), "1 call");
  assert.equal(count(0, "call"), "0 calls");
  assert.equal(count(1247, "call"), "1,247 calls");
  assert.equal(count(2, "emergency", "emergencies"), "2 emergencies");
});

test("errors say what happened and what is kept", () => {
  assert.match(
    errorWords({ kind: "timeout" }, "Filters are kept.").text,
    /in time\. Filters are kept\.$/,
  );
  assert.equal(errorWords({ status: 500, ref: "7F3K" }).ref, "7F3K");
  assert.match(errorWords(new TypeError("x")).text, /problem/);
});

test("a wait is rounded up, and says no second that there is not", () => {
  for (const [seconds, words] of [
    [0, "1 second"],
    [1, "1 second"],
    [1.2, "2 seconds"],
    [30, "30 seconds"],
    [60, "1 minute"],
    [61, "2 minutes"],
    [300, "5 minutes"],
  ]) {
    assert.equal(wait(seconds), words);
  }
});
