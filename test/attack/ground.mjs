// Where the SQL attacks take place: databases with two companies, the attackers' roles, the victim, and what is looted.
//
// B is the company that nobody may see: its records are full of the word of SECRET. The attackers hold what the issue
// says that they hold: the REST server's login, an analyst's and a service's login that are granted company A, and a
// valid token of A.  Databases are copies of a template; a control is a copy with a defect planted.

import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { Session, send } from "./wire.mjs";

const run = promisify(execFile);
const root = new URL("../../", import.meta.url).pathname;

export const A = "65f0000000000000000000a1";
export const B = "65f0000000000000000000b2";
export const NOWHERE = "65f0000000000000000000ff";
export const SECRET = /Ban4na|5559999/;

export const roles = {
  rest: `attack_rest_${process.pid}`,
  analyst: `attack_analyst_${process.pid}`,
  service: `attack_service_${process.pid}`,
};
const template = `attack_template_${process.pid}`;

/** Tokens of tools/token, by its options. */
export async function sign(...options) {
  const { stdout } = await run(`${root}tools/token`, options);
  return stdout.trim();
}

/** Runs SQL as the superuser; what it prints. */
export async function admin(database, sql) {
  const { stdout } = await run(
    "psql",
    ["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql],
    {
      env: { ...process.env, PGOPTIONS: "-c client_min_messages=warning" },
      maxBuffer: 1 << 26,
    },
  );
  return stdout.trim();
}

export const literal = (text) => `'${text.replaceAll("'", "''")}'`;

const call = (id, word, phone, more = {}) =>
  JSON.stringify({
    callId: id,
    twilioCallSid: `CA${id}`,
    caller: { phone, name: `Sarah ${word}` },
    startedAt: "2025-12-01T14:30:00Z",
    endedAt: "2025-12-01T14:31:00Z",
    analysis: { primaryIntent: `intent ${word}` },
    captured: {
      name: `Sarah ${word}`,
      email: `${word}@example.com`,
      problemDescription: `${word} has no heat`,
      accessInstructions: { gateCode: `${word} 1` },
    },
    outcome: {
      status: "completed",
      result: word,
      appointmentCreated: "65f0000000000000000000d1",
    },
    transcript: [{ speaker: "caller", text: `${word} here` }],
    agentNotes: { text: word },
    ...more,
  });
export const document = call;

/** Makes the template and the roles. */
export async function open() {
  await admin(
    "postgres",
    `CREATE ROLE ${roles.rest} LOGIN IN ROLE callcenter_rest;
     CREATE ROLE ${roles.analyst} LOGIN IN ROLE callcenter_analyst;
     CREATE ROLE ${roles.service} LOGIN IN ROLE callcenter_service`,
  );
  await admin("postgres", `CREATE DATABASE ${template}`);
  await admin(template, "CREATE EXTENSION callcenter CASCADE");
  const make = (id, name) =>
    `SELECT callcenter.create_company('${JSON.stringify({ _id: id, name, timeZone: "America/New_York" })}')`;
  const log = (company, document) =>
    `SELECT callcenter.create_call('${company}', ${literal(document)})`;
  await admin(
    template,
    `${make(A, "Apple HVAC")}; ${make(B, "Ban4na Plumbing")};
     SELECT callcenter.grant_role('${A}', '${roles.analyst}');
     SELECT callcenter.grant_role('${A}', '${roles.service}');
     ${log(A, call("shared", "Apple", "+13055551234"))};
     ${log(B, call("shared", "Ban4na", "+13055551234"))};
     ${log(B, call("only_b", "Ban4na", "+13055559999"))};
     SELECT callcenter.add_customer_note('${B}', 'CUST-00001', '{"text": "Ban4na"}');
     SELECT callcenter.update_customer('${B}', 'CUST-00001', '{"addresses": [{"street": "1 Ban4na Street", "lockboxCode": "Ban4na"}], "tags": ["Ban4na"], "equipment": [{"type": "Ban4na"}]}')`,
  );
  // enough rows for statistics, and for workers
  await admin(
    template,
    `INSERT INTO callcenter.calls (company_id, id, call_id, caller_phone, caller_kind, caller_raw, caller_region, metadata_version, caller_name, started_at, status, is_booked, content_hash)
     SELECT company, callcenter.object_id_new(), 'many_' || n, CASE company WHEN '${B}' THEN '+1305555' || 9990 + n % 10 ELSE '+13055551234' END, 'e164', 'x', 'US', '0',
       CASE company WHEN '${B}' THEN 'Ban4na ' ELSE 'Apple ' END || n % 10, '2025-01-01Z', 'completed', false, ''
     FROM unnest(ARRAY['${A}', '${B}']) company, generate_series(1, 400) n`,
  );
  await admin(template, "ANALYZE");
  await admin(
    "postgres",
    `ALTER DATABASE ${template} ALLOW_CONNECTIONS false;
     SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '${template}'`,
  );
}

let copies = 0;

/** A copy of the template, with a defect when there is one. */
export async function field(defect = "") {
  const name = `${template}_${++copies}`;
  await admin("postgres", `CREATE DATABASE ${name} TEMPLATE ${template}`);
  if (defect !== "") {
    await admin(name, defect);
  }
  return new Field(name);
}

export async function close() {
  for (let n = 0; n <= copies; n++) {
    await admin(
      "postgres",
      `DROP DATABASE IF EXISTS ${template}${n === 0 ? "" : `_${n}`} WITH (FORCE)`,
    );
  }
  await admin(
    "postgres",
    Object.values(roles)
      .map((role) => `DROP ROLE IF EXISTS ${role}`)
      .join(";"),
  );
}

class Field {
  constructor(name) {
    this.name = name;
    this.sessions = [];
  }

  admin(sql) {
    return admin(this.name, sql);
  }

  /** A session of an attacker: "rest", "analyst" or "service". */
  async session(who, options) {
    const session = await Session.connect(
      roles[who] ?? who,
      this.name,
      options,
    );
    this.sessions.push(session);
    return session;
  }

  /** Every column that an analyst may read: { relation: [column...] }. */
  async readable() {
    this.columns ??= JSON.parse(
      await this.admin(
        `SELECT json_object_agg(relation, columns) FROM (
           SELECT c.relname AS relation, json_agg(a.attname ORDER BY a.attnum) AS columns
           FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
           WHERE relnamespace = 'callcenter'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
             AND has_column_privilege('${roles.analyst}', c.oid, a.attnum, 'SELECT')
           GROUP BY 1) r`,
      ),
    );
    return this.columns;
  }

  /** What is tried to see something of B: statements that give one column. */
  async tries(token = null) {
    const columns = await this.readable();
    this.relations ??= (
      await this.admin(
        "SELECT relname FROM pg_class WHERE relnamespace = 'callcenter'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')",
      )
    ).split("\n");
    const more = token === null ? "" : `, token => '${token}'`;
    return [
      "SELECT current_setting('callcenter.identity')",
      "SELECT callcenter.current_company()",
      ...this.relations.map(
        (relation) =>
          `SELECT ROW(${(columns[relation] ?? ["*"]).join(", ")})::text FROM callcenter.${relation} LIMIT 1000`,
      ),
      `SELECT callcenter.list_calls('${B}'${more})`,
      `SELECT callcenter.get_call('${B}', 'only_b'${more})`,
      `SELECT callcenter.lookup_by_phone('${B}', '+13055559999'${more})`,
      "SELECT convert_from(lo_get(oid), 'UTF8') FROM pg_largeobject_metadata",
    ];
  }

  /** Looks around: what a session sees of B, or of an identity. */
  async loot(session, token = null) {
    const gains = [];
    for (const sql of await this.tries(token)) {
      const inside = session.inbox.findLast((m) => m.type === "Z").state;
      if (inside === "T") {
        await session.query("SAVEPOINT loot");
      }
      const said = await session.query(sql);
      if (inside === "T") {
        await session.query("ROLLBACK TO SAVEPOINT loot");
      }
      gains.push(...judge(sql, said));
    }
    return gains;
  }

  /** A session of the REST server's, on which the victim has just been served. */
  async served(options) {
    const session = await this.session("rest", options);
    await victim(session);
    return session;
  }

  async done() {
    for (const session of this.sessions.splice(0)) {
      session.close();
    }
  }
}

/** What in an answer is of B: a word of its records, or an identity. */
export function judge(sql, said) {
  return said
    .filter(
      (each) =>
        "DVENAd".includes(each.type) &&
        (SECRET.test(each.text) ||
          (each.type === "D" &&
            /^SELECT (callcenter.current_company|current_setting)/.test(sql) &&
            !["", A].includes(each.text))),
    )
    .map((each) => `${sql.slice(0, 80)}: ${each.text.slice(0, 120)}`);
}

/** Tokens: the victim's, of B, and the attacker's own, of A. */
export const tokens = {
  a: await sign("--company", A, "--email", "eve@example.com"),
  b: await sign("--company", B, "--email", "bob@example.com"),
};

/** An expression that serves the victim, as text of SQL. */
export const victimCall = `callcenter.list_calls('${B}', '{}', '${tokens.b}')`;

/** Serves the victim on a session, as the REST server does: with bound parameters. */
export async function victim(session) {
  const said = await session.statement(
    "SELECT callcenter.list_calls($1, '{}', $2)",
    [B, tokens.b],
  );
  if (!said.some((each) => each.type === "D" && SECRET.test(each.text))) {
    throw new Error(
      `the victim is not served: ${said.map((m) => m.text).join(" ")}`,
    );
  }
}

/**
 * The defect that most attacks look for: an identity that is kept in the session when the call is over, as a static variable
 * of a careless library would. A sequence is such a variable: what a session has set survives errors and rollbacks. And
 * the role that calls may read tables.
 */
export const KEPT = `
  CREATE SEQUENCE public.who; GRANT ALL ON SEQUENCE public.who TO PUBLIC;
  CREATE FUNCTION public.who() RETURNS text LANGUAGE plpgsql STABLE AS $$
  BEGIN
    RETURN (ARRAY['${A}', '${B}'])[currval('public.who')];
  EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
  END $$;
  CREATE OR REPLACE FUNCTION callcenter.current_company() RETURNS callcenter.object_id LANGUAGE plpgsql STABLE AS 'BEGIN RETURN public.who(); END';
  GRANT EXECUTE ON FUNCTION callcenter.current_company() TO PUBLIC;
  GRANT USAGE ON SCHEMA callcenter TO PUBLIC;
  GRANT SELECT ON ALL TABLES IN SCHEMA callcenter TO PUBLIC;
  ALTER FUNCTION callcenter.list_calls(callcenter.object_id, jsonb, text) RENAME TO list_calls_inside;
  CREATE FUNCTION callcenter.list_calls(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL) RETURNS json LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM setval('public.who', CASE company_id WHEN '${B}' THEN 2 ELSE 1 END);
    RETURN callcenter.list_calls_inside(company_id, params, token);
  END $$;
  ALTER FUNCTION callcenter.create_call(callcenter.object_id, jsonb, text) RENAME TO create_call_inside;
  CREATE FUNCTION callcenter.create_call(company_id callcenter.object_id, call jsonb, token text DEFAULT NULL) RETURNS json LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM setval('public.who', CASE company_id WHEN '${B}' THEN 2 ELSE 1 END);
    RETURN callcenter.create_call_inside(company_id, call, token);
  END $$;`;

/** The defect of a table that row-level security does not guard. */
export const UNGUARDED = `
  DO $$ DECLARE r regclass; BEGIN
    FOR r IN SELECT oid FROM pg_class WHERE relnamespace = 'callcenter'::regnamespace AND relkind = 'r' LOOP
      EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', r);
    END LOOP;
  END $$;`;

/** The defect of an API function that somebody wrote anew, in PL/pgSQL. */
export const rewritten = (
  name,
  body,
  argument = "params jsonb DEFAULT '{}'",
) => `
  ALTER FUNCTION callcenter.${name}(callcenter.object_id, ${argument.split(" ")[1]}, text) RENAME TO ${name}_inside;
  CREATE FUNCTION callcenter.${name}(company_id callcenter.object_id, ${argument}, token text DEFAULT NULL) RETURNS json
  LANGUAGE plpgsql SECURITY DEFINER AS $f$ ${body} $f$;`;

/** Makes an attacker's role a superuser, or what a statement says, and takes it back. */
export const promoted = (who, what = "SUPERUSER", back = `NO${what}`) => ({
  sql: `ALTER ROLE ${roles[who]} ${what}`,
  undo: `ALTER ROLE ${roles[who]} ${back}`,
});

export { send };
