/**
 * Every field of every document, as the field tables of the extension declare it.
 *
 * The tables are read from the C sources, so that a new field is tested by being
 * there.  Each field goes in and comes out of a new record and of a patch, is kept
 * by a patch that does not name it and cleared by null; what it may not be is
 * refused with an error that names its path and what is allowed, in a new record as
 * in a patch, and leaves the record as it was; a stale version is a conflict that
 * tells both.
 *
 *   node test/records/fields.mjs
 *
 * The server is the one of PGHOST and PGPORT; the database is gone afterwards.
 */
import { spawn } from "node:child_process";
import { isDeepStrictEqual } from "node:util";

import { dropDatabase, finish, ok, pointCount, runSql } from "../tap.mjs";
import { fields } from "./field-tables.mjs";

const COMPANY = "65f0000000000000000000a1";
const MASK = "••••";
const database = `fields_${process.pid}`;

/* ---------------------------------------------------------------- the database */

/** Prints a test point; it is good when nothing is wrong. */
const none = (name, wrong) => ok(wrong.length === 0, name, wrong.join("\n"));

/** Runs SQL. */
const query = (sql) => runSql(sql, database);

/** One session, which is asked one call of the API at a time. */
class Session {
  constructor() {
    this.psql = spawn("sh", [
      "-c",
      `exec psql -X -q -A -t -d ${database} 2>&1`,
    ]);
    this.text = "";
    this.psql.stdout.setEncoding("utf8");
    this.psql.stdout.on("data", (data) => {
      this.text += data;
      if (this.text.endsWith("=end=\n")) this.done(this.text);
    });
    this.psql.on("exit", () => this.done?.(this.text));
  }

  /** What a function answers: { state, message, field, body }. */
  async ask(name, ...args) {
    const literals = args.map((arg) =>
      arg === null
        ? "NULL"
        : `'${(typeof arg === "string" ? arg : JSON.stringify(arg)).replaceAll("'", "''")}'`,
    );
    this.text = "";
    const said = await new Promise((resolve) => {
      this.done = resolve;
      this.psql.stdin.write(
        `SELECT ask($ask$SELECT callcenter.${name}(${literals.join(", ")})$ask$);\n\\echo =end=\n`,
      );
    });
    return JSON.parse(said.replace(/=end=\n$/, ""));
  }
}

/* ---------------------------------------------------------------- documents */

/** Lays a value at a path ("a.b.c") of a copy of a document. */
function put(document, path, value) {
  const copy = structuredClone(document);
  const steps = path.split(".");
  let at = copy;
  for (const step of steps.slice(0, -1)) at = at[step] ??= {};
  at[steps.at(-1)] = value;
  return copy;
}

const at = (document, path) =>
  path.split(".").reduce((value, step) => value?.[step], document);

let serial = 0;
/** A number that nobody has. */
const number = () => `+1305214${String(1000 + serial++)}`;

const resources = {
  call: {
    fields: fields("call_fields.c", "call_field_list"),
    make: ["create_call", COMPANY],
    change: "update_call",
    base: () => ({
      callId: `f-${serial}`,
      caller: { phone: number() },
      startedAt: "2025-12-01T14:30:00Z",
      outcome: { status: "completed" },
    }),
    key: (call) => call.callId,
  },
  customer: {
    fields: fields("customer_fields.c", "customer_field_list"),
    make: ["create_customer", COMPANY],
    change: "update_customer",
    base: () => ({ phone: number() }),
    key: (customer) => customer._id,
  },
  appointment: {
    fields: fields("appointments.c", "appointment_field_list"),
    make: ["create_appointment", COMPANY],
    change: "update_appointment",
    base: () => ({}),
    key: (appointment) => appointment._id,
  },
  company: {
    fields: fields("companies.c", "company_field_list"),
    make: ["create_company"],
    change: "update_company",
    unversioned: true,
    base: () => ({ name: "A company", timeZone: "America/New_York" }),
    key: (company) => company._id,
  },
};

/** Lists whose elements have fields of their own: where they stand, and the least that an element is. */
const items = [
  ["call", "actions", "call_fields.c", "action_field_list", () => ({ type: "sms_sent" })],
  ["call", "transcript", "call_fields.c", "turn_field_list", () => ({ speaker: "agent", text: "Hello" })],
  ["customer", "addresses", "customer_fields.c", "address_field_list", () => ({})],
  ["customer", "equipment", "customer_fields.c", "equipment_field_list", () => ({})],
]; // prettier-ignore

/**
 * Where the type of a field does not say all: a value of its own, what else must be there ("beside"), what is shown
 * of it ("shown") and after null ("cleared"), and what the rest of this file cannot ask of it ("not").
 */
const special = {
  "call.callId": { value: () => `own-${serial++}` },
  "call.caller.phone": { value: number, not: ["bounds"] },
  "call.twilioCallSid": { value: () => `CA${serial++}` },
  "call.startedAt": { value: () => "2025-12-01T14:31:00Z" },
  "call.endedAt": { value: () => "2025-12-01T14:33:24Z" },
  "call.captured.phone": { value: () => "+13052139999", not: ["bounds"] },
  "call.captured.accessInstructions.alternateContact.phone": {
    value: () => "+13052139999",
    not: ["bounds"],
  },
  "call.captured.name": { not: ["bounds"] }, // becomes the customer's name, whose length is another
  "call.review.reviewedBy": { beside: { review: { reviewed: true } }, not: ["clear"] },
  "call.review.reviewedAt": { beside: { review: { reviewed: true } }, not: ["clear"] },
  "call.agentNotes.text": { not: ["clear"] }, // notes are appended
  "call.agentNotes.addedBy": { beside: { agentNotes: { text: "x" } }, not: ["clear"] },
  "call.agentNotes.addedAt": { beside: { agentNotes: { text: "x" } }, not: ["clear"] },
  "customer.phone": { value: number, not: ["bounds"] },
  "customer.phoneSecondary": { value: number, not: ["bounds"] },
  "customer.phoneMobile": { value: number, not: ["bounds"] },
  "customer.phoneWork": { value: number, not: ["bounds"] },
  "customer.fullName": { value: () => "Ann Lee" },
  "customer.addresses": { value: () => [{ street: "1 Elm" }], shown: (shown) => shown?.[0].street === "1 Elm" },
  "customer.equipment": { value: () => [{ type: "AC" }], shown: (shown) => shown?.[0].type === "AC" },
  "customer.tags": { value: () => ["Referral", "VIP"] },
  "customer.addresses.alternateContact.phone": { value: () => "+13052139999", not: ["bounds"] },
  "customer.addresses._id": { not: ["all"] }, // those of the customer: records_customers
  "customer.equipment._id": { not: ["all"] },
  "customer.equipment.addressId": { not: ["all"] },
  "customer.equipment.addressIndex": { not: ["all"] },
  "appointment.customerId": { value: () => owner, not: ["bounds"] },
  "appointment.addressId": { value: () => address, beside: { customerId: () => owner } },
  "appointment.callId": { value: () => call, not: ["bounds", "clear"] },
  "appointment.externalRef": { value: () => `ref-${serial++}` },
  "appointment._id": { not: ["null"] }, // it always has one
  "company._id": { not: ["null"],  value: () => `65f0000000000000000${String(10000 + serial++)}` },
  "company.timeZone": { value: () => "Europe/Berlin", not: ["bounds"] },
  "company.defaultRegion": { value: () => "CA", not: ["bounds"] },
  "company.ownNumbers": { value: () => ["+13055550111"] },
  "company.businessHours.opens": { value: () => "09:30", not: ["bounds"] },
  "company.businessHours.closes": { value: () => "17:45", not: ["bounds"] },
}; // prettier-ignore

let owner;
let address;
let call;
const labels = {};

/** A value that a field may have. */
function valid(field, own) {
  if (own.value) return own.value();
  switch (field.type) {
    case "TEXT":
    case "SECRET":
      return "A text".slice(0, Math.max(field.max, 1));
    case "OBJECT_ID":
      return `65f0000000000000000${String(10000 + serial++)}`;
    case "ENUM":
      return labels[field.of].at(-1);
    case "BOOL":
      return true;
    case "INT":
      return Math.min(field.min + 1, field.max);
    case "NUMBER":
    case "NUMERIC":
      return field.min + (field.max - field.min) / 4;
    case "TIMESTAMP":
      return "2025-12-02T10:11:12.131415Z";
    case "DATE":
      return "2025-12-03";
    case "MAP":
      return { a: [1, { b: null }] };
    case "STRING_MAP":
      return { a: "b" };
    case "ITEMS":
      return field.path === "transcript"
        ? [{ speaker: "agent", text: "Hello", turnNumber: 1 }]
        : [{ type: "sms_sent", timestamp: "2025-12-01T14:33:00Z" }];
    case "TEXT_LIST":
      return field.of ? labels[field.of].slice(0, 2) : ["a"];
    default:
      throw new Error(`no value for ${field.path}, ${field.type}`);
  }
}

/** What a field may not be: [value, SQLSTATE, what the message says, path behind the field's own]. */
function invalid(field, own) {
  const kind = {
    BOOL: "true or false",
    INT: "a whole number",
    NUMBER: "a number",
    NUMERIC: "a number",
    MAP: "an object",
    STRING_MAP: "an object",
    ITEMS: "an array of objects",
    ROWS: "an array of objects",
    TEXT_LIST: "an array of strings",
  }[field.type];
  const bad = [
    [kind === "an object" ? "x" : { x: 1 }, "22023", `must be ${kind ?? "a string"}`],
    [field.type === "BOOL" ? 1 : true, "22023", `must be ${kind ?? "a string"}`],
  ]; // prettier-ignore
  switch (field.type) {
    case "TEXT":
    case "SECRET":
    case "PHONE":
      bad.push(["é".repeat(field.max + 1), "22023", field.min ? `must have from ${field.min} to ${field.max} characters` : `must have at most ${field.max} characters`]); // prettier-ignore
      if (field.min) bad.push(["é".repeat(field.min - 1), "22023", `must have from ${field.min} to ${field.max} characters`]); // prettier-ignore
      bad.push([7, "22023", "must be a string"]);
      break;
    case "ENUM":
      bad.push(["no such", "22023", `must be one of: ${labels[field.of].join(", ")}`]); // prettier-ignore
      break;
    case "INT":
      bad.push([field.min + 0.5, "22023", "must be a whole number"]);
    // falls through
    case "NUMBER":
    case "NUMERIC":
      bad.push(["1", "22023", "number"]);
      if (field.min || field.max)
        bad.push(...[field.min - 1, field.max * 2 + 1].map((value) => [value, "22003", `must be from ${field.min} to ${field.max}`])); // prettier-ignore
      break;
    case "OBJECT_ID":
      bad.push(["65f00000000000000000000g", "22P02", "must be an id of 24 hexadecimal digits"]); // prettier-ignore
      break;
    case "TIMESTAMP":
      bad.push(["2025-12-01T10:00:00", "22007", "with an offset"], ["soon", "22007", "ISO 8601"]); // prettier-ignore
      break;
    case "DATE":
      bad.push(["2025-02-30", "22007", "ISO 8601"], ["soon", "22007", "ISO 8601"]); // prettier-ignore
      break;
    case "STRING_MAP":
      bad.push([{ a: 1 }, "22023", "must be a string", ".a"]);
      break;
    case "TEXT_LIST":
      bad.push([[1], "22023", "must be a string", "[0]"]);
      if (field.of) bad.push([["x"], "22023", `must be one of: ${labels[field.of].join(", ")}`]); // prettier-ignore
      else bad.push([Array(field.max + 1).fill("a"), "54000", `must have at most ${field.max} elements`]); // prettier-ignore
      break;
    case "ITEMS":
    case "ROWS":
      bad.push([["x"], "22023", "must be an object", "[0]"], [Array(field.max + 1).fill({}), "54000", `must have at most ${field.max} elements`]); // prettier-ignore
      break;
  }
  return own.not?.includes("bounds")
    ? bad.filter(([value]) => typeof value !== "string" || value.length > 0)
    : bad;
}

/** The outermost values that a field may have. */
function bounds(field, own) {
  if (own.not?.includes("bounds")) return [];
  switch (field.type) {
    case "TEXT":
    case "SECRET":
      return field.path === "_id"
        ? []
        : ["é".repeat(Math.max(field.min, 1)), "é".repeat(field.max)];
    case "INT":
    case "NUMBER":
    case "NUMERIC":
      return field.min || field.max ? [field.min, field.max] : [];
    case "ENUM":
      return labels[field.of];
    case "BOOL":
      return [true, false];
    default:
      return [];
  }
}

/** Tests a field of a document, or of the elements of a list of it. */
async function test(session, kind, field, list, element) {
  const resource = resources[kind];
  const name = [kind, list, field.path].filter(Boolean).join(".");
  const own = special[name] ?? {};
  const wrong = [];
  const path = list ? `${list}[0].${field.path}` : field.path;
  const make = (document) => session.ask(...resource.make, document);
  const change = (key, patch, version) =>
    session.ask(
      resource.change,
      ...(resource.unversioned
        ? [key, patch]
        : version === undefined
          ? [COMPANY, key, patch]
          : [COMPANY, key, patch, String(version)]),
    );
  /** A document, or a patch, with the field; and what it shows. */
  const lay = (base, value) => {
    if (list) return { ...base, [list]: [put(element(), field.path, value)] };
    let document = base;
    for (const [group, members] of Object.entries(own.beside ?? {}))
      document = {
        ...document,
        [group]:
          typeof members === "function"
            ? members()
            : { ...document[group], ...members },
      };
    return put(document, field.path, value);
  };
  const look = (answer) => {
    const record = answer.body?.[kind];
    return list ? at(record?.[list]?.[0], field.path) : at(record, field.path);
  };
  const shows = (answer, value, what) => {
    const shown = look(answer);
    const wanted =
      field.type === "SECRET" && value !== undefined ? MASK : value;
    const good =
      answer.state === "00000" &&
      (own.shown && value !== undefined
        ? own.shown(shown)
        : isDeepStrictEqual(shown, wanted));
    if (!good)
      wrong.push(
        `${what}: ${answer.state} ${answer.message ?? ""} ${JSON.stringify(shown)?.slice(0, 200)} instead of ${JSON.stringify(wanted)?.slice(0, 200)}`,
      );
  };
  const refused = (answer, [state, words, tail = ""], what) => {
    if (
      answer.state !== state ||
      answer.field !== path + tail ||
      !answer.message?.includes(words)
    )
      wrong.push(
        `${what}: ${answer.state} at ${answer.field}: ${answer.message} instead of ${state} at ${path + tail}: ${words}`,
      );
  };
  const writable =
    !field.flags.has("FIELD_READ_ONLY") && field.type !== "PHONE_DISPLAY";

  // a record without the field, whose default null gives back
  const plain = await make({
    ...resource.base(),
    ...(list && { [list]: [element()] }),
  });
  const key = resource.key(plain.body?.[kind] ?? {});
  const before = (await change(key, {})).body?.[kind];
  const unchanged = async (what) => {
    const after = (await change(key, {})).body?.[kind];
    for (const member of ["version", "updatedAt"]) {
      delete before[member];
      delete after[member];
    }
    if (!isDeepStrictEqual(after, before))
      wrong.push(`${what} changed the record`);
  };

  if (field.path === "_id" && list) return;
  if (!writable) {
    if (list) return; // comes back as it went out, see records_customers
    const answer = ["22023", "is set by the server"];
    refused(await make(lay(resource.base(), "x")), answer, "new");
    refused(await change(key, lay({}, "x")), answer, "patch");
    refused(await change(key, lay({}, null)), answer, "patch with null");
    await unchanged("what is refused");
    none(`${name} is set by the server`, wrong);
    return;
  }
  if (own.not?.includes("all")) return;

  // a new record
  const value = valid(field, own);
  const required = field.flags.has("FIELD_REQUIRED");
  shows(await make(lay(resource.base(), value)), value, "new");
  if (required)
    refused(await make(lay(resource.base(), null)), ["23502", "is required"], "new without"); // prettier-ignore
  else if (
    !own.beside &&
    !own.not?.includes("null") &&
    !field.flags.has("FIELD_DEFAULT_NOW")
  )
    // prettier-ignore
    shows(await make(lay(resource.base(), null)), look(plain), "new with null");
  for (const bound of bounds(field, own))
    shows(await make(lay(resource.base(), bound)), bound, `new at the bound ${String(bound).slice(0, 10)}`); // prettier-ignore

  // a patch
  const fixed = !list && field.flags.has("FIELD_CREATE_ONLY");
  const again = valid(field, own);
  if (fixed) {
    refused(await change(key, lay({}, again)), ["22023", "cannot be changed"], "patch"); // prettier-ignore
    refused(await change(key, lay({}, null)), ["22023", "cannot be changed"], "patch with null"); // prettier-ignore
  } else {
    if (!resource.unversioned) {
      const answer = await change(key, lay({}, again), 999);
      const stored = (await change(key, {})).body?.[kind].version - 1;
      if (
        answer.state !== "40001" ||
        !answer.message.includes(
          `version 999 is expected, version ${stored} is stored`,
        )
      )
        wrong.push(`stale: ${answer.state} ${answer.message}`);
      await unchanged("a stale patch");
    }
    const other = { call: { outcome: { status: "transferred" } }, company: { name: "B" } }; // prettier-ignore
    shows(await change(key, lay({}, again)), again, "patch");
    const keeps = field.path === "outcome.status" ? {} : (other[kind] ?? {});
    shows(await change(key, field.path === "name" ? {} : keeps), again, "a patch that does not name it"); // prettier-ignore
    if (required && !list)
      refused(await change(key, lay({}, null)), ["23502", "is required"], "patch with null"); // prettier-ignore
    else if (!list && !own.not?.includes("clear"))
      shows(await change(key, put({}, field.path, null)), "cleared" in own ? own.cleared : look(plain), "null in a patch"); // prettier-ignore
  }

  // what is refused
  const now = (await change(key, {})).body?.[kind];
  Object.keys(before).forEach((member) => delete before[member]);
  Object.assign(before, now);
  for (const [bad, ...answer] of invalid(field, own)) {
    refused(await make(lay(resource.base(), bad)), answer, `new ${JSON.stringify(bad).slice(0, 30)}`); // prettier-ignore
    if (!fixed)
      refused(await change(key, lay({}, bad)), answer, `patch ${JSON.stringify(bad).slice(0, 30)}`); // prettier-ignore
  }
  const beside = { ...field, path: `${field.path}X` };
  const unknown = ["22023", "is not a field of this document", "X"];
  const laid = (base) =>
    list
      ? { ...base, [list]: [put(element(), beside.path, 1)] }
      : put(base, beside.path, 1);
  refused(await make(laid(resource.base())), unknown, "new with an unknown field"); // prettier-ignore
  refused(await change(key, laid({})), unknown, "patch with an unknown field");
  await unchanged("what is refused");
  none(
    `${name} (${field.type.toLowerCase()}${field.flags.size ? `, ${[...field.flags].map((flag) => flag.slice(6).toLowerCase()).join(" ")}` : ""})`,
    wrong,
  );
}

/* ---------------------------------------------------------------- erasing */

/** Texts that say nothing of the caller: what the agent's model made of the call, and the platform's key of it. */
const impersonal =
  /^call\.(callId|direction|analysis\..*|outcome\.status|review\.reviewedBy)$/;

/** What a field can say of a person; nothing when it cannot. */
function telling(kind, field) {
  const said = "Zaphod B";
  if (impersonal.test(`${kind}.${field.path}`)) return undefined;
  if (/phone/i.test(field.path)) return "+13052134242";
  switch (field.type) {
    case "TEXT":
    case "SECRET":
      return said.slice(0, field.max);
    case "TEXT_LIST":
      return field.of ? undefined : [said];
    case "MAP":
    case "STRING_MAP":
      return { said };
    default:
      return undefined;
  }
}

/** A document in which every field says what it can. */
function confide(kind, list, base) {
  let document = base;
  for (const field of list) {
    const value = telling(kind, field);
    if (
      value !== undefined &&
      !field.flags.has("FIELD_READ_ONLY") &&
      field.type !== "PHONE_DISPLAY" &&
      at(document, field.path) === undefined
    )
      document = put(document, field.path, value);
  }
  return document;
}

/** Makes a customer, a call and a visit that tell all, and erases the person. */
async function erase(session) {
  const element = (path) => {
    const [, , file, table, make] = items.find(([, list]) => list === path);
    return confide("item", fields(file, table), make());
  };
  const made = await session.ask("create_customer", COMPANY, {
    ...confide("customer", resources.customer.fields, {
      phone: "+13052134242",
      ...{ phoneSecondary: null, phoneMobile: null, phoneWork: null },
    }),
    addresses: [element("addresses")],
    equipment: [{ ...element("equipment"), addressIndex: 0 }],
  });
  const { _id: customerId, customerId: who } = made.body.customer;
  await session.ask("add_customer_note", COMPANY, who, { text: "Zaphod B" });
  const logged = await session.ask("create_call", COMPANY, {
    ...confide("call", resources.call.fields, {
      ...resources.call.base(),
      caller: { phone: "+13052134242", name: "Zaphod B" },
    }),
    actions: [element("actions")],
    transcript: [element("transcript")],
  });
  const visit = await session.ask("create_appointment", COMPANY, confide("appointment", resources.appointment.fields, { customerId, callId: logged.body?.call.callId, addressId: made.body.customer.addresses[0]._id })); // prettier-ignore
  const found = (what) =>
    query(
      `SELECT c.relname FROM pg_class c, LATERAL (SELECT (xpath('//x/text()', query_to_xml(format('SELECT count(*) AS x FROM callcenter.%I t WHERE t::text ~* %L', c.relname, '${what}'), true, true, '')))[1]::text::int AS n) f WHERE c.relnamespace = 'callcenter'::regnamespace AND c.relkind = 'r' AND f.n > 0 ORDER BY 1`,
    ).split("\n");
  const person = "zaphod|305-?213-?4242|213.4242";
  const before = found(person);
  const told = [made, logged, visit].map((answer) => answer.state).join(" ");
  ok(
    told === "00000 00000 00000" && before.length >= 8,
    "a customer, a call and a visit tell all that they can",
    `${told}: ${[made, logged, visit].map((answer) => answer.message)} ${before}`,
  );
  await session.ask("delete_customer", COMPANY, who, "erase");
  const left = found(person).filter(Boolean);
  const where = left.map((table) => query(`SELECT format('%s: %s', '${table}', string_agg(k, ',')) FROM callcenter.${table} t, jsonb_each_text(to_jsonb(t)) AS e (k, v) WHERE v ~* '${person}'`)); // prettier-ignore
  ok(left.length === 0, "B-06 nothing of it is left when the person is erased", where.join("\n")); // prettier-ignore
}

async function main() {
  runSql(`CREATE DATABASE ${database}`, "postgres");
  query(`
    CREATE EXTENSION callcenter CASCADE;
    SELECT callcenter.create_company('{"_id": "${COMPANY}", "name": "ABC HVAC", "timeZone": "America/New_York"}');
    CREATE FUNCTION ask(statement text) RETURNS jsonb LANGUAGE plpgsql AS $$
    DECLARE
      body jsonb;
      state text;
      message text;
      field text;
    BEGIN
      EXECUTE statement INTO body;
      RETURN jsonb_build_object('state', '00000', 'body', body);
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, field = COLUMN_NAME;
      RETURN jsonb_build_object('state', state, 'message', message, 'field', field);
    END
    $$;`);
  for (const line of query(
    "SELECT t.typname || ' ' || string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid WHERE t.typnamespace = 'callcenter'::regnamespace GROUP BY t.typname",
  ).split("\n")) {
    const [type, list] = line.split(" ");
    labels[type] = list.split(",");
  }
  const session = new Session();
  const customer = await session.ask("create_customer", COMPANY, {
    phone: number(),
    addresses: [{ street: "1 Elm" }],
  });
  owner = customer.body.customer._id;
  address = customer.body.customer.addresses[0]._id;
  call = `f-${serial}`;
  await session.ask("create_call", COMPANY, resources.call.base());

  for (const [kind, resource] of Object.entries(resources))
    for (const field of resource.fields)
      if (!field.flags.has("FIELD_LIST_ONLY")) await test(session, kind, field);
  for (const [kind, list, file, table, element] of items)
    for (const field of fields(file, table))
      await test(session, kind, field, list, element);
  await erase(session);
  session.psql.stdin.end();
  ok(pointCount() > 150, "there are fields to test", `${pointCount()} only`);
}

try {
  await main();
} catch (error) {
  ok(false, "the test runs to its end", error.stack);
} finally {
  dropDatabase(database);
}
finish();
