// Callers behind a proxy, and pages of other origins: off unless configured, and then
// what the settings say and no more.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { Instance } from "./robust/instance.mjs";
import {
  assertError,
  assertSecurityHeaders,
  call,
  fixture,
  request,
  url,
} from "./support.mjs";

const APP = "https://app.example.com";
const OTHER = "http://other.example.com:8443";
const sameSite = { "sec-fetch-site": "same-origin" };

let usual; // of the instance that all tests share
let own; // of one with the settings below
let instance;

before(async () => {
  usual = await fixture();
  instance = await Instance.start({
    CALLCENTER_TRUSTED_PROXIES: "192.0.2.200, 127.0.0.1",
    CALLCENTER_CORS_ORIGINS: `${APP},${OTHER}`,
  });
  own = await fixture(instance.env);
});
after(() => instance?.remove());

/** Where a sign-in with these headers is said to come from. */
async function signedInFrom(of, base, headers) {
  const body = { email: of.email, password: of.password };
  const { json, text } = await request("POST", "/api/token", {
    base,
    headers,
    body,
  });
  assert.ok(json.token, text);
  const { json: listed } = await request("GET", "/api/sessions", {
    base,
    token: json.token,
  });
  return listed.sessions.find(({ current }) => current).address;
}

describe("the address of a caller", () => {
  it("is the other end's, whatever the headers say", async () => {
    for (const headers of [{}, { "x-forwarded-for": "198.51.100.1" }]) {
      assert.equal(await signedInFrom(usual, url, headers), "127.0.0.1");
    }
  });

  it("is the last one that a trusted proxy names", async () => {
    for (const [forwarded, address] of [
      ["198.51.100.1", "198.51.100.1"],
      ["203.0.113.9, 198.51.100.2", "198.51.100.2"],
      ["nonsense,198.51.100.3 ", "198.51.100.3"],
      ["198.51.100.4:5678", "198.51.100.4"],
      ["2001:db8::1", "2001:db8::1"],
      ["[2001:db8::2]:5678", "2001:db8::2"],
      [["203.0.113.9", "198.51.100.5"], "198.51.100.5"],
    ]) {
      assert.equal(
        await signedInFrom(own, instance.base, {
          "x-forwarded-for": forwarded,
        }),
        address,
        String(forwarded),
      );
    }
  });

  it("is the proxy's where it names none", async () => {
    for (const forwarded of [
      "nonsense",
      "198.51.100.1, unknown",
      ",",
      "1.2.3",
    ]) {
      assert.equal(
        await signedInFrom(own, instance.base, {
          "x-forwarded-for": forwarded,
        }),
        "127.0.0.1",
        forwarded,
      );
    }
  });

  it("has its own limits: who guesses elsewhere keeps nobody out", async () => {
    const attempt = (password, from) =>
      request("POST", "/api/token", {
        base: instance.base,
        headers: { "x-forwarded-for": from },
        body: { email: own.email, password },
      });
    const statuses = [];
    for (let i = 0; i < 6; i++) {
      statuses.push((await attempt("wrong horse", "203.0.113.66")).status);
    }
    assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429]);
    assert.equal((await attempt(own.password, "203.0.113.67")).status, 200);
  });
});

describe("pages of other origins", () => {
  const ask = (method, path, headers, options = {}) =>
    request(method, path, { base: instance.base, headers, ...options });
  const list = () => `/api/admin/call-history/${own.company}`;
  const allowing = (answer) =>
    Object.keys(answer.headers).filter((name) =>
      name.startsWith("access-control-"),
    );

  it("may not ask unless an origin is configured", async () => {
    for (const [method, path] of [
      ["GET", `/api/admin/call-history/${usual.company}`],
      ["OPTIONS", `/api/admin/call-history/${usual.company}`],
      ["GET", "/call-center.html"],
    ]) {
      const answer = await request(method, path, {
        headers: { origin: APP },
        token: usual.token,
      });
      assert.deepEqual(allowing(answer), [], `${method} ${path}`);
    }
    assertError(
      await request("POST", `/api/admin/call-history/${usual.company}`, {
        headers: { origin: APP, "sec-fetch-site": "cross-site" },
        token: usual.token,
        body: call(),
      }),
      403,
      { code: "cross_site" },
    );
  });

  it("may read answers, errors included, when their origin is configured", async () => {
    for (const origin of [APP, OTHER]) {
      for (const [path, token, status] of [
        [list(), own.token, 200],
        [list(), undefined, 401],
        [list(), own.otherToken, 403],
        ["/api/nothing", own.token, 404],
      ]) {
        const answer = await ask("GET", path, { origin }, { token });
        assert.equal(answer.status, status);
        assert.equal(answer.headers["access-control-allow-origin"], origin);
        assert.equal(answer.headers.vary, "Origin");
        assert.equal(
          answer.headers["access-control-allow-credentials"],
          undefined,
        );
        assertSecurityHeaders(answer.headers);
      }
    }
  });

  it("are told by a preflight what they may send", async () => {
    const answer = await ask("OPTIONS", list(), {
      origin: APP,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    });
    assert.equal(answer.status, 204);
    assert.equal(answer.headers["access-control-allow-origin"], APP);
    assert.match(answer.headers["access-control-allow-methods"], /\bPOST\b/);
    assert.equal(
      answer.headers["access-control-allow-headers"],
      "authorization, content-type, if-match",
    );
    assert.equal(answer.headers["access-control-allow-credentials"], undefined);
  });

  it("may write with a token", async () => {
    const headers = { origin: APP, "sec-fetch-site": "cross-site" };
    const answer = await ask("POST", list(), headers, {
      token: own.token,
      body: call(),
    });
    assert.equal(answer.status, 201, answer.text);
    const body = { email: own.email, password: own.password };
    assert.equal(
      (await ask("POST", "/api/token", headers, { body })).status,
      200,
    );
  });

  it("may not with a cookie, nor get, exchange or end one", async () => {
    const headers = { origin: APP, "sec-fetch-site": "cross-site" };
    const body = { email: own.email, password: own.password };
    const signedIn = await ask("POST", "/api/session", sameSite, { body });
    const [token, refresh] = signedIn.headers["set-cookie"].map(
      (line) => line.split(";")[0],
    );
    for (const [method, path, cookie, payload] of [
      ["POST", list(), token, call()],
      ["POST", "/api/session", undefined, body],
      ["POST", "/api/session/refresh", refresh, undefined],
      ["DELETE", "/api/session", `${token}; ${refresh}`, undefined],
      ["DELETE", "/api/session", undefined, undefined],
    ]) {
      const answer = await ask(
        method,
        path,
        { ...headers, ...(cookie && { cookie }) },
        { body: payload },
      );
      assertError(answer, 403, { code: "cross_site" });
      assert.equal(answer.headers["set-cookie"], undefined);
    }
  });

  it("may not when their origin only looks like one that is configured", async () => {
    for (const origin of [
      "null",
      "https://app.example.com.evil.example",
      "https://evil.example/https://app.example.com",
      "https://APP.example.com",
      "http://app.example.com",
      `${APP}:443`,
      `${APP}/`,
      "https://sub.app.example.com",
      "*",
    ]) {
      const answer = await ask("GET", list(), { origin }, { token: own.token });
      assert.deepEqual(allowing(answer), [], origin);
      assert.equal(answer.headers.vary, "Origin");
      assertError(
        await ask(
          "POST",
          list(),
          { origin, "sec-fetch-site": "cross-site" },
          { token: own.token, body: call() },
        ),
        403,
        { code: "cross_site" },
      );
    }
  });
});
