// docs/bi.md holds: every query in it answers the demo's analyst with rows, and another analyst's views with his own only.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";

const markdown = readFileSync(
  new URL("../../docs/bi.md", import.meta.url),
  "utf8",
);
const VIEWS = [
  "daily_calls",
  "hourly_calls",
  "intent_calls",
  "outcome_calls",
  "tier_calls",
  "customer_overview",
  "open_follow_ups",
  "transcript_turns",
  "calls_flat",
];
const { CALLCENTER_COMPANY: demo, CALLCENTER_OTHER_COMPANY: other } =
  process.env;

/** Runs SQL as a role and gives its lines, or the error. */
function run(sql, role) {
  const arguments_ = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"];
  if (role !== undefined) arguments_.push("-U", role);
  const { status, stdout, stderr } = spawnSync("psql", arguments_, {
    input: sql,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  return {
    lines: stdout.split("\n").filter((line) => line !== ""),
    error: status === 0 ? undefined : stderr,
  };
}

/** The same, which must succeed. */
function lines(sql, role) {
  const { lines: all, error } = run(sql, role);
  assert.equal(error, undefined, sql);
  return all;
}

const queries = [
  ...markdown.matchAll(/\n\n([^\n]+(?:\n[^\n]+)*)\n\n```sql\n(.*?)```/gs),
].map(([, title, sql]) => ({ title: title.split("\n")[0], sql }));

describe("docs/bi.md", () => {
  it("has the queries of a dashboard, and names every view", () => {
    assert.equal(queries.length, markdown.match(/```sql/g).length);
    assert.ok(queries.length >= 10);
    for (const view of VIEWS)
      assert.match(markdown, new RegExp(`FROM callcenter\\.${view}|${view}\``));
  });

  for (const { title, sql } of queries)
    it(`answers the demo's analyst: ${title}`, () => {
      const rows = lines(sql, "bi_demo");
      assert.ok(rows.length > 0, sql);
      assert.ok(
        rows.some((row) => /[^|]/.test(row)),
        "a row says something",
      );
    });
});

describe("an analyst", () => {
  const role = `bi_other_${process.pid}`;

  before(() => {
    lines(`CREATE ROLE ${role} LOGIN IN ROLE callcenter_analyst;
      SELECT callcenter.grant_role('${other}', '${role}');`);
  });
  after(() => {
    lines(`DELETE FROM callcenter.role_grants WHERE role_name = '${role}';
      DROP ROLE ${role}`);
  });

  for (const view of VIEWS) {
    it(`sees own rows of ${view} with one setting, and nobody else's`, () => {
      const companies = `SELECT DISTINCT company_id FROM callcenter.${view}`;
      assert.deepEqual(lines(companies, "bi_demo"), [demo]);
      assert.deepEqual(lines(companies, role), [], "without the setting");
      assert.deepEqual(
        lines(`SET callcenter.company_id = '${other}'; ${companies}`, role),
        [other],
      );
      const { error } = run(
        `SET callcenter.company_id = '${demo}'; ${companies}`,
        role,
      );
      assert.match(error, /You do not have access to this company/);
    });

    it(`changes nothing through ${view}`, () => {
      const { error } = run(`DELETE FROM callcenter.${view}`, "bi_demo");
      assert.match(error, /permission denied|cannot delete from view/);
    });
  }

  it("is told of no access code", () => {
    const columns = lines(`SELECT relname || '.' || attname
      FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
      WHERE relnamespace = 'callcenter'::regnamespace AND relkind = 'v' AND attnum > 0
        AND attname ~ 'gate|lockbox|key_location|access|alternate|special|password|hash|recording|raw'`);
    assert.deepEqual(columns, []);
  });
});

describe("the figures of views", () => {
  const [period] = lines(
    `SELECT json_build_object('from', current_date - 60, 'to', current_date - 30)`,
    "llm0",
  ).map((line) => JSON.parse(line));
  const when = `day BETWEEN '${period.from}' AND '${period.to}'`;
  const said = (name) =>
    JSON.parse(
      lines(
        `SELECT callcenter.${name}('${demo}', '${JSON.stringify(period)}')`,
        "llm0",
      ).join(""),
    );
  const read = (sql) => JSON.parse(lines(sql, "bi_demo").join(""));
  const { summary, intents, tiers } = said("call_analytics");

  it("are those of the API by day", () => {
    assert.ok(summary.totalCalls > 10, "the demo has calls there");
    const days = read(`SELECT json_build_object(
        'totalCalls', sum(total_calls), 'bookedCalls', sum(booked_calls), 'leads', sum(leads), 'bookedLeads', sum(booked_leads),
        'newCalls', sum(new_calls), 'returningCalls', sum(returning_calls), 'missedCalls', sum(missed_calls),
        'abandonedCalls', sum(abandoned_calls), 'withheldCalls', sum(withheld_calls), 'followUpCalls', sum(follow_up_calls),
        'reviewedCalls', sum(reviewed_calls), 'flaggedCalls', sum(flagged_calls),
        'avgDuration', round(sum(total_seconds) / sum(calls_with_duration)),
        'bookingRate', round(sum(booked_calls) / sum(total_calls), 2), 'leadBookingRate', round(sum(booked_leads) / sum(leads), 2))
      FROM callcenter.daily_calls WHERE ${when}`);
    for (const [figure, value] of Object.entries(days))
      assert.equal(value, summary[figure], figure);
  });

  it("are those of the API by intent, outcome and tier", () => {
    const by = (view, key) =>
      read(`SELECT json_object_agg(k, n) FROM (SELECT coalesce(${key}::text, 'none') AS k, sum(total_calls) AS n
        FROM callcenter.${view} WHERE ${when} GROUP BY 1) x`);
    assert.deepEqual(by("intent_calls", "intent"), summary.intentBreakdown);
    assert.deepEqual(by("outcome_calls", "outcome"), summary.outcomeBreakdown);
    for (const { tier, calls } of tiers)
      assert.equal(
        by("tier_calls", "tier")[tier.replace("tier", "")] ?? 0,
        calls,
      );
    const leads =
      read(`SELECT json_object_agg(coalesce(intent, 'none'), is_lead)
      FROM (SELECT DISTINCT intent, is_lead FROM callcenter.intent_calls WHERE ${when}) x`);
    for (const { intent, isLead, calls } of intents)
      if (calls > 0) assert.equal(leads[intent], isLead, intent);
  });

  it("are those of the heat map by hour", () => {
    const hours =
      read(`SELECT json_object_agg(k, n) FROM (SELECT weekday || ' ' || hour AS k, sum(total_calls) AS n
        FROM callcenter.hourly_calls WHERE ${when} GROUP BY 1) x`);
    const days = [
      "Monday",
      "Tuesday",
      "Wednesday",
      "Thursday",
      "Friday",
      "Saturday",
      "Sunday",
    ];
    for (const { weekday, calls } of said("call_heatmap").weekdays)
      calls.forEach((n, hour) =>
        assert.equal(hours[`${days.indexOf(weekday) + 1} ${hour}`] ?? 0, n),
      );
  });
});

describe("a plan under row-level security", () => {
  /** The nodes of a plan, as the role that will run it. */
  function plan(sql) {
    const [{ Plan: root }] = JSON.parse(
      lines(
        `SET enable_seqscan = on; EXPLAIN (FORMAT json) ${sql}`,
        "bi_demo",
      ).join("\n"),
    );
    const nodes = [];
    const walk = (node) => {
      nodes.push(node);
      (node.Plans ?? []).forEach(walk);
    };
    walk(root);
    return nodes;
  }

  const cases = [
    ["daily_calls", "day > current_date - 30", "call_rollups", "company_id"],
    ["hourly_calls", "day > current_date - 7", "call_rollups", "company_id"],
    [
      "hourly_calls",
      "start > now() - interval '7 days'",
      "call_rollups",
      "start",
    ],
    ["intent_calls", "day > current_date - 7", "call_rollups", "company_id"],
    ["outcome_calls", "day > current_date - 7", "call_rollups", "company_id"],
    ["tier_calls", "day > current_date - 7", "call_rollups", "company_id"],
    [
      "customer_overview",
      "last_contact > now() - interval '1 day'",
      "customer_stats",
      "company_id",
    ],
    [
      "calls_flat",
      "started_at > now() - interval '1 day'",
      "calls",
      "started_at",
    ],
    [
      "transcript_turns",
      "started_at > now() - interval '1 day'",
      "calls",
      "started_at",
    ],
    ["open_follow_ups", "due_at < now()", "follow_ups", "company_id"],
  ];
  for (const [view, condition, relation, column] of cases)
    it(`of ${view} uses an index by ${column}`, () => {
      const nodes = plan(`SELECT * FROM callcenter.${view} WHERE ${condition}`);
      const scans = nodes.filter(
        (node) =>
          /Index/.test(node["Node Type"]) &&
          new RegExp(`\\b${column}\\b`).test(node["Index Cond"] ?? ""),
      );
      assert.ok(
        scans.some(
          (node) =>
            node["Relation Name"] === relation ||
            node["Index Name"]?.startsWith(relation),
        ),
        JSON.stringify(nodes, null, 1),
      );
      assert.ok(
        scans.every((node) => /company_id/.test(node["Index Cond"])),
        "and begins with the company",
      );
    });
});
