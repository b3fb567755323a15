// Signing in and out, cookies, and requests that other sites make a browser send.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import { assertError, call, fixture, request, url } from "./support.mjs";

let own;
let cookie;
let refresh;

const TOKEN = "[\\w-]+\\.[\\w-]+\\.[\\w-]+";
const REFRESH = "[\\w-]{64}";

const origin = url.origin;
const sameSite = { "sec-fetch-site": "same-origin" };

before(async () => {
  own = await fixture();
  const answer = await signIn();
  [cookie, refresh] = cookies(answer);
});

/** The cookies that an answer sets, as a request sends them: the token's, the refresh token's. */
const cookies = (answer) =>
  (answer.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]);

function refreshWith(header, headers = sameSite) {
  return request("POST", "/api/session/refresh", {
    headers: { cookie: header, ...headers },
  });
}

function signIn(
  headers = sameSite,
  body = { email: own.email, password: own.password },
) {
  return request("POST", "/api/session", { headers, body });
}

describe("signing in", () => {
  it("sets the cookies of a plain connection of the machine itself", async () => {
    const answer = await signIn();
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.user.email, own.email);
    assert.deepEqual(
      answer.json.companies.map(({ companyId, role }) => [companyId, role]),
      [[own.company, "admin"]],
    );
    assert.equal(answer.json.token, undefined);
    assert.equal(answer.json.refreshToken, undefined);
    assert.equal(answer.headers["set-cookie"].length, 2);
    assert.match(
      answer.headers["set-cookie"].join("\n"),
      RegExp(
        `^cc=${TOKEN}; Path=/; Max-Age=900; HttpOnly; SameSite=Strict\n` +
          `cc-refresh=${REFRESH}; Path=/api/session; HttpOnly; SameSite=Strict$`,
      ),
    );
    assert.equal(answer.json.expiresIn, 900);
  });

  it("sets __Host- and __Secure- cookies, Secure, when the proxy before us speaks https", async () => {
    const answer = await signIn({ ...sameSite, "x-forwarded-proto": "https" });
    assert.match(
      answer.headers["set-cookie"].join("\n"),
      RegExp(
        `^__Host-cc=${TOKEN}; Path=/; Max-Age=900; HttpOnly; SameSite=Strict; Secure\n` +
          `__Secure-cc-refresh=${REFRESH}; Path=/api/session; HttpOnly; SameSite=Strict; Secure$`,
      ),
    );
    assert.match(answer.headers["strict-transport-security"], /^max-age=/);
  });

  it("is refused where the cookie could be read on the way", async () => {
    const body = { email: own.email, password: own.password };
    const answer = await request("POST", "/api/session", {
      headers: { host: "callcenter.example.com" },
      body,
    });
    assertError(answer, 403, { code: "https_required" });
    assert.equal(answer.headers["set-cookie"], undefined);
  });

  it("fails alike for a wrong password and an unknown address", async () => {
    const bodies = [];
    for (const body of [
      { email: own.email, password: "wrong horse battery" },
      { email: "nobody@example.com", password: own.password },
    ]) {
      const answer = await signIn(sameSite, body);
      const error = assertError(answer, 401, { code: "sign_in_failed" });
      assert.equal(answer.headers["set-cookie"], undefined);
      delete error.ref;
      bodies.push(error);
    }
    assert.deepEqual(bodies[0], bodies[1]);
  });

  it("needs both an address and a password", async () => {
    for (const body of [{}, { email: own.email }, { password: "x" }]) {
      assertError(await signIn(sameSite, body), 400, {
        error: "Invalid request",
      });
    }
  });

  it("gives machines a token instead", async () => {
    const answer = await request("POST", "/api/token", {
      body: { email: own.email, password: own.password },
    });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers["set-cookie"], undefined);
    const session = await request("GET", "/api/session", {
      token: answer.json.token,
    });
    assert.equal(session.json.user.email, own.email);
  });
});

describe("the session", () => {
  it("tells who is signed in", async () => {
    const answer = await request("GET", "/api/session", {
      headers: { cookie },
    });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.user.email, own.email);
    assert.ok(Date.parse(answer.json.expiresAt) > Date.now());
  });

  it("is nobody's without a cookie or token", async () => {
    assertError(await request("GET", "/api/session"), 401);
  });

  it("is found among other cookies, and only under its name", async () => {
    const value = cookie.slice(3);
    for (const [header, status] of [
      [`a=b; ${cookie}; c=d`, 200],
      [`a=b;${cookie}`, 200],
      [`xcc=${value}`, 401],
      [`ccc=${value}; cc`, 401],
      [`__Host-cc=${value}`, 401],
    ]) {
      const answer = await request("GET", "/api/session", {
        headers: { cookie: header },
      });
      assert.equal(answer.status, status, header);
    }
  });

  it("over https is the __Host- cookie only", async () => {
    const value = cookie.slice(3);
    for (const [header, status] of [
      [`__Host-cc=${value}`, 200],
      [`cc=${value}`, 401],
    ]) {
      const answer = await request("GET", "/api/session", {
        headers: { cookie: header, "x-forwarded-proto": "https" },
      });
      assert.equal(answer.status, status, header);
    }
  });

  it("is refused together with an Authorization header", async () => {
    for (const authorization of [`Bearer ${own.token}`, "Basic eDp5"]) {
      assertError(
        await request("GET", "/api/session", {
          headers: { cookie, authorization },
        }),
        400,
        { code: "two_credentials" },
      );
    }
  });

  it("is not opened by other schemes", async () => {
    for (const authorization of ["Basic eDp5", own.token, "Bearer"]) {
      assertError(
        await request("GET", "/api/session", { headers: { authorization } }),
        401,
      );
    }
  });

  it("takes the scheme in any case", async () => {
    const answer = await request("GET", "/api/session", {
      headers: { authorization: `bEARER ${own.token}` },
    });
    assert.equal(answer.status, 200);
  });

  it("ends: the cookie is taken back and the browser forgets", async () => {
    for (const [headers, name, refreshName, secure] of [
      [{ cookie, ...sameSite }, "cc", "cc-refresh", ""],
      [
        {
          cookie: `__Host-${cookie}`,
          ...sameSite,
          "x-forwarded-proto": "https",
        },
        "__Host-cc",
        "__Secure-cc-refresh",
        "; Secure",
      ],
    ]) {
      const answer = await request("DELETE", "/api/session", { headers });
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.json, { success: true });
      assert.deepEqual(answer.headers["set-cookie"], [
        `${name}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0${secure}`,
        `${refreshName}=; Path=/api/session; HttpOnly; SameSite=Strict; Max-Age=0${secure}`,
      ]);
      assert.equal(answer.headers["clear-site-data"], '"cache", "storage"');
    }
  });

  it("ends quietly for whoever has none", async () => {
    assert.equal((await request("DELETE", "/api/session")).status, 200);
  });
});

describe("requests of other sites", () => {
  const write = (headers) =>
    request("POST", `/api/admin/call-history/${own.company}`, {
      headers: { cookie, ...headers },
      body: call(),
    });

  it("pass when the browser says that they are our own", async () => {
    for (const headers of [
      sameSite,
      { origin },
      { ...sameSite, origin: "https://elsewhere.example" },
    ]) {
      const answer = await write(headers);
      assert.equal(answer.status, 201, answer.text);
    }
  });

  it("are refused when they carry the cookie and are not", async () => {
    for (const headers of [
      {},
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none" },
      { "sec-fetch-site": "cross-site", origin },
      { origin: "https://elsewhere.example" },
      { origin: "null" },
      { origin: `${origin}0` },
      { origin: url.host },
    ]) {
      assertError(await write(headers), 403, {
        error: "Access denied",
        code: "cross_site",
      });
    }
  });

  it("can neither sign a browser in nor out", async () => {
    for (const headers of [
      { "sec-fetch-site": "cross-site" },
      { origin: "https://elsewhere.example" },
    ]) {
      assertError(await signIn(headers), 403, { code: "cross_site" });
      assertError(
        await request("DELETE", "/api/session", {
          headers: { cookie, ...headers },
        }),
        403,
        { code: "cross_site" },
      );
    }
  });

  it("may read nothing either, for want of the cookie; with it, reading needs no proof", async () => {
    const answer = await request("GET", "/api/session", {
      headers: { cookie },
    });
    assert.equal(answer.status, 200);
  });

  it("with a Bearer token are not a browser's", async () => {
    const answer = await request(
      "POST",
      `/api/admin/call-history/${own.company}`,
      { token: own.token, body: call() },
    );
    assert.equal(answer.status, 201, answer.text);
  });
});
