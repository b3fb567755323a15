// Attacks that talk HTTP: every route, with tokens that open nothing, records of other companies, and requests that other
// sites make a browser send.
//
// The routes are those of rest/src/routes.def; routes.mjs says who may use each. A check asks the server and returns what is
// wrong; it holds when that is nothing. Each has a control: the same check against a server with a planted defect, which
// is a proxy before the real one that spoils requests or answers.

import assert from "node:assert/strict";
import { createHmac, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import http from "node:http";
import { after, before, describe, it } from "node:test";

import {
  SECURITY_HEADERS,
  call,
  fixture,
  hexId,
  request,
  root,
  sql,
  token,
  url,
} from "../rest/support.mjs";
import { routes } from "./routes.mjs";

const LEVELS = ["viewer", "agent", "admin"];

const known = [
  ...readFileSync(`${root}rest/src/routes.def`, "utf8").matchAll(
    /^ROUTE\((\w+), "([^"]+)"/gm,
  ),
].map(([, method, pattern]) => ({
  name: `${method} ${pattern}`,
  method,
  pattern,
  ...routes[`${method} ${pattern}`],
}));
const ofCompany = known.filter((route) => route.pattern.includes(":companyId"));
const signedIn = known.filter(
  (route) => route.who !== undefined && route.who !== "anybody",
);
const ofRecord = known.filter((route) =>
  /:(?!companyId)\w+/.test(route.pattern),
);
const unsafe = known.filter((route) => route.method !== "GET");

let own;
/** Ids by the name of the path's parameter: { foreign, unknown } pairs. */
let ids;
/** Tokens that open nothing. */
let bad;

before(async () => {
  own = await fixture();
  own.roles = {};
  for (const role of LEVELS) {
    own.roles[role] = await token({ company: own.company, role });
  }
  own.foreign = await token({ company: own.other, role: "admin" });

  const { json } = await request(
    "POST",
    `/api/admin/call-history/${own.other}`,
    {
      token: own.foreign,
      body: call({
        caller: { phone: "+13055559999", name: "Ban4na" },
        outcome: { status: "completed", followUpRequired: true },
      }),
    },
  );
  const customer = json.call.caller.customerId;
  const theirs = (path, body) =>
    request(body ? "POST" : "GET", path, { token: own.foreign, body }).then(
      (answer) => answer.json,
    );
  const { followUps } = await theirs(`/api/admin/follow-ups/${own.other}`);
  const { appointment } = await theirs(`/api/admin/appointments/${own.other}`, {
    customerId: customer,
    date: "2026-01-05",
  });
  // somebody else's session, and one of our own
  const email = `attack-${hexId()}@example.com`;
  await sql(
    `SELECT callcenter.create_user('${JSON.stringify({ email, password: own.password })}')`,
  );
  const signIn = async (who) =>
    (
      await request("POST", "/api/token", {
        body: { email: who, password: own.password },
      })
    ).json.token;
  own.session = await signIn(own.email);
  const sessions = await request("GET", "/api/sessions", {
    token: await signIn(email),
  });
  ids = {
    callId: [
      [json.call._id, hexId()],
      [json.call.callId, "call_1_unknown"],
    ],
    customerId: [
      [customer, hexId()],
      ["CUST-00001", "CUST-99999"],
    ],
    phone: [["+13055559999", "+13055559998"]],
    appointmentId: [[appointment._id, hexId()]],
    followUpId: [[followUps[0]._id, hexId()]],
    sessionId: [[sessions.json.sessions[0].sessionId, hexId()]],
  };

  const good = await token({ company: own.company, role: "admin" });
  const [head, payload, signature] = good.split(".");
  const encode = (value) =>
    Buffer.from(JSON.stringify(value)).toString("base64url");
  const keys = JSON.parse(
    readFileSync(process.env.CALLCENTER_KEY_FILE, "utf8"),
  ).keys;
  const publicKey = createPublicKey({
    key: keys.find((key) => key.kty === "EC"),
    format: "jwk",
  });
  /** Signed with the public key of a pair as if that were a secret. */
  const confused = (bytes) => {
    const text = `${encode({ alg: "HS256", kid: "dev-es256" })}.${payload}`;
    return `${text}.${createHmac("sha256", bytes).update(text).digest("base64url")}`;
  };
  bad = {
    "none at all": undefined,
    expired: own.expired,
    "signed by nobody": `${head}.${payload}.${signature.replace(/^./, (c) => (c === "A" ? "B" : "A"))}`,
    "of algorithm none": `${encode({ alg: "none" })}.${payload}.`,
    "of algorithm none, signed": `${encode({ alg: "none" })}.${payload}.${signature}`,
    "confused, PEM": confused(
      publicKey.export({ type: "spki", format: "pem" }),
    ),
    "confused, DER": confused(
      publicKey.export({ type: "spki", format: "der" }),
    ),
    "of another algorithm": `${encode({ alg: "ES256", kid: "dev" })}.${payload}.${signature}`,
    "not yet valid": await token({
      company: own.company,
      claims: JSON.stringify({ nbf: Math.floor(Date.now() / 1000) + 3600 }),
    }),
    "without exp": await token({
      company: own.company,
      claims: '{"exp": null}',
    }),
    "with a string of companies": await token({
      claims: `{"companies": null, "companyIds": "${own.company}"}`,
    }),
    "no token": "x",
    "two dots": "..",
    "4 kB": "x".repeat(4097),
  };
});

/** Fills a pattern's parameters. */
function path(route, company, id = undefined) {
  return route.pattern.replace(/:(\w+)/g, (_, name) =>
    encodeURIComponent(
      name === "companyId" ? company : (id ?? ids[name]?.[0][1] ?? hexId()),
    ),
  );
}

/** Asks; notes what every answer must have, whatever was asked. */
async function ask(faults, route, where, options = {}) {
  const method = options.method ?? route.method;
  const answer = await request(method, where, {
    body: route.method === "GET" ? undefined : route.body,
    ...options,
  });
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
    if (answer.headers[name] !== value) {
      faults.push(
        `${method} ${where}: header ${name} is ${answer.headers[name]}`,
      );
    }
  }
  for (const name of Object.keys(answer.headers)) {
    if (/^access-control-|^server$|^x-powered-by$/.test(name)) {
      faults.push(`${method} ${where}: header ${name}`);
    }
  }
  return answer;
}

/** An answer as text, but for what is of this one request. */
function plain(answer, ...words) {
  const { date, "x-request-id": ref, ...headers } = answer.headers;
  assert.ok(date && ref);
  let text = `${answer.status} ${JSON.stringify(headers)} ${answer.text}`;
  for (const word of [ref, ...words]) {
    text = text.replaceAll(word, "…");
  }
  return text;
}

const error = (status, members) => (answer) =>
  answer.status === status &&
  Object.entries(members).every(
    ([name, value]) => answer.json?.[name] === value,
  );

const unauthorized = error(401, {
  success: false,
  error: "Authentication required",
  code: "authentication_required",
});
const denied = error(403, {
  success: false,
  error: "Access denied",
  message: "You do not have access to this company",
  code: "access_denied",
});

/** Each check: which routes it is for, what it asks, and the defects that it must find. */
const checks = {
  "a token that is none opens nothing, and all are refused alike": {
    of: signedIn,
    async check(route, base) {
      const faults = [];
      const refusals = new Map();
      for (const [name, value] of Object.entries(bad)) {
        const answer = await ask(faults, route, path(route, own.company), {
          token: value,
          base,
        });
        if (!unauthorized(answer)) {
          faults.push(`${name}: ${answer.status} ${answer.text.slice(0, 200)}`);
        }
        refusals.set(plain(answer), name);
      }
      if (refusals.size > 1) {
        faults.push(`told apart: ${[...refusals.values()]}`);
      }
      // where a token has no business
      const inPath = await ask(
        faults,
        route,
        `${path(route, own.company)}?token=${own.roles.admin}&access_token=${own.roles.admin}`,
        { base },
      );
      if (!unauthorized(inPath)) {
        faults.push(`in the query: ${inPath.status}`);
      }
      return faults;
    },
    defects: {
      "a token that is not verified": (req) => {
        req.headers.authorization = `Bearer ${own.session}`;
      },
      "an expired token that is told": (req, answer) => {
        if (answer && req.headers.authorization?.includes(own.expired)) {
          answer.body = answer.body.replace(/required/, "expired");
        }
      },
      "a security header that is missing": (req, answer) => {
        delete answer?.headers["x-content-type-options"];
      },
    },
  },
  "a token of another company is denied, as for a company that there is not": {
    of: ofCompany,
    async check(route, base) {
      const faults = [];
      const answers = [];
      for (const [company, bearer] of [
        [own.company, own.foreign],
        [hexId(), own.foreign],
        [own.other, own.roles.admin],
        [hexId(), own.roles.admin],
      ]) {
        const answer = await ask(faults, route, path(route, company), {
          token: bearer,
          base,
        });
        if (!denied(answer)) {
          faults.push(`${answer.status} ${answer.text.slice(0, 200)}`);
        }
        answers.push(plain(answer, company));
      }
      if (new Set(answers).size > 1) {
        faults.push(`told apart: ${answers.join("\n")}`);
      }
      return faults;
    },
    defects: {
      "a company that is not looked at": (req) => {
        if (req.url.includes(own.company)) {
          req.headers.authorization = `Bearer ${own.roles.admin}`;
        }
      },
      "a company that there is not, told": (req, answer) => {
        if (
          answer &&
          ![own.company, own.other].some((c) => req.url.includes(c))
        ) {
          answer.status = 404;
        }
      },
    },
  },
  "a role that is too small is refused, the least one that will do is not": {
    of: ofCompany,
    async check(route, base) {
      const faults = [];
      const least = LEVELS.indexOf(route.who);
      for (const [level, role] of LEVELS.entries()) {
        const answer = await ask(faults, route, path(route, own.company), {
          token: own.roles[role],
          base,
        });
        const missing = error(403, {
          error: "Access denied",
          message: `This needs the ${route.who} role`,
          code: "access_denied",
        });
        if (
          level < least
            ? !missing(answer)
            : [401, 403, 500].includes(answer.status)
        ) {
          faults.push(`${role}: ${answer.status} ${answer.text.slice(0, 200)}`);
        }
      }
      return faults;
    },
    defects: {
      "roles that count for nothing": (req) => {
        req.headers.authorization = `Bearer ${own.roles.admin}`;
      },
      "nobody is enough": (req) => {
        req.headers.authorization = `Bearer ${own.foreign}`;
      },
    },
    finds: (defect, route) =>
      defect === "nobody is enough" || route.who !== "viewer",
  },
  "a record of another company, or person, is as one that there is not": {
    of: ofRecord,
    async check(route, base) {
      const faults = [];
      const name = [...route.pattern.matchAll(/:(\w+)/g)]
        .map(([, each]) => each)
        .find((each) => each !== "companyId");
      if (ids[name] === undefined) {
        return [`there is no id of another company for :${name}`];
      }
      for (const [foreign, unknown] of ids[name]) {
        const answers = [];
        for (const id of [foreign, unknown]) {
          const answer = await ask(
            faults,
            route,
            path(route, own.company, id),
            {
              token: route.session ? own.session : own.roles.admin,
              base,
            },
          );
          const wanted = name === "phone" ? 200 : 404;
          if (answer.status !== wanted || /Ban4na/.test(answer.text)) {
            faults.push(`${id}: ${answer.status} ${answer.text.slice(0, 200)}`);
          }
          // a number that was asked for is told back, in two spellings
          answers.push(
            plain(
              answer,
              id,
              ...(name === "phone" ? [`555-${id.slice(-4)}`] : []),
            ),
          );
        }
        if (answers[0] !== answers[1]) {
          faults.push(`told apart: ${answers.join("\n")}`);
        }
      }
      return faults;
    },
    defects: {
      "a record that is denied instead of not found": (req, answer) => {
        if (
          answer &&
          Object.values(ids)
            .flat()
            .some(([foreign]) => req.url.includes(encodeURIComponent(foreign)))
        ) {
          answer.status = 403;
        }
      },
      "words that tell": (req, answer) => {
        if (
          answer &&
          Object.values(ids)
            .flat()
            .some(([foreign]) => req.url.includes(encodeURIComponent(foreign)))
        ) {
          answer.body = answer.body.replace("}", ',"hint":"not yours"}');
        }
      },
    },
  },
  "a request that another site makes a browser send is refused": {
    of: unsafe,
    async check(route, base) {
      const faults = [];
      const answers = new Map();
      const cookie = `cc=${route.session ? own.session : own.roles.admin}; cc-refresh=${"x".repeat(64)}`;
      for (const headers of [
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        { "sec-fetch-site": "none" },
        { "sec-fetch-site": "cross-site", origin: url.origin },
        { origin: "https://elsewhere.example" },
        { origin: "null" },
        { origin: `${url.origin}.elsewhere.example` },
        ...(route.who === "anybody" ? [] : [{}]),
      ]) {
        const answer = await ask(faults, route, path(route, own.company), {
          headers: { cookie, ...headers, host: url.host },
          base,
        });
        if (
          !error(403, { error: "Access denied", code: "cross_site" })(answer)
        ) {
          faults.push(
            `${JSON.stringify(headers)}: ${answer.status} ${answer.text.slice(0, 200)}`,
          );
        }
        answers.set(plain(answer), headers);
      }
      if (answers.size > 1) {
        faults.push("told apart");
      }
      return faults;
    },
    defects: {
      "a site that is not looked at": (req) => {
        delete req.headers.origin;
        req.headers["sec-fetch-site"] = "same-origin";
      },
    },
  },
  "no other site may read: there is no CORS, also before a request": {
    of: known,
    async check(route, base) {
      const faults = [];
      const answer = await ask(faults, route, path(route, own.company), {
        method: "OPTIONS",
        body: undefined,
        headers: {
          origin: "https://elsewhere.example",
          "access-control-request-method": route.method,
          "access-control-request-headers": "authorization",
        },
        base,
      });
      if (answer.status !== 204) {
        faults.push(`${answer.status}`);
      }
      const head =
        route.method === "GET" &&
        (await ask(faults, route, path(route, own.company), {
          method: "HEAD",
          base,
        }));
      if (
        head &&
        (head.text !== "" || (route.who !== "anybody" && head.status !== 401))
      ) {
        faults.push(`HEAD: ${head.status}`);
      }
      return faults;
    },
    defects: {
      "a site that is let in": (req, answer) => {
        if (answer) {
          answer.headers["access-control-allow-origin"] = "*";
        }
      },
    },
  },
};

/** A proxy before the server that spoils requests (answer undefined) and answers. */
async function defective(spoil) {
  const server = http.createServer(async (req, res) => {
    const parts = [];
    for await (const part of req) {
      parts.push(part);
    }
    spoil(req);
    const headers = { ...req.headers };
    delete headers.connection;
    delete headers["content-length"];
    const said = await request(req.method, req.url, {
      headers: { ...headers, host: url.host },
      body: parts.length > 0 ? Buffer.concat(parts) : undefined,
    });
    const answer = {
      status: said.status,
      headers: { ...said.headers },
      body: said.text,
    };
    spoil(req, answer);
    delete answer.headers["content-length"];
    delete answer.headers["transfer-encoding"];
    res.writeHead(answer.status, answer.headers);
    res.end(answer.body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => server.close());
  return new URL(`http://127.0.0.1:${server.address().port}`);
}

describe("the routes", () => {
  it("are those of routes.mjs, no more and no fewer", () => {
    assert.ok(known.length > 30);
    assert.deepEqual(
      known.map((route) => route.name).sort(),
      Object.keys(routes).sort(),
      "say in test/attack/routes.mjs who may use a route",
    );
    for (const route of known) {
      assert.ok(
        route.pattern.includes(":companyId")
          ? LEVELS.includes(route.who)
          : ["anybody", "person"].includes(route.who),
        route.name,
      );
    }
  });
});

for (const [rule, { of, check, defects, finds }] of Object.entries(checks)) {
  describe(rule, () => {
    for (const route of of) {
      it(route.name, async () => {
        assert.deepEqual(await check(route), []);
      });
    }
    for (const [defect, spoil] of Object.entries(defects)) {
      it(`control: ${defect} is found at each`, async () => {
        const base = await defective(spoil);
        const missed = [];
        for (const route of of) {
          if (
            (finds?.(defect, route) ?? true) &&
            (await check(route, base)).length === 0
          ) {
            missed.push(route.name);
          }
        }
        assert.deepEqual(missed, []);
      });
    }
  });
}
