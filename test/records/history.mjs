/**
 * A random history, and a recount of everything that is derived from it.
 *
 * Eight sessions at once make, change, link and delete calls, customers,
 * visits and follow-ups of one company through the API, in transactions of one or several
 * functions, with savepoints and rollbacks.  What they do comes from a seeded
 * generator; how they interleave does not, and must not matter: afterwards
 * every derived value equals a recount in SQL that shares nothing with the
 * extension.
 *
 * Deadlocks: no function deadlocks with another, so in the first part, where
 * every transaction is one function, none may happen.  Several functions in a
 * transaction take locks in an order of their own: PostgreSQL may end one of
 * those who wait for each other with 40P01, and its client tries again.
 *
 *   node test/records/history.mjs [--transactions 2000] [--seed 1]
 *
 * The server is the one of PGHOST and PGPORT; the database is gone afterwards.
 */
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";

import { dropDatabase, finish, ok, runSql } from "../tap.mjs";

const { values: options } = parseArgs({
  options: {
    transactions: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
  },
});
const SESSIONS = 8;
const COMPANY = "65f0000000000000000000a1";
const TRANSACTIONS = Number(options.transactions);
const SEED = Number(options.seed);
const database = `history_${process.pid}`;

/** What a random history may be told; anything else is a defect. */
const EXPECTED = new Set([
  "22023", // a customer of a visit that is gone
  "23505", // a number that is taken, a call that exists
  "P0002", // a record that is gone
  "25P02", // what comes after an error, up to the end of its transaction
  "3B001", // a savepoint that was not made because of one
]);

/** Runs SQL and gives what it prints. */
const query = (sql) => runSql(sql, database);

/** A generator of numbers in [0, 1): mulberry32. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A session: one psql that is given a transaction at a time. */
class Session {
  constructor(number) {
    this.session = number;
    this.random = generator(SEED * 1000 + number);
    this.calls = 0;
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
    this.psql.stdin.write("\\set VERBOSITY sqlstate\n");
  }

  /** Runs SQL; gives the SQLSTATEs of its errors. */
  async run(sql) {
    this.text = "";
    const answer = await new Promise((resolve) => {
      this.done = resolve;
      this.psql.stdin.write(`${sql}\n\\echo =end=\n`);
    });
    if (!answer.endsWith("=end=\n")) throw new Error(`psql ended: ${answer}`);
    return [...answer.matchAll(/^ERROR: +(\S+)$/gm)].map((match) => match[1]);
  }

  int(below) {
    return Math.floor(this.random() * below);
  }

  pick(list) {
    return list[this.int(list.length)];
  }

  phone() {
    const n = this.int(24);
    if (n >= 22) return this.pick(["anonymous", "sip:bob@example.com"]);
    if (n >= 20) return "+13055550100"; // the company's own
    const digits = String(2132000 + n);
    return this.pick([
      `+1305${digits}`,
      `(305) ${digits.slice(0, 3)}-${digits.slice(3)}`,
      `1-305-${digits}`,
    ]);
  }

  number() {
    return `305213${2000 + this.int(20)}`;
  }

  customer() {
    return `CUST-${1 + this.int(60)}`;
  }

  /** A call of any session. */
  call() {
    return `s${this.int(SESSIONS)}-${this.int(Math.max(this.calls, 1))}`;
  }

  time() {
    const minutes = this.int(60 * 24 * 40);
    return new Date(Date.UTC(2025, 9, 20) + minutes * 60000).toISOString();
  }

  status() {
    return this.pick(
      "completed completed transferred voicemail abandoned spam error".split(
        " ",
      ),
    );
  }

  /** One function of the API, with arguments. */
  action() {
    const f = (name, ...args) =>
      `SELECT 1 FROM callcenter.${name}('${COMPANY}', ${args
        .map((arg) =>
          arg === null
            ? "NULL"
            : `'${(typeof arg === "string" ? arg : JSON.stringify(arg)).replaceAll("'", "''")}'`,
        )
        .join(", ")});`;
    const dice = this.int(100);

    if (dice < 36) return f("create_call", this.newCall());
    if (dice < 46)
      return f(
        "update_call",
        this.call(),
        this.pick([
          { outcome: { status: this.status() } },
          { review: { rating: this.pick([1, 3, 5, null]) } },
          { durationSeconds: this.pick([10, 300, null]) },
          {
            analysis: { primaryIntent: this.pick(["BILLING", "REPAIR", null]) },
          },
          { outcome: { appointmentCreated: this.visit() } },
          { outcome: { followUpRequired: this.pick([true, false, null]) } },
          { captured: { urgency: this.pick(["normal", "emergency", null]) } },
          { captured: { appointment: this.booking() } },
          { captured: { problemDescription: this.pick(["no heat", null]) } },
          { endedAt: this.pick([this.time(), null]) },
          { twilioCallSid: this.pick([`CA-${this.call()}`, null]) },
          { actions: this.pick([this.booked(), [], null]) },
          { transcript: null, agentNotes: { text: "note" } },
        ]),
      );
    if (dice < 56)
      return f("link_call", this.call(), this.pick([this.customer(), null]));
    if (dice < 59) return f("add_call_note", this.call(), { text: "note" });
    if (dice < 61)
      return f("add_transcript", this.call(), [
        { speaker: "caller", text: "hello" },
      ]);
    if (dice < 65)
      return f("create_customer", {
        phone: this.number(),
        phoneWork: this.number(),
      });
    if (dice < 68) return f("get_or_create_customer", this.number());
    if (dice < 73)
      return f(
        "update_customer",
        this.customer(),
        this.pick([
          { status: this.pick(["lead", "active", "churned"]) },
          { phoneMobile: this.number() },
          { phone: this.number() },
          { tags: this.pick([["VIP"], ["a", "b"], null]) },
          { fullName: this.pick(["Ann Lee", " Bo ", null]) },
          { email: this.pick(["ann@example.com", null]) },
          { preferences: this.pick([{ language: "es" }, null]) },
          this.places(),
        ]),
      );
    if (dice < 74)
      return f("add_customer_note", this.customer(), { text: "note" });
    if (dice < 81)
      return f("create_appointment", {
        _id: this.visit(),
        customerId: this.customer(),
        status: this.visitStatus(),
        value: this.int(100000) / 100,
        service: this.pick(["AC", "Heating", null]),
        date: this.day(),
        timeWindow: this.pick(["8-12", null]),
        ...(this.int(4) === 0 && { callId: this.call() }),
      });
    if (dice < 90)
      return f(
        "update_appointment",
        this.visit(),
        this.pick([
          { status: this.visitStatus() },
          { value: this.pick([0, 10.5, 99.99, null]) },
          { customerId: this.pick([this.customer(), null]) },
          { date: this.day(), service: this.pick(["AC", "Filter", null]) },
          {
            timeWindow: this.pick(["1-5", null]),
            externalRef: `x${this.int(9)}`,
          },
          { callId: this.call() },
        ]),
      );
    if (dice < 94)
      return f(
        "delete_customer",
        this.customer(),
        this.pick(["delete", "delete", "erase"]),
      );
    if (dice < 97)
      return f("delete_calls", { callId: [this.call(), this.call()] });
    if (dice < 98)
      return f("delete_calls", {
        customerId: this.customer(),
        status: "voicemail",
      });
    if (dice < 99) return f("delete_calls", { phone: this.number() });
    return this.pick([
      "SELECT callcenter.fold_counters();",
      "SELECT callcenter.fold_rollups();",
      f("update_company", {
        timeZone: this.pick([
          "America/New_York",
          "America/Havana",
          "Asia/Kathmandu",
          "Pacific/Auckland",
        ]),
      }),
    ]);
  }

  /** What people do with follow-ups, and telephony with calls that begin. */
  work() {
    const item = `coalesce((SELECT id FROM callcenter.follow_ups WHERE ${this.pick(["resolved_at IS NULL", "true"])} ORDER BY md5(id || '${this.int(1000)}') LIMIT 1), '65f0000000000000000000ff')`;
    const company = `'${COMPANY}'`;
    const dice = this.int(10);

    if (dice < 3)
      return `SELECT 1 FROM callcenter.claim_follow_up(${company});`;
    if (dice < 4)
      return `SELECT 1 FROM callcenter.claim_follow_up(${company}, ${item});`;
    if (dice < 5)
      return `SELECT 1 FROM callcenter.release_follow_up(${company}, ${item});`;
    if (dice < 7)
      return `SELECT 1 FROM callcenter.resolve_follow_up(${company}, ${item}, '{"status": "${this.pick(["done", "dismissed"])}"}');`;
    return `SELECT 1 FROM callcenter.open_call(${company}, '${JSON.stringify({
      twilioCallSid: `CA-s${this.session}-${this.calls + this.int(3) - 1}`,
      caller: { phone: "+13052132001" },
      startedAt: this.time(),
    })}');`;
  }

  newCall() {
    const start = this.time();
    const call = {
      callId: `s${this.session}-${this.calls++}`,
      caller: { phone: this.phone() },
      startedAt: start,
      outcome: { status: this.status() },
      analysis: {},
    };

    if (this.int(2)) call.durationSeconds = this.int(600);
    if (this.int(3))
      call.analysis.primaryIntent = this.pick(["BILLING", "REPAIR", "QUOTE"]);
    if (this.int(4) === 0) call.review = { rating: 1 + this.int(5) };
    if (this.int(6) === 0) call.outcome.appointmentCreated = this.visit();
    if (this.int(5) === 0) call.outcome.messageLeft = true;
    if (this.int(8) === 0) call.outcome.followUpRequired = true;
    if (this.int(8) === 0)
      call.captured = { urgency: this.pick(["urgent", "emergency"]) };
    if (this.int(2)) call.twilioCallSid = `CA-${call.callId}`;
    if (this.int(6) === 0)
      call.captured = {
        ...call.captured,
        name: this.pick(["Ann Lee", "Cy"]),
        email: "cy@example.com",
        appointment: this.booking(),
      };
    if (this.int(10) === 0) call.actions = this.booked();
    return call;
  }

  /** A day around today, or none. */
  day() {
    if (this.int(5) === 0) return null;
    const days = this.int(81) - 40;
    return new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);
  }

  /** What a call says of a visit. */
  booking() {
    return this.pick([
      { bookedDate: this.day(), bookedTimeWindow: "8-12" },
      { existingId: this.visit(), requestedDate: this.day() },
      null,
    ]);
  }

  booked() {
    return [
      {
        type: "appointment_created",
        status: this.pick(["success", "failed"]),
        target: "AC",
      },
    ];
  }

  /** Addresses, and equipment at some of them. */
  places() {
    const addresses = Array.from({ length: this.int(3) }, (_, n) => ({
      street: `${n} Elm`,
      isPrimary: n === this.int(2),
    }));
    return {
      addresses: addresses.length ? addresses.slice(0, 2) : null,
      equipment: this.pick([
        [{ type: "AC", addressIndex: this.int(2) }],
        [{ type: "Furnace" }, { type: "Pump" }],
        null,
      ]),
    };
  }

  visit() {
    return `65f0000000000000000${String(10000 + this.int(80))}`;
  }

  visitStatus() {
    return this.pick(["scheduled", "completed", "cancelled", "no_show"]);
  }

  /** A transaction: one function, or several with savepoints. */
  transaction(mixed) {
    if (this.int(8) === 0) return this.work();
    if (!mixed || this.int(3) > 0) return this.action();
    const steps = ["BEGIN;", this.action()];
    for (let i = this.int(3); i >= 0; i--)
      steps.push(
        ...this.pick([
          [this.action()],
          ["SAVEPOINT a;", this.action(), "ROLLBACK TO a;"],
          ["SAVEPOINT a;", this.action(), "RELEASE a;"],
          ["SAVEPOINT a;", "SELECT 1/0;", "ROLLBACK TO a;", this.action()],
        ]),
      );
    steps.push(this.pick(["COMMIT;", "COMMIT;", "COMMIT;", "ROLLBACK;"]));
    return steps.join("\n");
  }

  end() {
    this.psql.stdin.end();
  }
}

const COMPANY_PREVIOUS = `
  SELECT c.id, (SELECT count(*) FROM callcenter.calls e
      WHERE e.company_id = c.company_id AND e.started_at < c.started_at
        AND e.status NOT IN ('spam', 'error')
        AND CASE WHEN c.customer_id IS NOT NULL THEN e.customer_id = c.customer_id
          ELSE e.customer_id IS NULL AND e.caller_phone = c.caller_phone END) AS n
  FROM callcenter.calls c`;

/** What customer_stats adds up and looks up, in the order of the recount: all but the card. */
const COUNTED_OF_CUSTOMERS = `
  company_id, customer_id, calls, counting_calls, calls_with_duration, duration_seconds, calls_with_rating, rating,
  first_contact, last_contact, appointments, completed_appointments, cancelled_appointments, no_shows, lifetime_value,
  average_duration, average_rating, last_call_id, last_call, last_intent, last_status, last_result, last_summary,
  became_customer, last_service, last_service_date, next_visit_id, next_visit_service, next_visit_date,
  next_visit_window, last_visit_date, status, lifetime_hundredths`;

/** Rows that differ between what is kept and what is counted, as SQL. */
const RECOUNTS = {
  "customer_stats equals a recount": `
    WITH counted AS (
      SELECT k.company_id, k.id AS customer_id,
        (SELECT count(*) FROM callcenter.calls c WHERE c.customer_id = k.id) AS calls,
        (SELECT count(*) FROM callcenter.calls c WHERE c.customer_id = k.id AND status NOT IN ('spam', 'error')) AS counting,
        (SELECT count(duration_seconds) FROM callcenter.calls c WHERE c.customer_id = k.id) AS with_duration,
        (SELECT coalesce(sum(duration_seconds), 0) FROM callcenter.calls c WHERE c.customer_id = k.id) AS duration,
        (SELECT count(rating) FROM callcenter.calls c WHERE c.customer_id = k.id) AS with_rating,
        (SELECT coalesce(sum(rating), 0) FROM callcenter.calls c WHERE c.customer_id = k.id) AS rating,
        (SELECT min(started_at) FROM callcenter.calls c WHERE c.customer_id = k.id) AS first,
        (SELECT max(started_at) FROM callcenter.calls c WHERE c.customer_id = k.id) AS last,
        (SELECT count(*) FROM callcenter.appointments a WHERE a.customer_id = k.id) AS visits,
        (SELECT count(*) FROM callcenter.appointments a WHERE a.customer_id = k.id AND status = 'completed') AS completed,
        (SELECT count(*) FROM callcenter.appointments a WHERE a.customer_id = k.id AND status = 'cancelled') AS cancelled,
        (SELECT count(*) FROM callcenter.appointments a WHERE a.customer_id = k.id AND status = 'no_show') AS no_shows,
        (SELECT coalesce(trim_scale(sum(value)), 0) FROM callcenter.appointments a WHERE a.customer_id = k.id AND status = 'completed') AS value,
        (SELECT round(avg(duration_seconds))::bigint FROM callcenter.calls c WHERE c.customer_id = k.id) AS average_duration,
        (SELECT round(avg(rating), 2) FROM callcenter.calls c WHERE c.customer_id = k.id) AS average_rating,
        l.id AS last_call_id, l.call_id, l.primary_intent, l.status, l.result, l.summary,
        (SELECT min(scheduled_date) FROM callcenter.appointments a WHERE a.customer_id = k.id AND status = 'completed') AS became,
        d.service AS last_service, d.scheduled_date AS last_service_date,
        n.id AS next_id, n.service AS next_service, n.scheduled_date AS next_date, n.time_window AS next_window,
        (SELECT max(scheduled_date) FROM callcenter.appointments a WHERE a.customer_id = k.id AND status = 'scheduled') AS last_visit, k.status AS customer_status,
        (SELECT coalesce(round(sum(value) * 100), 0) FROM callcenter.appointments a WHERE a.customer_id = k.id AND status = 'completed') AS hundredths
      FROM callcenter.customers k
      LEFT JOIN (SELECT DISTINCT ON (customer_id) * FROM callcenter.calls ORDER BY customer_id, started_at DESC, id DESC) l ON l.customer_id = k.id
      LEFT JOIN (SELECT DISTINCT ON (customer_id) * FROM callcenter.appointments WHERE status = 'completed'
        ORDER BY customer_id, scheduled_date DESC NULLS LAST, id DESC) d ON d.customer_id = k.id
      LEFT JOIN (SELECT DISTINCT ON (customer_id) * FROM callcenter.appointments WHERE status = 'scheduled' AND scheduled_date IS NOT NULL
        ORDER BY customer_id, scheduled_date, id) n ON n.customer_id = k.id)
    SELECT coalesce(c::text, '-') || ' <> ' || coalesce(s::text, '-')
    FROM counted c
    FULL JOIN (SELECT ${COUNTED_OF_CUSTOMERS} FROM callcenter.customer_stats) s USING (company_id, customer_id)
    WHERE c::text IS DISTINCT FROM s::text`,
  "every card is what get_customer() tells": `
    WITH told AS (
      SELECT id, jsonb_strip_nulls((callcenter.get_customer(company_id, id)->'customer')::jsonb) - '{stats,firstContactDate,lastContactDate,becameCustomerDate,callHistory,appointments}'::text[] AS profile
      FROM callcenter.customers)
    SELECT p.phone, s.phone, s.card, t.profile
    FROM (SELECT DISTINCT ON (company_id, customer_id) * FROM callcenter.customer_phones WHERE NOT shared ORDER BY company_id, customer_id, kind) p
    FULL JOIN callcenter.customer_stats s USING (company_id, customer_id)
    LEFT JOIN told t ON t.id = customer_id
    WHERE s.phone IS DISTINCT FROM p.phone OR (s.card_format IS NULL) <> (p.phone IS NULL)
      OR ('{' || s.card || '}')::jsonb IS DISTINCT FROM CASE WHEN p.phone IS NOT NULL THEN t.profile END`,
  "previousCallCount and isReturning equal a recount": `
    SELECT c.call_id, c.previous_call_count, c.is_returning, p.n
    FROM callcenter.calls c JOIN (${COMPANY_PREVIOUS}) p USING (id)
    WHERE (c.previous_call_count, c.is_returning) IS DISTINCT FROM (p.n, p.n > 0)`,
  "counters and deltas equal a recount": `
    WITH kept AS (
      SELECT kind, grain, bucket, status, intent, sum(records) AS n FROM (
        SELECT kind, grain, bucket, status, intent, records
        FROM callcenter.company_counters WHERE grain <> 'fold'
        UNION ALL
        SELECT kind, 'all', '-infinity', status, intent, records FROM callcenter.company_counter_deltas
        UNION ALL
        SELECT kind, g, date_trunc(g, bucket, 'UTC'), '', '', records
        FROM callcenter.company_counter_deltas, unnest('{day,hour}'::text[]) g WHERE kind = 'call'
        UNION ALL
        SELECT kind, g, date_trunc(g, bucket, 'UTC'), status, '', records
        FROM callcenter.company_counter_deltas, unnest('{month,day,hour}'::text[]) g WHERE kind = 'follow_up') x
      GROUP BY 1, 2, 3, 4, 5 HAVING sum(records) <> 0),
    counted AS (
      SELECT 'call' AS kind, 'all' AS grain, '-infinity'::timestamptz AS bucket, status, coalesce(primary_intent, '') AS intent, count(*) AS n
      FROM callcenter.calls GROUP BY 4, 5
      UNION ALL
      SELECT 'call', g, date_trunc(g, started_at, 'UTC'), '', '', count(*)
      FROM callcenter.calls, unnest('{day,hour}'::text[]) g GROUP BY 2, 3
      UNION ALL
      SELECT 'customer', 'all', '-infinity', status, customer_type::text, count(*) FROM callcenter.customers GROUP BY 4, 5
      UNION ALL
      SELECT 'follow_up', g, CASE g WHEN 'all' THEN '-infinity' ELSE date_trunc(g, at, 'UTC') END, event, '', count(*) FROM (
        SELECT 'opened' AS event, opened_at AS at FROM callcenter.follow_ups
        UNION ALL SELECT 'due', greatest(opened_at, due_at) FROM callcenter.follow_ups
        UNION ALL SELECT 'resolved', resolved_at FROM callcenter.follow_ups WHERE resolved_at IS NOT NULL
        UNION ALL SELECT 'recovered', resolved_at FROM callcenter.follow_ups WHERE resolved_at IS NOT NULL AND recovered
        UNION ALL SELECT 'late', greatest(due_at, resolved_at) FROM callcenter.follow_ups WHERE resolved_at IS NOT NULL) e,
        (VALUES ('all'), ('month'), ('day'), ('hour')) AS v (g) GROUP BY g, 3, event)
    SELECT k, c FROM kept k FULL JOIN counted c USING (kind, grain, bucket, status, intent)
    WHERE k.n IS DISTINCT FROM c.n`,
  // days and months by date: date_trunc() takes the second midnight of a day that has two (America/Havana)
  "rollups and deltas equal the aggregate over the rows": `
    WITH kept AS (
      SELECT company_id, grain, key, callcenter.rollup(summary) AS s FROM (
        SELECT company_id, grain, CASE grain WHEN 'hour' THEN start::text ELSE day::text END AS key, summary FROM callcenter.call_rollups
        UNION ALL
        SELECT company_id, g, CASE g WHEN 'hour' THEN hour::text WHEN 'day' THEN day::text ELSE month::text END, summary
        FROM callcenter.call_rollup_deltas, unnest('{hour,day,month}'::text[]) g) x
      GROUP BY 1, 2, 3),
    counted AS (
      SELECT c.company_id, g AS grain, CASE g WHEN 'hour' THEN date_trunc('hour', c.started_at, o.time_zone)::text
          WHEN 'day' THEN (c.started_at AT TIME ZONE o.time_zone)::date::text
          ELSE date_trunc('month', c.started_at AT TIME ZONE o.time_zone)::date::text END AS key,
        callcenter.summarize(o.time_zone, callcenter.call_facts(c.started_at, c.duration_seconds, c.status, c.direction, c.primary_intent, c.routing_tier, c.is_booked,
          c.is_returning, c.caller_kind, c.llm_cost, c.follow_up_required, c.reviewed, c.rating, c.flagged)) AS s
      FROM callcenter.calls c JOIN callcenter.companies o ON o.id = c.company_id, unnest('{hour,day,month}'::text[]) g GROUP BY 1, 2, 3)
    SELECT grain, key, callcenter.total_calls(k.s), callcenter.total_calls(c.s)
    FROM (SELECT * FROM kept WHERE NOT callcenter.call_summary_is_empty(s)) k FULL JOIN counted c USING (company_id, grain, key)
    WHERE k.s::text IS DISTINCT FROM c.s::text`,
  "the facts of every call are what its columns say": `
    SELECT c.call_id FROM callcenter.calls c
    WHERE c.facts::text <> callcenter.call_facts(c.started_at, c.duration_seconds, c.status, c.direction, c.primary_intent, c.routing_tier, c.is_booked,
      c.is_returning, c.caller_kind, c.llm_cost, c.follow_up_required, c.reviewed, c.rating, c.flagged)::text`,
  "any period equals the aggregate over the rows": `
    SELECT x.* FROM (
      SELECT a, b, callcenter.company_summary(o.id, a, b)::text AS told, (
        SELECT callcenter.summarize(o.time_zone, callcenter.call_facts(c.started_at, c.duration_seconds, c.status, c.direction, c.primary_intent, c.routing_tier, c.is_booked,
          c.is_returning, c.caller_kind, c.llm_cost, c.follow_up_required, c.reviewed, c.rating, c.flagged))
        FROM callcenter.calls c WHERE c.company_id = o.id AND c.started_at >= a AND c.started_at < b)::text AS counted
      FROM callcenter.companies o, generate_series(1, 60) n,
        LATERAL (SELECT timestamptz '2025-07-01' + hashint4(n)::bigint % 10000000 * interval '1 second' + interval '60 days' AS a) x,
        LATERAL (SELECT a + abs(hashint4(n + 100)::bigint) % (10::bigint ^ (1 + n % 7))::bigint * interval '1 second' AS b) y
      UNION ALL
      SELECT a, b, callcenter.company_summary(o.id, a, b)::text, callcenter.company_summary(o.id, '2000-01-01', '2100-01-01')::text
      FROM callcenter.companies o, (VALUES (timestamptz '-infinity', timestamptz 'infinity'), ('2000-02-03 04:05:06', 'infinity'), ('-infinity', '2099-01-01')) v (a, b)
    ) x WHERE told <> counted`,
  // of a call whose caller was erased, what it says of the visit is gone, and the count stays
  "whether a call booked a visit equals a recount": `
    SELECT c.call_id, c.is_booked, r.booked
    FROM callcenter.calls c, LATERAL (SELECT c.booked_date IS NOT NULL
      OR EXISTS (SELECT FROM callcenter.call_appointments a WHERE a.company_id = c.company_id AND a.call_id = c.id AND a.role = 'created')
      OR EXISTS (SELECT FROM jsonb_array_elements(c.actions) e WHERE e ->> 'type' = 'appointment_created' AND e ->> 'status' = 'success')
      AS booked) r
    WHERE c.is_booked <> r.booked AND c.content_hash <> ''`,
  "every follow-up says of its calls what they are": `
    SELECT f.id, f.attempts, f.priority, f.reason, n
    FROM callcenter.follow_ups f
    LEFT JOIN LATERAL (SELECT count(*) AS attempts, max(l.priority::callcenter.urgency)::text AS priority,
        min(l.reason::callcenter.follow_up_reason)::text AS reason, min(l.due_at) AS due, min(c.started_at) AS first, max(c.started_at) AS last
      FROM callcenter.follow_up_calls l JOIN callcenter.calls c ON c.id = l.call_id WHERE l.follow_up_id = f.id) n ON true
    WHERE (f.attempts, f.priority, f.reason, f.due_at, f.first_call_at, f.last_call_at)
      IS DISTINCT FROM (n.attempts, n.priority, n.reason, n.due, n.first, n.last)`,
  "every call of an open follow-up is its caller's, and needs one": `
    SELECT f.id, f.customer_id, f.phone, c.call_id, c.customer_id, c.caller_phone, c.status, l.reason
    FROM callcenter.follow_ups f
    JOIN callcenter.follow_up_calls l ON l.follow_up_id = f.id
    JOIN callcenter.calls c ON c.id = l.call_id
    WHERE f.resolved_at IS NULL AND NOT (
      (f.customer_id IS NOT DISTINCT FROM c.customer_id AND (f.customer_id IS NOT NULL OR f.phone = c.caller_phone)
        OR f.customer_id IS NOT NULL AND c.customer_id IS NULL)
      AND c.status <> 'spam' AND c.caller_kind <> 'withheld'
      AND (c.follow_up_required OR c.message_left OR c.status = 'voicemail' OR c.status = 'abandoned' AND c.duration_seconds >= 15
        OR c.urgency = 'emergency' AND NOT c.is_booked OR c.status = 'completed' AND NOT c.is_booked AND c.primary_intent IS NOT NULL AND lower(c.primary_intent) <> 'billing'))`,
  "no caller has two open follow-ups, and no call is in two": `
    SELECT customer_id, phone FROM callcenter.follow_ups WHERE resolved_at IS NULL GROUP BY customer_id, phone HAVING count(*) > 1
    UNION ALL
    SELECT l.call_id, NULL FROM callcenter.follow_up_calls l JOIN callcenter.follow_ups f ON f.id = l.follow_up_id
    WHERE f.resolved_at IS NULL GROUP BY l.call_id HAVING count(*) > 1`,
};

/** Compares totals of lists with counts, for random filters. */
function checkTotals(when) {
  const random = generator(SEED + 77);
  const lists = [];
  const add = (params, condition) => lists.push([params, condition]);

  add({}, "true");
  for (const status of [
    "completed",
    "transferred",
    "voicemail",
    "abandoned",
    "spam",
    "error",
  ])
    add({ status }, `status = '${status}'`);
  for (const intent of ["BILLING", "REPAIR", "QUOTE", "NONE"])
    add({ intent }, `primary_intent = '${intent}'`);
  add(
    { status: "completed,spam", intent: "BILLING,QUOTE" },
    "status IN ('completed', 'spam') AND primary_intent IN ('BILLING', 'QUOTE')",
  );
  for (let i = 0; i < 60; i++) {
    const at = () =>
      new Date(
        Date.UTC(2025, 9, 15) + Math.floor(random() * 50 * 86400 * 1000),
      ).toISOString();
    const [start, end] = [at(), at()].sort();

    if (i % 3 === 0) {
      const [first, last] = [start.slice(0, 10), end.slice(0, 10)];

      add(
        { startDate: first, endDate: last },
        `(started_at AT TIME ZONE 'America/New_York')::date BETWEEN '${first}' AND '${last}'`,
      );
    } else if (i % 3 === 1)
      add(
        { startDate: start, endDate: end },
        `started_at >= '${start}' AND started_at < '${end}'`,
      );
    else {
      // shorter than an hour or a day: the ends only
      const short = new Date(
        Date.parse(start) + random() * 90000000,
      ).toISOString();

      add(
        { startDate: start, endDate: short },
        `started_at >= '${start}' AND started_at < '${short}'`,
      );
    }
  }
  const rows = lists
    .map(
      ([params, condition]) =>
        `SELECT '${JSON.stringify(params)}', (callcenter.list_calls('${COMPANY}', '${JSON.stringify(params)}') #>> '{pagination,total}')::bigint AS told,
          (SELECT count(*) FROM callcenter.calls WHERE ${condition}) AS counted`,
    )
    .concat(
      ["lead", "active", "churned"].map(
        (
          status,
        ) => `SELECT 'customers ${status}', (callcenter.list_customers('${COMPANY}', '{"status": "${status}"}') #>> '{pagination,total}')::bigint,
          (SELECT count(*) FROM callcenter.customers WHERE status = '${status}')`,
      ),
    );
  const wrong = query(
    `SELECT * FROM (${rows.join(" UNION ALL ")}) x WHERE told IS DISTINCT FROM counted`,
  );

  ok(wrong === "", `${rows.length} totals of lists are exact ${when}`, wrong);
}

function recount(when) {
  for (const [name, sql] of Object.entries(RECOUNTS)) {
    const wrong = query(sql);

    ok(wrong === "", `${name} ${when}`, wrong.slice(0, 2000));
  }
}

/** Two first calls of one number at once make one customer. */
async function testFirstCalls() {
  const spellings = ["+13052139000", "(305) 213-9000", "1-305-213-9000"];
  const sessions = Array.from({ length: 16 }, (_, i) => new Session(100 + i));
  const runs = sessions.map((session, i) =>
    session.run(
      [0, 1, 2, 3]
        .map(
          (n) =>
            `SELECT 1 FROM callcenter.create_call('${COMPANY}', '{"callId": "first-${i}-${n}", "caller": {"phone": "${spellings[(i + n) % 3]}"}, "startedAt": "2025-11-01T10:00:00Z", "outcome": {"status": "completed"}}');`,
        )
        .join("\n"),
    ),
  );
  const errors = (await Promise.all(runs)).flat();

  sessions.forEach((session) => session.end());
  ok(
    errors.length === 0,
    "64 first calls of one number at once are all logged",
    errors.join(" "),
  );
  ok(
    query(
      `SELECT count(DISTINCT customer_id) || ' ' || count(*) || ' ' || (SELECT count(*) FROM callcenter.customer_phones WHERE phone = '+13052139000') FROM callcenter.calls WHERE call_id LIKE 'first-%'`,
    ) === "1 64 1",
    "and make one customer",
  );
}

async function main() {
  runSql(`CREATE DATABASE ${database}`, "postgres");
  query(
    `CREATE EXTENSION callcenter CASCADE;
     SELECT callcenter.create_company('{"_id": "${COMPANY}", "name": "ABC HVAC", "timeZone": "America/New_York", "ownNumbers": ["+13055550100"]}');`,
  );
  await testFirstCalls();

  const sessions = Array.from({ length: SESSIONS }, (_, n) => new Session(n));
  const states = new Map();
  const defects = [];
  let retried = 0;
  let started = 0;

  const part = (mixed, end) =>
    sessions.map(async (session) => {
      while (started < end) {
        started++;
        const sql = session.transaction(mixed);

        for (let attempt = 0; ; attempt++) {
          const errors = await session.run(sql);
          const deadlocked = errors.includes("40P01");

          if (deadlocked && mixed && attempt < 5) {
            retried++;
            continue;
          }
          for (const state of errors) {
            if (state === "22012" && mixed) continue; // made on purpose
            states.set(state, (states.get(state) ?? 0) + 1);
            if (!EXPECTED.has(state)) defects.push(`${state}: ${sql}`);
          }
          break;
        }
      }
    });
  await Promise.all(part(false, Math.ceil(TRANSACTIONS * 0.6)));
  await Promise.all(part(true, TRANSACTIONS));
  sessions.forEach((session) => session.end());
  console.log(
    `# ${started} transactions with seed ${SEED}; ${query("SELECT count(*) FROM callcenter.calls")} calls, ` +
      `${query("SELECT count(*) FROM callcenter.customers")} customers, ${query("SELECT count(*) FROM callcenter.audit_log")} changes; ` +
      `refused: ${[...states].map(([state, n]) => `${state} ${n}`).join(", ") || "none"}; ` +
      `tried again after a deadlock with a transaction of several functions: ${retried}`,
  );
  ok(
    defects.length === 0,
    "no function fails in a way that it should not, and none deadlocks with another",
    defects.slice(0, 5).join("\n"),
  );
  ok(
    query("SELECT count(*) FROM callcenter.calls") > TRANSACTIONS / 20,
    "there is something to count",
  );
  ok(
    query(
      `SELECT count(DISTINCT action) FROM callcenter.audit_log WHERE record_type = 'follow_up' AND action IN ('open', 'update', 'claim', 'release', 'resolve', 'delete')`,
    ) === "6",
    "and follow-ups to which everything happened that can",
  );
  ok(
    query(
      `SELECT (SELECT count(*) FROM callcenter.audit_log WHERE action = 'open' AND record_type = 'call') > (SELECT count(*) FROM callcenter.open_calls)`,
    ) === "t",
    "and calls that telephony opened and a record completed",
  );
  recount("after the history");
  for (const zone of ["America/Havana", "America/New_York"]) {
    query(
      `SELECT callcenter.update_company('${COMPANY}', '{"timeZone": "${zone}"}')`,
    );
    const wrong = query(
      RECOUNTS["rollups and deltas equal the aggregate over the rows"],
    );

    ok(
      wrong === "",
      `rollups equal the aggregate over the rows by the clock of ${zone}`,
      wrong.slice(0, 2000),
    );
  }
  checkTotals("after the history");

  // what a DBA does by hand goes through the triggers alone
  query(`
    UPDATE callcenter.calls SET rating = 1 + length(call_id) % 5, status = 'voicemail' WHERE call_id LIKE '%1';
    UPDATE callcenter.calls SET started_at = started_at - interval '100 days' WHERE call_id LIKE '%2';
    UPDATE callcenter.appointments SET status = 'completed', value = 7.10 WHERE id LIKE '%3';
    DELETE FROM callcenter.appointments WHERE id LIKE '%4';
    DELETE FROM callcenter.calls WHERE call_id LIKE '%5';
    UPDATE callcenter.customers SET status = 'churned' WHERE customer_number % 3 = 0;
    UPDATE callcenter.follow_ups SET opened_at = opened_at - interval '40 days', due_at = due_at - interval '70 days' WHERE id LIKE '%1';
    UPDATE callcenter.follow_ups SET recovered = NOT recovered WHERE id LIKE '%2';
    DELETE FROM callcenter.follow_ups WHERE id LIKE '%3';
    INSERT INTO callcenter.customer_tags (company_id, customer_id, tag) SELECT company_id, id, 'by hand' FROM callcenter.customers WHERE customer_number % 5 = 0;
    DELETE FROM callcenter.customer_phones WHERE kind <> 'primary' AND phone LIKE '%3';
    UPDATE callcenter.customer_phones SET shared = true WHERE phone LIKE '%7';`);
  for (const name of [
    "customer_stats equals a recount",
    "every card is what get_customer() tells",
    "counters and deltas equal a recount",
    "rollups and deltas equal the aggregate over the rows",
  ]) {
    const wrong = query(RECOUNTS[name]);

    ok(
      wrong === "",
      `${name} after changes by hand of many rows`,
      wrong.slice(0, 2000),
    );
  }
  ok(
    query("SELECT callcenter.rebuild_stats()") === "0",
    "rebuild_stats() finds nothing to change",
  );
  query("SELECT callcenter.fold_counters(), callcenter.fold_rollups()");
  ok(
    query(
      "SELECT (SELECT count(*) FROM callcenter.company_counter_deltas) + (SELECT count(*) FROM callcenter.call_rollup_deltas)",
    ) === "0",
    "folding leaves no change behind",
  );
  checkTotals("after folding");

  // control: the recount and rebuild_stats() see a wrong row
  query(
    "UPDATE callcenter.customer_stats SET calls = calls + 1 WHERE customer_id = (SELECT min(customer_id) FROM callcenter.customer_stats)",
  );
  ok(
    query(RECOUNTS["customer_stats equals a recount"]) !== "",
    "control: a wrong row is found",
  );
  ok(
    query("SELECT callcenter.rebuild_stats()") === "1",
    "control: and mended by rebuild_stats()",
  );
  query(
    "UPDATE callcenter.call_rollups SET summary = summary OPERATOR(callcenter.+) summary WHERE grain = 'day' AND day = (SELECT min(day) FROM callcenter.call_rollups WHERE grain = 'day')",
  );
  ok(
    query(RECOUNTS["rollups and deltas equal the aggregate over the rows"]) !==
      "",
    "control: a wrong rollup is found",
  );
  ok(
    query("SELECT callcenter.rebuild_stats()") === "1",
    "control: and mended by rebuild_stats()",
  );
  query(
    "UPDATE callcenter.customer_stats SET card = replace(card, 'CUST-', 'CUST-1') WHERE phone = (SELECT min(phone) FROM callcenter.customer_stats)",
  );
  ok(
    query(RECOUNTS["every card is what get_customer() tells"]) !== "",
    "control: a wrong card is found",
  );
  ok(
    query("SELECT callcenter.rebuild_stats()") === "1",
    "control: and written anew by rebuild_stats()",
  );
  query(
    "UPDATE callcenter.company_counters SET records = records + 1 WHERE (kind, grain, status) = ('follow_up', 'month', 'due')",
  );
  ok(
    query(RECOUNTS["counters and deltas equal a recount"]) !== "",
    "control: a wrong counter of follow-ups is found",
  );
  ok(
    Number(query("SELECT callcenter.rebuild_stats()")) >= 1 &&
      query(RECOUNTS["counters and deltas equal a recount"]) === "",
    "control: and mended by rebuild_stats()",
  );
  // the facts of a call; what was counted of them follows by itself
  query(`ALTER TABLE callcenter.calls DISABLE TRIGGER USER;
    UPDATE callcenter.calls SET flagged = NOT flagged WHERE id = (SELECT min(id) FROM callcenter.calls);
    ALTER TABLE callcenter.calls ENABLE TRIGGER USER;
    ALTER TABLE callcenter.calls ENABLE ALWAYS TRIGGER calls_facts`);
  ok(
    query(RECOUNTS["the facts of every call are what its columns say"]) !== "",
    "control: facts that are wrong are found",
  );
  ok(
    query("SELECT callcenter.rebuild_stats()") === "1" &&
      query(RECOUNTS["the facts of every call are what its columns say"]) ===
        "",
    "control: and mended by rebuild_stats(), with what was counted of them",
  );
}

try {
  await main();
} catch (error) {
  ok(false, `the test stopped: ${error.message}`);
} finally {
  dropDatabase(database);
}
finish();
