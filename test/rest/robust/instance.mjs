// An instance of one's own: cluster and server, started with the project's tools,
// to be broken and thrown away.

import { execFile, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { promisify } from "node:util";

import { until } from "../support.mjs";

const run = promisify(execFile);
const root = new URL("../../../", import.meta.url).pathname;

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export class Instance {
  /** @param {Record<string, string>} [settings] of the environment, besides the usual */
  static async start(settings = {}) {
    const instance = new Instance();
    instance.directory = mkdtempSync(`${tmpdir()}/callcenter-robust-`);
    chmodSync(instance.directory, 0o755);
    instance.port = await freePort();
    instance.env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      CALLCENTER_VAR: `${instance.directory}/var`,
      CALLCENTER_HTTP_PORT: String(instance.port),
      CALLCENTER_PG_PORT: "54999",
      CALLCENTER_DEMO: "0",
      ...settings,
    };
    if (process.env.PG_CONFIG !== undefined) {
      instance.env.PG_CONFIG = process.env.PG_CONFIG;
    }
    await instance.cluster("start");
    instance.base = new URL(`http://127.0.0.1:${instance.port}`);
    // What the env file exports, for psql and tools/token.
    for (const [, name, value] of readFileSync(
      `${instance.env.CALLCENTER_VAR}/env`,
      "utf8",
    ).matchAll(/^export (\w+)='(.*)'$/gm)) {
      instance.env[name] = value;
    }
    return instance;
  }

  cluster(command) {
    return run(`${root}tools/cluster/cluster`, [command], { env: this.env });
  }

  async remove() {
    await this.cluster("reset");
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** The postmaster's pid, or undefined when it does not run. */
  postmaster() {
    try {
      const file = `${this.env.CALLCENTER_VAR}/data/postmaster.pid`;
      return Number(readFileSync(file, "utf8").split("\n")[0]);
    } catch {
      return undefined;
    }
  }

  /** Stops PostgreSQL: "INT" is pg_ctl's fast mode, "QUIT" its immediate one. */
  async stopPostgres(signal) {
    process.kill(this.postmaster(), `SIG${signal}`);
    await until(
      "PostgreSQL is down",
      () => this.postmaster() === undefined,
      60,
    );
  }

  /** Waits until PostgreSQL takes connections. */
  answers() {
    return until(
      "PostgreSQL answers",
      () =>
        run("psql", ["-XAtqc", "SELECT 1"], { env: this.env }).then(
          () => true,
          () => false,
        ),
      60,
    );
  }

  /** The processes of PostgreSQL that work for the server. */
  async backends() {
    const { stdout } = await run(
      "psql",
      [
        "-XAtqc",
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'callcenter-rest'",
      ],
      { env: this.env },
    );
    return stdout.trim().split("\n").map(Number);
  }

  /** The pid of the server's parent process. */
  parent() {
    const file = `${this.env.CALLCENTER_VAR}/run/kore.pid`;
    return Number(readFileSync(file, "utf8"));
  }

  /** The pids of its workers, as they are now. */
  workers() {
    const parent = this.parent();
    return readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8")
      .trim()
      .split(" ")
      .map(Number);
  }

  log() {
    return readFileSync(`${this.env.CALLCENTER_VAR}/log/rest.log`, "utf8");
  }

  /** Holds a lock that every function on calls waits for, until release(). */
  async lockCalls() {
    const psql = spawn("psql", ["-XAtq"], {
      env: this.env,
      stdio: ["pipe", "pipe", "inherit"],
    });
    let said = "";
    psql.stdout.on("data", (part) => (said += part));
    psql.stdin.write(
      "BEGIN; LOCK TABLE callcenter.calls IN ACCESS EXCLUSIVE MODE; SELECT 'locked';\n",
    );
    await until("the lock is held", () => said.includes("locked"));
    return {
      release: () =>
        new Promise((resolve) => {
          psql.on("close", resolve);
          psql.stdin.end("ROLLBACK;\n");
        }),
    };
  }
}

export function alive(pid) {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
