/**
 * llm0.test.mjs: the example client docs/examples/llm0.c, compiled as its README
 * says and run against a database of its own in the running instance.
 */

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const examples = fileURLToPath(
  new URL("../../docs/examples/", import.meta.url),
);
const database = `llm0_test_${process.pid}`;
const stranger = `llm0_test_${process.pid}`;
const env = { ...process.env, PGDATABASE: database };

const CEDAR = "64f1c0de5a1e00000000c001";
const OTHER = "64f1c0de5a1e00000000c002";

let directory = "";

/**
 * @param {string} sql
 * @param {NodeJS.ProcessEnv} [given]
 */
function psql(sql, given = env) {
  return execFileSync("psql", ["-XqAtv", "ON_ERROR_STOP=1", "-c", sql], {
    encoding: "utf8",
    env: { ...given, PGOPTIONS: "-c client_min_messages=warning" },
  }).trimEnd();
}

/**
 * A call as the platform tells of it: call.json with changes.
 * @param {string} callId
 * @param {string} phone
 * @param {Record<string, unknown>} [changes]
 */
function call(callId, phone, changes = {}) {
  const document = JSON.parse(
    readFileSync(join(examples, "call.json"), "utf8"),
  );
  delete document.twilioCallSid;
  return { ...document, callId, caller: { phone }, ...changes };
}

/**
 * Runs the client for a call.
 * @param {unknown} document
 * @param {{ company?: string, role?: string, name?: string[] }} [options]
 */
function llm0(document, { company = CEDAR, role = "llm0", name = [] } = {}) {
  const file = join(directory, "call.json");
  writeFileSync(
    file,
    typeof document === "string" ? document : JSON.stringify(document),
  );
  const { status, stdout, stderr } = spawnSync(
    join(directory, "llm0"),
    [company, file, ...name],
    { encoding: "utf8", env: { ...env, PGUSER: role } },
  );
  const steps = stdout.split("\n");
  /** @param {number} n */
  const step = (n) =>
    steps.find((line) => line.startsWith(`${n} `))?.slice(12) ?? "";
  return { status, stderr, step };
}

describe("llm0", () => {
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "llm0-"));
    const include = execFileSync("pg_config", ["--includedir"], {
      encoding: "utf8",
    }).trim();
    execFileSync("cc", [
      ...["-std=c99", "-Wall", "-Wextra", "-Werror", `-I${include}`],
      join(examples, "llm0.c"),
      ...["-lpq", "-o", join(directory, "llm0")],
    ]);
    psql(`CREATE DATABASE ${database}`, process.env);
    psql("CREATE EXTENSION callcenter CASCADE");
    psql(
      `SELECT callcenter.create_company(c) FROM (VALUES
         ('{"_id": "${CEDAR}", "name": "Cedar", "timeZone": "America/New_York", "ownNumbers": ["+14045550100"]}'::jsonb),
         ('{"_id": "${OTHER}", "name": "Other", "timeZone": "America/Chicago"}')) AS v (c)`,
    );
    psql(`CREATE ROLE ${stranger} LOGIN IN ROLE callcenter_service`);
    psql(`SELECT callcenter.grant_role('${OTHER}', '${stranger}')`);
  });

  after(() => {
    psql(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`, process.env);
    psql(`DROP ROLE IF EXISTS ${stranger}`, process.env);
    rmSync(directory, { recursive: true });
  });

  it("does not know a new caller, who is a customer after the call", () => {
    const { status, step, stderr } = llm0(
      call("call_1_new", "+1 (305) 555-0134"),
      { name: ["Cedar Ridge"] },
    );
    assert.equal(status, 0, stderr);
    assert.equal(step(1), "call_1_new");
    assert.equal(step(2), "+1 (305) 555-0134");
    assert.equal(step(3), "nobody we know");
    assert.equal(step(5), "Thank you for calling Cedar Ridge. How can I help?");
    assert.equal(step(6), "created");
    assert.equal(step(7), "CUST-00001 Sarah Johnson, earlier calls: 0");
  });

  it("greets the caller by name the next time, whatever the spelling of the number", () => {
    const { status, step, stderr } = llm0(
      call("call_2_known", "305.555.0134", {
        startedAt: "2025-12-02T10:00:00Z",
        endedAt: "2025-12-02T10:01:00Z",
        transcript: [],
      }),
      { name: ["Cedar Ridge"] },
    );
    assert.equal(status, 0, stderr);
    assert.equal(step(3), "CUST-00001 Sarah Johnson, earlier calls: 1");
    assert.equal(
      step(5),
      "Hi Sarah! Welcome back to Cedar Ridge. How can I help?",
    );
    assert.equal(step(7), "CUST-00001 Sarah Johnson, earlier calls: 1");
  });

  it("gives the agent the context of the customer beside the turn", () => {
    const { step } = llm0(
      call("call_3_context", "+13055550134", {
        startedAt: "2025-12-03T10:00:00Z",
        endedAt: "2025-12-03T10:01:00Z",
        transcript: [
          { speaker: "agent", text: "How can I help?" },
          { speaker: "caller", text: 'My "AC" is out.' },
        ],
      }),
    );
    const { customerContext, ...turn } = JSON.parse(step(4));
    assert.deepEqual(turn, {
      companyId: CEDAR,
      callId: "call_3_context",
      text: 'My "AC" is out.',
    });
    assert.equal(customerContext.name, "Sarah Johnson");
    assert.equal(customerContext.phone, "+13055550134");
    assert.equal(customerContext.totalCalls, 2);
    assert.equal(customerContext.history.lastCall.callId, "call_2_known");
  });

  it("neither knows nor makes a customer of a caller who withholds the number", () => {
    for (const [index, phone] of ["anonymous", "+266696687"].entries()) {
      const { status, step, stderr } = llm0(call(`call_4_${index}`, phone));
      assert.equal(status, 0, stderr);
      assert.equal(step(3), "nobody we know");
      assert.equal(step(5), "Thank you for calling. How can I help?");
      assert.equal(step(6), "created");
      assert.equal(step(7), "none");
    }
  });

  it("does not take the company's own number for a customer", () => {
    const { status, step } = llm0(call("call_5_own", "+14045550100"));
    assert.equal(status, 0);
    assert.equal(step(7), "none");
  });

  it("does not know a customer of another company", () => {
    const { status, step } = llm0(call("call_6_other", "+13055550134"), {
      company: OTHER,
    });
    assert.equal(status, 0);
    assert.equal(step(3), "nobody we know");
    assert.equal(step(7), "CUST-00001 Sarah Johnson, earlier calls: 0");
  });

  it("logs a call once, however often it is told of it", () => {
    const count = () => psql("SELECT count(*) FROM callcenter.calls");
    const document = call("call_7_twice", "+13055550134", {
      startedAt: "2025-12-04T10:00:00Z",
      endedAt: "2025-12-04T10:01:00Z",
    });
    assert.equal(llm0(document).step(6), "created");
    const calls = count();
    const again = llm0(document);
    assert.equal(again.status, 0);
    assert.equal(again.step(6), "was there already");
    assert.equal(again.step(7), "CUST-00001 Sarah Johnson, earlier calls: 3");
    assert.equal(count(), calls);

    const other = llm0({ ...document, outcome: { status: "spam" } });
    assert.equal(other.status, 1);
    assert.match(other.stderr, /SQLSTATE 23505/);
    assert.equal(count(), calls);
  });

  it("is refused a company that its role is not granted, and tells nothing of it", () => {
    const { status, step, stderr } = llm0(
      call("call_8_refused", "+13055550134"),
      { role: stranger },
    );
    assert.equal(status, 1);
    assert.match(stderr, /recognize: .*SQLSTATE 42501/);
    assert.match(stderr, /log_call: .*SQLSTATE 42501/);
    assert.equal(step(3), "nobody we know");
    assert.equal(step(7), "");
    assert.equal(
      psql(
        "SELECT count(*) FROM callcenter.calls WHERE call_id = 'call_8_refused'",
      ),
      "0",
    );
  });

  it("may act for the company that its role is granted", () => {
    const { status, step } = llm0(
      call("call_9_granted", "+13055550134", {
        startedAt: "2025-12-05T10:00:00Z",
        endedAt: "2025-12-05T10:01:00Z",
      }),
      { role: stranger, company: OTHER },
    );
    assert.equal(status, 0);
    assert.equal(step(3), "CUST-00001 Sarah Johnson, earlier calls: 1");
  });

  it("says which field of a call is wrong, and logs nothing", () => {
    const { status, stderr } = llm0(
      call("call_10_bad", "+13055550134", { outcome: { status: "splendid" } }),
    );
    assert.equal(status, 1);
    assert.match(stderr, /field outcome\.status\)/);
    assert.match(stderr, /not logged/);
  });

  it("says that a file is not a call", () => {
    const { status, stderr } = llm0("{ this is not JSON");
    assert.equal(status, 1);
    assert.match(stderr, /SQLSTATE 22P02/);
    assert.match(stderr, /is not a call/);
  });

  it("says why it cannot connect", () => {
    const { status, stderr } = llm0(call("call_11", "anonymous"), {
      role: "nobody_of_that_name",
    });
    assert.equal(status, 1);
    assert.match(stderr, /nobody_of_that_name/);
  });
});
