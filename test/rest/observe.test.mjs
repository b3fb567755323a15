// What the server tells about itself: metrics and log, and what it keeps to itself.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";

import { assertError, call, fixture, request, until } from "./support.mjs";

let own;
let log;

before(async () => {
  own = await fixture();
  log = `${process.env.CALLCENTER_VAR}/log/rest.log`;
});

/** The log's line of a request, once it is written. */
function line(ref) {
  return until(`a line about ${ref}`, () => {
    const found = readFileSync(log, "utf8")
      .split("\n")
      .filter((each) => each.includes(`"ref":"${ref}"`));
    return found.length > 0 && found.map((each) => JSON.parse(each));
  });
}

describe("metrics", () => {
  const counter = async (labels) => {
    const { text } = await request("GET", "/metrics");
    const found = text
      .split("\n")
      .find((each) =>
        each.startsWith(`callcenter_http_requests_total{${labels}}`),
      );
    return found === undefined ? 0 : Number(found.split(" ")[1]);
  };

  it("count requests by route and status, over all workers", async () => {
    const labels =
      'method="GET",route="/api/admin/call-history/:companyId",status="401"';
    const start = await counter(labels);
    for (let i = 0; i < 20; i++) {
      await request("GET", `/api/admin/call-history/${own.company}`);
    }
    assert.equal((await counter(labels)) - start, 20);
  });

  it("count refusals by reason", async () => {
    const refused = async (reason) => {
      const { text } = await request("GET", "/metrics");
      return Number(
        text.match(
          new RegExp(
            `^callcenter_refused_total\\{reason="${reason}"\\} (\\d+)$`,
            "m",
          ),
        )[1],
      );
    };
    const calls = `/api/admin/call-history/${own.company}`;
    const reasons = ["authentication_required", "access_denied", "cross_site"];
    const start = await Promise.all(reasons.map(refused));
    await request("GET", calls);
    await request("GET", calls, { token: `${own.token}x` });
    await request("GET", `/api/admin/call-history/${own.other}`, {
      token: own.token,
    });
    await request("GET", calls, { token: own.token });
    const counts = await Promise.all(reasons.map(refused));
    assert.deepEqual(
      counts.map((count, i) => count - start[i]),
      [2, 1, 0],
    );
  });

  it("have histograms whose buckets add up, and the state of the database", async () => {
    await request("GET", "/healthz");
    const { text, headers } = await request("GET", "/metrics");
    assert.match(headers["content-type"], /^text\/plain; version=0\.0\.4/);
    const buckets = [
      ...text.matchAll(
        /^callcenter_http_request_seconds_bucket\{method="GET",route="\/healthz",le="[^"]+"\} (\d+)$/gm,
      ),
    ].map(([, n]) => Number(n));
    assert.equal(buckets.length, 15);
    for (let i = 1; i < buckets.length; i++) {
      assert.ok(buckets[i] >= buckets[i - 1]);
    }
    assert.match(
      text,
      new RegExp(
        `^callcenter_http_request_seconds_count\\{method="GET",route="/healthz"\\} ${buckets.at(-1)}$`,
        "m",
      ),
    );
    for (const lane of ["light", "heavy", "write", "login"]) {
      assert.match(
        text,
        new RegExp(
          `^callcenter_db_connections\\{worker="1",lane="${lane}"\\} [1-9]`,
          "m",
        ),
      );
    }
    for (const each of text.trim().split("\n")) {
      assert.match(each, /^(# TYPE \w+ \w+|\w+(\{[^}]*\})? [0-9.e+-]+)$/);
    }
  });

  it("are for the machine itself, not for who comes through a proxy", async () => {
    assertError(
      await request("GET", "/metrics", {
        headers: { "x-forwarded-for": "192.0.2.1" },
      }),
      404,
    );
  });
});

describe("the log", () => {
  it("has a JSON line for each answer, found by its id", async () => {
    const answer = await request(
      "POST",
      `/api/admin/call-history/${own.company}`,
      { token: own.token, body: call() },
    );
    const [entry] = await line(answer.headers["x-request-id"]);
    assert.equal(entry.method, "POST");
    assert.equal(entry.route, "/api/admin/call-history/:companyId");
    assert.equal(entry.company, own.company);
    assert.equal(entry.status, 201);
    assert.equal(entry.level, "info");
    assert.equal(entry.bytes, answer.bytes.length);
    assert.ok(entry.ms > 0 && entry.db_ms > 0 && entry.ms >= entry.db_ms);
    assert.ok(!Number.isNaN(Date.parse(entry.time)));
  });

  it("keeps numbers, tokens, cookies and passwords to itself", async () => {
    const phone = `1305555${String(Date.now()).slice(-4)}`;
    const secret = `secret${Date.now()}`;
    const asked = [
      request("GET", `/api/admin/customers/${own.company}/lookup/${phone}`, {
        token: own.token,
      }),
      request(
        "GET",
        `/api/admin/call-history/${own.company}?phone=${phone}&q=${secret}`,
        { token: own.token },
      ),
      ...[
        "phone",
        "q",
        "status",
        "startDate",
        "customerId",
        "after",
        "limit",
      ].map((name) =>
        request(
          "GET",
          `/api/admin/call-history/${own.company}?${name}=${secret}`,
          { token: own.token },
        ),
      ),
      request("GET", `/api/admin/customers/${own.company}/lookup/${secret}`, {
        token: own.token,
      }),
      request("GET", `/api/admin/customers/${own.company}/${secret}`, {
        token: own.token,
      }),
      request("POST", `/api/admin/call-history/${own.company}`, {
        token: own.token,
        body: call({ caller: { phone: secret } }),
      }),
      request("POST", `/api/admin/call-history/${own.company}`, {
        token: own.token,
        body: call({ analysis: { routingTier: secret } }),
      }),
      request("GET", `/${secret}`),
      request("GET", "/api/session", { token: secret }),
      request("GET", "/api/session", { headers: { cookie: `cc=${secret}` } }),
      request("POST", "/api/token", {
        body: { email: own.email, password: secret },
      }),
      request("POST", "/api/token", {
        headers: { "content-type": "application/json" },
        body: `{"password":"${secret}`,
      }),
    ];
    for (const answer of await Promise.all(asked)) {
      await line(answer.headers["x-request-id"]);
    }
    const logs = [
      readFileSync(log, "utf8"),
      readFileSync(`${process.env.CALLCENTER_VAR}/log/postgres.log`, "utf8"),
    ];
    for (const text of logs) {
      assert.ok(!text.includes(phone), "a phone number");
      assert.ok(!text.includes(secret), "a secret");
      assert.ok(!text.includes(own.token), "a token");
    }
  });
});
