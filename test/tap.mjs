/**
 * tap.mjs: test points (TAP) and SQL for tests that are scripts of Node.js.
 *
 * The server is the one of PGHOST and PGPORT.
 */
import { spawnSync } from "node:child_process";

let points = 0;
let failures = 0;

/**
 * Prints a test point.
 * @param {boolean} good
 * @param {string} name
 * @param {string} [detail] lines that tell what was wrong
 */
export function ok(good, name, detail = "") {
  points++;
  if (!good) failures++;
  console.log(`${good ? "ok" : "not ok"} ${points} - ${name}`);
  if (!good && detail) console.log(detail.replace(/^/gm, "# "));
}

/** How many points there have been. */
export function pointCount() {
  return points;
}

/** Prints the plan and ends the process; it fails when a point has. */
export function finish() {
  console.log(`1..${points}`);
  process.exit(failures > 0 ? 1 : 0);
}

/**
 * Runs SQL in a database and gives what it prints, unaligned rows.
 * @param {string} sql
 * @param {string} database
 * @returns {string}
 * @throws {Error} with what psql says when a statement fails
 */
export function runSql(sql, database) {
  const run = spawnSync(
    "psql",
    ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database],
    {
      input: sql,
      encoding: "utf8",
      maxBuffer: 1 << 28,
      env: { ...process.env, PGOPTIONS: "-c client_min_messages=warning" },
    },
  );
  if (run.status !== 0) throw new Error(`${run.stderr}\n${sql}`);
  return run.stdout.trim();
}

/** Drops a database, whoever is in it. */
export function dropDatabase(database) {
  runSql(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`, "postgres");
}
