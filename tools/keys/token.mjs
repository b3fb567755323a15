// Signs a JSON Web Token (RFC 7519, compact form) with a key of the private key ring.
//
// An independent implementation of what the extension verifies: nothing here is
// shared with it, so that the two check each other.  The algorithm is the key's.

import { createHmac, createPrivateKey, randomBytes, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const USAGE = `usage: tools/token --company ID [option...]

Prints a token for a company, signed with the key ring of $CALLCENTER_KEY_FILE
(. var/env sets it).

  --company ID     24 hex digits; may be given several times
  --role ROLE      admin (the default), agent or viewer, in these companies
  --email ADDRESS  who it is for (default: $CALLCENTER_EMAIL, or dev@example.com)
  --sub ID         the user's id, 24 hex digits (default: made up)
  --ttl SECONDS    how long it is valid (default 3600); --ttl=-60 has run out
  --kid KID        which key signs (default: the first of the ring)
  --key-file FILE  another key ring
  --claims JSON    an object laid over the claims; null removes one
  --help
`;

/** How each algorithm makes a signature of a text: (text, jwk) => Buffer. */
const SIGNERS = {
  HS256: (text, jwk) =>
    createHmac("sha256", Buffer.from(jwk.k, "base64url")).update(text).digest(),
  RS256: (text, jwk) => sign("sha256", text, privateKey(jwk)),
  // JWS wants r and s side by side, not the DER that OpenSSL makes.
  ES256: (text, jwk) =>
    sign("sha256", text, { key: privateKey(jwk), dsaEncoding: "ieee-p1363" }),
  EdDSA: (text, jwk) => sign(null, text, privateKey(jwk)),
};

function privateKey(jwk) {
  return createPrivateKey({ key: jwk, format: "jwk" });
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** Reads the ring and picks the signing key: the one named, else the first that can sign. */
function pickKey(file, kid) {
  const { keys } = JSON.parse(readFileSync(file, "utf8"));
  const able = keys.filter((key) => key.k !== undefined || key.d !== undefined);
  const key =
    kid === undefined
      ? able.find((each) => each.use === "sig")
      : able.find((each) => each.kid === kid);
  if (key === undefined) {
    throw new Error(
      `${file} has no private key ${kid === undefined ? "for signing" : `"${kid}"`}`,
    );
  }
  if (!Object.hasOwn(SIGNERS, key.alg)) {
    throw new Error(
      `key "${key.kid}": the algorithm "${key.alg}" is not one of ${Object.keys(SIGNERS).join(", ")}`,
    );
  }
  return key;
}

/** Builds the claims of DESIGN's tokens from the options. */
function makeClaims(options) {
  const now = Math.floor(Date.now() / 1000);
  const ttl = Number(options.ttl);
  if (!Number.isInteger(ttl)) {
    throw new Error("--ttl takes a number of seconds");
  }
  const claims = {
    sub: options.sub ?? randomBytes(12).toString("hex"),
    email: options.email ?? process.env.CALLCENTER_EMAIL ?? "dev@example.com",
    iat: now,
    exp: now + ttl,
    companies: Object.fromEntries(
      options.company.map((id) => [id, options.role]),
    ),
  };
  Object.assign(claims, JSON.parse(options.claims ?? "{}"));
  return Object.fromEntries(
    Object.entries(claims).filter(([, value]) => value !== null),
  );
}

function main() {
  const { values } = parseArgs({
    options: {
      company: { type: "string", multiple: true, default: [] },
      role: { type: "string", default: "admin" },
      email: { type: "string" },
      sub: { type: "string" },
      ttl: { type: "string", default: "3600" },
      kid: { type: "string" },
      "key-file": { type: "string" },
      claims: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  if (values.company.length === 0 && values.claims === undefined) {
    throw new Error("--company is missing; see tools/token --help");
  }
  const file = values["key-file"] ?? process.env.CALLCENTER_KEY_FILE;
  if (file === undefined) {
    throw new Error(
      "no key ring: source the env file of a running system, or give --key-file",
    );
  }
  const key = pickKey(file, values.kid);
  const text = `${encode({ alg: key.alg, typ: "JWT", kid: key.kid })}.${encode(makeClaims(values))}`;
  const signature = SIGNERS[key.alg](Buffer.from(text), key).toString(
    "base64url",
  );
  console.log(`${text}.${signature}`);
}

try {
  main();
} catch (error) {
  console.error(`token: ${error.message}`);
  process.exit(2);
}
