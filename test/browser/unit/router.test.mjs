// The query string is the state of the page: router.js.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  dates,
  format,
  listParams,
  parse,
  safeNext,
} from "../../../frontend/js/call-center/utils/router.js";

const COMPANY = "65f0a1b2c3d4e5f601234567";
const TODAY = "2025-12-03";
const route = (search) => parse(search).route;

test("what is written is read back", () => {
  const searches = [
    `?companyId=${COMPANY}`,
    `?companyId=${COMPANY}&period=month&status=voicemail,abandoned&intent=EMERGENCY&tier=3`,
    `?companyId=${COMPANY}&from=2025-11-01&to=2025-11-30&sort=oldest`,
    `?companyId=${COMPANY}&direction=outbound&urgency=emergency&flagged=yes&reviewed=no&followUp=yes`,
    `?companyId=${COMPANY}&phone=305+555&q=leak+%26+mold&call=call_1733080200_k3x9&t=64&panel=details`,
    `?companyId=${COMPANY}&customer=CUST-00842&call=call_1_a`,
    `?companyId=${COMPANY}&tab=calls&customer=CUST-00842`,
    `?companyId=${COMPANY}&tab=customers`,
    `?companyId=${COMPANY}&tab=analytics`,
    `?companyId=${COMPANY}&view=voicemail&status=voicemail`,
  ];
  for (const search of searches) {
    const { route: once, rest } = parse(search);
    assert.equal(format(once, rest), search);
    assert.deepEqual(parse(format(once, rest)).route, once);
  }
});

test("defaults stay out of the address", () => {
  assert.equal(format(route("?tab=calls")), "?");
  assert.equal(route("").tab, "calls");
  assert.equal(route("?customer=CUST-00842").tab, "customers");
});

test("unknown parameters are kept, in order, with their repeats", () => {
  const search = "?companyId=x&utm=1&utm=2&theme=a%2Bb";
  const { route: r, rest } = parse(search);
  assert.deepEqual(rest, [
    ["utm", "1"],
    ["utm", "2"],
    ["theme", "a+b"],
  ]);
  assert.equal(format(r, rest), search);
});

test("wrong values are dropped", () => {
  const r = route(
    "?tab=nowhere&period=decade&from=2025-02-30&tier=9&flagged=maybe&t=-4&sort=random&customer=<b>&call=%22%3E&panel=x&status=%3Cb%3E,voicemail,voicemail",
  );
  assert.equal(format(r), "?status=voicemail");
});

test("names of Object's members are unknown parameters like others", () => {
  const { rest } = parse("?__proto__=1&constructor=2&toString=3");
  assert.equal(rest.length, 3);
  assert.equal({}.polluted, undefined);
});

test("an id that is none is kept: no other company takes its place", () => {
  assert.equal(route("?companyId=nonsense").companyId, "nonsense");
});

test("dates beat a period, and stand in order", () => {
  const r = route("?period=week&from=2025-12-05&to=2025-12-01");
  assert.equal(r.period, null);
  assert.deepEqual([r.from, r.to], ["2025-12-01", "2025-12-05"]);
});

test("periods are whole days that end today", () => {
  const days = (period) => dates(route(`?period=${period}`), TODAY);
  assert.deepEqual(days("today"), [TODAY, TODAY]);
  assert.deepEqual(days("yesterday"), ["2025-12-02", "2025-12-02"]);
  assert.deepEqual(days("week"), ["2025-11-27", TODAY]);
  assert.deepEqual(days("month"), ["2025-11-04", TODAY]);
  assert.deepEqual(days("this-month"), ["2025-12-01", TODAY]);
  assert.deepEqual(days("year"), ["2024-12-04", TODAY]);
  assert.deepEqual(dates(route(""), TODAY), [null, null]);
});

test("the server is asked in its own words", () => {
  assert.deepEqual(listParams(route(""), TODAY), {});
  assert.deepEqual(
    listParams(
      route(
        "?period=today&status=voicemail,abandoned&intent=EMERGENCY&tier=1&direction=inbound&urgency=urgent&flagged=yes&reviewed=no&followUp=no&phone=305&q=key&sort=longest&tab=calls&customer=CUST-00842",
      ),
      TODAY,
    ),
    {
      startDate: TODAY,
      endDate: TODAY,
      status: "voicemail,abandoned",
      intent: "EMERGENCY",
      tier: "1",
      direction: "inbound",
      urgency: "urgent",
      flagged: "true",
      reviewed: "false",
      followUp: "false",
      phone: "305",
      q: "key",
      sort: "longest",
      customerId: "CUST-00842",
    },
  );
});

test("sign-in goes on to this page or nowhere", () => {
  const origin = "https://calls.example.com";
  const home = "/call-center.html";
  assert.equal(
    safeNext(`${home}?companyId=1&t=2`, origin),
    `${home}?companyId=1&t=2`,
  );
  for (const next of [
    null,
    "",
    "https://evil.example",
    "//evil.example/call-center.html",
    "/\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "/login.html",
    "/api/session",
    "call-center.html",
    "/call-center.html/../login.html",
    "http://[",
  ]) {
    assert.equal(safeNext(next, origin), home, String(next));
  }
});
