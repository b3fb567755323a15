// What a request may say, and how it is told what is wrong: paths, query strings, bodies.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import { assertError, call, fixture, raw, request, url } from "./support.mjs";

let own;
let calls;

before(async () => {
  own = await fixture();
  calls = `/api/admin/call-history/${own.company}`;
});

const list = (query) =>
  request("GET", `${calls}?${query}`, { token: own.token });

describe("query strings", () => {
  it("take every parameter of the contract", async () => {
    const answer = await list(
      "page=1&limit=100&startDate=2025-01-01&endDate=2025-12-31&status=completed,voicemail&intent=repair" +
        "&tier=2&phone=%2B13055551234&direction=inbound&flagged=false&reviewed=false&followUp=false" +
        "&urgency=normal&q=heater&sort=newest",
    );
    assert.equal(answer.status, 200, answer.text);
  });

  it("may be empty, and may hold empty pairs", async () => {
    for (const query of ["", "&", "limit=5&&page=1&"]) {
      assert.equal((await list(query)).status, 200);
    }
  });

  it("decode + and %20 to a blank, and UTF-8", async () => {
    for (const q of ["a+b", "a%20b", "%C3%A9t%C3%A9", "%F0%9F%93%9E"]) {
      const answer = await list(`q=${q}`);
      assert.equal(answer.status, 200, answer.text);
    }
  });

  it("hold each parameter once", async () => {
    for (const query of ["limit=5&limit=5", "limit=5&page=1&l%69mit=6"]) {
      assertError(await list(query), 400, {
        error: "Invalid request",
        code: "invalid_parameter",
        field: "limit",
        message: /twice/,
      });
    }
  });

  it("are percent-encoded UTF-8 without NUL", async () => {
    for (const value of [
      "%",
      "%4",
      "%zz",
      "%00",
      "a%00b",
      "%ff",
      "%C3",
      "%C3%28",
      "%ED%A0%80",
      "%C0%AF",
      "%F4%90%80%80",
    ]) {
      assertError(await list(`q=${value}`), 400, {
        code: "invalid_parameter",
        field: "q",
        message: /UTF-8/,
      });
    }
  });

  it("name their parameters well", async () => {
    for (const query of ["=1", "%ff=1", "%=1"]) {
      const body = assertError(await list(query), 400, {
        code: "invalid_parameter",
      });
      assert.equal(body.field, undefined);
    }
  });

  it("hold at most 32 parameters", async () => {
    const query = Array.from({ length: 33 }, (_, i) => `p${i}=1`).join("&");
    assertError(await list(query), 400, {
      code: "invalid_parameter",
      message: /too many/,
    });
  });

  it("hold only parameters that the function knows", async () => {
    assertError(await list("colour=red"), 400, {
      error: "Invalid request",
      field: "colour",
    });
  });

  it("hold values that the parameter can have", async () => {
    for (const [query, field] of [
      ["limit=0", "limit"],
      ["limit=101", "limit"],
      ["limit=many", "limit"],
      ["limit=", "limit"],
      ["limit=5.5", "limit"],
      ["page=0", "page"],
      ["page=-1", "page"],
      ["startDate=yesterday", "startDate"],
      ["endDate=2025-02-30", "endDate"],
      ["startDate=2025-12-01T10:00:00", "startDate"],
      ["status=sleeping", "status"],
      ["tier=4", "tier"],
      ["direction=sideways", "direction"],
      ["flagged=maybe", "flagged"],
      ["urgency=some", "urgency"],
      ["sort=random", "sort"],
      ["after=nonsense", "after"],
    ]) {
      const body = assertError(await list(query), 400, {
        error: "Invalid request",
        field,
      });
      assert.equal(typeof body.message, "string", query);
    }
  });

  it("are refused where there is nothing to ask", async () => {
    for (const path of [`${calls}/call_1_a`, "/api/session"]) {
      assertError(
        await request("GET", `${path}?limit=5`, { token: own.token }),
        400,
        { code: "invalid_parameter", message: /takes no parameters/ },
      );
    }
  });

  it("too long are refused as a whole", async () => {
    assertError(await list(`q=${"a".repeat(2000)}`), 414, {
      code: "uri_too_long",
    });
  });
});

describe("paths", () => {
  const lookup = (segment) =>
    request("GET", `/api/admin/customers/${own.company}/lookup/${segment}`, {
      token: own.token,
    });

  it("are decoded once", async () => {
    const answer = await lookup("%252B13055551234");
    assert.equal(answer.status, 200);
    assert.equal(answer.json.found, false);
    assert.match(answer.text, /%2B13055551234/);
  });

  it("keep + as it is", async () => {
    const answer = await lookup("+13055551234");
    assert.match(answer.text, /\+13055551234/);
  });

  it("may hold an encoded slash inside a segment", async () => {
    const answer = await lookup("a%2Fb");
    assert.notEqual(answer.status, 404);
  });

  it("must be percent-encoded UTF-8 without NUL", async () => {
    for (const segment of ["%", "%zz", "%00", "%ff", "%C3%28"]) {
      assertError(await lookup(segment), 400, { code: "malformed_path" });
    }
  });

  it("are not found with empty or further segments", async () => {
    for (const path of [
      `${calls}/`,
      `${calls}//`,
      `/api//admin/call-history/${own.company}`,
      `${calls}/a/b/c`,
      "/api/admin/call-history",
      "/api/admin/call-history/",
      "/api",
      "/nothing",
      "/.",
      "/..",
    ]) {
      const { text } = await raw(
        `GET ${path} HTTP/1.1\r\nHost: ${url.host}\r\nAuthorization: Bearer ${own.token}\r\nConnection: close\r\n\r\n`,
      );
      assert.match(text, /^HTTP\/1\.1 404 /, path);
    }
  });
});

describe("bodies", () => {
  const post = (body, headers = { "content-type": "application/json" }) =>
    request("POST", calls, { token: own.token, body, headers });

  it("must be declared as JSON", async () => {
    for (const type of [
      undefined,
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/jsonp",
      "text/json",
    ]) {
      assertError(
        await post("{}", type === undefined ? {} : { "content-type": type }),
        415,
        { code: "json_required" },
      );
    }
  });

  it("may say their charset", async () => {
    const body = JSON.stringify(call());
    for (const type of [
      "application/json; charset=utf-8",
      "Application/JSON;charset=UTF-8",
    ]) {
      const answer = await post(body, { "content-type": type });
      assert.ok([200, 201].includes(answer.status), answer.text);
    }
  });

  it("must not be empty", async () => {
    assertError(await post(""), 400, { code: "empty_body" });
  });

  it("must be JSON in UTF-8 without NUL", async () => {
    for (const body of [
      "{",
      "{]",
      "nonsense",
      '{"a":1}x',
      Buffer.from([0x7b, 0xff, 0x7d]),
      Buffer.from('{"callId":"a\0b"}'),
      '{"callId":"a\\u0000b"}',
    ]) {
      assertError(await post(body), 400, {
        error: "Invalid request",
        message: /JSON/,
      });
    }
  });

  it("must be an object", async () => {
    for (const body of ["[]", "1", '"text"', "null"]) {
      assertError(await post(body), 400, { error: "Invalid request" });
    }
  });

  it("name the field that is missing, unknown or wrong", async () => {
    const good = call();
    for (const [body, field] of [
      [{ ...good, callId: undefined }, "callId"],
      [{ ...good, startedAt: undefined }, "startedAt"],
      [{ ...good, caller: { name: "x" } }, "caller.phone"],
      [{ ...good, outcome: {} }, "outcome.status"],
      [{ ...good, colour: "red" }, "colour"],
      [{ ...good, analysis: { routingTier: 4 } }, "analysis.routingTier"],
      [{ ...good, analysis: { routingTier: "two" } }, "analysis.routingTier"],
      [{ ...good, outcome: { status: "asleep" } }, "outcome.status"],
      [{ ...good, startedAt: "2025-12-01T14:30:00" }, "startedAt"],
      [{ ...good, startedAt: 5 }, "startedAt"],
    ]) {
      const answer = assertError(
        await request("POST", calls, { token: own.token, body }),
        400,
        { error: "Invalid request", field },
      );
      assert.equal(typeof answer.message, "string");
    }
  });

  it("may be a megabyte, but no more", async () => {
    const big = call({
      captured: { problemDescription: "x".repeat(1000000) },
    });
    const fits = JSON.stringify(big);
    assert.ok(Buffer.byteLength(fits) < 1048576);
    assert.notEqual((await post(fits)).status, 413);
    const answer = await post(" ".repeat(1048577));
    assertError(answer, 413, { code: "body_too_large" });
    assert.equal(answer.headers.connection, "close");
  });
});
