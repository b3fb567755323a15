// Methods, and what every answer has, whoever made it.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import {
  assertError,
  assertSecurityHeaders,
  fixture,
  request,
} from "./support.mjs";

let own;
let paths;

before(async () => {
  own = await fixture();
  paths = {
    "/healthz": ["GET"],
    "/readyz": ["GET"],
    "/metrics": ["GET"],
    "/": ["GET"],
    "/api/session": ["GET", "POST", "DELETE"],
    "/api/token": ["POST"],
    [`/api/admin/call-history/${own.company}`]: ["GET", "POST", "DELETE"],
    [`/api/admin/call-history/${own.company}/call_1_a`]: ["GET", "PATCH"],
    [`/api/admin/customers/${own.company}/CUST-00001`]: [
      "GET",
      "PATCH",
      "DELETE",
    ],
    [`/api/admin/customers/${own.company}/lookup/anonymous`]: ["GET"],
  };
});

describe("methods", () => {
  it("that a path does not have get 405 with those it has", async () => {
    for (const [path, has] of Object.entries(paths)) {
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
        if (has.includes(method)) {
          continue;
        }
        const answer = await request(method, path, { token: own.token });
        assertError(answer, 405, { error: "Method not allowed" });
        const allow = answer.headers.allow.split(", ");
        assert.deepEqual(
          allow.filter((each) => !["HEAD", "OPTIONS"].includes(each)).sort(),
          [...has].sort(),
          path,
        );
        assert.equal(allow.includes("HEAD"), has.includes("GET"));
        assert.ok(allow.includes("OPTIONS"));
      }
    }
  });

  it("are told by OPTIONS, to anybody", async () => {
    for (const [path, has] of Object.entries(paths)) {
      const answer = await request("OPTIONS", path);
      assert.equal(answer.status, 204, path);
      assert.equal(answer.text, "");
      for (const method of has) {
        assert.ok(answer.headers.allow.split(", ").includes(method));
      }
      assert.equal(answer.headers["access-control-allow-origin"], undefined);
      assertSecurityHeaders(answer.headers);
    }
  });

  it("OPTIONS of a path that is not there is 404 as well", async () => {
    assertError(await request("OPTIONS", "/api/nothing"), 404);
  });

  it("HEAD says what GET says, without the body", async () => {
    for (const path of [
      "/healthz",
      "/api/session",
      `/api/admin/call-history/${own.company}`,
    ]) {
      for (const token of [own.token, own.expired]) {
        const get = await request("GET", path, { token });
        const head = await request("HEAD", path, { token });
        assert.equal(head.status, get.status);
        assert.equal(head.text, "");
        assert.equal(
          head.headers["content-length"],
          get.headers["content-length"],
        );
        assert.equal(head.headers["content-type"], get.headers["content-type"]);
      }
    }
  });
});

describe("every answer", () => {
  it("has an id of its own", async () => {
    const ids = new Set();
    for (let i = 0; i < 50; i++) {
      ids.add((await request("GET", "/healthz")).headers["x-request-id"]);
    }
    assert.equal(ids.size, 50);
  });

  it("names neither the server nor its parts", async () => {
    for (const path of ["/healthz", "/nothing", "/call-center.html"]) {
      const { headers } = await request("GET", path);
      assert.equal(headers.server, undefined);
      assert.equal(headers["x-powered-by"], undefined);
    }
  });

  it("has no HSTS on a plain connection", async () => {
    const { headers } = await request("GET", "/healthz");
    assert.equal(headers["strict-transport-security"], undefined);
  });

  it("keeps the connection unless asked to close it", async () => {
    for (const [connection, expected] of [
      ["keep-alive", "keep-alive"],
      ["close", "close"],
      ["Close", "close"],
      ["x, close", "close"],
    ]) {
      const answer = await request("GET", "/healthz", {
        headers: { connection },
      });
      assert.equal(answer.headers.connection, expected);
    }
  });
});
