/**
 * demo.test.mjs: what the demo data promises. The second half needs a running
 * instance (PGHOST, PGPORT, PGUSER as $CALLCENTER_VAR/env sets them) and works in a
 * database of its own.
 */

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { NADIA, SARAH } from "./cast.mjs";
import { COMPANIES } from "./companies.mjs";

const NOW = "2026-03-04T19:20:00Z";
const path = (/** @type {string} */ name) =>
  fileURLToPath(new URL(name, import.meta.url));

/**
 * @param {string} now
 * @param {NodeJS.ProcessEnv} [env]
 */
function generate(now, env = {}) {
  return execFileSync(process.execPath, [path("generate.mjs"), "--now", now], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
    env: { ...process.env, ...env },
  });
}

/** @param {string} text */
function parse(text) {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("generator", () => {
  const text = generate(NOW);
  const lines = parse(text);
  const calls = lines.filter((line) => line.call).map((line) => line.call);

  it("gives the same bytes for the same instant, wherever it runs", () => {
    const elsewhere = generate("2026-03-04T14:20:00-05:00", {
      TZ: "Asia/Tokyo",
      LC_ALL: "de_DE.UTF-8",
    });
    assert.ok(elsewhere === text);
  });

  it("refuses an instant without an offset", () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [path("generate.mjs"), "--now", "2026-03-04T19:20:00"],
      { encoding: "utf8" },
    );
    assert.equal(status, 1);
    assert.match(stderr, /offset/);
  });

  it("makes about 1,200 calls in thirteen months, whatever the season", () => {
    for (const now of ["2025-06-30T12:00:00Z", "2026-10-31T23:59:00Z"]) {
      const { length } = parse(generate(now)).filter((line) => line.call);
      assert.ok(length > 1000 && length < 1400, `${length} calls`);
    }
    assert.ok(calls.length > 1000 && calls.length < 1400);
    const first = Math.min(...calls.map((call) => Date.parse(call.startedAt)));
    const days = (Date.parse(NOW) - first) / 86_400_000;
    assert.ok(days > 380 && days < 400, `${days} days`);
  });

  it("ends every call before now, the newest within the hour", () => {
    const ends = calls.map((call) => Date.parse(call.endedAt));
    assert.ok(Math.max(...ends) <= Date.parse(NOW));
    assert.ok(Math.max(...ends) > Date.parse(NOW) - 3_600_000);
    for (const call of calls) {
      assert.ok(call.startedAt <= call.endedAt, call.callId);
    }
  });

  it("knows all outcomes, tiers and urgencies", () => {
    const seen = (/** @type {(call: any) => unknown} */ of) =>
      new Set(calls.map(of));
    const statuses = seen((call) => call.outcome.status);
    for (const status of [
      "completed",
      "transferred",
      "voicemail",
      "abandoned",
      "spam",
      "error",
    ]) {
      assert.ok(statuses.has(status), status);
    }
    const tiers = seen((call) => call.analysis?.routingTier);
    assert.ok([1, 2, 3].every((tier) => tiers.has(tier)));
    const urgencies = seen((call) => call.captured?.urgency);
    for (const urgency of ["normal", "urgent", "emergency"]) {
      assert.ok(urgencies.has(urgency), urgency);
    }
    assert.ok(seen((call) => call.analysis?.primaryIntent).size >= 15);
  });

  it("has a model and mostly a cost for tier 3, and for no other", () => {
    const third = calls.filter((call) => call.analysis?.routingTier === 3);
    assert.ok(third.every((call) => call.analysis.llmModel));
    assert.ok(third.filter((call) => call.analysis.llmCost > 0).length > 20);
    for (const call of calls) {
      if (call.analysis?.routingTier === 3) continue;
      assert.equal(call.analysis?.llmModel, undefined);
    }
  });

  it("speaks one turn after the other, within the call", () => {
    for (const call of calls) {
      let last = Date.parse(call.startedAt);
      call.transcript.forEach(
        (/** @type {any} */ turn, /** @type {number} */ i) => {
          assert.equal(turn.turnNumber, i + 1);
          assert.ok(Date.parse(turn.timestamp) > last, call.callId);
          assert.doesNotMatch(turn.text, /[{}]|undefined|NaN|null/);
          last = Date.parse(turn.timestamp);
          if (i === 0) return;
          assert.notEqual(turn.speaker, call.transcript[i - 1].speaker);
        },
      );
      assert.ok(last <= Date.parse(call.endedAt), call.callId);
    }
  });

  it("has a call of seconds and one of a quarter of an hour", () => {
    const seconds = calls.map(
      (call) => (Date.parse(call.endedAt) - Date.parse(call.startedAt)) / 1000,
    );
    assert.ok(Math.min(...seconds) <= 3);
    assert.ok(Math.max(...seconds) >= 900);
  });

  it("uses only numbers and addresses that are nobody's", () => {
    const fiction =
      /^(\+1\d{3}55501\d\d|\+44(2079460|7700900)\d{3}|\+4930231251?\d{2,3}|\+3363998\d{4}|\+61491570\d{3}|\+35320910\d{4}|\+4670174\d{4})$/;
    const numbers = text.match(/\+\d{8,15}\b/g) ?? [];
    for (const number of new Set(numbers)) {
      if (number === "+266696687") continue;
      assert.match(number, fiction);
    }
    for (const [address] of text.matchAll(/[\w.+-]+@[\w.-]+\w/g)) {
      assert.match(address, /@([\w-]+\.)*example\.(com|net|org)$/);
    }
  });

  it("has withheld callers, own numbers, callers abroad, a SIP address", () => {
    const phones = calls.map((call) => call.caller.phone);
    for (const phone of [
      "anonymous",
      "+266696687",
      ...COMPANIES.map((company) => company.ownNumbers[0]),
    ]) {
      assert.ok(phones.includes(phone), phone);
    }
    assert.ok(phones.some((phone) => phone.startsWith("sip:")));
    assert.ok(phones.filter((phone) => /^\+[2-9]/.test(phone)).length > 5);
  });

  it("lets a few calls arrive late", () => {
    const starts = calls.map((call) => Date.parse(call.startedAt));
    const late = starts.filter(
      (at, i) => i > 0 && at < Math.max(...starts.slice(0, i)),
    );
    assert.ok(late.length >= 5 && late.length < calls.length * 0.05);
  });
});

describe("loader", { skip: !process.env.PGHOST && "no instance" }, () => {
  const database = `demo_test_${process.pid}`;
  const env = {
    ...process.env,
    PGDATABASE: database,
    CALLCENTER_DEMO_NOW: NOW,
    CALLCENTER_PASSWORD: "it's a secret word",
  };
  const psql = (/** @type {string} */ sql, /** @type {any} */ given = env) =>
    execFileSync("psql", ["-XqAtv", "ON_ERROR_STOP=1", "-c", sql], {
      encoding: "utf8",
      env: given,
      maxBuffer: 1 << 26,
    }).trimEnd();
  const load = () => spawnSync(path("load"), [], { encoding: "utf8", env });
  const contents = () =>
    psql(
      `SELECT md5(string_agg(c::text, '' ORDER BY company_id, id)) FROM callcenter.calls c
       UNION ALL
       SELECT md5(string_agg(c::text, '' ORDER BY company_id, id)) FROM callcenter.customers c`,
    );

  before(() => {
    psql(`CREATE DATABASE ${database}`, process.env);
    psql("CREATE EXTENSION callcenter CASCADE");
  });
  after(() => {
    psql(`DROP DATABASE ${database} WITH (FORCE)`, process.env);
  });

  it("loads everything and says who can sign in", () => {
    const { status, stdout, stderr } = load();
    assert.equal(status, 0, stderr);
    assert.equal(
      stdout,
      `CALLCENTER_COMPANY=${COMPANIES[0].id}\n` +
        `CALLCENTER_OTHER_COMPANY=${COMPANIES[1].id}\n` +
        "CALLCENTER_EMAIL=maya.ortiz@example.com\n" +
        "CALLCENTER_PASSWORD='it'\\''s a secret word'\n",
    );
    const calls = parse(generate(NOW)).filter((line) => line.call).length;
    assert.equal(psql("SELECT count(*) FROM callcenter.calls"), `${calls}`);
  });

  it("changes nothing when it runs again", () => {
    const contentsBefore = contents();
    const { status, stderr } = load();
    assert.equal(status, 0, stderr);
    assert.equal(contents(), contentsBefore);
  });

  it("logs every call in a way that can be repeated", () => {
    const contentsBefore = contents();
    const replayed = execFileSync(
      "psql",
      [
        "-XqAtv",
        "ON_ERROR_STOP=1",
        "-c",
        "CREATE TEMPORARY TABLE demo_line (line jsonb)",
        "-c",
        "\\copy demo_line FROM pstdin WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')",
        "-c",
        `SELECT count(*) FILTER (WHERE (answer ->> 'created')::boolean)
         FROM (SELECT callcenter.create_call(line ->> 'companyId', line -> 'call') AS answer
               FROM demo_line WHERE line ? 'call') AS logged`,
      ],
      { encoding: "utf8", env, input: generate(NOW) },
    );
    assert.equal(replayed.trim(), "0");
    assert.equal(contents(), contentsBefore);
  });

  it("makes about 200 customers of those who gave a name", () => {
    const count = Number(
      psql("SELECT count(full_name) FROM callcenter.customers"),
    );
    assert.ok(count > 170 && count < 250, `${count} customers`);
  });

  it("recognises a returning caller in every spelling of the number", () => {
    const spellings = psql(
      `SELECT count(DISTINCT caller_raw) FROM callcenter.calls
       WHERE caller_phone IS NOT NULL
       GROUP BY company_id, caller_phone ORDER BY 1 DESC LIMIT 1`,
    );
    assert.ok(Number(spellings) >= 3);
    assert.equal(
      psql(
        `SELECT count(*) FROM (
           SELECT FROM callcenter.calls
           WHERE caller_phone IS NOT NULL AND customer_id IS NOT NULL
           GROUP BY company_id, caller_phone HAVING count(DISTINCT customer_id) > 1) AS torn`,
      ),
      "0",
    );
  });

  it("never makes a customer of a withheld caller, an own number or a salesman", () => {
    assert.equal(
      psql(
        `SELECT count(*) FROM callcenter.calls AS c JOIN callcenter.companies AS o ON o.id = c.company_id
         WHERE c.customer_id IS NOT NULL
           AND (c.caller_kind = 'withheld' OR c.caller_phone = ANY (o.own_numbers))`,
      ),
      "0",
    );
    assert.equal(
      psql(
        `SELECT count(*) FROM callcenter.customers AS c
         WHERE NOT EXISTS (SELECT FROM callcenter.calls AS l
                           WHERE l.company_id = c.company_id AND l.customer_id = c.id AND l.status <> 'spam')`,
      ),
      "0",
    );
  });

  it("keeps the two customers apart who are one person with one number", () => {
    const known = COMPANIES.map((company) =>
      JSON.parse(
        psql(`SELECT callcenter.lookup_by_phone('${company.id}', '${NADIA}')`),
      ),
    );
    assert.deepEqual(
      known.map((answer) => answer.customer.fullName),
      ["Nadia Haddad", "Pilsen Two-Flat Partners"],
    );
    assert.notEqual(known[0].customer._id, known[1].customer._id);
  });

  it("has Sarah Johnson call often, and as the newest caller", () => {
    const { customer, recentHistory } = JSON.parse(
      psql(
        `SELECT callcenter.lookup_by_phone('${COMPANIES[0].id}', '${SARAH}')`,
      ),
    );
    assert.equal(customer.fullName, "Sarah Johnson");
    assert.ok(customer.stats.totalCalls >= 8);
    assert.equal(recentHistory.lastCall.result, "Appointment updated");
    assert.equal(
      psql(
        `SELECT call_id FROM callcenter.calls WHERE company_id = '${COMPANIES[0].id}'
         ORDER BY started_at DESC LIMIT 1`,
      ),
      recentHistory.lastCall.callId,
    );
  });
});
