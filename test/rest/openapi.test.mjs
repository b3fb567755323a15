// rest/openapi.json says what the server does: the same routes, and answers that fit.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";

import { fields } from "../records/field-tables.mjs";
import { call, fixture, hexId, request, root } from "./support.mjs";

const document = JSON.parse(readFileSync(`${root}rest/openapi.json`, "utf8"));

/** What a "#/a/b" reference points to. */
function resolve(ref) {
  const found = ref
    .slice(2)
    .split("/")
    .reduce((at, name) => at?.[name], document);
  assert.ok(found, `${ref} points nowhere`);
  return found;
}

const TYPES = {
  object: (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === "string",
  integer: Number.isInteger,
  number: (value) => typeof value === "number",
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
};

/** What is wrong with a value by a schema, as a list of words; the parts of JSON Schema that the document uses. */
function faults(schema, value, where) {
  if (schema.$ref !== undefined) {
    return faults(resolve(schema.$ref), value, where);
  }
  const wrong = [];
  const say = (what) => wrong.push(`${where} ${what}`);
  if (schema.anyOf ?? schema.oneOf) {
    const all = (schema.anyOf ?? schema.oneOf).map((each) =>
      faults(each, value, where),
    );
    if (all.every((each) => each.length > 0)) {
      wrong.push(...all.sort((a, b) => a.length - b.length)[0]);
    }
  }
  if ("const" in schema && value !== schema.const) {
    say(`is not ${schema.const}`);
  }
  if (schema.type !== undefined && !TYPES[schema.type](value)) {
    say(`is no ${schema.type}`);
    return wrong;
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    say(`is not one of ${schema.enum}`);
  }
  if (schema.pattern && !new RegExp(schema.pattern).test(value)) {
    say(`does not match ${schema.pattern}`);
  }
  if (schema.format === "date-time" && !/^\d{4}-\d\d-\d\dT.*Z$/.test(value)) {
    say("is no time");
  }
  if (schema.format === "date" && !/^\d{4}-\d\d-\d\d$/.test(value)) {
    say("is no date");
  }
  if (value < schema.minimum || value > schema.maximum) {
    say("is out of range");
  }
  if (schema.type === "array") {
    value.forEach((each, i) =>
      wrong.push(...faults(schema.items, each, `${where}[${i}]`)),
    );
    if (value.length < schema.minItems || value.length > schema.maxItems) {
      say("has another length");
    }
  }
  if (schema.type === "object") {
    for (const name of schema.required ?? []) {
      if (!Object.hasOwn(value, name)) {
        say(`has no ${name}`);
      }
    }
    for (const [name, each] of Object.entries(value)) {
      const known = schema.properties?.[name] ?? schema.additionalProperties;
      if (known === false) {
        say(`has ${name}, of which the document does not know`);
      } else if (typeof known === "object") {
        wrong.push(...faults(known, each, `${where}.${name}`));
      }
    }
  }
  return wrong;
}

/** The operation's schema of an answer. */
function answerSchema(method, path, status) {
  const operation = document.paths[path][method.toLowerCase()];
  let response = operation.responses[status];
  assert.ok(response, `${method} ${path} has no ${status} in the document`);
  if (response.$ref !== undefined) {
    response = resolve(response.$ref);
  }
  return response.content?.["application/json"]?.schema;
}

describe("the document", () => {
  it("has the routes of routes.def, no more and no fewer", () => {
    const text = readFileSync(`${root}rest/src/routes.def`, "utf8");
    const routes = [...text.matchAll(/^ROUTE\((\w+), "([^"]+)"/gm)].map(
      ([, method, path]) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`,
    );
    const documented = Object.entries(document.paths).flatMap(
      ([path, operations]) =>
        Object.keys(operations).map(
          (method) => `${method.toUpperCase()} ${path}`,
        ),
    );
    assert.ok(routes.length > 10);
    assert.deepEqual(documented.sort(), routes.sort());
  });

  it("names every parameter of its paths, and each operation once", () => {
    const ids = new Set();
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const operation of Object.values(operations)) {
        const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        const given = (operation.parameters ?? [])
          .filter((each) => each.in === "path")
          .map((each) => each.name);
        assert.deepEqual(given, names, path);
        assert.ok(!ids.has(operation.operationId));
        ids.add(operation.operationId);
      }
    }
  });

  it("refers to nothing that is not there, and holds nothing unused", () => {
    const refs = new Set(
      [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
        ([, ref]) => ref,
      ),
    );
    refs.forEach(resolve);
    for (const kind of ["schemas", "responses"]) {
      for (const name of Object.keys(document.components[kind])) {
        assert.ok(refs.has(`#/components/${kind}/${name}`), name);
      }
    }
  });
});

/** The schema at a path ("captured.name") of a schema; null, an alternative, is looked past. */
function schemaAt(schema, path) {
  let at = schema;
  for (const step of path.split(".")) {
    at = plain(at).properties?.[step];
    if (at === undefined) return undefined;
  }
  return at;
}

/** A schema without references and without the alternative null. */
function plain(schema) {
  if (schema.$ref !== undefined) return plain(resolve(schema.$ref));
  const other = schema.anyOf?.find((each) => each.type !== "null");
  return other === undefined ? schema : plain(other);
}

const takesNull = (schema) =>
  schema.anyOf?.some((each) => each.type === "null") ?? false;

describe("documents", () => {
  const { schemas } = document.components;
  const records = [
    { file: "call_fields.c", list: "call_field_list", whole: schemas.Call, row: schemas.CallRow, made: schemas.NewCall, patch: schemas.CallPatch },
    { file: "customer_fields.c", list: "customer_field_list", whole: schemas.CustomerWithHistory, row: schemas.CustomerRow, made: schemas.NewCustomer, patch: schemas.CustomerPatch },
    { file: "appointments.c", list: "appointment_field_list", whole: schemas.Appointment, row: schemas.Appointment, made: schemas.NewAppointment, patch: schemas.AppointmentPatch },
    { file: "customer_fields.c", list: "address_field_list", whole: schemas.Address, made: schemas.Address },
    { file: "customer_fields.c", list: "equipment_field_list", whole: schemas.Equipment, made: schemas.Equipment },
    { file: "call_fields.c", list: "note_field_list", whole: schemas.CallNote, made: schemas.NewNote },
    { file: "call_fields.c", list: "action_field_list", whole: schemas.Call.properties.actions.items, made: schemas.NewCall.properties.actions.items },
    { file: "call_fields.c", list: "turn_field_list", whole: schemas.Call.properties.transcript.items, made: schemas.Transcript.items },
  ]; // prettier-ignore

  for (const { file, list, whole, row, made, patch } of records) {
    it(`have every field of ${list}`, () => {
      const wrong = [];
      for (const { path, type, flags } of fields(file, list)) {
        const set =
          flags.has("FIELD_READ_ONLY") || type === "PHONE_DISPLAY"
            ? "server"
            : "client";
        const expect = (schema, there, what) => {
          if (schema !== undefined && (schemaAt(schema, path) !== undefined) !== there)
            wrong.push(`${path} ${there ? "is not" : "is"} in ${what}`);
        }; // prettier-ignore
        expect(whole, !flags.has("FIELD_LIST_ONLY"), "a whole record");
        expect(row, flags.has("FIELD_IN_LIST") || flags.has("FIELD_LIST_ONLY"), "a row of a list"); // prettier-ignore
        if (made !== whole) expect(made, set === "client", "a new record");
        const changes = set === "client" && !flags.has("FIELD_CREATE_ONLY");
        expect(patch, changes, "a patch");
        const patched = patch && schemaAt(patch, path);
        if (
          patched &&
          flags.has("FIELD_REQUIRED") === takesNull(patched) &&
          path !== "callId"
        )
          // prettier-ignore
          wrong.push(`${path} of a patch: null`);
        const labels = plain(schemaAt(whole, path) ?? {}).enum;
        if (type === "ENUM" && !flags.has("FIELD_LIST_ONLY") && !labels)
          wrong.push(`${path} does not say what it may be`);
      }
      assert.deepEqual(wrong, []);
    });
  }
});

describe("real answers fit the document", () => {
  let own;
  let full;
  let made;

  before(async () => {
    own = await fixture();
    full = call({
      twilioCallSid: `CA${hexId()}${hexId()}`.slice(0, 34),
      direction: "inbound",
      analysis: {
        primaryIntent: "repair",
        intentConfidence: 0.9,
        emotion: { primary: "worried", intensity: 0.5 },
        triageCard: "no heat",
        scenarioMatched: "furnace",
        routingTier: 1,
        llmModel: "m-1",
        llmCost: 0.0123,
      },
      captured: {
        name: "Maria Lopez",
        phone: "+13055551234",
        email: "maria@example.com",
        address: {
          street: "1 Main St",
          city: "Miami",
          state: "FL",
          zip: "33101",
          full: "1 Main St, Miami, FL 33101",
        },
        problemDescription: "no heat since last night",
        urgency: "urgent",
        appointment: {
          requestedDate: "2025-12-03",
          requestedTimeWindow: "morning",
          bookedDate: "2025-12-04",
          bookedTimeWindow: "8-12",
        },
        accessInstructions: {
          customerPresent: true,
          keyLocation: "under the mat",
          gateCode: "1234",
          lockboxCode: "5678",
          alternateContact: {
            name: "Ana",
            phone: "+13055551235",
            relationship: "sister",
          },
          petInfo: "a dog",
          specialNotes: "ring twice",
        },
        custom: { warranty: "yes" },
      },
      outcome: {
        status: "completed",
        result: "booked",
        transferredTo: "nobody",
        messageLeft: true,
        followUpRequired: true,
        followUpNotes: "call back",
      },
      actions: [
        {
          type: "sms_sent",
          target: "+13055551234",
          status: "success",
          timestamp: "2025-12-01T14:32:00Z",
          details: { text: "confirmed" },
        },
      ],
      recording: {
        url: "https://recordings.example.com/1.mp3",
        duration: 204,
        storedUntil: "2026-12-01T00:00:00Z",
      },
      agentNotes: {
        text: "nice caller",
        addedBy: "Ann",
        addedAt: "2025-12-01T15:00:00Z",
      },
      review: {
        reviewed: true,
        rating: 4,
        feedback: "good",
        flagged: true,
        flagReason: "training",
      },
    });
    assert.deepEqual(
      faults({ $ref: "#/components/schemas/NewCall" }, full, "call"),
      [],
    );
    made = await check("POST", "/api/admin/call-history/{companyId}", 201, {
      body: full,
    });
  });

  /** Asks, and checks the answer by the document. */
  async function check(
    method,
    path,
    status,
    { names = {}, query = "", ...options } = {},
  ) {
    const filled = path.replace(/\{(\w+)\}/g, (_, name) =>
      encodeURIComponent({ companyId: own.company, ...names }[name]),
    );
    const answer = await request(method, filled + query, {
      token: own.token,
      ...options,
    });
    assert.equal(answer.status, status, answer.text);
    const schema = answerSchema(method, path, status);
    if (schema !== undefined) {
      assert.deepEqual(faults(schema, answer.json, "answer"), []);
    }
    return answer.json;
  }

  it("of every route, when all is well", async () => {
    const calls = "/api/admin/call-history/{companyId}";
    const customer = made.call.caller.customerId;
    await check("POST", calls, 200, { body: full });
    await check("POST", calls, 201, {
      body: call({ caller: { phone: "anonymous" } }),
    });
    await check("GET", calls, 200, { query: "?limit=1" });
    await check("GET", calls, 200, { query: "?status=spam" });
    for (const callId of [full.callId, made.call._id]) {
      await check("GET", `${calls}/{callId}`, 200, { names: { callId } });
    }
    const lookup = "/api/admin/customers/{companyId}/lookup/{phone}";
    for (const phone of [
      full.caller.phone,
      "+13055550000",
      "anonymous",
      "911",
    ]) {
      await check("GET", lookup, 200, { names: { phone } });
    }
    await check("GET", "/api/admin/customers/{companyId}/{customerId}", 200, {
      names: { customerId: customer },
    });
    const body = { email: own.email, password: own.password };
    await check("POST", "/api/session", 200, { token: undefined, body });
    await check("POST", "/api/token", 200, { token: undefined, body });
    await check("GET", "/api/session", 200);
    await check("DELETE", "/api/session", 200);
    for (const path of ["/healthz", "/readyz", "/metrics"]) {
      await check("GET", path, 200);
    }
    await check("GET", "/", 302);
  });

  it("of records that are changed", async () => {
    const calls = "/api/admin/call-history/{companyId}";
    const customers = "/api/admin/customers/{companyId}";
    const appointments = "/api/admin/appointments/{companyId}";
    const names = { callId: full.callId };
    const text = { text: "call back" };
    await check("PATCH", `${calls}/{callId}`, 200, {
      names,
      body: { review: { rating: 5 } },
    });
    await check("POST", `${calls}/{callId}/note`, 201, { names, body: text });
    await check("PUT", `${calls}/{callId}/transcript`, 200, {
      names,
      body: [{ speaker: "agent", text: "good morning" }],
    });
    await check("POST", `${calls}/{callId}/reveal`, 200, { names });

    const { customer } = await check("POST", customers, 201, {
      body: {
        phone: "+13055559001",
        firstName: "Ana",
        addresses: [{ street: "1 Main St", lockboxCode: "12" }],
        tags: ["VIP"],
      },
    });
    const whose = { names: { customerId: customer._id } };
    await check("PUT", `${calls}/{callId}/customer`, 200, {
      names,
      body: { customerId: customer._id },
    });
    const one = `${customers}/{customerId}`;
    await check("PATCH", one, 200, { ...whose, body: { lastName: "Diaz" } });
    await check("POST", `${one}/note`, 201, { ...whose, body: text });
    await check("POST", `${one}/reveal`, 200, whose);
    const { appointment } = await check("POST", appointments, 201, {
      body: { customerId: customer._id, service: "AC", date: "2026-01-05" },
    });
    await check("PATCH", `${appointments}/{appointmentId}`, 200, {
      names: { appointmentId: appointment._id },
      body: { status: "completed", value: 120 },
    });
    await check("GET", appointments, 200, { query: "?limit=1" });
    const opened = {
      twilioCallSid: `CA${hexId()}`,
      caller: { phone: "+13055559002" },
    };
    for (const status of [201, 200]) {
      await check("POST", `${calls}/in-progress`, status, { body: opened });
    }
    const going = await check("GET", calls, 200);
    assert.equal(going.inProgress.length, 1);
    await check("GET", `${calls}/{callId}`, 200, {
      names: { callId: going.inProgress[0]._id },
    });
    await check("POST", calls, 201, { body: call(opened) });
    await check("POST", `${calls}/in-progress`, 200, { body: opened });
    const followUps = "/api/admin/follow-ups/{companyId}";
    await check("POST", calls, 201, {
      body: call({ outcome: { status: "voicemail" } }),
    });
    const { followUp } = await check("POST", `${followUps}/claim`, 200);
    const item = { names: { followUpId: followUp._id } };
    await check("POST", `${followUps}/{followUpId}/release`, 200, item);
    await check("POST", `${followUps}/{followUpId}/claim`, 200, item);
    await check("GET", followUps, 200, { query: "?overdue=false" });
    await check("POST", `${followUps}/{followUpId}/resolve`, 200, {
      ...item,
      body: { note: "called back" },
    });
    await check("POST", `${followUps}/{followUpId}/claim`, 409, item);
    await check("GET", followUps, 200, { query: "?status=done&sort=newest" });
    for (const what of ["summary", "series", "heatmap"]) {
      const path = `${calls}/analytics/${what}`;
      await check("GET", path, 200);
      await check("GET", path, 200, {
        query: "?from=2025-11-01&to=2025-12-31",
      });
      await check("GET", `${path}.csv`, 200, { query: "?period=today" });
      await check("GET", path, 400, { query: "?period=decade" });
    }
    await check("GET", `${calls}/analytics/series`, 200, {
      query: "?period=today&step=hour&compare=none",
    });
    await check("GET", customers, 200, { query: "?q=Diaz" });
    await check("GET", `${one}/timeline`, 200, whose);
    await check("GET", `${one}/stats`, 200, whose);
    await check("GET", one, 200, whose);
    await check("GET", "/api/admin/audit/{companyId}", 200, {
      query: "?limit=5",
    });
    await check("PATCH", `${calls}/{callId}`, 412, {
      names,
      headers: { "if-match": '"999"' },
      body: { review: { rating: 5 } },
    });
    await check("DELETE", one, 200, { ...whose, query: "?mode=erase" });
    await check("DELETE", calls, 200, { query: "?status=spam" });
  });

  it("of refusals", async () => {
    const calls = "/api/admin/call-history/{companyId}";
    await check("GET", calls, 400, { query: "?limit=0" });
    await check("GET", calls, 401, { token: own.expired });
    await check("GET", calls, 403, { token: own.otherToken });
    await check("POST", calls, 409, {
      body: { ...full, outcome: { status: "spam" } },
    });
    await check("POST", calls, 413, { body: " ".repeat(1100000) });
    await check("POST", calls, 415, { body: "{}" });
    await check("GET", `${calls}/{callId}`, 404, {
      names: { callId: "call_1_none" },
    });
    await check("GET", "/api/admin/customers/{companyId}/{customerId}", 404, {
      names: { customerId: hexId() },
    });
    await check("POST", "/api/session", 401, {
      token: undefined,
      body: { email: own.email, password: "wrong" },
    });
    await check("GET", "/metrics", 404, {
      headers: { "x-forwarded-for": "192.0.2.1" },
    });
  });
});
