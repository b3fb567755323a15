// Attacks that talk SQL, without any HTTP: whoever holds the REST server's connection, an analyst's or a service's login
// with one company, and a valid token of that company, sees nothing of another company.
//
// An attack returns what it gained; it holds when that is nothing. Each has a control: the same attack in a database with
// a planted defect, where it must gain something. The items, with the name that their tests begin with:
//
//   SET/RESET ROLE, SET SESSION AUTHORIZATION        "roles"          forged and placeholder settings   "settings"
//   SET search_path and pg_temp objects, operators   "names"          DO blocks                         "blocks"
//   cursors, WITH HOLD, suspended portals            "portals"        savepoints, errors in a call      "savepoints"
//   several statements before one Sync               "pipelines"      PREPARE TRANSACTION               "two phases"
//   a call inside of another, views, defaults,       "nesting"        cancel and timeout in mid-call    "stopped"
//   triggers, index expressions, arguments                            parallel plans                    "workers"
//   algorithms, none, cut, long, expired tokens,     "tokens"         EXPLAIN, planner statistics       "estimates"
//   tokens for another company                                        pg_stat_activity, pg_stats        "views"
//   the key file                                     "keys"           large arguments                   "sizes"
//   COPY, large objects                              "copies"         NOTIFY                            "notifications"
//   functions that look at rows, errors in WHERE     "leaks"          unique and foreign keys           "keys that tell"
//   function calls by oid                            "fastpath"       what a role may do at all         "rights"
//   debug output, logs, hostile session settings     "output"
//
// It is one file, although long, because it is one list.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";

import * as ground from "./ground.mjs";
import {
  A,
  B,
  KEPT,
  NOWHERE,
  SECRET,
  UNGUARDED,
  judge,
  literal,
  promoted,
  rewritten,
  roles,
  send,
  tokens,
  victim,
  victimCall,
} from "./ground.mjs";

const run = promisify(execFile);
const root = new URL("../../", import.meta.url).pathname;

const attacks = [];

/** An attack, and the defects that it must find: SQL, or { sql, undo } when the defect is the cluster's. */
function attack(item, name, act, ...controls) {
  attacks.push({ item, name, act, controls });
}

/* ---- being somebody else ---- */

for (const who of ["rest", "analyst", "service"]) {
  const own = { rest: "callcenter_rest", analyst: "callcenter_analyst" }[who];
  attack(
    "roles",
    `${who}: no other role can be put on, by any way`,
    async (db) => {
      const gains = [];
      const others = (
        await db.admin("SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_'")
      )
        .split("\n")
        .filter(
          (role) => ![roles[who], own ?? "callcenter_service"].includes(role),
        );
      const session = await db.session(who);
      for (const role of others) {
        for (const way of [
          `SET ROLE "${role}"`,
          `SET SESSION AUTHORIZATION "${role}"`,
          `SELECT set_config('role', '${role}', false)`,
          `SELECT set_config('session_authorization', '${role}', false)`,
        ]) {
          await session.query(way);
          const [user] = await session.values(
            "SELECT session_user || ' as ' || current_user",
          );
          if (user !== `${roles[who]} as ${roles[who]}`) {
            gains.push(`${way}: ${user}`);
          }
          await session.query("RESET ROLE");
          await session.query("RESET SESSION AUTHORIZATION");
        }
      }
      return gains;
    },
    {
      sql: `GRANT callcenter_auth TO ${roles[who]}`,
      undo: `REVOKE callcenter_auth FROM ${roles[who]}`,
    },
    promoted(who),
  );
}
attack(
  "roles",
  "a role that may be put on brings no company, after RESET neither",
  async (db) => {
    const gains = [];
    for (const [who, role] of [
      ["rest", "callcenter_rest"],
      ["analyst", "callcenter_analyst"],
      ["service", "callcenter_service"],
    ]) {
      const session = await db.session(who);
      if (who === "rest") {
        await victim(session);
      }
      for (const way of [`SET ROLE ${role}`, "RESET ROLE", "DISCARD ALL"]) {
        await session.query(way);
        gains.push(...(await db.loot(session)));
        gains.push(...(await db.loot(session, tokens.a)));
      }
    }
    return gains;
  },
  KEPT,
  UNGUARDED +
    `GRANT SELECT ON callcenter.users, callcenter.calls TO callcenter_rest`,
);

/* ---- settings ---- */

const FORGED = [
  `SET callcenter.identity = '${B} eve'`,
  `SET LOCAL callcenter.identity = '${B} eve'`,
  `SELECT set_config('callcenter.identity', '${B} eve', false)`,
  `ALTER ROLE CURRENT_USER SET callcenter.identity = '${B} eve'`,
  `CREATE FUNCTION pg_temp.f() RETURNS text LANGUAGE sql SET callcenter.identity = '${B} eve' AS 'SELECT 1::text'`,
  `SET callcenter.company_id = '${B}'`,
  `SELECT set_config('callcenter.company_id', '${B}', false)`,
  `ALTER ROLE CURRENT_USER SET callcenter.company_id = '${B}'`,
  `SET callcenter.current_company = '${B}'`,
  `SET request.jwt.claims = '{"companies": {"${B}": "admin"}}'`,
  "SET callcenter.key_file = '/dev/null'",
  "SET row_security = off",
  "SET session_replication_role = replica",
  "SET LOCAL search_path = callcenter",
];
for (const who of ["rest", "analyst", "service"]) {
  attack(
    "settings",
    `${who}: no setting makes a session of A one of B`,
    async (db) => {
      const gains = [];
      for (const set of FORGED) {
        const session = await db.session(who);
        await session.query(set);
        gains.push(...(await db.loot(session)));
        await session.query("BEGIN");
        await session.query(set);
        gains.push(...(await db.loot(session)));
        session.close();
      }
      for (const option of [
        `-c callcenter.identity=${B}\\ eve`,
        `-c callcenter.company_id=${B}`,
        "-c row_security=off",
        `-c role=callcenter_api`,
      ]) {
        const session = await db.session(who, option).catch(() => null);
        if (session !== null) {
          gains.push(...(await db.loot(session)));
        }
      }
      await db.admin(`ALTER ROLE ${roles[who]} RESET ALL`);
      return gains;
    },
    `CREATE OR REPLACE FUNCTION callcenter.current_company() RETURNS callcenter.object_id LANGUAGE sql STABLE AS
       $$SELECT nullif(current_setting('callcenter.company_id'), '')::callcenter.object_id$$;
     GRANT USAGE ON SCHEMA callcenter TO PUBLIC; GRANT SELECT ON ALL TABLES IN SCHEMA callcenter TO PUBLIC;
     GRANT EXECUTE ON FUNCTION callcenter.current_company() TO PUBLIC`,
  );
}

/* ---- names ---- */

/** Objects under names that the extension's functions use, which tell as whom they are run. */
const shadows = (schema) => [
  `CREATE FUNCTION ${schema}.spy() RETURNS text LANGUAGE plpgsql AS $$ BEGIN IF current_user <> session_user THEN RAISE NOTICE 'Ban4na: code of % runs as %', session_user, current_user; END IF; RETURN 'x'; END $$`,
  ...["text, text", "jsonb, text", "json, text"].map(
    (types) =>
      `CREATE FUNCTION ${schema}.same(${types}) RETURNS boolean LANGUAGE sql AS 'SELECT ${schema}.spy() IS NOT NULL'`,
  ),
  `CREATE OPERATOR ${schema}.= (LEFTARG = text, RIGHTARG = text, FUNCTION = ${schema}.same)`,
  `CREATE OPERATOR ${schema}.-> (LEFTARG = jsonb, RIGHTARG = text, FUNCTION = ${schema}.same)`,
  ...["now()", "lower(text)", "current_company()", "length(text)"].map(
    (name) =>
      `CREATE FUNCTION ${schema}.${name} RETURNS text LANGUAGE sql AS 'SELECT ${schema}.spy()'`,
  ),
  `CREATE DOMAIN ${schema}.object_id AS text CHECK (${schema}.spy() IS NOT NULL)`,
  ...["calls", "customers", "companies", "customer_phones", "users"].map(
    (table) =>
      `CREATE VIEW ${schema}.${table} AS SELECT '${B}'::text AS company_id, ${schema}.spy() AS call_id, 'x'::text AS id`,
  ),
];
const NAMES_CONTROL = rewritten(
  "list_calls",
  "BEGIN RETURN (SELECT json_agg(call_id) FROM calls); END",
);
for (const schema of ["pg_temp", "public"]) {
  attack(
    "names",
    `no object in ${schema} is used by a function of another owner, whatever search_path says`,
    async (db) => {
      const gains = [];
      if (schema === "public") {
        await db.admin("GRANT CREATE ON SCHEMA public TO PUBLIC");
      }
      const session = await db.session("rest");
      const made = await Promise.all(
        shadows(schema).map((sql) => session.query(sql)),
      );
      assert.ok(
        made.filter((said) => said.some((each) => each.type === "C")).length >
          10,
        "the shadows are there",
      );
      for (const path of [
        `${schema}, callcenter, pg_catalog`,
        `${schema}, pg_catalog`,
        "''",
      ]) {
        await session.query(`SET search_path = ${path}`);
        for (const sql of [
          `SELECT callcenter.list_calls('${A}', '{}', '${tokens.a}')`,
          `SELECT callcenter.lookup_by_phone('${A}', '+13055551234', '${tokens.a}')`,
          `SELECT callcenter.get_call('${A}', 'shared', '${tokens.a}')`,
          `SELECT callcenter.create_call('${A}', ${literal(ground.document(`n_${schema}`, "Apple", "+13055551234"))}, '${tokens.a}')`,
          `SELECT callcenter.current_user_info('${tokens.a}')`,
          `SELECT callcenter.login('nobody@example.com', 'x')`,
        ]) {
          gains.push(...judge(sql, await session.query(sql)));
        }
      }
      await db.admin("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
      return gains;
    },
    NAMES_CONTROL,
  );
}

/* ---- what is left when a call is over, or has not yet come to its end ---- */

attack(
  "blocks",
  "a DO block sees nothing after the victim's call, nor where it catches an error",
  async (db) => {
    const session = await db.session("rest");
    const tries = (await db.tries()).map(literal).join(", ");
    const spy = `FOREACH q IN ARRAY ARRAY[${tries}] LOOP BEGIN EXECUTE q INTO said; RAISE NOTICE 'spy: %', said; EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP;`;
    const said = [
      ...(await session.query(
        `DO $do$ DECLARE q text; said text; BEGIN PERFORM ${victimCall}; ${spy} END $do$`,
      )),
      ...(await session.query(
        `DO $do$ DECLARE q text; said text; BEGIN BEGIN PERFORM ${victimCall}; PERFORM callcenter.get_call('${B}', 'nope', '${tokens.b}'); EXCEPTION WHEN OTHERS THEN ${spy} END; ${spy} END $do$`,
      )),
    ];
    return [...judge("DO", said), ...(await db.loot(session))];
  },
  KEPT,
);

attack(
  "portals",
  "a portal that is suspended between two calls, or in a row of them, lends nothing",
  async (db) => {
    const gains = [];
    const session = await db.session("rest");
    await session.query("BEGIN");
    session.write(
      send.parse(
        "v",
        `SELECT callcenter.list_calls($1, '{}', $2) FROM generate_series(1, 3)`,
      ),
      send.bind("p", "v", [B, tokens.b]),
      send.execute("p", 1),
      send.flush(),
    );
    const half = await session.until("sE");
    assert.equal(half.at(-1).type, "s", "the portal is suspended");
    for (const sql of await db.tries()) {
      const said = await session.ask(
        send.parse("", "SAVEPOINT x"),
        send.bind("", ""),
        send.execute(""),
        send.parse("", sql),
        send.bind("", ""),
        send.execute(""),
        send.sync(),
      );
      gains.push(...judge(sql, said));
      if (session.inbox.at(-1).state === "E") {
        await session.query("ROLLBACK TO SAVEPOINT x");
      }
    }
    const rest = await session.ask(send.execute("p", 1), send.sync());
    assert.ok(
      rest.some((each) => each.type === "D"),
      "the portal can go on",
    );
    gains.push(...(await db.loot(session)));
    return gains;
  },
  KEPT,
);
attack(
  "portals",
  "nor does a cursor, one WITH HOLD, or one that goes back",
  async (db) => {
    const gains = [];
    const session = await db.session("rest");
    await session.query(
      `BEGIN; DECLARE c SCROLL CURSOR FOR SELECT ${victimCall} IS NULL FROM generate_series(1, 3); FETCH 2 FROM c; FETCH BACKWARD 1 FROM c`,
    );
    gains.push(...(await db.loot(session)));
    await session.query("COMMIT");
    await session.query(
      `BEGIN; DECLARE h CURSOR WITH HOLD FOR SELECT ${victimCall} IS NULL FROM generate_series(1, 3); COMMIT; FETCH 1 FROM h`,
    );
    gains.push(...(await db.loot(session)));
    const analyst = await db.session(
      "analyst",
      `-c callcenter.company_id=${A}`,
    );
    const cursor = "SELECT company_id, caller_name FROM callcenter.calls";
    await analyst.query(
      `BEGIN; DECLARE s CURSOR FOR ${cursor}; DECLARE h CURSOR WITH HOLD FOR ${cursor}; FETCH 1 FROM s`,
    );
    for (const [change, fetch] of [
      [`SET callcenter.company_id = '${B}'`, "FETCH ALL FROM s"],
      ["COMMIT", "FETCH ALL FROM h"],
    ]) {
      await analyst.query(change);
      gains.push(...judge(fetch, await analyst.query(fetch)));
    }
    return gains;
  },
  KEPT,
  UNGUARDED,
);

for (const [name, steps] of Object.entries({
  "ROLLBACK TO SAVEPOINT": [
    "BEGIN",
    "SAVEPOINT s",
    `SELECT ${victimCall} IS NULL`,
    "ROLLBACK TO SAVEPOINT s",
  ],
  "RELEASE SAVEPOINT": [
    "BEGIN",
    "SAVEPOINT s",
    `SELECT ${victimCall} IS NULL`,
    "RELEASE SAVEPOINT s",
  ],
  "an error in the next call": [
    "BEGIN",
    "SAVEPOINT s",
    `SELECT ${victimCall} IS NULL, callcenter.get_call('${B}', 'nope', '${tokens.b}')`,
    "ROLLBACK TO SAVEPOINT s",
  ],
  "an error in the middle of a call": [
    "BEGIN",
    "SAVEPOINT s",
    `SELECT callcenter.create_call('${B}', '{"callId": "x", "caller": {"phone": "1"}, "startedAt": "2025-12-01T14:30:00Z", "outcome": {"status": "bad"}}', '${tokens.b}')`,
    "ROLLBACK TO SAVEPOINT s",
  ],
  "savepoints in one another": [
    "BEGIN",
    "SAVEPOINT a",
    "SAVEPOINT b",
    `SELECT ${victimCall} IS NULL`,
    "SAVEPOINT c",
    "SELECT 1/0",
    "ROLLBACK TO SAVEPOINT a",
  ],
  "a transaction that is rolled back": [
    "BEGIN",
    `SELECT ${victimCall} IS NULL`,
    "ROLLBACK",
  ],
  "a transaction that is chained": [
    "BEGIN",
    `SELECT ${victimCall} IS NULL`,
    "COMMIT AND CHAIN",
  ],
})) {
  attack(
    "savepoints",
    `nothing is left after ${name}`,
    async (db) => {
      const session = await db.session("rest");
      for (const step of steps) {
        await session.query(step);
      }
      const gains = await db.loot(session);
      await session.query("ROLLBACK");
      return [...gains, ...(await db.loot(session, tokens.a))];
    },
    KEPT,
  );
}

const SERVED = "SELECT 1 WHERE callcenter.list_calls($1, '{}', $2) IS NULL";
attack(
  "pipelines",
  "statements that travel together, in one message or before one Sync, share nothing",
  async (db) => {
    const gains = [];
    const session = await db.session("rest");
    for (const sql of await db.tries()) {
      session.write(
        send.parse("", SERVED),
        send.bind("", "", [B, tokens.b]),
        send.execute(""),
        send.parse("", sql),
        send.bind("", ""),
        send.execute(""),
        send.parse("", sql),
        send.bind("", ""),
        send.execute(""),
        send.sync(),
      );
      gains.push(...judge(sql, await session.until("Z")));
      gains.push(
        ...judge(
          sql,
          await session.query(
            `SELECT 1 WHERE ${victimCall} IS NULL; ${sql}; ${sql}`,
          ),
        ),
      );
    }
    // a statement that was bound while the victim was served, and is run afterwards
    for (const sql of await db.tries()) {
      gains.push(
        ...judge(
          sql,
          await session.ask(
            send.parse("a", sql),
            send.bind("pa", "a"),
            send.parse("", SERVED),
            send.bind("", "", [B, tokens.b]),
            send.execute(""),
            send.execute("pa"),
            send.sync(),
          ),
        ),
      );
      await session.query("DEALLOCATE ALL");
    }
    return gains;
  },
  KEPT,
);

attack(
  "two phases",
  "a transaction that is prepared takes no identity along, and leaves none",
  async (db) => {
    const gains = [];
    const id = `attack_${db.name}`;
    const session = await db.session("rest");
    await session.query("BEGIN");
    await victim(session);
    const said = await session.query(`PREPARE TRANSACTION '${id}'`);
    gains.push(...(await db.loot(session)));
    assert.equal(
      said.find((each) => each.type === "E")?.text,
      undefined,
      "the cluster has prepared transactions",
    );
    const other = await db.session("rest");
    await other.query(`COMMIT PREPARED '${id}'`);
    return [...gains, ...(await db.loot(other)), ...(await db.loot(session))];
  },
  KEPT,
);

/* ---- a call inside of something ---- */

const CARRIERS = {
  "a row": `SELECT ${victimCall} IS NULL, pg_temp.spy('')`,
  "a CTE": `WITH v AS MATERIALIZED (SELECT ${victimCall} AS v) SELECT pg_temp.spy(v::text) FROM v`,
  LATERAL: `SELECT s FROM generate_series(1, 2) n, LATERAL (SELECT ${victimCall} AS v, n OFFSET 0) x, LATERAL pg_temp.spy(v::text) s`,
  WHERE: `SELECT 1 WHERE ${victimCall} IS NOT NULL AND pg_temp.spy('') IS NOT NULL`,
  "an argument of another call": `SELECT callcenter.list_calls('${A}', jsonb_build_object('q', pg_temp.spy(${victimCall}::text)), '${tokens.a}') IS NULL`,
  "a function of the attacker's": `SELECT pg_temp.both('')`,
  "a SECURITY DEFINER function of the attacker's": `SELECT pg_temp.definer('')`,
  "a view": `CREATE TEMP VIEW v AS SELECT ${victimCall} IS NULL AS a, pg_temp.spy('') AS b; SELECT * FROM v`,
  defaults: `CREATE TEMP TABLE d (x text DEFAULT ${victimCall}::text, y text DEFAULT pg_temp.spy('')); INSERT INTO d DEFAULT VALUES`,
  "a generated column": `CREATE TEMP TABLE g (x text, y text GENERATED ALWAYS AS (pg_temp.both(x)) STORED); INSERT INTO g VALUES ('')`,
  "a CHECK": `CREATE TEMP TABLE k (x text CHECK (pg_temp.both(x) <> 'no')); INSERT INTO k VALUES ('')`,
  "an index expression": `CREATE TEMP TABLE i (x text); INSERT INTO i VALUES (''); CREATE INDEX ON i ((pg_temp.both(x)))`,
  "a row trigger": `CREATE TEMP TABLE t (x text); CREATE TRIGGER b BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION pg_temp.fires('victim');
    CREATE TRIGGER a AFTER INSERT ON t EXECUTE FUNCTION pg_temp.fires('spy'); INSERT INTO t VALUES ('')`,
  "a deferred trigger": `CREATE TEMP TABLE c (x text); CREATE CONSTRAINT TRIGGER c AFTER INSERT ON c DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pg_temp.fires('spy');
    BEGIN; INSERT INTO c VALUES (''); SELECT ${victimCall} IS NULL; COMMIT`,
  "a rule": `CREATE TEMP TABLE r (x text); CREATE RULE r AS ON INSERT TO r DO INSTEAD SELECT ${victimCall} IS NULL, pg_temp.spy(''); INSERT INTO r VALUES ('')`,
  "a policy of the attacker's": `CREATE TEMP TABLE p (x text); INSERT INTO p VALUES (''); ALTER TABLE p ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY p ON p USING (pg_temp.both(x) IS NOT NULL); SELECT * FROM p`,
  "an aggregate": `CREATE AGGREGATE pg_temp.sums(text) (SFUNC = pg_temp.both2, STYPE = text, INITCOND = ''); SELECT pg_temp.sums('x')`,
  "a prepared statement": `PREPARE q AS SELECT ${victimCall} IS NULL, pg_temp.spy(''); EXECUTE q; EXECUTE q`,
  "a cast": `CREATE TYPE pg_temp.c1 AS (x text); CREATE CAST (pg_temp.c1 AS text) WITH FUNCTION pg_temp.cast1(pg_temp.c1); SELECT ROW('')::pg_temp.c1::text`,
};
for (const [carrier, sql] of Object.entries(CARRIERS)) {
  attack(
    "nesting",
    `a call in ${carrier} lends nothing to what stands beside it`,
    async (db) => {
      const session = await db.session("rest");
      const tries = (await db.tries()).map(literal).join(", ");
      const made = [];
      for (const each of [
        `CREATE FUNCTION pg_temp.spy(x text) RETURNS text LANGUAGE plpgsql AS $f$
         DECLARE q text; said text; BEGIN
           FOREACH q IN ARRAY ARRAY[${tries}] LOOP BEGIN EXECUTE q INTO said; RAISE NOTICE 'spy: %', said; EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP;
           RETURN 'x'; END $f$`,
        `CREATE FUNCTION pg_temp.both(x text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $f$ BEGIN PERFORM ${victimCall}; RETURN pg_temp.spy(x); END $f$`,
        `CREATE FUNCTION pg_temp.both2(x text, y text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $f$ BEGIN RETURN pg_temp.both(x); END $f$`,
        `CREATE FUNCTION pg_temp.definer(x text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $f$ BEGIN RETURN pg_temp.both(x); END $f$`,
        `CREATE FUNCTION pg_temp.fires() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN IF TG_ARGV[0] = 'victim' THEN PERFORM ${victimCall}; ELSE PERFORM pg_temp.spy(''); END IF; RETURN NEW; END $f$`,
      ]) {
        made.push(...(await session.query(each)));
      }
      const parts = [];
      if (carrier === "a cast") {
        parts.push(
          sql.split(";")[0],
          `CREATE FUNCTION pg_temp.cast1(x pg_temp.c1) RETURNS text LANGUAGE plpgsql AS $f$ BEGIN RETURN pg_temp.both(''); END $f$`,
          ...sql.split(";").slice(1),
        );
      } else {
        parts.push(sql);
      }
      const gains = [];
      for (const part of parts) {
        const said = await session.query(part);
        assert.equal(
          said.find((each) => each.type === "E")?.text,
          undefined,
          "the attack can be made",
        );
        gains.push(...judge("spy", said));
      }
      assert.deepEqual(
        made.filter((each) => each.type === "E"),
        [],
      );
      return [...gains, ...(await db.loot(session))];
    },
    KEPT,
  );
}

/* ---- stopped in the middle ---- */

for (const [how, settings, stop] of [
  ["a cancel request", "", (session) => session.cancel()],
  [
    "pg_cancel_backend() of a session of the same role",
    "",
    async (session, db) => {
      const other = await db.session("rest");
      await other.query(
        `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = ${session.backend.pid}`,
      );
    },
  ],
  ["statement_timeout", "SET statement_timeout = '150ms'", null],
  ["lock_timeout", "SET lock_timeout = '150ms'", null],
]) {
  attack(
    "stopped",
    `a call that ${how} stops in the middle leaves nothing`,
    async (db) => {
      const gains = [];
      for (const block of [false, true]) {
        const holder = await db.session(process.env.PGUSER);
        await holder.query(
          `BEGIN; SELECT last_number FROM callcenter.customer_numbers WHERE company_id = '${B}' FOR UPDATE`,
        );
        const session = await db.session("rest");
        await victim(session);
        if (settings !== "") {
          await session.query(settings);
        }
        if (block) {
          await session.query("BEGIN");
          await session.query("SAVEPOINT s");
        }
        session.write(
          send.parse("", "SELECT callcenter.create_call($1, $2, $3)"),
          send.bind("", "", [
            B,
            ground.document("stopped", "Ban4na", "+13055557777"),
            tokens.b,
          ]),
          send.execute(""),
          send.sync(),
        );
        if (stop !== null) {
          await waits(db, session);
          await stop(session, db);
        }
        const said = await session.until("Z");
        assert.match(
          said.find((each) => each.type === "E")?.code ?? "",
          /^(57014|55P03)$/,
          "it was stopped",
        );
        if (block) {
          await session.query("ROLLBACK TO SAVEPOINT s");
        }
        gains.push(...judge("stopped", said), ...(await db.loot(session)));
        await holder.query("ROLLBACK");
        await session.query("ROLLBACK");
        gains.push(...(await db.loot(session, tokens.a)));
      }
      return gains;
    },
    KEPT,
  );
}

/** Waits until a session waits for a lock. */
async function waits(db, session) {
  const watcher = await db.session(process.env.PGUSER);
  for (const end = Date.now() + 20000; ;) {
    const [waiting] = await watcher.values(
      `SELECT count(*) FROM pg_locks WHERE pid = ${session.backend.pid} AND NOT granted`,
    );
    if (waiting !== "0") {
      return;
    }
    assert.ok(Date.now() < end, "the call waits for the lock");
  }
}

/* ---- workers ---- */

attack(
  "workers",
  "what a parallel worker sees is what its leader may see",
  async (db) => {
    const gains = [];
    for (const company of [A, B, "", NOWHERE]) {
      const session = await db.session("analyst");
      for (const set of [
        `SET callcenter.company_id = '${company}'`,
        "SET parallel_setup_cost = 0",
        "SET parallel_tuple_cost = 0",
        "SET min_parallel_table_scan_size = 0",
        "SET force_parallel_mode = on",
        "SET parallel_leader_participation = off",
        "SET enable_indexscan = off",
        "SET enable_bitmapscan = off",
        "SET enable_indexonlyscan = off",
      ]) {
        await session.query(set);
      }
      const sql =
        "SELECT string_agg(caller_name, ' ') FROM callcenter.calls WHERE result IS NULL";
      // there are workers to be had as soon as those of other databases have gone
      for (const end = Date.now() + 60000; company === A;) {
        const plan = (await session.query(`EXPLAIN (ANALYZE) ${sql}`))
          .map((each) => each.text)
          .join("\n");
        if (/Workers Launched: [1-9]/.test(plan)) {
          break;
        }
        assert.ok(Date.now() < end, plan);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      gains.push(...judge(sql, await session.query(sql)));
    }
    return gains;
  },
  UNGUARDED,
  // what a backend-private identity would do: workers do not have it, and somebody opens the policy for them
  `CREATE FUNCTION public.in_worker() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER AS $$SELECT (SELECT backend_type FROM pg_stat_activity WHERE pid = pg_backend_pid()) = 'parallel worker'$$;
   CREATE POLICY workers ON callcenter.calls USING (public.in_worker())`,
);

/* ---- tokens ---- */

/** Calls with a token, and gives what B, or A, told. */
async function knocks(db, company, list) {
  const gains = [];
  const session = await db.session("rest");
  for (const [name, token] of list) {
    const said = await session.statement(
      "SELECT callcenter.list_calls($1, '{}', $2)",
      [company, token],
    );
    if (said.some((each) => each.type === "D")) {
      gains.push(name);
    } else {
      assert.match(
        said.find((each) => each.type === "E")?.code ?? "the session is gone",
        /^(28000|42501)$/,
      );
    }
  }
  return gains;
}
// an API function that believes what a token says without asking who signed it
const BELIEVES = rewritten(
  "list_calls",
  `DECLARE payload jsonb; part text := translate(split_part(token, '.', 2), '-_', '+/'); BEGIN
     payload := convert_from(decode(rpad(part, (length(part) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::jsonb;
     IF payload -> 'companies' ? company_id THEN RETURN '{"x": "Ban4na"}'; END IF;
     RAISE EXCEPTION USING ERRCODE = '28000';
   EXCEPTION WHEN OTHERS THEN RAISE EXCEPTION USING ERRCODE = '28000'; END`,
);
attack(
  "tokens",
  "of those that nobody should make none is believed: other algorithms, none, cut, long, twice, expired …",
  async (db) => {
    const { stdout } = await run("node", [`${root}test/pgtap/forge.mjs`, B]);
    const { bad } = JSON.parse(stdout);
    assert.ok(Object.keys(bad).length > 85);
    return knocks(db, B, Object.entries(bad));
  },
  BELIEVES,
);
attack(
  "tokens",
  "nothing around a good token makes another good token",
  async (db) => {
    const good = tokens.b;
    const [head, payload, signature] = good.split(".");
    return knocks(db, B, [
      ["space before", ` ${good}`],
      ["space behind", `${good} `],
      ["line break behind", `${good}\n`],
      ["Bearer before", `Bearer ${good}`],
      ["padding", `${good}=`],
      ["a dot behind", `${good}.`],
      ["twice", `${good}${good}`],
      ["8 kB of spaces", good.padEnd(8192)],
      [
        "signature of another",
        `${tokens.a.split(".", 2).join(".")}.${signature}`,
      ],
      ["payload of another", `${head}.${payload}.${tokens.a.split(".")[2]}`],
      [
        "A's, with B's payload",
        `${tokens.a.split(".")[0]}.${payload}.${tokens.a.split(".")[2]}`,
      ],
      ["no signature", `${head}.${payload}.`],
      ["empty", ""],
      ["dots", ".."],
    ]);
  },
  `ALTER FUNCTION callcenter.list_calls(callcenter.object_id, jsonb, text) RENAME TO list_calls_inside;
   CREATE FUNCTION callcenter.list_calls(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL) RETURNS json
   LANGUAGE sql AS $$SELECT callcenter.list_calls_inside($1, $2, btrim($3))$$; GRANT USAGE ON SCHEMA callcenter TO PUBLIC`,
);
attack(
  "tokens",
  "one of A opens B nowhere, in no function that takes a company and a token",
  async (db) => {
    const gains = [];
    const session = await db.session("rest");
    const functions = JSON.parse(
      await db.admin(
        `SELECT json_agg(json_build_object('name', proname, 'args', (SELECT json_agg(json_build_object('name', name, 'type', type::regtype::text) ORDER BY n)
           FROM unnest(proargnames[:pronargs], proargtypes::oid[]) WITH ORDINALITY AS a (name, type, n))) ORDER BY proname)
         FROM pg_proc WHERE pronamespace = 'callcenter'::regnamespace AND has_function_privilege('callcenter_rest', oid, 'EXECUTE')
           AND proargnames @> '{company_id,token}'`,
      ),
    );
    assert.ok(functions.length > 20, "there are functions to try");
    const given = {
      company_id: `'${B}'`,
      token: `'${tokens.a}'`,
      call_id: "'only_b'",
      customer_id: "'CUST-00001'",
      phone: "'+13055559999'",
      record_type: "'call'",
      record_id: "'only_b'",
    };
    for (const { name, args } of functions) {
      for (const token of [given.token, "NULL", "'x'"]) {
        const values = args.map(
          (arg) =>
            `${arg.name} => ${arg.name === "token" ? token : (given[arg.name] ?? { jsonb: "'{}'", text: "'x'", integer: "1", boolean: "true" }[arg.type] ?? `NULL::${arg.type}`)}`,
        );
        const sql = `SELECT callcenter.${name}(${values.join(", ")})`;
        const said = await session.query(sql);
        const error = said.find((each) => each.type === "E");
        if (error?.code !== (token === given.token ? "42501" : "28000")) {
          gains.push(`${sql}: ${error?.text ?? "an answer"}`);
        } else if (
          error.message !==
          (token === given.token
            ? "You do not have access to this company"
            : "authentication required")
        ) {
          gains.push(`${sql}: ${error.text}`);
        }
      }
    }
    return gains;
  },
  BELIEVES +
    `GRANT EXECUTE ON FUNCTION callcenter.list_calls(callcenter.object_id, jsonb, text) TO callcenter_rest`,
);
attack(
  "tokens",
  "one is good until the second of its exp, and no longer",
  async (db) => {
    const exp = Math.floor(Date.now() / 1000) + 2;
    const token = await ground.sign(
      "--company",
      B,
      "--claims",
      JSON.stringify({ exp }),
    );
    const session = await db.session("rest");
    const believed = async () =>
      (
        await session.statement("SELECT callcenter.list_calls($1, '{}', $2)", [
          B,
          token,
        ])
      ).some((each) => each.type === "D");
    assert.ok((await believed()) || Date.now() >= exp * 1000);
    for (;;) {
      const asked = Date.now();
      if (!(await believed())) {
        assert.ok(Date.now() >= exp * 1000, "it ends not before its time");
        return [];
      }
      if (asked >= exp * 1000) {
        return [`believed ${asked - exp * 1000} ms after exp`];
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  },
  BELIEVES,
);

/* ---- what the planner and the catalogs know ---- */

attack(
  "estimates",
  "what EXPLAIN estimates for an analyst does not tell whether another company has a value, nor how often",
  async (db) => {
    const gains = [];
    const session = await db.session(
      "analyst",
      `-c callcenter.company_id=${A}`,
    );
    // words of our own vocabularies, times and small counts have statistics; so have intents (sql/parts/95_statistics.sql)
    const columns = JSON.parse(
      await db.admin(
        `SELECT json_agg(json_build_array(c.relname, a.attname, format_type(a.atttypid, NULL)))
         FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0 JOIN pg_type t ON t.oid = atttypid
         WHERE relnamespace = 'callcenter'::regnamespace AND relkind IN ('r', 'p') AND NOT attisdropped
           AND typtype <> 'e' AND typcategory NOT IN ('B', 'D') AND typname NOT IN ('int2', 'json', 'xml')
           AND NOT EXISTS (SELECT FROM pg_constraint k WHERE conrelid = c.oid AND contype = 'c' AND conkey = ARRAY[attnum] AND conname ~ '_vocabulary$')
           AND (relname, attname) <> ('calls', 'primary_intent')
           AND has_column_privilege('${roles.analyst}', c.oid, attnum, 'SELECT')`,
      ),
    );
    assert.ok(columns.length > 80, "there are columns to ask for");
    const estimate = async (relation, condition) => {
      const said = await session.values(
        `EXPLAIN (FORMAT JSON) SELECT 1 FROM callcenter.${relation} WHERE ${condition}`,
      );
      // rows and costs, of every node; not the conditions, which quote the question
      return said[0].startsWith("ERROR")
        ? said[0]
        : JSON.stringify(JSON.parse(said[0]), (name, value) =>
            /Cond|Filter/.test(name) ? "" : value,
          );
    };
    let compared = 0;
    const knowing = await db.session(process.env.PGUSER);
    for (const [relation, column, type] of columns) {
      const key = relation === "companies" ? "id" : "company_id";
      const [known] = await knowing.values(
        `SELECT ${column}::text FROM callcenter.${relation} WHERE ${key} = '${B}' AND ${column} IS NOT NULL GROUP BY ${column} ORDER BY count(*) DESC, 1 LIMIT 1`,
      );
      if (known === undefined) {
        continue;
      }
      compared++;
      const nobodys = {
        "callcenter.object_id": NOWHERE,
        "callcenter.e164": "+19999999999",
        text: "zzz nobody",
        jsonb: '"nobody"',
        array: "{}",
        bigint: "987654321",
        numeric: "987654321",
        integer: "987654321",
        "double precision": "987654321",
      }[type.endsWith("[]") ? "array" : type];
      for (const operator of ["=", "<", ">="]) {
        const [one, other] = [
          await estimate(relation, `${column} ${operator} ${literal(known)}`),
          await estimate(
            relation,
            `${column} ${operator} ${literal(nobodys ?? known.replace(/[0-9a-z]/g, "7"))}`,
          ),
        ];
        if (one !== other) {
          gains.push(`${relation}.${column} ${operator}: ${one}, not ${other}`);
        }
      }
    }
    assert.ok(compared > 30, `${compared} columns have values to compare`);
    return gains;
  },
  `DO $$ DECLARE c record; BEGIN
     FOR c IN SELECT attrelid::regclass AS relation, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
       WHERE relnamespace = 'callcenter'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped LOOP
       EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS -1', c.relation, c.attname);
     END LOOP;
   END $$; ANALYZE`,
  "ALTER TABLE callcenter.calls ALTER COLUMN company_id SET STATISTICS 100; ANALYZE callcenter.calls",
);
attack(
  "estimates",
  "the REST server's role cannot EXPLAIN a table at all, and EXPLAIN of a call does not show what is inside",
  async (db) => {
    const gains = [];
    const session = await db.session("rest");
    for (const relation of Object.keys(await db.readable())) {
      const said = await session.query(
        `EXPLAIN SELECT * FROM callcenter.${relation}`,
      );
      if (said.some((each) => each.type === "D")) {
        gains.push(relation);
      }
    }
    const inside = await session.query(
      `EXPLAIN (ANALYZE, VERBOSE) SELECT callcenter.list_calls('${A}', '{}', '${tokens.a}')`,
    );
    assert.ok(inside.some((each) => each.type === "D"));
    gains.push(
      ...inside
        .filter((each) => /Scan|Index/.test(each.text))
        .map((each) => each.text),
    );
    return gains;
  },
  `GRANT SELECT ON callcenter.transcripts TO callcenter_rest; GRANT EXECUTE ON FUNCTION callcenter.current_company() TO callcenter_rest`,
);
attack(
  "views",
  "pg_stats and what is behind it show no values",
  async (db) => {
    const gains = [];
    for (const who of ["rest", "analyst", "service"]) {
      const session = await db.session(who, `-c callcenter.company_id=${A}`);
      for (const view of [
        "pg_stats",
        "pg_stats_ext",
        "pg_stats_ext_exprs",
        "pg_statistic",
        "pg_statistic_ext_data",
      ]) {
        const sql = `SELECT s::text FROM pg_catalog.${view} s WHERE s::text ~ '^.callcenter,|Ban4na|5559999'`;
        const said = await session.query(sql);
        gains.push(
          ...said
            .filter((each) => each.type === "D")
            .map((each) => each.text.slice(0, 100)),
        );
      }
    }
    return gains;
  },
  `${UNGUARDED} ALTER TABLE callcenter.customers ALTER COLUMN full_name SET STATISTICS 100; ALTER TABLE callcenter.calls ALTER COLUMN caller_name SET STATISTICS 100; ANALYZE`,
);
attack(
  "views",
  "pg_stat_activity shows no token of a session of the same role, nor anything of those of others",
  async (db) => {
    const gains = [];
    const holder = await db.session(process.env.PGUSER);
    await holder.query(
      `BEGIN; SELECT last_number FROM callcenter.customer_numbers WHERE company_id = '${B}' FOR UPDATE`,
    );
    const session = await db.session("rest");
    session.write(
      send.parse("", "SELECT callcenter.create_call($1, $2, $3)"),
      send.bind("", "", [
        B,
        ground.document("watched", "Ban4na", "+13055557778"),
        tokens.b,
      ]),
      send.execute(""),
      send.sync(),
    );
    await waits(db, session);
    for (const who of ["rest", "analyst", "service"]) {
      const watcher = await db.session(who);
      for (const view of [
        "pg_stat_activity",
        "pg_locks",
        "pg_prepared_statements",
        "pg_cursors",
        "pg_stat_ssl",
        "pg_settings",
      ]) {
        const said = await watcher.query(`SELECT v::text FROM ${view} v`);
        gains.push(
          ...said
            .filter((each) => each.type === "D" && /eyJ|Ban4na/.test(each.text))
            .map((each) => each.text.slice(0, 200)),
        );
      }
    }
    await holder.query("ROLLBACK");
    await session.until("Z");
    return gains;
  },
  // a server whose sessions tell what they do
  `ALTER FUNCTION callcenter.create_call(callcenter.object_id, jsonb, text) RENAME TO create_call_inside;
   CREATE FUNCTION callcenter.create_call(company_id callcenter.object_id, call jsonb, token text DEFAULT NULL) RETURNS json LANGUAGE plpgsql AS $$
   BEGIN PERFORM set_config('application_name', token, false); RETURN callcenter.create_call_inside(company_id, call, token); END $$`,
);

/* ---- keys, sizes, copies, notifications ---- */

attack(
  "keys",
  "neither the path of the key ring nor its text can be read",
  async (db) => {
    const gains = [];
    const file = process.env.CALLCENTER_KEY_FILE;
    for (const who of ["rest", "analyst", "service"]) {
      const session = await db.session(who);
      await session.query("CREATE TEMP TABLE lines (x text)");
      for (const sql of [
        "SHOW callcenter.key_file",
        "SELECT current_setting('callcenter.key_file')",
        "SELECT setting FROM pg_settings WHERE name = 'callcenter.key_file'",
        "SELECT setting FROM pg_file_settings WHERE name = 'callcenter.key_file'",
        `SELECT pg_read_file('${file}')`,
        `SELECT pg_read_binary_file('${file}')`,
        `SELECT (pg_stat_file('${file}')).size`,
        `SELECT pg_ls_dir('${file.replace(/[^/]*$/, "")}')`,
        `COPY lines FROM '${file}'; SELECT * FROM lines`,
        `COPY lines FROM PROGRAM 'cat ${file}'; SELECT * FROM lines`,
        `SELECT lo_import('${file}')`,
        `LOAD '${file}'`,
        `CREATE FUNCTION pg_temp.load() RETURNS int LANGUAGE c AS '${file}', 'x'`,
        "SHOW config_file",
        "SELECT pg_current_logfile()",
      ]) {
        const said = await session.query(sql);
        gains.push(
          ...said
            .filter(
              (each) =>
                (each.type === "D" && each.text !== "") ||
                (each.type === "C" && /LOAD/.test(sql)) ||
                /"kty"|"k":/.test(each.text),
            )
            .map((each) => `${who}: ${sql}: ${each.text}`),
        );
      }
    }
    return gains;
  },
  promoted("rest"),
  {
    sql: `GRANT pg_read_server_files, pg_read_all_settings TO ${roles.analyst}`,
    undo: `REVOKE pg_read_server_files, pg_read_all_settings FROM ${roles.analyst}`,
  },
);
attack(
  "sizes",
  "arguments of any size are refused, and the session goes on",
  async (db) => {
    const gains = [];
    const session = await db.session("rest");
    const long = "x".repeat(8 << 20);
    for (const [sql, values] of [
      ["SELECT callcenter.list_calls($1, '{}', $2)", [A, long]],
      ["SELECT callcenter.list_calls($1, '{}', $2)", [A, tokens.a + long]],
      ["SELECT callcenter.list_calls($1, '{}', $2)", [long, tokens.a]],
      [
        "SELECT callcenter.list_calls($1, $2, $3)",
        [A, `{"q": "${long}"}`, tokens.a],
      ],
      ["SELECT callcenter.get_call($1, $2, $3)", [A, long, tokens.a]],
      ["SELECT callcenter.lookup_by_phone($1, $2, $3)", [A, long, tokens.a]],
      [
        "SELECT callcenter.create_call($1, $2, $3)",
        [A, ground.document(long, "Apple", "+13055551234"), tokens.a],
      ],
      [
        "SELECT callcenter.create_call($1, $2, $3)",
        [A, `${"[".repeat(5000)}${"]".repeat(5000)}`, tokens.a],
      ],
      ["SELECT callcenter.login($1, $2)", [long, long]],
    ]) {
      const began = Date.now();
      const said = await session.statement(sql, values);
      const error = said.find((each) => each.type === "E");
      // a lookup of what is no number finds nobody, and a sign-in that fails says so: both are answers
      if (
        (error === undefined && !/lookup|login/.test(sql)) ||
        (error !== undefined && error.text.length > 10000) ||
        Date.now() - began > 15000
      ) {
        gains.push(`${sql}: ${error?.text.slice(0, 100)}`);
      }
      assert.ok(!session.closed, "the session goes on");
    }
    return gains;
  },
  // an error that quotes what it was given
  rewritten(
    "get_call",
    "BEGIN RAISE EXCEPTION 'no call %', call_id; END",
    "call_id text",
  ),
);
attack(
  "copies",
  "COPY and large objects give nothing of B",
  async (db) => {
    const gains = [];
    const columns = await db.readable();
    for (const who of ["rest", "analyst", "service"]) {
      const session = await db.session(who, `-c callcenter.company_id=${A}`);
      for (const [relation, names] of Object.entries(columns)) {
        for (const sql of [
          `COPY callcenter.${relation} TO STDOUT`,
          `COPY callcenter.${relation} (${names.join(", ")}) TO STDOUT`,
          `COPY (SELECT ${names.join(", ")} FROM callcenter.${relation}) TO STDOUT`,
          `COPY (SELECT ${names.join(", ")} FROM ONLY callcenter.${relation} TABLESAMPLE SYSTEM (100)) TO STDOUT`,
          `TABLE callcenter.${relation}`,
        ]) {
          gains.push(...judge(sql, await session.query(sql)));
        }
      }
      gains.push(...(await db.loot(session)));
    }
    return gains;
  },
  UNGUARDED,
  `SELECT lo_from_bytea(4711, 'Ban4na'); GRANT SELECT ON LARGE OBJECT 4711 TO PUBLIC`,
);
attack(
  "notifications",
  "who listens hears nothing of what B does",
  async (db) => {
    const gains = [];
    const channels = [
      "callcenter",
      "callcenter_events",
      "events",
      "calls",
      "calls_changed",
      "customers",
      "companies",
      "callcenter_worker",
      B,
      A,
      `company_${B}`,
      `callcenter_${B}`,
      ...Object.keys(await db.readable()),
    ];
    const listeners = [];
    for (const who of ["rest", "analyst", "service"]) {
      const session = await db.session(who);
      for (const channel of channels) {
        await session.query(`LISTEN "${channel}"`);
      }
      listeners.push(session);
    }
    const other = await db.session("rest");
    await victim(other);
    await other.statement("SELECT callcenter.create_call($1, $2, $3)", [
      B,
      ground.document("told", "Ban4na", "+13055558888"),
      tokens.b,
    ]);
    for (const session of listeners) {
      await session.query("SELECT 1");
      gains.push(
        ...session.inbox
          .filter((each) => each.type === "A" && each.text.trim().includes(" "))
          .map((each) => each.text),
      );
      gains.push(...judge("", session.inbox));
    }
    return gains;
  },
  `CREATE FUNCTION public.tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('calls', NEW.caller_name); RETURN NULL; END $$;
   CREATE TRIGGER tell AFTER INSERT ON callcenter.calls FOR EACH ROW EXECUTE FUNCTION public.tell()`,
);

/* ---- side channels of queries ---- */

attack(
  "leaks",
  "no function, operator or error of an analyst's sees a row of B",
  async (db) => {
    const gains = [];
    const session = await db.session(
      "analyst",
      `-c callcenter.company_id=${A}`,
    );
    await session.query(
      `CREATE FUNCTION pg_temp.peek(x text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN RAISE NOTICE 'peek: %', x; RETURN true; END $$`,
    );
    await session.query(
      `CREATE FUNCTION pg_temp.peek2(x text, y text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN RAISE NOTICE 'peek: %', x; RETURN true; END $$`,
    );
    await session.query(
      "CREATE OPERATOR pg_temp.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_temp.peek2, RESTRICT = eqsel)",
    );
    for (const [relation, names] of Object.entries(await db.readable())) {
      for (const plan of ["on", "off"]) {
        await session.query(
          `SET enable_indexscan = ${plan}; SET enable_bitmapscan = ${plan}; SET enable_indexonlyscan = ${plan}`,
        );
        for (const column of names) {
          for (const sql of [
            `SELECT count(*) FROM callcenter.${relation} WHERE pg_temp.peek(${column}::text)`,
            `SELECT count(*) FROM callcenter.${relation} WHERE ${column}::text OPERATOR(pg_temp.===) 'x'`,
            `SELECT count(*) FROM callcenter.${relation} WHERE CAST(${column}::text || 'no' AS integer) = 1`,
          ]) {
            gains.push(...judge(sql, await session.query(sql)));
          }
        }
      }
    }
    return gains;
  },
  UNGUARDED,
  // a view that is not its reader's
  `CREATE VIEW callcenter.planted AS SELECT caller_name, company_id FROM callcenter.calls; GRANT SELECT ON callcenter.planted TO callcenter_analyst`,
);
attack(
  "leaks",
  "row_security = off shows an error, not rows",
  async (db) => {
    const gains = [];
    for (const who of ["rest", "analyst", "service"]) {
      const session = await db.session(
        who,
        `-c callcenter.company_id=${A} -c row_security=off`,
      );
      gains.push(...(await db.loot(session)));
      gains.push(...(await db.loot(session, tokens.a)));
    }
    return gains;
  },
  UNGUARDED,
  promoted("analyst", "BYPASSRLS"),
);
attack(
  "keys that tell",
  "ids and numbers that B has are as free, and as unknown, as those that nobody has",
  async (db) => {
    const gains = [];
    const plain = (said) =>
      said
        .filter((each) => "DE".includes(each.type))
        .map((each) =>
          each.text
            .replace(
              /only_b|only_x|CAonly_.|9999|9998|[0-9a-f]{24}|CUST-\d+/g,
              "…",
            )
            .replace(
              /\(?305\)? 555-…|"createdAt":"[^"]*"|"updatedAt":"[^"]*"|"addedAt":"[^"]*"/g,
              "…",
            ),
        );
    const customer = await db.admin(
      `SELECT id FROM callcenter.customers WHERE company_id = '${B}' ORDER BY id LIMIT 1`,
    );
    const session = await db.session("rest");
    for (const [sql, of_b, of_nobody] of [
      [
        "SELECT callcenter.create_call('$A', $1, '$T')",
        ground.document("only_b", "Apple", "+13055559999"),
        ground.document("only_x", "Apple", "+13055559998"),
      ],
      ["SELECT callcenter.get_call('$A', $1, '$T')", "only_y", "only_z"],
      ["SELECT callcenter.get_customer('$A', $1, '$T')", customer, NOWHERE],
      [
        "SELECT callcenter.create_appointment('$A', jsonb_build_object('customerId', $1::text, 'date', '2026-01-01'), '$T')",
        customer,
        NOWHERE,
      ],
      [
        "SELECT callcenter.link_call('$A', 'shared', $1, '$T')",
        customer,
        NOWHERE,
      ],
    ]) {
      const ask = async (value) => {
        await session.query("BEGIN");
        const said = await session.statement(
          sql.replace("$A", A).replace("$T", tokens.a),
          [value],
        );
        await session.query("ROLLBACK");
        return plain(said);
      };
      const [one, other] = [await ask(of_b), await ask(of_nobody)];
      if (JSON.stringify(one) !== JSON.stringify(other)) {
        gains.push(`${sql}: ${one} but ${other}`);
      }
    }
    return gains;
  },
  "CREATE UNIQUE INDEX planted ON callcenter.calls (call_id) WHERE call_id LIKE 'only%'",
  rewritten(
    "get_customer",
    "BEGIN IF EXISTS (SELECT FROM callcenter.customers WHERE id = customer_id) THEN RAISE EXCEPTION 'not your customer'; END IF; RAISE EXCEPTION 'no such customer'; END",
    "customer_id text",
  ),
);
attack(
  "fastpath",
  "a function that is called by its oid asks the same",
  async (db) => {
    const gains = [];
    const session = await db.served();
    const oids = async (name) =>
      (
        await db.admin(
          `SELECT oid FROM pg_proc WHERE pronamespace = 'callcenter'::regnamespace AND proname ~ '^${name}$' ORDER BY oid`,
        )
      ).split("\n");
    for (const token of [null, "x", tokens.a]) {
      for (const oid of await oids("list_calls(_inside)?")) {
        const said = await session.ask(
          send.call(Number(oid), [B, "{}", token]),
        );
        if (said.some((each) => each.type === "V")) {
          gains.push(`list_calls with token ${token}`);
        }
      }
    }
    for (const who of ["rest", "analyst", "service"]) {
      const other = who === "rest" ? session : await db.session(who);
      const said = await other.ask(
        send.call(Number((await oids("current_company"))[0]), []),
      );
      gains.push(
        ...said
          .filter((each) => each.type === "V" && each.values[0] !== null)
          .map((each) => `${who} is of ${each.text}`),
      );
    }
    return gains;
  },
  KEPT,
  BELIEVES.replace(
    "IF payload",
    "IF token IS NULL THEN RETURN '{}'; END IF; IF payload",
  ),
);

/* ---- rights ---- */

const FORBIDDEN = [
  "CREATE FUNCTION pg_temp.lp(x text) RETURNS boolean LANGUAGE sql LEAKPROOF AS 'SELECT true'",
  "CREATE FUNCTION callcenter.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
  "CREATE TABLE callcenter.t (x int)",
  "CREATE SCHEMA attack",
  "CREATE TABLE public.attack (x int)",
  "CREATE EXTENSION pgtap",
  "CREATE EVENT TRIGGER attack ON ddl_command_end EXECUTE FUNCTION pg_temp.fires()",
  "CREATE SERVER attack FOREIGN DATA WRAPPER postgres_fdw",
  "CREATE PUBLICATION attack FOR ALL TABLES",
  "CREATE ROLE attack_made SUPERUSER",
  "CREATE STATISTICS attack ON company_id, caller_phone FROM callcenter.calls",
  "CREATE TRIGGER attack BEFORE INSERT ON callcenter.calls FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
  "CREATE RULE attack AS ON SELECT TO callcenter.calls DO INSTEAD SELECT 1",
  "CREATE INDEX ON callcenter.calls (caller_name)",
  "CREATE POLICY attack ON callcenter.calls USING (true)",
  "ALTER TABLE callcenter.calls DISABLE ROW LEVEL SECURITY",
  "ALTER FUNCTION callcenter.current_company() OWNER TO CURRENT_USER",
  "ALTER SYSTEM SET callcenter.key_file = '/dev/null'",
  "ALTER ROLE CURRENT_USER BYPASSRLS",
  "ALTER ROLE callcenter_api LOGIN",
  "ALTER EXTENSION callcenter UPDATE",
  "ALTER EXTENSION callcenter DROP TABLE callcenter.calls",
  "DROP EXTENSION callcenter CASCADE",
  "GRANT callcenter_all_companies TO CURRENT_USER",
  "GRANT callcenter_analyst TO CURRENT_USER",
  "REASSIGN OWNED BY callcenter_api TO CURRENT_USER",
  "LOCK TABLE callcenter.calls IN ACCESS EXCLUSIVE MODE",
  "TRUNCATE callcenter.calls CASCADE",
  "UPDATE callcenter.calls SET result = 'x'",
  "DELETE FROM callcenter.audit_log",
  "DELETE FROM callcenter.platform_log",
  "SELECT callcenter.list_platform_log()",
  `SELECT callcenter.delete_company('${A}', 'ABC HVAC')`,
  `SELECT callcenter.delete_company('${B}', '')`,
  `INSERT INTO callcenter.role_grants (company_id, role_name) VALUES ('${B}', CURRENT_USER)`,
  `SELECT callcenter.grant_role('${B}', CURRENT_USER)`,
  `SELECT callcenter.grant_company('${B}', 'eve@example.com', 'admin')`,
  `SELECT callcenter.create_user('{"email": "eve@example.com", "password": "correct horse"}')`,
  "SELECT callcenter.rebuild_stats()",
  "SELECT pg_reload_conf()",
  "LOAD 'auto_explain'",
  "SET log_statement = 'all'",
  "SET log_parameter_max_length = -1",
  "SET session_preload_libraries = 'auto_explain'",
  "COPY (SELECT 1) TO PROGRAM 'true'",
  "SELECT pg_logical_emit_message(true, 'x', 'x') FROM pg_create_logical_replication_slot('attack', 'test_decoding')",
  "SECURITY LABEL ON TABLE callcenter.calls IS 'x'",
  "COMMENT ON TABLE callcenter.calls IS 'x'",
  "DELETE FROM pg_catalog.pg_policy",
];
for (const who of ["rest", "analyst", "service"]) {
  attack(
    "rights",
    `${who}: what a role of ours may not do is refused`,
    async (db) => {
      const gains = [];
      const session = await db.session(who);
      for (const sql of FORBIDDEN) {
        await session.query("BEGIN");
        const said = await session.query(sql);
        await session.query("ROLLBACK");
        if (!said.some((each) => each.type === "E")) {
          gains.push(sql);
        }
      }
      return gains;
    },
    promoted(who),
    {
      sql: `GRANT callcenter_admin TO ${roles[who]}`,
      undo: `REVOKE callcenter_admin FROM ${roles[who]}`,
    },
  );
}

/* ---- what a session may ask to hear, and how it may be set ---- */

attack(
  "output",
  "no debugging shows a session anything of B",
  async (db) => {
    const gains = [];
    for (const who of ["rest", "analyst", "service"]) {
      const session = await db.session(who, `-c callcenter.company_id=${A}`);
      for (const set of [
        "client_min_messages = debug5",
        "debug_print_parse = on",
        "debug_print_rewritten = on",
        "debug_print_plan = on",
        "debug_pretty_print = off",
        "log_parameter_max_length_on_error = -1",
        "trace_notify = on",
        "plan_cache_mode = force_custom_plan",
      ]) {
        await session.query(`SET ${set}`);
      }
      gains.push(...(await db.loot(session)));
      gains.push(...(await db.loot(session, tokens.a)));
      for (const sql of [
        `SELECT callcenter.list_calls('${A}', '{}', '${tokens.a}')`,
        `SELECT callcenter.create_call('${A}', ${literal(ground.document(`debug_${who}`, "Apple", "+13055551234"))}, '${tokens.a}')`,
      ]) {
        gains.push(...judge(sql, await session.query(sql)));
      }
    }
    return gains;
  },
  rewritten(
    "list_calls",
    `BEGIN RAISE DEBUG '%', (SELECT string_agg(caller_name, ' ') FROM callcenter.calls); RETURN '{}'; END`,
  ),
);
attack(
  "output",
  "the server's log has no token, however much it is told to say, only the reason why one is refused",
  async (db) => {
    const log = `${process.env.CALLCENTER_VAR}/log/postgres.log`;
    const from = statSync(log).size;
    await db.admin(
      `ALTER ROLE ${roles.rest} IN DATABASE ${db.name} SET log_min_messages = 'debug5'; ALTER ROLE ${roles.rest} IN DATABASE ${db.name} SET log_statement = 'all'`,
    );
    const session = await db.session("rest");
    const [head, payload, signature] = tokens.b.split(".");
    for (const [company, token] of [
      [B, tokens.b],
      [A, tokens.b],
      [B, `${head}.${payload}.${[...signature].reverse().join("")}`],
      [B, `${head}.${payload}`],
      ["no id", tokens.b],
    ]) {
      await session.statement("SELECT callcenter.list_calls($1, '{}', $2)", [
        company,
        token,
      ]);
    }
    const said = readFileSync(log).subarray(from).toString();
    assert.match(said, /token refused: token has one dot/);
    return [payload, signature, [...signature].reverse().join("")].filter(
      (part) => said.includes(part),
    );
  },
  {
    sql: `ALTER ROLE ${roles.rest} SET log_parameter_max_length = -1`,
    undo: `ALTER ROLE ${roles.rest} RESET ALL`,
  },
  {
    sql: `ALTER ROLE ${roles.rest} SET log_parameter_max_length_on_error = -1`,
    undo: `ALTER ROLE ${roles.rest} RESET ALL`,
  },
);
attack(
  "output",
  "an answer does not depend on how the session is set",
  async (db) => {
    const gains = [];
    const asked = [
      `SELECT callcenter.list_calls('${A}', '{"limit": 3}', '${tokens.a}')`,
      `SELECT callcenter.get_call('${A}', 'shared', '${tokens.a}')`,
      `SELECT callcenter.get_customer('${A}', 'CUST-00001', '${tokens.a}')`,
      `SELECT callcenter.lookup_by_phone('${A}', '(305) 555-1234', '${tokens.a}')`,
      `SELECT callcenter.get_call('${B}', 'only_b', '${tokens.a}')`,
    ];
    const answers = async (session) =>
      JSON.stringify(
        await Promise.all(asked.map((sql) => session.values(sql))),
      ).replace(/"expiresAt":"[^"]*"/g, "");
    const plain = await answers(await db.session("rest"));
    for (const set of [
      "DateStyle = 'German, DMY'",
      "IntervalStyle = 'iso_8601'",
      "TimeZone = 'Asia/Kathmandu'",
      "extra_float_digits = -15",
      "bytea_output = 'escape'",
      "lc_numeric = 'C'",
      "quote_all_identifiers = on",
      "transform_null_equals = on",
      "array_nulls = off",
      "standard_conforming_strings = off",
      "backslash_quote = off",
      "default_transaction_isolation = 'serializable'",
      "default_transaction_read_only = off",
      "enable_seqscan = off; SET jit = off",
      "enable_indexscan = off; SET jit = off",
      "enable_bitmapscan = off; SET jit = off",
      "enable_sort = off; SET jit = off",
      "enable_nestloop = off; SET jit = off",
      "plan_cache_mode = force_custom_plan",
      "force_parallel_mode = on",
      "work_mem = '64kB'",
      "search_path = ''",
      "default_text_search_config = 'simple'",
      `callcenter.company_id = '${B}'`,
      "xmloption = 'document'",
      "constraint_exclusion = on",
      "from_collapse_limit = 1",
      "geqo_threshold = 2",
    ]) {
      const session = await db.session("rest");
      await session.query(`SET ${set}`);
      if ((await answers(session)) !== plain) {
        gains.push(set);
      }
      session.close();
    }
    return gains;
  },
  `ALTER FUNCTION callcenter.list_calls(callcenter.object_id, jsonb, text) RENAME TO list_calls_inside;
   CREATE FUNCTION callcenter.list_calls(company_id callcenter.object_id, params jsonb DEFAULT '{}', token text DEFAULT NULL) RETURNS json
   LANGUAGE sql AS $$SELECT json_build_array(callcenter.list_calls_inside($1, $2, $3), timestamptz '2025-01-01Z'::text)$$`,
);

/* ---- all of them ---- */

let clean;

before(async () => {
  await ground.open();
  clean = await ground.field();
});
after(() => ground.close());

for (const item of new Set(attacks.map((each) => each.item))) {
  describe(item, () => {
    for (const { name, act, controls } of attacks.filter(
      (each) => each.item === item,
    )) {
      it(name, async () => {
        try {
          assert.deepEqual(await act(clean), []);
        } finally {
          await clean.done();
        }
      });
      controls.forEach((control, n) =>
        it(`control ${n + 1}: ${name}`, async () => {
          const { sql, undo } =
            typeof control === "string" ? { sql: control } : control;
          const db = await ground.field(sql);
          try {
            const gains = await act(db);
            assert.ok(gains.length > 0, "the planted defect is not found");
          } finally {
            await db.done();
            if (undo !== undefined) {
              await db.admin(undo);
            }
          }
        }),
      );
    }
  });
}

it("every word of the secret can be found", () => {
  assert.ok(attacks.every((each) => each.controls.length > 0));
  assert.match("Ban4na", SECRET);
});
