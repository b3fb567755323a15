// Signing in and out, cookies, and requests that other sites make a browser send.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import {
  assertError,
  call,
  fixture,
  hexId,
  request,
  sql,
  url,
} from "./support.mjs";

let own;
let cookie;

const TOKEN = "[\\w-]+\\.[\\w-]+\\.[\\w-]+";
const REFRESH = "[\\w-]{64}";

const origin = url.origin;
const sameSite = { "sec-fetch-site": "same-origin" };

before(async () => {
  own = await fixture();
  const answer = await signIn();
  [cookie] = cookies(answer);
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

describe("a refresh token", () => {
  /** A session of its own, as its two cookies. */
  const open = async () => cookies(await signIn());

  it("is exchanged for the next cookies, which are good", async () => {
    const [, first] = await open();
    const answer = await refreshWith(first);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.user.email, own.email);
    assert.equal(answer.json.refreshToken, undefined);
    const [token, second] = cookies(answer);
    assert.notEqual(second, first);
    assert.equal(
      (await request("GET", "/api/session", { headers: { cookie: token } }))
        .status,
      200,
    );
    assert.equal((await refreshWith(second)).status, 200);
  });

  it("that was just exchanged gives a token, and no second line of refresh tokens", async () => {
    const [, first] = await open();
    const [, second] = cookies(await refreshWith(first));
    const again = await refreshWith(first);
    assert.equal(again.status, 200, again.text);
    assert.deepEqual(
      cookies(again).map((each) => each.split("=")[0]),
      ["cc"],
    );
    assert.equal((await refreshWith(second)).status, 200);
  });

  it("that is used again later ends the session, and takes the cookies back", async () => {
    const [, first] = await open();
    const [, second] = cookies(await refreshWith(first));
    const [, third] = cookies(await refreshWith(second));
    const answer = await refreshWith(first);
    assertError(answer, 401, { code: "authentication_required" });
    assert.deepEqual(
      cookies(answer).map((each) => each.replace(/=$/, "")),
      ["cc", "cc-refresh"],
    );
    assertError(await refreshWith(third), 401);
    assertError(await refreshWith(second), 401);
  });

  it("is refused in one way, whatever is wrong with it", async () => {
    const [, first] = await open();
    const bodies = new Set();
    for (const header of [
      undefined,
      "cc-refresh=",
      "cc-refresh=x",
      `cc-refresh=${"A".repeat(64)}`,
      `${first}A`,
      first.replace("cc-refresh", "__Secure-cc-refresh"),
      `cc=${first.slice(11)}`,
      cookie,
    ]) {
      const answer = await request("POST", "/api/session/refresh", {
        headers: { ...sameSite, ...(header && { cookie: header }) },
      });
      const error = assertError(answer, 401, {
        code: "authentication_required",
      });
      delete error.ref;
      bodies.add(JSON.stringify(error));
    }
    assert.equal(bodies.size, 1);
    assert.equal((await refreshWith(first)).status, 200, "and none of it hurt");
  });

  it("is not exchanged for another site, nor where the cookie could be read on the way", async () => {
    const [, first] = await open();
    for (const headers of [
      {},
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "https://elsewhere.example" },
    ]) {
      assertError(await refreshWith(first, headers), 403, {
        code: "cross_site",
      });
    }
    assertError(
      await refreshWith(first, {
        ...sameSite,
        host: "callcenter.example.com",
      }),
      403,
      { code: "https_required" },
    );
    assert.equal((await refreshWith(first)).status, 200);
  });

  it("of a program goes in the body and comes in the answer", async () => {
    const body = { email: own.email, password: own.password };
    const first = await request("POST", "/api/token", { body });
    assert.match(first.json.refreshToken, RegExp(`^${REFRESH}$`));
    const exchange = (refreshToken) =>
      request("POST", "/api/token/refresh", { body: { refreshToken } });
    const second = await exchange(first.json.refreshToken);
    assert.equal(second.status, 200, second.text);
    assert.equal(second.headers["set-cookie"], undefined);
    assert.notEqual(second.json.refreshToken, first.json.refreshToken);
    assert.equal(
      (await request("GET", "/api/session", { token: second.json.token }))
        .status,
      200,
    );
    assertError(await exchange("nonsense"), 401);
    assertError(await request("POST", "/api/token/refresh", { body: {} }), 401);
  });

  it("reads roles anew", async () => {
    const [, first] = await open();
    const grant = (role) =>
      sql(
        `SELECT callcenter.grant_company('${own.company}', '${own.email}', '${role}')`,
      );
    await grant("viewer");
    const answer = await refreshWith(first);
    await grant("admin");
    assert.equal(answer.json.companies[0].role, "viewer");
  });
});

describe("sessions", () => {
  it("end with sign-out, whoever has their refresh token", async () => {
    const [token, first] = cookies(await signIn());
    const [, second] = cookies(await refreshWith(first));
    await request("DELETE", "/api/session", {
      headers: { cookie: `${token}; ${second}`, ...sameSite },
    });
    assertError(await refreshWith(second), 401);
    assertError(await refreshWith(first), 401);
  });

  it("end with sign-out also where the token has ended", async () => {
    const [, first] = cookies(await signIn());
    const answer = await request("DELETE", "/api/session", {
      headers: { cookie: `cc=${own.expired}; ${first}`, ...sameSite },
    });
    assert.equal(answer.status, 200, answer.text);
    assertError(await refreshWith(first), 401);
  });

  it("of programs end with their token", async () => {
    const body = { email: own.email, password: own.password };
    const { json } = await request("POST", "/api/token", { body });
    assert.equal(
      (await request("DELETE", "/api/session", { token: json.token })).status,
      200,
    );
    assertError(
      await request("POST", "/api/token/refresh", {
        body: { refreshToken: json.refreshToken },
      }),
      401,
    );
  });

  it("are listed for whoever has them, and can be ended one by one", async () => {
    const [token] = cookies(await signIn());
    const [, elsewhere] = cookies(await signIn());
    const listed = await request("GET", "/api/sessions", {
      headers: { cookie: token },
    });
    assert.equal(listed.status, 200, listed.text);
    const { sessions } = listed.json;
    assert.equal(sessions.filter(({ current }) => current).length, 1);
    assert.ok(sessions.every(({ address }) => address === "127.0.0.1"));
    const latest = sessions.reduce((a, b) =>
      a.createdAt > b.createdAt ? a : b,
    );
    assert.equal(latest.current, false);
    const end = (id) =>
      request("DELETE", `/api/sessions/${id}`, {
        headers: { cookie: token, ...sameSite },
      });
    assert.equal((await end(latest.sessionId)).status, 200);
    assertError(await refreshWith(elsewhere), 401);
    assertError(await end(latest.sessionId), 404, { code: "not_found" });
    assertError(await end("nonsense"), 404, { code: "not_found" });
  });

  it("of a user who is disabled end", async () => {
    const [, first] = cookies(await signIn());
    await sql(`SELECT callcenter.disable_user('${own.email}')`);
    const refused = [await refreshWith(first), await signIn()];
    await sql(`SELECT callcenter.enable_user('${own.email}')`);
    for (const answer of refused) {
      assertError(answer, 401);
    }
    assert.equal((await signIn()).status, 200);
  });
});

describe("a password", () => {
  const change = (token, body) =>
    request("POST", "/api/password", {
      headers: { cookie: token, ...sameSite },
      body,
    });

  it("is changed by who knows the old one, and all other sessions end", async () => {
    const [token, kept] = cookies(await signIn());
    const [, ended] = cookies(await signIn());
    const newPassword = "another horse battery";
    const answer = await change(token, {
      oldPassword: own.password,
      newPassword,
    });
    assert.equal(answer.status, 200, answer.text);
    assert.ok(answer.json.sessionsEnded >= 1);
    assertError(await refreshWith(ended), 401);
    assert.equal((await refreshWith(kept)).status, 200);
    assertError(await signIn(), 401);
    own.password = newPassword;
    assert.equal((await signIn()).status, 200);
  });

  it("is not changed otherwise", async () => {
    const [token] = cookies(await signIn());
    const newPassword = "yet another horse";
    for (const [body, field] of [
      [{ oldPassword: "wrong horse", newPassword }, "oldPassword"],
      [{ newPassword }, "oldPassword"],
      [{ oldPassword: own.password }, "newPassword"],
      [{ oldPassword: own.password, newPassword: "short" }, "newPassword"],
    ]) {
      assertError(await change(token, body), 400, { field });
    }
    assertError(
      await request("POST", "/api/password", {
        body: { oldPassword: own.password, newPassword },
      }),
      401,
    );
    assertError(
      await request("POST", "/api/password", {
        headers: { cookie: token, "sec-fetch-site": "cross-site" },
        body: { oldPassword: own.password, newPassword },
      }),
      403,
      { code: "cross_site" },
    );
    assert.equal((await signIn()).status, 200);
  });
});

describe("passwords that are tried too often", () => {
  it("are refused with the seconds to wait, the right one too, and others are not", async () => {
    const email = `often-${hexId()}@example.com`;
    const attempt = () =>
      request("POST", "/api/token", { body: { email, password: "wrong one" } });
    const statuses = [];
    let answer;
    do {
      answer = await attempt();
      statuses.push(answer.status);
    } while (answer.status === 401 && statuses.length < 20);
    assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429]);
    assertError(answer, 429, {
      code: "too_many_attempts",
      message: /^Too many attempts: try again in \d seconds?$/,
    });
    assert.match(answer.headers["retry-after"], /^[12]$/);
    assert.equal((await signIn()).status, 200, "somebody else");
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
