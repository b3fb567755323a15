// Exports: all rows, in bounded memory, also for clients who are slow or leave.

import assert from "node:assert/strict";
import http from "node:http";
import net from "node:net";
import { before, describe, it } from "node:test";

import {
  assertError,
  assertSecurityHeaders,
  fixture,
  request,
  sql,
  until,
  url,
} from "./support.mjs";

const CALLS = 3500;

let own;
let path;

before(async () => {
  own = await fixture();
  path = `/api/admin/call-history/${own.company}/export.csv`;
  await sql(
    `SELECT count(callcenter.create_call('${own.company}', jsonb_build_object(
       'callId', 'call_' || i,
       'caller', jsonb_build_object('phone', '+13055551' || lpad((i % 50)::text, 3, '0')),
       'startedAt', timestamptz '2025-01-01 00:00Z' + i * interval '1 hour',
       'outcome', jsonb_build_object('status', 'completed', 'result', repeat('x', 180)),
       'captured', jsonb_build_object('problemDescription', repeat('a long story ', 700))),
       '${own.token}'))
     FROM generate_series(1, ${CALLS}) i`,
  );
});

/** The call ids in a CSV whose fields hold no line breaks. */
function ids(text) {
  const lines = text.trimEnd().split("\r\n");
  return lines.slice(1).map((line) => line.split(",")[0]);
}

async function inProgress() {
  const { text } = await request("GET", "/metrics");
  return [
    ...text.matchAll(/^callcenter_http_requests_in_progress\S* (\d+)$/gm),
  ].reduce((sum, [, n]) => sum + Number(n), 0);
}

/** Begins an export and hands out the answer, unread. */
function begin() {
  return new Promise((resolve, reject) => {
    const outgoing = http.get(
      {
        host: url.hostname,
        port: url.port,
        path,
        headers: { authorization: `Bearer ${own.token}` },
        agent: false,
      },
      resolve,
    );
    outgoing.on("error", reject);
  });
}

describe("an export", () => {
  it("holds every call once, in chunks, as a file", async () => {
    const answer = await request("GET", path, { token: own.token });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers["content-type"], "text/csv; charset=utf-8");
    assert.equal(answer.headers["transfer-encoding"], "chunked");
    assert.equal(answer.headers["content-length"], undefined);
    assert.equal(answer.headers["cache-control"], "no-store");
    assert.equal(
      answer.headers["content-disposition"],
      'attachment; filename="calls.csv"',
    );
    assertSecurityHeaders(answer.headers);
    const found = ids(answer.text);
    assert.equal(found.length, CALLS);
    assert.equal(new Set(found).size, CALLS);
  });

  it("takes the filters of the list", async () => {
    const { text } = await request(
      "GET",
      `${path}?startDate=2025-02-01&endDate=2025-02-02`,
      { token: own.token },
    );
    assert.equal(ids(text).length, 48);
    const none = await request("GET", `${path}?status=spam`, {
      token: own.token,
    });
    assert.equal(ids(none.text).length, 0);
    assert.match(none.text, /^Call id,/);
  });

  it("is refused like a list, before it begins", async () => {
    assertError(await request("GET", path), 401);
    assertError(await request("GET", path, { token: own.otherToken }), 403);
    assertError(
      await request("GET", `${path}?tier=9`, { token: own.token }),
      400,
      { field: "tier" },
    );
  });

  it("leaves the connection fit for the next request", async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; i < 3; i++) {
      const answer = await request("GET", path, { token: own.token, agent });
      assert.equal(ids(answer.text).length, CALLS);
      assert.equal((await request("GET", "/healthz", { agent })).status, 200);
    }
    const head = await request("HEAD", path, { token: own.token, agent });
    assert.equal(head.status, 200);
    assert.equal((await request("GET", "/healthz", { agent })).status, 200);
    agent.destroy();
  });

  it("waits for a slow client without a connection to the database", async (t) => {
    // More answers than all buffers between us can hold.
    const exports = 15;
    const head = `GET ${path} HTTP/1.1\r\nHost: ${url.host}\r\nAuthorization: Bearer ${own.token}\r\n\r\n`;
    const slow = Array.from({ length: 3 }, () => {
      const socket = net.connect(Number(url.port), url.hostname);
      t.after(() => socket.destroy());
      socket.pause();
      socket.write(head.repeat(exports));
      return socket;
    });
    const sent = async () => {
      const { text } = await request("GET", "/metrics");
      return [...text.matchAll(/^callcenter_db_sent_total\S* (\d+)$/gm)].reduce(
        (sum, [, n]) => sum + Number(n),
        0,
      );
    };
    // Their batches come until the buffers are full, then no more.
    await until(
      "the exports have begun",
      async () => (await inProgress()) >= slow.length,
    );
    let same = 0;
    let last = -1;
    await until("the exports wait", async () => {
      const now = await sent();
      same = now - last <= 1 ? same + 1 : 0; // a ping may be among them
      last = now;
      return same >= 25;
    });
    assert.ok((await inProgress()) >= slow.length);
    for (let i = 0; i < 8; i++) {
      const answer = await request(
        "GET",
        `/api/admin/call-history/${own.company}`,
        { token: own.token },
      );
      assert.equal(answer.status, 200, answer.text);
    }
    await Promise.all(
      slow.map(async (socket) => {
        let headings = 0;
        let rows = 0;
        let rest = "";
        socket.on("data", (part) => {
          const lines = (rest + part.toString("latin1")).split("\r\n");
          rest = lines.pop();
          for (const line of lines) {
            headings += line.startsWith("Call id,") ? 1 : 0;
            rows += /^call_\d+,/.test(line) ? 1 : 0;
          }
        });
        socket.resume();
        await until(
          "all of it has come",
          () => headings === exports && rows >= exports * CALLS - 100,
          60,
        );
        socket.destroy();
      }),
    );
  });

  it("ends when its client leaves", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, begin));
    for (const answer of answers) {
      answer.destroy();
    }
    await until(
      "nothing is in progress",
      async () => (await inProgress()) <= 2,
    );
  });
});
