// What the server does when things break: the database restarts, crashes, freezes or
// is away; a worker or the parent is killed; it is told to stop.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { after, before, describe, it } from "node:test";

import {
  assertError,
  call,
  fixture,
  ready,
  request,
  root,
  sql,
  until,
} from "../support.mjs";
import { Instance, alive } from "./instance.mjs";

let instance;
let base;
let own;
let posted;

before(
  async () => {
    instance = await Instance.start();
    base = instance.base;
    own = await fixture(instance.env);
    posted = call();
    const answer = await ask("POST", calls(), { body: posted });
    assert.equal(answer.status, 201, answer.text);
  },
  { timeout: 120000 },
);

after(() => instance?.remove());

const calls = () => `/api/admin/call-history/${own.company}`;
const lookup = (phone) => `/api/admin/customers/${own.company}/lookup/${phone}`;

function ask(method, path, options = {}) {
  return request(method, path, { token: own.token, base, ...options });
}

/**
 * Clients that ask one thing after the other over connections of their own until
 * stop() is called; what they heard is in counts, and what was wrong in wrong.
 */
class Load {
  constructor(clients, one) {
    this.agent = new http.Agent({ keepAlive: true, maxSockets: clients });
    this.counts = {};
    this.wrong = [];
    this.n = 0;
    this.slowest = 0;
    this.running = true;
    this.done = Array.from({ length: clients }, async () => {
      while (this.running) {
        const started = Date.now();
        await one(this.agent, this.n++, this).catch((error) =>
          this.wrong.push(error.code ?? error.message),
        );
        this.slowest = Math.max(this.slowest, Date.now() - started);
      }
    });
  }

  count(answer) {
    this.counts[answer.status] = (this.counts[answer.status] ?? 0) + 1;
  }

  /** Waits until so many more requests were made. */
  more(requests) {
    const target = this.n + requests;
    return until(`${requests} more requests`, () => this.n >= target, 60);
  }

  async stop() {
    this.running = false;
    await Promise.all(this.done);
    this.agent.destroy();
  }
}

/** Reads of three kinds; each answer must be the one to its question. */
function reads(agent, n, load) {
  const phone = `+1305555${String(1000 + (n % 9000))}`;
  const [path, check] = [
    [lookup(encodeURIComponent(phone)), (text) => text.includes(phone)],
    [`${calls()}?limit=5`, (text) => text.includes('"pagination"')],
    [`${calls()}/${posted.callId}`, (text) => text.includes(posted.callId)],
  ][n % 3];
  return ask("GET", path, { agent }).then((answer) => {
    load.count(answer);
    if (answer.status !== 200 || !check(answer.text)) {
      load.wrong.push(`${path}: ${answer.status} ${answer.text}`);
    }
  });
}

/** Waits until every connection to the database is there again. */
async function settled() {
  await instance.answers();
  await until("all connections are up", async () => {
    const { text } = await request("GET", "/metrics", { base });
    const up = [
      ...text.matchAll(/^callcenter_db_connections\S* (\d+)$/gm),
    ].reduce((sum, [, n]) => sum + Number(n), 0);
    return up === 2 * 9;
  });
}

/** The server lets a read wait so long for the database, in ms (QUEUE_MS in db.c), less some. */
const PATIENCE = 4500;

describe("while clients read", () => {
  /**
   * disturb() returns how long the database was away, in ms. Where the machine is
   * so busy that it took longer than reads wait, nothing was learnt: once more.
   */
  const undisturbed = (what, disturb) =>
    it(`no read fails when ${what}`, { timeout: 300000 }, async () => {
      for (let attempt = 0; attempt < 6; attempt++) {
        const load = new Load(20, reads);
        await load.more(200);
        const away = await disturb(load);
        await load.more(200);
        await load.stop();
        if (away > PATIENCE) {
          continue;
        }
        assert.deepEqual(load.wrong, []);
        assert.deepEqual(Object.keys(load.counts), ["200"]);
        return;
      }
      assert.fail(`the database was never back within ${PATIENCE} ms`);
    });

  /** Stops PostgreSQL and starts it; returns how long it was away. */
  const restart = async (signal) => {
    const started = Date.now();
    await instance.stopPostgres(signal);
    const back = instance.answers().then(() => Date.now() - started);
    await instance.cluster("start");
    return back;
  };

  for (const [mode, signal] of [
    ["fast", "INT"],
    ["immediate", "QUIT"],
  ]) {
    undisturbed(`PostgreSQL is restarted (${mode})`, async (load) => {
      const first = await restart(signal);
      await load.more(200);
      return Math.max(first, await restart(signal));
    });
  }

  undisturbed("a backend is killed and PostgreSQL recovers", async (load) => {
    let longest = 0;
    for (let i = 0; i < 3; i++) {
      const backends = await instance.backends();
      const started = Date.now();
      process.kill(backends[i], "SIGKILL");
      await instance.answers();
      longest = Math.max(longest, Date.now() - started);
      await load.more(200);
    }
    return longest;
  });

  undisturbed("its connections are terminated", async (load) => {
    for (let i = 0; i < 5; i++) {
      await sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'callcenter-rest'",
        instance.env,
      );
      await load.more(100);
    }
    return 0;
  });

  undisturbed("a function is replaced under them", async (load) => {
    for (const comment of ["once", "twice"]) {
      await sql(
        `CREATE OR REPLACE FUNCTION callcenter.ping() RETURNS boolean LANGUAGE sql AS $$ SELECT true /* ${comment} */ $$;
         ALTER FUNCTION callcenter.get_call(callcenter.object_id, text, text) COST 100`,
        instance.env,
      );
      await load.more(100);
    }
    return 0;
  });

  undisturbed("the type of a function's result changes", async (load) => {
    // As an update of the extension may do it: prepared statements refuse to go on.
    const signature = "(callcenter.object_id, text, text)";
    await sql(
      `BEGIN;
       ALTER FUNCTION callcenter.get_call${signature} RENAME TO get_call_before;
       CREATE FUNCTION callcenter.get_call${signature} RETURNS jsonb LANGUAGE sql
         AS 'SELECT callcenter.get_call_before($1, $2, $3)::jsonb';
       COMMIT`,
      instance.env,
    );
    await load.more(200);
    await sql(
      `BEGIN;
       DROP FUNCTION callcenter.get_call${signature};
       ALTER FUNCTION callcenter.get_call_before${signature} RENAME TO get_call;
       COMMIT`,
      instance.env,
    );
    return 0;
  });
});

describe("while clients write", () => {
  it(
    "every call is stored once, whatever its client heard",
    { timeout: 120000 },
    async () => {
      const stored = [];
      const unknown = [];
      const load = new Load(12, async (agent, n, self) => {
        const body = call();
        const answer = await ask("POST", calls(), { body, agent });
        self.count(answer);
        if (answer.status === 201) {
          stored.push(body);
        } else {
          assertError(answer, 503);
          unknown.push(body);
        }
      });
      await load.more(50);
      for (const signal of ["INT", "QUIT"]) {
        await instance.stopPostgres(signal);
        await instance.cluster("start");
        await load.more(50);
      }
      await load.stop();
      assert.deepEqual(load.wrong, []);

      // The client's rule: send it again. Known calls are answered with 200.
      for (const body of unknown) {
        const answer = await ask("POST", calls(), { body });
        assert.ok([200, 201].includes(answer.status), answer.text);
      }
      const ids = [...stored, ...unknown].map(({ callId }) => `'${callId}'`);
      assert.equal(new Set(ids).size, ids.length);
      const count = await sql(
        `SELECT count(*) FROM callcenter.calls WHERE call_id IN (${ids.join()})`,
        instance.env,
      );
      assert.equal(Number(count), ids.length);
    },
  );
});

describe("a database that is away", () => {
  it(
    "is told as 503 after some seconds, then at once, and is found again",
    { timeout: 60000 },
    async () => {
      await settled();
      await instance.stopPostgres("INT");
      const started = Date.now();
      const first = await ask("GET", calls());
      assertError(first, 503, { code: "database_unavailable" });
      assert.equal(first.headers["retry-after"], "1");
      assert.ok(Date.now() - started < 7000);
      assertError(await request("GET", "/readyz", { base }), 503, {
        code: "not_ready",
        error: "Not ready",
      });
      const again = Date.now();
      assertError(await ask("GET", calls()), 503);
      assertError(await ask("POST", calls(), { body: call() }), 503);
      assert.ok(Date.now() - again < 1000, "still waiting");
      for (const path of ["/healthz", "/call-center.html"]) {
        assert.equal((await request("GET", path, { base })).status, 200);
      }
      await instance.cluster("start");
      await ready(base);
      assert.equal((await ask("GET", calls())).status, 200);
    },
  );

  it("or frozen delays nobody who does not need it", async () => {
    await settled();
    const backends = await instance.backends();
    for (const pid of backends) {
      process.kill(pid, "SIGSTOP");
    }
    let slowest = 0;
    try {
      const waiting = Promise.all(
        Array.from({ length: 10 }, () => ask("GET", calls())),
      );
      for (let i = 0; i < 50; i++) {
        const started = Date.now();
        const path = i % 2 ? "/healthz" : "/call-center.html";
        assert.equal((await request("GET", path, { base })).status, 200);
        slowest = Math.max(slowest, Date.now() - started);
      }
      for (const pid of backends) {
        process.kill(pid, "SIGCONT");
      }
      for (const answer of await waiting) {
        assert.equal(answer.status, 200, answer.text);
      }
    } finally {
      for (const pid of backends) {
        process.kill(pid, "SIGCONT");
      }
    }
    assert.ok(slowest < 500, `${slowest} ms`);
  });
});

describe("a slow statement", () => {
  it(
    "holds its own lane only, is cancelled in time, and the queue behind it is bounded",
    { timeout: 60000 },
    async () => {
      const lock = await instance.lockCalls();
      try {
        const lists = Array.from({ length: 500 }, () =>
          ask("GET", calls(), { timeout: 30000 }),
        );
        const first = await Promise.race(lists);
        assertError(first, 503, { code: "busy" });
        for (let i = 0; i < 20; i++) {
          const started = Date.now();
          const answer = await ask("GET", "/api/session");
          assert.equal(answer.status, 200, answer.text);
          assert.ok(Date.now() - started < 1000);
        }
        const outcomes = {};
        for (const answer of await Promise.all(lists)) {
          const { code } = assertError(answer, answer.status);
          const name = `${answer.status} ${code}`;
          outcomes[name] = (outcomes[name] ?? 0) + 1;
        }
        // two workers, two heavy connections each, a queue of 200 each
        assert.deepEqual(Object.keys(outcomes).sort(), [
          "503 busy",
          "504 timeout",
        ]);
        assert.ok(outcomes["504 timeout"] <= 2 * 202, JSON.stringify(outcomes));
      } finally {
        await lock.release();
      }
      await ready(base);
      assert.equal((await ask("GET", calls())).status, 200);
    },
  );
});

describe("a worker that is killed", () => {
  it(
    "breaks its own connections only, is replaced at once, and keeps its counts",
    { timeout: 60000 },
    async () => {
      const served = async () => {
        const { text } = await request("GET", "/metrics", { base });
        return Number(
          /^callcenter_http_request_seconds_count\{method="GET",route="\/api\/admin\/customers\/:companyId\/lookup\/:phone"\} (\d+)$/m.exec(
            text,
          )[1],
        );
      };
      const before = instance.workers();
      assert.equal(before.length, 2);
      const clients = 20;
      const load = new Load(clients, reads);
      await load.more(200);
      const count = await served();
      process.kill(before[0], "SIGKILL");
      await until("a new worker", () => {
        const now = instance.workers();
        return now.length === 2 && !now.includes(before[0]);
      });
      await load.more(200);
      await load.stop();
      assert.ok(load.wrong.length <= clients, `${load.wrong.length} failed`);
      for (const wrong of load.wrong) {
        assert.match(wrong, /^(ECONNRESET|socket hang up)$/);
      }
      assert.ok(instance.workers().includes(before[1]));
      assert.ok((await served()) > count);
    },
  );
});

describe("the end", () => {
  it(
    "comes after what is under way is answered, and nothing new is taken",
    { timeout: 60000 },
    async () => {
      const parent = instance.parent();
      const workers = instance.workers();
      const idle = new http.Agent({ keepAlive: true });
      await request("GET", "/healthz", { base, agent: idle });

      const lock = await instance.lockCalls();
      const waiting = Array.from({ length: 16 }, (_, i) =>
        i % 2
          ? ask("GET", `${calls()}/${posted.callId}`)
          : ask("POST", calls(), { body: call() }),
      );
      await until("all are at the database", async () => {
        const blocked = await sql(
          "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'callcenter-rest' AND wait_event_type = 'Lock'",
          instance.env,
        );
        return Number(blocked) >= 4;
      });
      process.kill(parent, "SIGTERM");
      await until("the port is closed", () =>
        request("GET", "/healthz", { base, timeout: 2000 }).then(
          () => false,
          (error) => error.code === "ECONNREFUSED",
        ),
      );
      await lock.release();
      for (const answer of await Promise.all(waiting)) {
        assert.ok([200, 201].includes(answer.status), answer.text);
        assert.equal(answer.headers.connection, "close");
      }
      await until(
        "all processes are gone",
        () => ![parent, ...workers].some(alive),
      );
      assert.throws(() => instance.parent(), /ENOENT/);
      idle.destroy();
      await instance.cluster("start");
      await ready(base);
    },
  );

  it(
    "of a parent that is killed is the end of its workers",
    { timeout: 60000 },
    async () => {
      const parent = instance.parent();
      const workers = instance.workers();
      process.kill(parent, "SIGKILL");
      await until("the workers are gone", () => !workers.some(alive));
      await instance.cluster("start");
      await ready(base);
    },
  );

  it("SIGHUP is not: the server goes on", async () => {
    const workers = instance.workers();
    process.kill(instance.parent(), "SIGHUP");
    for (let i = 0; i < 20; i++) {
      assert.equal((await ask("GET", calls())).status, 200);
    }
    assert.deepEqual(instance.workers(), workers);
  });
});

describe("a second server", () => {
  it("does not share the port of the first, nor leave a pid file", async () => {
    const directory = instance.directory;
    const values = {
      PORT: instance.port,
      MODULE: `${root}build/rest/callcenter.so`,
      ROOT: `${root}rest`,
      PIDFILE: `${directory}/second.pid`,
      WORKERS: 1,
    };
    writeFileSync(
      `${directory}/second.conf`,
      readFileSync(`${root}rest/conf/callcenter.conf.in`, "utf8").replace(
        /@(\w+)@/g,
        (mark, name) => values[name] ?? mark,
      ),
    );
    const { code, output } = await new Promise((resolve) => {
      execFile(
        "kore",
        ["-fnr", "-c", `${directory}/second.conf`],
        { env: { ...instance.env, CALLCENTER_FRONTEND: `${root}frontend` } },
        (error, stdout, stderr) =>
          resolve({ code: error?.code ?? 0, output: stdout + stderr }),
      );
    });
    assert.equal(code, 1);
    assert.match(output, /cannot listen on 127\.0\.0\.1:\d+: Address already/);
    assert.throws(() => readFileSync(values.PIDFILE), /ENOENT/);
    assert.equal((await request("GET", "/healthz", { base })).status, 200);
  });
});
