// The pure parts of the server (JSON, query strings, paths, request heads) against
// other implementations and under the sanitizers.
//
// Inputs are mutated with a fixed seed, so a failure comes again.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { after, before, describe, it } from "node:test";

import { root } from "./support.mjs";

let directory;
let program;

before(() => {
  directory = mkdtempSync(`${tmpdir()}/callcenter-pure-`);
  program = `${directory}/pure`;
  execFileSync("cc", [
    "-g",
    "-std=gnu11",
    "-D_GNU_SOURCE",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
    `-I${root}rest/src`,
    "-o",
    program,
    `${root}test/rest/pure.c`,
    ...["head", "json", "params", "text"].map(
      (name) => `${root}rest/src/${name}.c`,
    ),
  ]);
});

after(() => rmSync(directory, { recursive: true }));

/** Runs a command over inputs (Buffers); returns a line for each. */
function run(command, inputs) {
  const lines = execFileSync(program, {
    input: inputs
      .map((each) => `${command} ${each.toString("hex")}\n`)
      .join(""),
    maxBuffer: 1 << 28,
  })
    .toString()
    .split("\n");
  lines.pop();
  assert.equal(lines.length, inputs.length);
  return lines;
}

/** A small generator (mulberry32): numbers below n, the same in every run. */
function random(seed) {
  return (n) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

/** Changes seeds a little, here and there, with pieces that matter to the grammar. */
function mutate(seeds, pieces, count, seed) {
  const pick = random(seed);
  return Array.from({ length: count }, () => {
    let bytes = Buffer.from(seeds[pick(seeds.length)], "latin1");
    for (let changes = 1 + pick(4); changes > 0; changes--) {
      const at = pick(bytes.length + 1);
      const piece = Buffer.from(pieces[pick(pieces.length)], "latin1");
      const cut = at + pick(3);
      bytes = Buffer.concat([
        bytes.subarray(0, at),
        pick(3) ? piece : Buffer.alloc(0),
        bytes.subarray(cut),
      ]);
    }
    return bytes;
  });
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

describe("JSON", () => {
  const seeds = [
    '{"a":[1,-2.5e+10,true,null],"b":{"c":"\\u00e9\\ud83d\\ude00 \\n\\"\\\\"}}',
    ' [ [ ] , { } , "" , 0 , -0.0 , 1E-2 ] ',
    '{"callId":"call_1_a","caller":{"phone":"+13055551234","name":"Ren\xc3\xa9"}}',
    "false",
  ];
  const pieces = [
    ...'{}[]:,"\\ \t\n\r0123456789+-.eEu/abftn\0\x01\x1f\x7f\x80\xc3\xa9\xff\xed\xa0',
    "\\u0000",
    "\\ud800",
    "\\udc00",
    "\\u00",
    "true",
    "nul",
    "1e5",
    "\xf0\x9f\x93\x9e",
    "\xef\xbb\xbf",
  ];

  /** Is there a NUL or a lone surrogate in a value or in a name? */
  function holdsBadText(value) {
    if (typeof value === "string") {
      return (
        value.includes("\0") ||
        /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(
          value,
        )
      );
    }
    return (
      typeof value === "object" &&
      value !== null &&
      Object.entries(value).flat().some(holdsBadText)
    );
  }

  it("is what JSON.parse takes, but for NUL, lone surrogates and great depth", () => {
    const inputs = mutate(seeds, pieces, 30000, 1);
    const verdicts = run("json", inputs);
    let taken = 0;
    for (const [i, input] of inputs.entries()) {
      let expected;
      try {
        expected = !holdsBadText(JSON.parse(utf8.decode(input)));
      } catch {
        expected = false;
      }
      // JSON.parse keeps the last of two equal names: a bad one before it shows only here
      const doubtful = /\\u(0000|d[89a-f])/i.test(input.toString("latin1"));
      if (!doubtful || verdicts[i] === "ok") {
        assert.equal(
          verdicts[i] === "ok",
          expected,
          `${input.toString("latin1")} (${input.toString("hex")})`,
        );
      }
      taken += verdicts[i] === "ok" ? 1 : 0;
    }
    assert.ok(taken > 1500 && taken < 28500, `${taken} of 30000 taken`);
  });

  it("that passes is jsonb to PostgreSQL, so that its log quotes nothing", () => {
    const inputs = mutate(seeds, pieces, 10000, 2);
    const verdicts = run("json", inputs);
    const passed = inputs.filter((_, i) => verdicts[i] === "ok");
    const rows = passed.map((each) => each.toString("hex")).join("\n");
    const answer = execFileSync("psql", ["-XAtq", "-v", "ON_ERROR_STOP=1"], {
      input: `CREATE TEMP TABLE t (h text);
COPY t FROM stdin;
${rows}
\\.
CREATE FUNCTION pg_temp.state(h text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM convert_from(decode(h, 'hex'), 'UTF8')::jsonb;
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;
SELECT count(*) FROM t WHERE pg_temp.state(h) <> '22003';
`,
    })
      .toString()
      .trim();
    assert.ok(passed.length > 500);
    assert.equal(answer, "0");
  });

  it("may be 64 levels deep", () => {
    const nested = (n) => Buffer.from("[".repeat(n) + "]".repeat(n));
    const objects = (n) => Buffer.from('{"a":'.repeat(n) + "1" + "}".repeat(n));
    assert.deepEqual(
      run("json", [nested(64), nested(65), objects(64), objects(65)]),
      [
        "ok",
        "the body is nested too deeply",
        "ok",
        "the body is nested too deeply",
      ],
    );
    assert.equal(
      run("json", [nested(400000)])[0],
      "the body is nested too deeply",
    );
  });
});

describe("query strings", () => {
  const seeds = [
    "page=1&limit=50&q=a+b%20c&status=completed,voicemail",
    "q=%C3%A9%F0%9F%93%9E&phone=%2B13055551234&a&b=",
    "",
  ];
  const pieces = [
    ..."&=%+;,/?#abc019",
    "%00",
    "%22",
    "%5c",
    "%0a",
    "%ff",
    "%c3",
    "%A9",
    "%ED%A0%80",
    "&q=",
    "limit=5",
    "%",
    "%4",
  ];

  /** Another reading of the same rules; undefined when the string is refused. */
  function reference(query) {
    const decode = (text) => {
      if (/%(?![0-9a-f]{2})/i.test(text)) {
        throw new Error("percent");
      }
      const bytes = Buffer.from(
        text
          .replace(/\+/g, " ")
          .replace(/%(..)/g, (_, hex) =>
            String.fromCharCode(parseInt(hex, 16)),
          ),
        "latin1",
      );
      const decoded = utf8.decode(bytes);
      if (decoded.includes("\0")) {
        throw new Error("NUL");
      }
      return decoded;
    };
    try {
      const pairs = query
        .split("&")
        .filter((pair) => pair !== "")
        .map((pair) => {
          const at = pair.indexOf("=");
          return at < 0
            ? [decode(pair), ""]
            : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
        });
      const names = new Set(pairs.map(([name]) => name));
      if (names.has("") || names.size !== pairs.length || pairs.length > 32) {
        return undefined;
      }
      return pairs;
    } catch {
      return undefined;
    }
  }

  it("become the object that another reading of the rules gives", () => {
    const inputs = mutate(seeds, pieces, 20000, 3);
    const answers = run("query", inputs);
    let taken = 0;
    for (const [i, input] of inputs.entries()) {
      const expected = reference(input.toString("latin1"));
      const text = input.toString("latin1");
      if (expected === undefined) {
        assert.match(answers[i], /^error/, text);
        continue;
      }
      taken++;
      const json = Buffer.from(answers[i], "hex").toString("utf8");
      assert.deepEqual(
        new Map(Object.entries(JSON.parse(json))),
        new Map(Object.entries(Object.fromEntries(expected))),
        text,
      );
    }
    assert.ok(taken > 2500);
  });
});

describe("paths", () => {
  it("come apart as another reading of the rules has it", () => {
    const seeds = [
      "/api/admin/customers/64b000000000000000000001/lookup/%2B1305",
      "/",
      "//a//",
      "/a/%C3%A9/%2F/b",
    ];
    const pieces = [
      ..."/%2Fab.+",
      "%2F",
      "%2e",
      "%00",
      "%ff",
      "%C3%A9",
      "%",
      "/..",
    ];
    const inputs = mutate(seeds, pieces, 10000, 4).map((each) =>
      Buffer.concat([Buffer.from("/"), each]),
    );
    const answers = run("path", inputs);
    for (const [i, input] of inputs.entries()) {
      const segments = input.toString("latin1").slice(1).split("/");
      let expected;
      try {
        expected = segments.map((each) => decodeURIComponent(each));
      } catch {
        expected = undefined;
      }
      if (
        expected === undefined ||
        expected.length > 12 ||
        expected.some((each) => each.includes("\0"))
      ) {
        assert.equal(answers[i], "error", input.toString("latin1"));
      } else {
        assert.deepEqual(
          answers[i]
            .split(" ")
            .map((hex) => Buffer.from(hex, "hex").toString("utf8")),
          expected,
        );
      }
    }
  });
});

describe("request heads", () => {
  const seeds = [
    "GET /a?b=c HTTP/1.1\r\nHost: a:80\r\nAuthorization: Bearer x.y.z\r\nX: y\r\n\r\n",
    "POST /api/token HTTP/1.1\r\nhost: [::1]:8080\r\nContent-Type: application/json\r\nContent-Length: 12\r\nExpect: 100-continue\r\nCookie: cc=a; b=c\r\n\r\n",
    "OPTIONS / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n",
  ];
  const pieces = [
    ..."\r\n :;,/?#GET\t\0\x01\x7f\x80\xff019azHhost",
    "\r\n",
    "\n\n",
    "\r\n\r\n",
    "Host: b\r\n",
    "Content-Length: 5\r\n",
    "Transfer-Encoding: chunked\r\n",
    "HTTP/1.1",
    "HTTP/2",
    "X:\r\n",
    "Cookie: a\r\n",
  ];

  it("that pass are written clean: no byte, line or field that Kore could misread", () => {
    const inputs = mutate(seeds, pieces, 30000, 5);
    const answers = run("head", inputs);
    let passed = 0;
    for (const [i, answer] of answers.entries()) {
      if (!answer.startsWith("ok ")) {
        assert.match(answer, /^(incomplete|[45]\d\d [a-z_]+)$/);
        continue;
      }
      passed++;
      const text = Buffer.from(answer.slice(3), "hex").toString("latin1");
      const source = inputs[i].toString("latin1");
      assert.match(
        text,
        /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \/[\x21-\x7e]* HTTP\/1\.1\r\nhost: [\w.:[\]-]+\r\n(([a-z-]+): [\x20-\x7e]+\r\n)*\r\n$/,
        source,
      );
      const names = text
        .split("\r\n")
        .slice(1, -2)
        .map((line) => line.split(": ")[0]);
      assert.equal(new Set(names).size, names.length, source);
      assert.ok(
        names.every((name) =>
          [
            "host",
            "content-length",
            "connection",
            "content-type",
            "authorization",
            "cookie",
            "origin",
            "sec-fetch-site",
            "accept-encoding",
            "if-none-match",
            "if-match",
            "x-forwarded-proto",
            "x-forwarded-for",
          ].includes(name),
        ),
      );
      assert.equal(
        names.includes("content-length"),
        /^(POST|PUT|PATCH)/.test(text),
      );
    }
    assert.ok(passed > 1500 && passed < 28500, `${passed} of 30000 passed`);
  });

  it("are complete at the first empty line and not before", () => {
    const whole = Buffer.from(seeds[0], "latin1");
    const parts = Array.from({ length: whole.length }, (_, n) =>
      whole.subarray(0, n),
    );
    assert.ok(run("head", parts).every((answer) => answer === "incomplete"));
    assert.match(run("head", [whole])[0], /^ok /);
  });
});
