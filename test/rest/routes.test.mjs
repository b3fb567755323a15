// Every route: what it answers when all is well, and to whom it answers nothing.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";

import {
  assertError,
  assertSecurityHeaders,
  call,
  fixture,
  hexId,
  request,
  root,
  token,
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

describe("every route of a company", () => {
  // Straight from the table, so that a route that is added is a route that is tested.
  const table = [
    ...readFileSync(`${root}rest/src/routes.def`, "utf8").matchAll(
      /^ROUTE\((\w+), "([^"]*:companyId[^"]*)", (\w+), (\w+)\((.*)\)\)$/gm,
    ),
  ].map(([, method, pattern, access, , parameters]) => ({
    method,
    pattern,
    access,
    takesBody: /\bBODY\b/.test(parameters),
  }));

  const ask = (route, company, options) =>
    request(
      route.method,
      route.pattern
        .replace(":companyId", company)
        .replace(/:\w+/g, () => hexId()),
      { body: route.takesBody ? { customerId: null } : undefined, ...options },
    );

  it("is in the table, and only for those who are signed in", () => {
    assert.ok(table.length >= 20, `${table.length} routes`);
    for (const route of table) {
      assert.equal(route.access, "SIGNED_IN", route.pattern);
    }
  });

  for (const route of table) {
    it(`is closed to strangers: ${route.method} ${route.pattern}`, async () => {
      assertError(await ask(route, own.company), 401, {
        code: "authentication_required",
      });
      assertError(await ask(route, own.company, { token: own.expired }), 401, {
        code: "authentication_required",
      });
      assertError(
        await ask(route, own.company, { token: own.otherToken }),
        403,
        {
          error: "Access denied",
          message: "You do not have access to this company",
        },
      );
      assertError(await ask(route, "x", { token: own.token }), 400, {
        error: "Invalid company ID format",
      });
    });
  }
});

describe("changing a call", () => {
  let path;

  before(async () => {
    const body = call({
      captured: { accessInstructions: { gateCode: "4711" } },
    });
    path = `/api/admin/call-history/${own.company}/${body.callId}`;
    await request("POST", `/api/admin/call-history/${own.company}`, {
      token: own.token,
      body,
    });
  });

  const ask = (method, suffix = "", options = {}) =>
    request(method, `${path}${suffix}`, { token: own.token, ...options });

  it("needs the version it was made from, if one is named", async () => {
    const { version } = (await ask("GET")).json.call;
    const patch = (value, ifMatch) =>
      ask("PATCH", "", {
        body: { review: { flagged: value } },
        headers: ifMatch === undefined ? {} : { "if-match": ifMatch },
      });
    const first = await patch(true, `"${version}"`);
    assert.equal(first.status, 200, first.text);
    assert.equal(first.json.call.review.flagged, true);
    assert.equal(first.json.call.version, version + 1);
    const stale = await patch(false, `"${version}"`);
    assertError(stale, 412, { code: "stale_version" });
    assert.match(
      stale.text,
      new RegExp(
        `version ${version} is expected, version ${version + 1} is stored`,
      ),
    );
    assert.equal((await patch(false, String(version + 1))).status, 200);
    assert.equal((await patch(true)).status, 200);
    assert.equal((await patch(false, "*")).status, 200);
    for (const bad of ["x", '""', '"1', "-1", "1.5", 'W/"1"', "9".repeat(10)]) {
      assertError(await patch(true, bad), 400, { code: "invalid_version" });
    }
  });

  it("names the field that is wrong", async () => {
    assertError(
      await ask("PATCH", "", { body: { review: { rating: 9 } } }),
      400,
      {
        field: "review.rating",
      },
    );
    assertError(await ask("PATCH", "", { body: { callId: "other" } }), 400, {
      field: "callId",
    });
  });

  it("adds notes (201)", async () => {
    const answer = await ask("POST", "/note", { body: { text: "call back" } });
    assert.equal(answer.status, 201, answer.text);
    const second = await ask("POST", "/note", { body: { text: "done" } });
    assert.equal(second.status, 201, second.text);
    const { call } = (await ask("GET")).json;
    assert.equal(call.agentNotes.text, "done");
    assert.deepEqual(
      call.notes.map((note) => note.text),
      ["done", "call back"],
    );
    assertError(await ask("POST", "/note", { body: {} }), 400, {
      field: "text",
    });
  });

  it("stores a transcript that comes later", async () => {
    const answer = await ask("PUT", "/transcript", {
      body: [{ speaker: "agent", text: "good morning", turnNumber: 1 }],
    });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(
      (await ask("GET")).json.call.transcript[0].text,
      "good morning",
    );
  });

  it("links it to a customer, or to none, but only when told so", async () => {
    const link = (body) => ask("PUT", "/customer", { body });
    const linked = async () => (await ask("GET")).json.call.caller.customerId;
    assert.equal((await link({ customerId: customer })).status, 200);
    assert.equal(await linked(), customer);
    for (const body of [{}, [], 5, { customerid: null }, { customerId: 5 }]) {
      assertError(await link(body), 400, { field: "customerId" });
    }
    assertError(await link({ customerId: customer, why: "x" }), 400, {
      field: "why",
    });
    assertError(await link({ customerId: hexId() }), 404);
    assert.equal(await linked(), customer);
    assert.equal((await link({ customerId: null })).status, 200);
    assert.equal(await linked(), undefined);
  });

  it("shows access codes only when they are asked for", async () => {
    const { captured } = (await ask("GET")).json.call;
    assert.notEqual(captured.accessInstructions.gateCode, "4711");
    const answer = await ask("POST", "/reveal");
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.text, /4711/);
    const viewer = await token({ company: own.company, role: "viewer" });
    assertError(await ask("POST", "/reveal", { token: viewer }), 403, {
      error: "Access denied",
    });
  });

  it("deletes calls by filter, and none without one", async () => {
    const calls = `/api/admin/call-history/${own.company}`;
    assertError(await request("DELETE", calls, { token: own.token }), 400);
    const { callId } = (await ask("GET")).json.call;
    const answer = await request("DELETE", `${calls}?callId=${callId}`, {
      token: own.token,
    });
    assert.equal(answer.status, 200, answer.text);
    assertError(await ask("GET"), 404);
  });
});

describe("customers and their visits", () => {
  const customers = () => `/api/admin/customers/${own.company}`;
  const appointments = () => `/api/admin/appointments/${own.company}`;
  let made;

  const ask = (method, path, options = {}) =>
    request(method, path, { token: own.token, ...options });

  it("are created (201), changed, noted, listed", async () => {
    const body = { phone: "+13055559001", firstName: "Ana", lastName: "Diaz" };
    const created = await ask("POST", customers(), { body });
    assert.equal(created.status, 201, created.text);
    made = created.json.customer;
    assertError(await ask("POST", customers(), { body }), 409);

    const path = `${customers()}/${made._id}`;
    const changed = await ask("PATCH", path, {
      body: { lastName: "Diaz Soto" },
      headers: { "if-match": `"${made.version}"` },
    });
    assert.equal(changed.status, 200, changed.text);
    assert.equal(changed.json.customer.fullName, "Ana Diaz Soto");
    assertError(
      await ask("PATCH", path, {
        body: { lastName: "Diaz" },
        headers: { "if-match": `"${made.version}"` },
      }),
      412,
    );
    const note = await ask("POST", `${path}/note`, { body: { text: "VIP" } });
    assert.equal(note.status, 201, note.text);
    const list = await ask("GET", `${customers()}?q=Diaz&limit=5`);
    assert.equal(list.status, 200, list.text);
    assert.equal(list.json.customers[0]._id, made._id);
    assertError(await ask("GET", `${customers()}?limit=0`), 400, {
      field: "limit",
    });
  });

  it("have visits, a timeline and statistics", async () => {
    const created = await ask("POST", appointments(), {
      body: { customerId: made._id, service: "AC repair", date: "2026-01-05" },
    });
    assert.equal(created.status, 201, created.text);
    const { _id } = created.json.appointment;
    const changed = await ask("PATCH", `${appointments()}/${_id}`, {
      body: { status: "completed", value: 120 },
    });
    assert.equal(changed.status, 200, changed.text);
    const list = await ask("GET", `${appointments()}?customerId=${made._id}`);
    assert.equal(list.status, 200, list.text);
    assert.equal(list.json.appointments.length, 1);
    const path = `${customers()}/${made._id}`;
    const timeline = await ask("GET", `${path}/timeline?limit=10`);
    assert.equal(timeline.status, 200, timeline.text);
    const stats = await ask("GET", `${path}/stats`);
    assert.equal(stats.status, 200, stats.text);
    assert.match(stats.text, /120/);
  });

  it("leave a trail, for admins", async () => {
    const path = `/api/admin/audit/${own.company}?recordId=${made._id}`;
    const answer = await ask("GET", path);
    assert.equal(answer.status, 200, answer.text);
    const agent = await token({ company: own.company, role: "agent" });
    assertError(await ask("GET", path, { token: agent }), 403);
  });

  it("are deleted in one of two ways, which must be said", async () => {
    const path = `${customers()}/${made._id}`;
    for (const query of ["", "?mode=somehow"]) {
      assertError(await ask("DELETE", `${path}${query}`), 400);
    }
    const answer = await ask("DELETE", `${path}?mode=delete`);
    assert.equal(answer.status, 200, answer.text);
    assertError(await ask("GET", path), 404);
  });
});

describe("follow-ups", () => {
  const ask = (method, path, options = {}) =>
    request(method, `/api/admin/follow-ups/${own.company}${path}`, {
      token: own.token,
      ...options,
    });

  it("wait in the order of their deadlines, for whoever takes one", async () => {
    for (const urgency of ["normal", "emergency"]) {
      const answer = await request(
        "POST",
        `/api/admin/call-history/${own.company}`,
        {
          token: own.token,
          body: call({
            caller: { phone: `+1305555${urgency === "normal" ? 8001 : 8002}` },
            captured: { urgency },
            outcome: { status: "voicemail" },
          }),
        },
      );
      assert.equal(answer.status, 201, answer.text);
    }
    const list = await ask("GET", "?status=open&reason=voicemail,emergency");
    assert.equal(list.status, 200, list.text);
    assert.deepEqual(
      list.json.followUps.map((each) => each.priority),
      ["emergency", "normal"],
    );
    const [first, second] = list.json.followUps.map((each) => each._id);
    const taken = await ask("POST", "/claim");
    assert.equal(taken.json.followUp._id, first, taken.text);

    const agent = await token({
      company: own.company,
      role: "agent",
      email: "other@example.com",
    });
    assertError(await ask("POST", `/${first}/claim`, { token: agent }), 409);
    const viewer = await token({ company: own.company, role: "viewer" });
    assertError(await ask("POST", `/${second}/claim`, { token: viewer }), 403);
    assertError(await ask("POST", `/${hexId()}/claim`), 404);
    assertError(
      await ask("POST", `/${first}/resolve`, { body: { status: "open" } }),
      400,
      { field: "status" },
    );
    const done = await ask("POST", `/${first}/resolve`, {
      body: { note: "called back" },
    });
    assert.equal(done.json.followUp.status, "done", done.text);
    const given = await ask("POST", `/${second}/release`);
    assert.equal(given.json.followUp.status, "open", given.text);
  });
});
