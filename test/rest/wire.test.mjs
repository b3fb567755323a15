// What clients put on the wire: pipelines, pieces, too much, too slow, too odd.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import net from "node:net";
import { after, before, describe, it } from "node:test";

import {
  assertSecurityHeaders,
  call,
  fixture,
  parseAnswers,
  raw,
  ready,
  request,
  until,
  url,
} from "./support.mjs";

let own;
let starts;

/** How often a worker was started; each start but the first follows a death. */
function workerStarts() {
  const log = readFileSync(
    `${process.env.CALLCENTER_VAR}/log/rest.log`,
    "utf8",
  );
  return log.match(/^\[wrk \d+\]: worker \d+ started/gm).length;
}

before(async () => {
  own = await fixture();
  starts = workerStarts();
});

after(() => {
  assert.equal(workerStarts(), starts, "a worker died");
});

const host = `Host: ${url.host}\r\n`;
const close = "Connection: close\r\n";

/** The bytes of a request. */
function head(path, { method = "GET", headers = "", last = true } = {}) {
  return `${method} ${path} HTTP/1.1\r\n${host}${headers}${last ? close : ""}\r\n`;
}

function lookup(phone, last = false) {
  return head(`/api/admin/customers/${own.company}/lookup/${phone}`, {
    headers: `Authorization: Bearer ${own.token}\r\n`,
    last,
  });
}

function post(body, last = false) {
  const text = JSON.stringify(body);
  return (
    head(`/api/admin/call-history/${own.company}`, {
      method: "POST",
      headers:
        `Authorization: Bearer ${own.token}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${Buffer.byteLength(text)}\r\n`,
      last,
    }) + text
  );
}

/** Sends bytes that are refused; returns the one answer. */
async function refused(data, status, code) {
  const { text, closed } = await raw(data);
  assert.ok(closed);
  const [answer] = parseAnswers(text);
  assert.equal(answer.status, status, text);
  const body = JSON.parse(answer.body);
  assert.equal(body.success, false);
  assert.equal(body.code, code);
  assert.equal(body.ref, answer.headers["x-request-id"]);
  assert.equal(answer.headers.connection, "close");
  assert.equal(answer.headers["cache-control"], "no-store");
  assertSecurityHeaders(answer.headers);
  return answer;
}

describe("pipelines", () => {
  it("are answered in order, all of them", async () => {
    const phones = Array.from({ length: 100 }, (_, i) => 13055550000 + i);
    const { text } = await raw(
      phones
        .map((phone, i) => lookup(`%2B${phone}`, i === phones.length - 1))
        .join(""),
    );
    const answers = parseAnswers(text);
    assert.equal(answers.length, phones.length);
    for (const [i, answer] of answers.entries()) {
      assert.equal(answer.status, 200);
      assert.equal(JSON.parse(answer.body).caller.phone, `+${phones[i]}`);
    }
  });

  it("mix reads, writes, files and errors", async () => {
    const first = call();
    const second = call();
    const { text } = await raw(
      [
        post(first),
        lookup(encodeURIComponent(first.caller.phone)),
        head("/favicon.svg", { last: false }),
        post(second),
        head("/nothing", { last: false }),
        lookup(encodeURIComponent(second.caller.phone)),
        head("/healthz"),
      ].join(""),
    );
    const answers = parseAnswers(text);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 200, 200, 201, 404, 200, 200],
    );
    assert.equal(JSON.parse(answers[1].body).found, true);
    assert.equal(JSON.parse(answers[5].body).found, true);
  });

  it("do not wait for a timer between two requests", async () => {
    const n = 200;
    const { text, ms } = await raw(
      head("/healthz", { last: false }).repeat(n - 1) + head("/healthz"),
    );
    assert.equal(parseAnswers(text).length, n);
    assert.ok(ms < 2000, `${ms} ms`);
  });

  it("of one who does not read are not served on and on", async () => {
    const socket = net.connect(Number(url.port), url.hostname);
    socket.pause();
    const one = head("/call-center.html", { last: false });
    const n = 20000;
    let received = 0;
    socket.write(one.repeat(n));
    const { text: before } = await request("GET", "/metrics");
    assert.ok(before);
    // Others are served meanwhile.
    assert.equal((await request("GET", "/healthz")).status, 200);
    socket.on("data", (part) => {
      received += part.length;
    });
    socket.resume();
    const { text, bytes } = await request("GET", "/call-center.html");
    assert.ok(text);
    await until("all answers have come", () => received > n * bytes.length, 60);
    socket.destroy();
  });
});

describe("pieces", () => {
  it("of a head may be cut anywhere", async () => {
    const bytes = lookup("anonymous", true);
    for (let at = 1; at < bytes.length; at += 7) {
      const { text } = await raw([bytes.slice(0, at), bytes.slice(at)]);
      assert.equal(parseAnswers(text)[0].status, 200, `cut at ${at}`);
    }
  });

  it("may be single bytes", async () => {
    const { text } = await raw([...head("/healthz")]);
    assert.equal(parseAnswers(text)[0].status, 200);
  });

  it("of a body may come after its head", async () => {
    const bytes = post(call(), true);
    const body = bytes.indexOf("\r\n\r\n") + 4;
    for (const at of [body - 2, body, body + 1, bytes.length - 1]) {
      const socket = net.connect(Number(url.port), url.hostname);
      socket.setNoDelay(true);
      let text = "";
      socket.on("data", (part) => (text += part));
      socket.write(bytes.slice(0, at));
      // the server has read the first piece once it has answered another client
      await request("GET", "/healthz");
      socket.write(bytes.slice(at));
      await until("an answer", () => text.includes("\r\n\r\n"));
      assert.match(text, /^HTTP\/1\.1 20[01] /);
      socket.destroy();
    }
  });

  it("empty lines before a request are passed over", async () => {
    const { text } = await raw(`\r\n\r\n${head("/healthz")}`);
    assert.equal(parseAnswers(text)[0].status, 200);
  });
});

describe("bodies", () => {
  it("longer than announced are the next request, and a bad one", async () => {
    const bytes = post(call());
    const { text } = await raw(`${bytes}garbage and more\r\n\r\n`);
    const answers = parseAnswers(text);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 400],
    );
    assert.equal((await request("GET", "/healthz")).status, 200);
  });

  it("of a GET or DELETE are read and thrown away", async () => {
    for (const method of ["GET", "DELETE"]) {
      for (const length of [5, 100000]) {
        const { text } = await raw(
          head("/api/session", {
            method,
            headers: `Content-Length: ${length}\r\n`,
            last: false,
          }) +
            "x".repeat(length) +
            head("/healthz"),
        );
        const answers = parseAnswers(text);
        assert.equal(answers.length, 2);
        assert.equal(answers[1].body, '{"success":true}');
      }
    }
  });

  it("too long are refused before they are sent, and the answer is read", async () => {
    for (const method of ["GET", "POST"]) {
      await refused(
        [
          head("/api/token", {
            method,
            headers: "Content-Length: 5000000\r\n",
            last: false,
          }),
          "x".repeat(5000000),
        ],
        413,
        "body_too_large",
      );
    }
  });

  it("may be asked for with 100-continue", async () => {
    const bytes = post(call(), true).replace(
      "Content-Type",
      "Expect: 100-continue\r\nContent-Type",
    );
    const body = bytes.indexOf("\r\n\r\n") + 4;
    const socket = net.connect(Number(url.port), url.hostname);
    let text = "";
    socket.on("data", (part) => (text += part));
    socket.write(bytes.slice(0, body));
    await until("100", () => text === "HTTP/1.1 100 Continue\r\n\r\n");
    socket.write(bytes.slice(body));
    await until("201", () => /HTTP\/1\.1 201 /.test(text));
    socket.destroy();
  });

  it("without a length are empty", async () => {
    const { text } = await raw(
      head("/api/token", {
        method: "POST",
        headers: "Content-Type: application/json\r\n",
      }),
    );
    const [answer] = parseAnswers(text);
    assert.equal(answer.status, 400);
    assert.equal(JSON.parse(answer.body).code, "empty_body");
  });
});

describe("what is refused before it has a route", () => {
  it("request lines that are none", async () => {
    for (const line of [
      "nonsense",
      "GET",
      "GET /",
      "GET / HTTP/1.1 x",
      " GET / HTTP/1.1",
      "GET  / HTTP/1.1",
      "GET\t/ HTTP/1.1",
      "G(T / HTTP/1.1",
      "GET / http/1.1",
      "GET / XTTP/1.1",
    ]) {
      await refused(`${line}\r\n${host}\r\n`, 400, "malformed_request");
    }
    await refused("GET / HTTP/1.1\n\n", 400, "malformed_request");
    await refused(
      Buffer.from("\x16\x03\x01\x02\x00\x01\n\n", "latin1"),
      400,
      "malformed_request",
    );
  });

  it("targets that are no path", async () => {
    for (const target of [
      "*",
      "healthz",
      "http://127.0.0.1/healthz",
      "/a#b",
      "/a\x7f",
      "/\xe9",
    ]) {
      await refused(
        Buffer.from(`GET ${target} HTTP/1.1\r\n${host}\r\n`, "latin1"),
        400,
        "malformed_request",
      );
    }
  });

  it("versions and methods that are not spoken", async () => {
    await refused("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "unknown_version");
    await refused(`GET / HTTP/1.2\r\n${host}\r\n`, 505, "unknown_version");
    for (const method of ["BREW", "get", "TRACE", "CONNECT", "PROPFIND"]) {
      await refused(
        `${method} / HTTP/1.1\r\n${host}\r\n`,
        501,
        "unknown_method",
      );
    }
  });

  it("hosts: none, two, empty or malformed", async () => {
    for (const lines of [
      "",
      "Host:\r\n",
      "Host: a b\r\n",
      "Host: a/b\r\n",
      `Host: ${"a".repeat(300)}\r\n`,
      "Hostile: x\r\n",
    ]) {
      await refused(
        `GET /healthz HTTP/1.1\r\n${lines}\r\n`,
        400,
        "malformed_host",
      );
    }
    await refused(
      `GET /healthz HTTP/1.1\r\n${host}${host}\r\n`,
      400,
      "duplicate_header",
    );
  });

  it("headers that only begin like Host are not it", async () => {
    const { text } = await raw(
      `GET /healthz HTTP/1.1\r\nHostile: evil.example\r\n${host}${close}\r\n`,
    );
    assert.equal(parseAnswers(text)[0].status, 200);
  });

  it("header lines that are none", async () => {
    for (const line of [
      "no colon",
      ": no name",
      "two words: x",
      "Name : x",
      " folded: x",
      "X\x01: y",
    ]) {
      await refused(
        head("/healthz", { headers: `${line}\r\n` }),
        400,
        "malformed_header",
      );
    }
    for (const value of ["a\x01b", "a\x7fb", "a\rb"]) {
      const { text } = await raw(
        head("/healthz", { headers: `X: ${value}\r\n` }),
      );
      assert.equal(parseAnswers(text)[0].status, 400);
    }
  });

  it("lengths that are none, two, or beside Transfer-Encoding", async () => {
    const ask = (headers) =>
      head("/api/token", { method: "POST", headers, last: false });
    for (const value of ["-1", "+1", "1x", "0x10", "1 2", "", "9".repeat(30)]) {
      await refused(
        ask(`Content-Length: ${value}\r\n`),
        400,
        "malformed_length",
      );
    }
    await refused(
      ask("Content-Length: 2\r\nContent-Length: 2\r\n"),
      400,
      "duplicate_header",
    );
    await refused(
      ask("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n"),
      400,
      "malformed_length",
    );
    await refused(
      `${ask("Transfer-Encoding: chunked\r\n")}0\r\n\r\n`,
      411,
      "length_required",
    );
  });

  it("credentials that come twice", async () => {
    for (const line of ["Authorization: Bearer a", "Cookie: cc=a"]) {
      await refused(
        head("/healthz", { headers: `${line}\r\n${line}\r\n` }),
        400,
        "duplicate_header",
      );
    }
  });

  it("expectations that are not met", async () => {
    await refused(
      head("/healthz", { headers: "Expect: miracles\r\n" }),
      417,
      "expectation_failed",
    );
  });

  it("too many header lines, and too large a head", async () => {
    await refused(
      head("/healthz", { headers: "X: y\r\n".repeat(101) }),
      431,
      "too_many_headers",
    );
    for (const bytes of [9000, 100000]) {
      await refused(
        head("/healthz", { headers: `X: ${"y".repeat(bytes)}\r\n` }),
        431,
        "head_too_large",
      );
    }
  });
});

describe("what is taken", () => {
  it("98 header lines, with the one that counts at the end", async () => {
    const { text } = await raw(
      head("/api/session", {
        headers: `${"X-Filler: y\r\n".repeat(97)}Authorization: Bearer ${own.token}\r\n`,
      }),
    );
    assert.equal(parseAnswers(text)[0].status, 200);
  });

  it("empty values, tabs and bytes above 127 in headers that nobody reads", async () => {
    for (const value of ["", "a\tb", "Z\xfcrich", "Z\xc3\xbcrich"]) {
      const { text } = await raw(
        Buffer.from(
          head("/healthz", { headers: `X-City: ${value}\r\n` }),
          "latin1",
        ),
      );
      assert.equal(parseAnswers(text)[0].status, 200);
    }
  });

  it("HTTP/1.0, which ends with the answer", async () => {
    for (const data of [
      "GET /healthz HTTP/1.0\r\n\r\n",
      `GET /healthz HTTP/1.0\r\n${host}Connection: keep-alive\r\n\r\n`,
    ]) {
      const { text, closed } = await raw(data);
      assert.ok(closed);
      const [answer] = parseAnswers(text);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.connection, "close");
    }
  });
});

describe("slow clients", () => {
  it(
    "lose their connection after ten seconds of half a head, and hear why",
    { timeout: 40000 },
    async () => {
      const started = Date.now();
      const trickle = (async () => {
        const socket = net.connect(Number(url.port), url.hostname);
        let text = "";
        socket.on("data", (part) => (text += part));
        socket.on("error", () => {});
        const bytes = head("/healthz", {
          headers: `X: ${"y".repeat(500)}\r\n`,
        });
        let at = 0;
        const timer = setInterval(
          () => !socket.destroyed && socket.write(bytes[at++]),
          500,
        );
        await new Promise((resolve) => socket.on("close", resolve));
        clearInterval(timer);
        return text;
      })();
      const half = raw("GET /heal", { timeout: 30000 });
      for (const text of [await trickle, (await half).text]) {
        const [answer] = parseAnswers(text);
        assert.equal(answer.status, 408);
        assert.equal(JSON.parse(answer.body).code, "request_timeout");
        assertSecurityHeaders(answer.headers);
      }
      const seconds = (Date.now() - started) / 1000;
      assert.ok(seconds > 9 && seconds < 16, `${seconds} s`);
    },
  );

  it("do not stop the others", async () => {
    const sockets = Array.from({ length: 300 }, () => {
      const socket = net.connect(Number(url.port), url.hostname);
      socket.on("error", () => {});
      socket.write("GET /half-a-request HTTP/1.1\r\nX: ");
      return socket;
    });
    await ready();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        request("GET", `/api/admin/call-history/${own.company}`, {
          token: own.token,
        }),
      ),
    );
    for (const answer of answers) {
      assert.equal(answer.status, 200);
    }
    for (const socket of sockets) {
      socket.destroy();
    }
  });

  it("who leave in the middle leave nothing behind", async () => {
    const inProgress = async () => {
      const { text } = await request("GET", "/metrics");
      return [
        ...text.matchAll(/^callcenter_http_requests_in_progress\S* (\d+)$/gm),
      ].reduce((sum, [, n]) => sum + Number(n), 0);
    };
    for (let i = 0; i < 100; i++) {
      const socket = net.connect(Number(url.port), url.hostname);
      socket.on("error", () => {});
      const bytes = i % 2 ? lookup("anonymous") : post(call());
      socket.write(i % 3 ? bytes : bytes.slice(0, -5), () => socket.destroy());
    }
    await until(
      "nothing is in progress",
      async () => (await inProgress()) <= 2,
    );
  });
});
