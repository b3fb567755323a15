// Every route: what it answers when all is well, and to whom it answers nothing.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import {
  assertError,
  assertSecurityHeaders,
  call,
  fixture,
  hexId,
  request,
} from "./support.mjs";

let own;
let posted;
let customer;
let foreign;

before(async () => {
  own = await fixture();
  posted = call();
  const answer = await request(
    "POST",
    `/api/admin/call-history/${own.company}`,
    { token: own.token, body: posted },
  );
  assert.equal(answer.status, 201, answer.text);
  customer = answer.json.call.caller.customerId;

  foreign = (
    await request("POST", `/api/admin/call-history/${own.other}`, {
      token: own.otherToken,
      body: call(),
    })
  ).json.call;
});

/** The routes that need a company: [name, method, path of a company, body, status, record?]. */
const routes = [
  {
    name: "list calls",
    method: "GET",
    path: (company) => `/api/admin/call-history/${company}`,
    good: (json) => {
      assert.equal(json.calls[0].callId, posted.callId);
      assert.equal(json.pagination.total, 1);
      assert.equal(json.pagination.limit, 50);
      assert.equal(json.timeZone, "America/New_York");
    },
  },
  {
    name: "get a call by its callId",
    method: "GET",
    path: (company, id = posted.callId) =>
      `/api/admin/call-history/${company}/${id}`,
    record: () => foreign.callId,
    unknown: () => "call_1_unknown",
    good: (json) => {
      assert.equal(json.call.callId, posted.callId);
      assert.equal(json.call.durationSeconds, 204);
      assert.equal(json.call.transcript.length, 1);
    },
  },
  {
    name: "get a customer",
    method: "GET",
    path: (company, id = customer) => `/api/admin/customers/${company}/${id}`,
    record: () => foreign.caller.customerId,
    unknown: () => hexId(),
    good: (json) => {
      assert.equal(json.customer._id, customer);
      assert.match(json.customer.customerId, /^CUST-\d{5,}$/);
    },
  },
  {
    name: "look a caller up",
    method: "GET",
    path: (company) =>
      `/api/admin/customers/${company}/lookup/${encodeURIComponent(posted.caller.phone)}`,
    good: (json) => {
      assert.equal(json.found, true);
      assert.equal(json.customer._id, customer);
      assert.equal(json.customer.phone, posted.caller.phone);
    },
  },
  {
    name: "create a call",
    method: "POST",
    path: (company) => `/api/admin/call-history/${company}`,
    body: () => posted,
    good: (json) => {
      assert.equal(json.created, false);
      assert.equal(json.call.callId, posted.callId);
    },
  },
];

for (const route of routes) {
  describe(`${route.method}: ${route.name}`, () => {
    const ask = (company, options = {}, id = undefined) =>
      request(route.method, route.path(company, id), {
        body: route.body?.(),
        ...options,
      });

    it("answers with the function's JSON", async () => {
      const answer = await ask(own.company, { token: own.token });
      assert.equal(answer.status, 200, answer.text);
      assert.equal(
        answer.headers["content-type"],
        "application/json; charset=utf-8",
      );
      assert.equal(answer.headers["cache-control"], "no-store");
      assert.equal(answer.json.success, true);
      assertSecurityHeaders(answer.headers);
      route.good(answer.json);
    });

    it("folds the company id to lower case", async () => {
      const answer = await ask(own.company.toUpperCase(), { token: own.token });
      assert.equal(answer.status, 200, answer.text);
    });

    it("refuses without a token", async () => {
      const answer = await ask(own.company);
      const body = assertError(answer, 401, {
        error: "Authentication required",
        code: "authentication_required",
      });
      assert.equal(body.message, undefined);
      assert.equal(
        answer.headers["www-authenticate"],
        'Bearer realm="callcenter"',
      );
    });

    it("refuses a token that has run out, is forged, or is none, all alike", async () => {
      const [head, claims] = own.token.split(".");
      for (const bad of [
        own.expired,
        `${head}.${claims}.${"A".repeat(43)}`,
        `${head}.${claims}.`,
        "nonsense",
        "not a token",
        "",
      ]) {
        const body = assertError(
          await ask(own.company, { token: bad }),
          401,
          {},
        );
        delete body.ref;
        assert.deepEqual(body, {
          success: false,
          error: "Authentication required",
          code: "authentication_required",
        });
      }
    });

    it("refuses another company's token", async () => {
      const body = assertError(
        await ask(own.company, { token: own.otherToken }),
        403,
        {
          error: "Access denied",
          message: "You do not have access to this company",
        },
      );
      assert.equal(body.code, "access_denied");
    });

    it("refuses a company that does not exist like one that is not granted", async () => {
      assertError(await ask(hexId(), { token: own.token }), 403, {
        error: "Access denied",
        message: "You do not have access to this company",
      });
    });

    it("refuses a malformed company id", async () => {
      for (const id of ["x", "123", `${own.company}0`, "g".repeat(24), "%20"]) {
        const body = assertError(await ask(id, { token: own.token }), 400, {});
        assert.equal(body.error, "Invalid company ID format");
      }
    });

    if (route.record) {
      it("does not know an unknown record, nor another company's", async () => {
        const bodies = [];
        for (const id of [route.unknown(), route.record()]) {
          const body = assertError(
            await ask(own.company, { token: own.token }, id),
            404,
            { error: "Not found" },
          );
          delete body.ref;
          bodies.push(body);
        }
        assert.deepEqual(bodies[0], bodies[1]);
      });
    }
  });
}

describe("records by their other names", () => {
  it("gets a call by its _id", async () => {
    const list = await request(
      "GET",
      `/api/admin/call-history/${own.company}`,
      { token: own.token },
    );
    const answer = await request(
      "GET",
      `/api/admin/call-history/${own.company}/${list.json.calls[0]._id}`,
      { token: own.token },
    );
    assert.equal(answer.json.call.callId, posted.callId);
  });

  it("gets a customer by its CUST number", async () => {
    const path = `/api/admin/customers/${own.company}`;
    const { json } = await request("GET", `${path}/${customer}`, {
      token: own.token,
    });
    const answer = await request("GET", `${path}/${json.customer.customerId}`, {
      token: own.token,
    });
    assert.equal(answer.json.customer._id, customer);
  });

  it("looks a number up however it is written", async () => {
    const path = `/api/admin/customers/${own.company}/lookup`;
    const national = posted.caller.phone.slice(2);
    for (const spelling of [
      encodeURIComponent(posted.caller.phone),
      posted.caller.phone,
      national,
      encodeURIComponent(
        `(${national.slice(0, 3)}) ${national.slice(3, 6)}-${national.slice(6)}`,
      ),
    ]) {
      const answer = await request("GET", `${path}/${spelling}`, {
        token: own.token,
      });
      assert.equal(answer.json.found, true, `${spelling}: ${answer.text}`);
    }
  });

  it("says found: false for a number that nobody has, and for a withheld one", async () => {
    for (const phone of ["%2B13055559999", "anonymous"]) {
      const answer = await request(
        "GET",
        `/api/admin/customers/${own.company}/lookup/${phone}`,
        { token: own.token },
      );
      assert.equal(answer.status, 200);
      assert.equal(answer.json.found, false);
    }
  });
});

describe("creating calls", () => {
  const path = () => `/api/admin/call-history/${own.company}`;

  it("creates once (201), repeats (200), and refuses other content (409)", async () => {
    const body = call();
    const ask = (over = {}) =>
      request("POST", path(), { token: own.token, body: { ...body, ...over } });
    const first = await ask();
    assert.equal(first.status, 201);
    assert.equal(first.json.created, true);
    const second = await ask();
    assert.equal(second.status, 200);
    assert.equal(second.json.created, false);
    assert.deepEqual(second.json.call, first.json.call);
    assertError(await ask({ outcome: { status: "spam" } }), 409, {
      error: "Conflict",
      code: "conflict",
    });
  });

  it("answers many at once, each its own", async () => {
    const bodies = Array.from({ length: 40 }, () => call());
    const answers = await Promise.all(
      bodies.map((body) => request("POST", path(), { token: own.token, body })),
    );
    for (const [i, answer] of answers.entries()) {
      assert.equal(answer.status, 201, answer.text);
      assert.equal(answer.json.call.callId, bodies[i].callId);
    }
  });
});

describe("health and the rest", () => {
  it("is alive and ready", async () => {
    for (const where of ["/healthz", "/readyz"]) {
      const answer = await request("GET", where);
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.json, { success: true });
      assertSecurityHeaders(answer.headers);
    }
  });

  it("sends the visitor of / to the page", async () => {
    const answer = await request("GET", "/?companyId=1");
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.location, "/call-center.html");
    assertSecurityHeaders(answer.headers);
  });
});
