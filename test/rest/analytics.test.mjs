// Analytics over HTTP: the proposal's summary, series, heat map, and CSV of each.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import { assertError, call, fixture, request } from "./support.mjs";

const PERIOD = "?from=2025-12-01&to=2025-12-07";
let own;
let base;

before(async () => {
  own = await fixture();
  base = `/api/admin/call-history/${own.company}`;
  for (const [day, intent, tier, status] of [
    [1, "BOOK_APPOINTMENT", 1, "completed"],
    [1, "BOOK_APPOINTMENT", 2, "completed"],
    [3, "BILLING", 1, "transferred"],
    [5, undefined, undefined, "voicemail"],
  ]) {
    const { status: created, text } = await request("POST", base, {
      token: own.token,
      body: call({
        startedAt: `2025-12-0${day}T17:00:00Z`,
        endedAt: `2025-12-0${day}T17:01:40Z`,
        durationSeconds: 100,
        analysis: { primaryIntent: intent, routingTier: tier },
        actions:
          tier === 2
            ? [{ type: "appointment_created", status: "success" }]
            : undefined,
        outcome: { status },
      }),
    });
    assert.equal(created, 201, text);
  }
});

/** Asks for a part of the analytics. */
function ask(what, options = {}) {
  return request("GET", `${base}/analytics/${what}`, {
    token: own.token,
    ...options,
  });
}

describe("analytics", () => {
  it("E-12: the summary has the proposal's members", async () => {
    const { status, json } = await ask(`summary${PERIOD}`);
    assert.equal(status, 200);
    assert.equal(json.success, true);
    const { summary } = json;
    assert.equal(summary.totalCalls, 4);
    assert.equal(summary.avgDuration, 100);
    assert.equal(summary.bookingRate, 0.25);
    assert.deepEqual(summary.intentBreakdown, {
      BOOK_APPOINTMENT: 2,
      BILLING: 1,
      none: 1,
    });
    assert.deepEqual(summary.tierUsage, {
      tier1: 2,
      tier2: 1,
      tier3: 0,
      none: 1,
    });
    assert.deepEqual(summary.outcomeBreakdown, {
      completed: 2,
      transferred: 1,
      voicemail: 1,
    });
  });

  it("D-06: dates have the names that they have in lists, too", async () => {
    const dates = "?startDate=2025-12-01&endDate=2025-12-07";
    for (const what of ["summary", "series", "heatmap"]) {
      const [one, other] = [await ask(what + PERIOD), await ask(what + dates)];
      assert.equal(other.status, 200, other.text);
      for (const { json } of [one, other]) delete json.asOf;
      assert.deepEqual(other.json, one.json);
    }
  });

  it("E-12: the period is a week unless another is asked for", async () => {
    assert.equal((await ask("summary")).json.period, "week");
    for (const period of ["today", "week", "month", "year"]) {
      const { json } = await ask(`summary?period=${period}`);
      assert.equal(json.period, period);
    }
  });

  it("a series adds up to the summary, the heat map too", async () => {
    for (const step of ["hour", "day", "week", "month"]) {
      const { json } = await ask(`series${PERIOD}&step=${step}`);
      const sum = json.points.reduce((all, each) => all + each.totalCalls, 0);
      assert.equal(sum, 4, step);
    }
    assert.equal((await ask(`heatmap${PERIOD}`)).json.totalCalls, 4);
  });

  it("CSV is a file, in one piece", async () => {
    for (const what of ["summary", "series", "heatmap"]) {
      const { status, headers, text } = await ask(`${what}.csv${PERIOD}`);
      assert.equal(status, 200, text);
      assert.equal(headers["content-type"], "text/csv; charset=utf-8");
      assert.equal(
        headers["content-disposition"],
        `attachment; filename="${what}.csv"`,
      );
      assert.equal(headers["cache-control"], "no-store");
      assert.equal(Number(headers["content-length"]), Buffer.byteLength(text));
      const lines = text.trimEnd().split("\r\n");
      assert.ok(lines.length >= 8, text);
      const cells = lines.map((line) => line.split(",").length);
      assert.deepEqual([...new Set(cells)], [cells[0]], text);
    }
  });

  /** The lines of a CSV, as lists of cells; it has no line breaks in cells. */
  async function table(what) {
    const { text } = await ask(what);
    return text
      .trimEnd()
      .split("\r\n")
      .map((line) => line.split(","));
  }
  /** What a value is in CSV. */
  const cell = (value) => (value === null ? "" : String(value));
  /** The heading of a figure: bookingRate is Booking rate. */
  const heading = (key) =>
    key[0].toUpperCase() +
    key.slice(1).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

  it("CSV of a series has the numbers of the series", async () => {
    for (const step of ["hour", "day", "week", "month"]) {
      const { json } = await ask(`series${PERIOD}&step=${step}`);
      const [head, ...rows] = await table(`series.csv${PERIOD}&step=${step}`);
      assert.equal(rows.length, json.points.length);
      rows.forEach((row, n) => {
        const { start, end, date, hour, ...figures } = json.points[n];
        delete figures.isComplete;
        const local =
          hour === undefined
            ? date
            : `${date} ${String(hour).padStart(2, 0)}:00`;
        assert.deepEqual(head, [
          "Start",
          "End",
          "Local time",
          ...Object.keys(figures).map(heading),
        ]);
        assert.deepEqual(row, [
          start,
          end,
          local,
          ...Object.values(figures).map(cell),
        ]);
      });
    }
  });

  it("CSV of a heat map has the numbers of the heat map", async () => {
    const { json } = await ask(`heatmap${PERIOD}`);
    const [head, ...rows] = await table(`heatmap.csv${PERIOD}`);
    assert.equal(head.length, 27);
    assert.deepEqual(
      rows,
      json.weekdays.map(({ weekday, days, totalCalls, calls }) =>
        [weekday, days, totalCalls, ...calls].map(cell),
      ),
    );
  });

  it("CSV of the summary has the numbers of the summary", async () => {
    const { json } = await ask(`summary${PERIOD}`);
    const { summary, comparison } = json;
    const lines = new Map(
      (await table(`summary.csv${PERIOD}`)).map(([figure, of, ...values]) => [
        `${figure}/${of}`,
        values,
      ]),
    );
    const check = (key, value, before) =>
      assert.deepEqual(lines.get(key), [cell(value), cell(before)], key);
    for (const [key, value] of Object.entries(summary))
      if (value === null || typeof value === "number")
        check(`${heading(key)}/`, value, comparison.summary[key]);
    for (const key of ["median", "p90", "p95", "p99"])
      check(
        `Duration/${key}`,
        summary.duration[key],
        comparison.summary.duration[key],
      );
    for (const [key, value] of Object.entries(summary.followUps))
      check(`Follow ups/${key}`, value, comparison.summary.followUps[key]);
    for (const kind of ["intent", "tier", "outcome"])
      for (const each of json[`${kind}s`])
        check(`${heading(kind)}/${each[kind]}`, each.calls, each.previousCalls);
  });

  it("E-13: a wrong parameter is named", async () => {
    for (const [query, field] of [
      ["summary?period=decade", "period"],
      ["summary?from=2025-12-01", "to"],
      ["summary?startDate=2025-12-01", "endDate"],
      ["summary?tz=Asia/Tokyo", "tz"],
      ["summary?step=day", "step"],
      ["series?step=minute", "step"],
      ["heatmap?asOf=now", "asOf"],
      ["summary.csv?period=decade", "period"],
    ]) {
      const answer = await ask(query);
      assertError(answer, 400);
      assert.equal(answer.json.field, field, query);
    }
  });

  it("X-03: another company's analytics are refused", async () => {
    for (const what of ["summary", "series", "heatmap", "summary.csv"]) {
      assertError(await ask(what, { token: own.otherToken }), 403);
      assertError(await ask(what, { token: undefined }), 401);
    }
  });

  it("is only read", async () => {
    const answer = await request("POST", `${base}/analytics/summary`, {
      token: own.token,
      body: {},
    });
    assertError(answer, 405);
    assert.match(answer.headers.allow, /GET/);
  });
});
