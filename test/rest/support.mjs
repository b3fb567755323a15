// What the REST tests share: the running server of $CALLCENTER_URL, companies of
// their own in its database, requests, and raw sockets.
//
// Each test file works in companies that it makes itself, so that it neither
// depends on the demo data nor disturbs the tests that count them.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import http from "node:http";
import net from "node:net";
import { promisify } from "node:util";

const run = promisify(execFile);

export const root = new URL("../../", import.meta.url).pathname;
export const url = new URL(process.env.CALLCENTER_URL);

/** Every answer carries these, errors included. */
export const SECURITY_HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; " +
    "frame-ancestors 'none'; object-src 'none'; " +
    "require-trusted-types-for 'script'; trusted-types lit-html",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy":
    "microphone=(), camera=(), geolocation=(), payment=(), usb=()",
};

/** Runs one SQL command as the private cluster's superuser; returns its first value. */
export async function sql(command, env = process.env) {
  const { stdout } = await run("psql", ["-XAtq", "-c", command], { env });
  return stdout.trim();
}

/** Signs a token; options are those of tools/token, without their dashes. */
export async function token(options, env = process.env) {
  const args = Object.entries(options).flatMap(([name, value]) =>
    [value].flat().map((each) => `--${name}=${each}`),
  );
  const { stdout } = await run(`${root}tools/token`, args, { env });
  return stdout.trim();
}

export function hexId() {
  return randomBytes(12).toString("hex");
}

/** Two companies, an admin's token for each, and a user who may sign in to the first. */
export async function fixture(env = process.env) {
  const make = async (name) =>
    JSON.parse(
      await sql(
        `SELECT callcenter.create_company('${JSON.stringify({
          name,
          timeZone: "America/New_York",
          defaultRegion: "US",
        })}')`,
        env,
      ),
    ).company._id;
  const company = await make("REST tests");
  const other = await make("REST tests, the other");
  const email = `rest-${hexId()}@example.com`;
  const password = "correct horse battery";
  await sql(
    `SELECT callcenter.create_user('${JSON.stringify({ email, password, name: "Ann Tester" })}');
     SELECT callcenter.grant_company('${company}', '${email}', 'admin')`,
    env,
  );
  return {
    company,
    other,
    email,
    password,
    token: await token({ company, role: "admin" }, env),
    otherToken: await token({ company: other, role: "admin" }, env),
    expired: await token({ company, role: "admin", ttl: -60 }, env),
  };
}

let calls = 0;

/** A call as LLM-0 would post it; what is given is laid over it. */
export function call(over = {}) {
  calls++;
  return {
    callId: `call_${Date.now()}_${randomBytes(5).toString("hex")}`,
    caller: {
      phone: `+1305555${String(1000 + (calls % 9000))}`,
      name: "Maria Lopez",
    },
    startedAt: "2025-12-01T14:30:00Z",
    endedAt: "2025-12-01T14:33:24Z",
    analysis: {
      primaryIntent: "repair",
      intentConfidence: 0.92,
      routingTier: 2,
    },
    outcome: { status: "completed", result: "booked a visit" },
    transcript: [
      {
        speaker: "caller",
        text: "my heater is making a noise",
        timestamp: "2025-12-01T14:30:05Z",
        turnNumber: 1,
      },
    ],
    ...over,
  };
}

/**
 * Makes a request. Returns { status, headers, text, json }; json is undefined
 * when the answer is none.
 */
export function request(
  method,
  path,
  {
    token: bearer,
    headers = {},
    body,
    agent,
    base = url,
    timeout = 20000,
  } = {},
) {
  const all = { ...headers };
  let data = body;
  if (bearer !== undefined) {
    all.authorization = `Bearer ${bearer}`;
  }
  if (
    body !== undefined &&
    typeof body !== "string" &&
    !Buffer.isBuffer(body)
  ) {
    data = JSON.stringify(body);
    all["content-type"] ??= "application/json";
  }
  if (data !== undefined) {
    all["content-length"] ??= Buffer.byteLength(data);
  }
  return new Promise((resolve, reject) => {
    const outgoing = http.request(
      {
        host: base.hostname,
        port: base.port,
        method,
        path,
        headers: all,
        agent: agent ?? false,
        timeout,
      },
      (answer) => {
        const parts = [];
        answer.on("data", (part) => parts.push(part));
        answer.on("error", reject);
        answer.on("end", () => {
          const bytes = Buffer.concat(parts);
          const text = bytes.toString("utf8");
          let json;
          if (
            /json/.test(answer.headers["content-type"] ?? "") &&
            text !== ""
          ) {
            json = JSON.parse(text);
          }
          resolve({
            status: answer.statusCode,
            headers: answer.headers,
            bytes,
            text,
            json,
          });
        });
      },
    );
    outgoing.on("timeout", () =>
      outgoing.destroy(new Error(`no answer to ${method} ${path}`)),
    );
    outgoing.on("error", reject);
    outgoing.end(data);
  });
}

/** Checks the one shape of errors, and returns the body. */
export function assertError(answer, status, expected = {}) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(
    answer.headers["content-type"],
    "application/json; charset=utf-8",
  );
  assert.equal(answer.headers["cache-control"], "no-store");
  const body = answer.json;
  assert.equal(body.success, false);
  assert.equal(typeof body.error, "string");
  assert.match(body.code, /^[a-z0-9_]+$/);
  assert.match(body.ref, /^[0-9a-f]{16}$/);
  assert.equal(body.ref, answer.headers["x-request-id"]);
  for (const name of Object.keys(body)) {
    assert.ok(
      ["success", "error", "message", "field", "code", "ref"].includes(name),
      `unknown member ${name}`,
    );
  }
  for (const [name, value] of Object.entries(expected)) {
    if (value instanceof RegExp) {
      assert.match(body[name], value);
    } else {
      assert.equal(body[name], value);
    }
  }
  assertSecurityHeaders(answer.headers);
  return body;
}

export function assertSecurityHeaders(headers) {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
    assert.equal(headers[name], value, name);
  }
  assert.ok(Math.abs(Date.parse(headers.date) - Date.now()) < 60000, "Date");
  assert.match(headers["x-request-id"], /^[0-9a-f]{16}$/);
}

/**
 * Writes bytes to a fresh connection and reads until the server closes it, or
 * until enough(text) says so. Returns { text, closed, ms }.
 */
export function raw(data, { enough, timeout = 20000, base = url } = {}) {
  const started = Date.now();
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(base.port), base.hostname);
    let text = "";
    const done = (closed) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, closed, ms: Date.now() - started });
    };
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`the server neither answered nor closed: ${text}`));
    }, timeout);
    socket.on("data", (part) => {
      text += part.toString("latin1");
      if (enough?.(text)) {
        done(false);
      }
    });
    socket.on("error", (error) => {
      text += `[${error.code}]`;
    });
    socket.on("close", () => done(true));
    for (const part of [data].flat()) {
      socket.write(part);
    }
  });
}

/** Cuts what a connection sent into answers: { status, headers, body }. */
export function parseAnswers(text) {
  const answers = [];
  let rest = text;
  while (rest !== "") {
    const end = rest.indexOf("\r\n\r\n");
    assert.notEqual(end, -1, `not an answer: ${rest}`);
    const [first, ...lines] = rest.slice(0, end).split("\r\n");
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]);
    assert.ok(status, first);
    const headers = Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(": ");
        return [line.slice(0, colon), line.slice(colon + 2)];
      }),
    );
    const length = Number(headers["content-length"] ?? 0);
    answers.push({
      status,
      headers,
      body: rest.slice(end + 4, end + 4 + length),
    });
    rest = rest.slice(end + 4 + length);
  }
  return answers;
}

/** Waits until check() returns something true, and returns that. */
export async function until(what, check, seconds = 20) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await check();
    if (value) {
      return value;
    }
    assert.ok(Date.now() < end, `waited ${seconds} s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Asks until the server is ready. */
export function ready(base = url) {
  return until("the server is ready", () =>
    request("GET", "/readyz", { base, timeout: 2000 }).then(
      (answer) => answer.status === 200,
      () => false,
    ),
  );
}
