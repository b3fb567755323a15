// Tokens that nobody should make, and some unusual ones that are fine, for tokens.sql.
//
// Prints {"good": {name: token}, "bad": {name: token}} for a company.  The good ones
// make their bearer an admin of it.  Everything is signed here, with the private key
// ring of $CALLCENTER_KEY_FILE or with keys of our own, byte by byte, so that each
// token is wrong in one way only.
//
//   node forge.mjs COMPANY

import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
} from "node:crypto";
import { readFileSync } from "node:fs";

const company = process.argv[2];
const { keys } = JSON.parse(
  readFileSync(process.env.CALLCENTER_KEY_FILE, "utf8"),
);
const hs = keys.find((key) => key.kid === "dev");
const es = keys.find((key) => key.kid === "dev-es256");
const secret = Buffer.from(hs.k, "base64url");
const esPrivate = createPrivateKey({ key: es, format: "jwk" });
const esPublic = createPublicKey(esPrivate);
const now = Math.floor(Date.now() / 1000);

const b64 = (bytes) => Buffer.from(bytes).toString("base64url");
const json = (value) => b64(JSON.stringify(value));

/** Signers: text => signature. */
const hmac =
  (key, hash = "sha256") =>
  (text) =>
    createHmac(hash, key).update(text).digest();
const ecdsa =
  (key, dsaEncoding = "ieee-p1363") =>
  (text) =>
    sign("sha256", text, { key, dsaEncoding });
const fixed = (bytes) => () => bytes;

/** Joins header and payload (objects, or texts as they are) and signs them. */
function token(header, payload, signer) {
  const part = (value) => (typeof value === "string" ? value : json(value));
  const text = `${part(header)}.${part(payload)}`;
  return `${text}.${b64(signer(text))}`;
}

const HS = { alg: "HS256", typ: "JWT", kid: "dev" };
const ES = { alg: "ES256", typ: "JWT", kid: "dev-es256" };
const claims = (more = {}) => ({
  sub: "65f0000000000000000000aa",
  email: "eve@example.com",
  exp: now + 3600,
  companies: { [company]: "admin" },
  ...more,
});
const without = (name) => {
  const rest = claims();
  delete rest[name];
  return rest;
};
const hsToken = (payload, header = HS) => token(header, payload, hmac(secret));
const esToken = (payload, header = ES) =>
  token(header, payload, ecdsa(esPrivate));

/** A token of exactly this many bytes. */
function ofLength(length) {
  for (let pad = length / 2; pad < length; pad++) {
    const made = hsToken(claims({ pad: "x".repeat(pad) }));
    if (made.length === length) {
      return made;
    }
  }
  throw new Error(`no token has ${length} bytes`);
}

/** A token whose signature has a letter that base64 and base64url write differently. */
function withUrlLetter() {
  for (let jti = 0; ; jti++) {
    const made = hsToken(claims({ jti }));
    if (/[-_][^.]*$/.test(made)) {
      return made;
    }
  }
}

const plain = hsToken(claims());
const urlSafe = withUrlLetter();
const [head, body, signature] = plain.split(".");
const otherPair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const publicPem = esPublic.export({ type: "spki", format: "pem" });
const publicDer = esPublic.export({ type: "spki", format: "der" });
const publicJwk = esPublic.export({ format: "jwk" });
const publicPoint = Buffer.concat([
  Buffer.from([4]),
  Buffer.from(publicJwk.x, "base64url"),
  Buffer.from(publicJwk.y, "base64url"),
]);
const order = Buffer.from(
  "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
  "hex",
);
const raw = (text) => b64(Buffer.from(text, "latin1"));

const good = {
  "signed with HS256": plain,
  "signed with ES256": esToken(claims()),
  "without a kid, HS256": hsToken(claims(), { alg: "HS256" }),
  "without a kid, ES256": esToken(claims(), { alg: "ES256" }),
  "with companyIds": hsToken({
    ...without("companies"),
    companyIds: [company],
  }),
  "with ids in upper case": hsToken(
    claims({ companies: { [company.toUpperCase()]: "admin" } }),
  ),
  "with companyIds in upper case": hsToken({
    ...without("companies"),
    companyIds: [company.toUpperCase()],
  }),
  "with white space in its header": hsToken(
    claims(),
    b64('\t{ "typ" : "JWT" ,\n "alg" : "HS256" } '),
  ),
  "with more members in its header": hsToken(claims(), {
    ...HS,
    cty: "x",
    jku: "https://evil.example/keys",
  }),
  "without an e-mail address": hsToken(without("email")),
  "with claims that nobody knows": hsToken(
    claims({ admin: true, nested: { exp: 1 } }),
  ),
  "with a claim nested 1,300 times": hsToken(
    b64(
      JSON.stringify(claims()).replace(
        /}$/,
        `,"x":${"[".repeat(1300)}${"]".repeat(1300)}}`,
      ),
    ),
  ),
  "with a time in fractions of a second": hsToken(claims({ exp: now + 99.5 })),
  "that began a moment ago": hsToken(claims({ nbf: now })),
  "that begins in half a minute, by a clock that is ahead": hsToken(
    claims({ nbf: now + 30 }),
  ),
  "of 4096 bytes": ofLength(4096),
};

const bad = {
  // time
  "that has run out": hsToken(claims({ exp: now - 1 })),
  "that ran out long ago": hsToken(claims({ exp: 1 })),
  "signed with ES256 that has run out": esToken(claims({ exp: now - 1 })),
  "without exp": hsToken(without("exp")),
  "with exp as text": hsToken(claims({ exp: String(now + 3600) })),
  "with exp null": hsToken(claims({ exp: null })),
  "with exp below zero": hsToken(claims({ exp: -1 })),
  "with exp out of all range": hsToken(
    b64(JSON.stringify(claims()).replace(/"exp":\d+/, '"exp":1e400')),
  ),
  "with exp in milliseconds": hsToken(claims({ exp: (now + 3600) * 1000 })),
  "that begins in an hour": hsToken(claims({ nbf: now + 3600 })),
  "with nbf as text": hsToken(claims({ nbf: "0" })),

  // key
  "of another secret": token(HS, claims(), hmac(randomBytes(32))),
  "of another secret, without a kid": token(
    { alg: "HS256" },
    claims(),
    hmac(randomBytes(32)),
  ),
  "of an empty secret": token(HS, claims(), hmac("")),
  "of the secret as text": token(HS, claims(), hmac(hs.k)),
  "of another key pair": token(ES, claims(), ecdsa(otherPair.privateKey)),
  "of a key that the ring does not have": hsToken(claims(), {
    ...HS,
    kid: "prod",
  }),
  "of the other key of the ring": esToken(claims(), { ...ES, kid: "dev" }),
  "of the other key of the ring, the other way": hsToken(claims(), {
    ...HS,
    kid: "dev-es256",
  }),
  "with an empty kid": hsToken(claims(), { ...HS, kid: "" }),
  "with a kid of 65 characters": hsToken(claims(), {
    ...HS,
    kid: "dev".padEnd(65, "x"),
  }),
  "with a kid that is a path": hsToken(claims(), {
    ...HS,
    kid: "../../../dev/null",
  }),
  "with a key of its own in its header": token(
    { ...ES, jwk: otherPair.publicKey.export({ format: "jwk" }) },
    claims(),
    ecdsa(otherPair.privateKey),
  ),

  // algorithm
  "of algorithm none": token({ alg: "none" }, claims(), fixed("")),
  "of algorithm none with a signature": token(
    { alg: "none" },
    claims(),
    hmac(secret),
  ),
  "of algorithm None": token({ alg: "None" }, claims(), fixed("")),
  "of algorithm NONE with a kid": token(
    { alg: "NONE", kid: "dev" },
    claims(),
    hmac(secret),
  ),
  "of no algorithm": hsToken(claims(), { typ: "JWT", kid: "dev" }),
  "of algorithm hs256": hsToken(claims(), { ...HS, alg: "hs256" }),
  "of algorithm HS512": token(
    { ...HS, alg: "HS512" },
    claims(),
    hmac(secret, "sha512"),
  ),
  "of algorithm ES256 with an HMAC": token(ES, claims(), hmac(secret)),
  "of algorithm RS256 with an HMAC": token(
    { alg: "RS256" },
    claims(),
    hmac(secret),
  ),
  "of an HMAC with the public key (PEM)": token(
    { ...HS, kid: "dev-es256" },
    claims(),
    hmac(publicPem),
  ),
  "of an HMAC with the public key (PEM), without a kid": token(
    { alg: "HS256" },
    claims(),
    hmac(publicPem),
  ),
  "of an HMAC with the public key (DER)": token(
    { alg: "HS256" },
    claims(),
    hmac(publicDer),
  ),
  "of an HMAC with the public key (point)": token(
    { alg: "HS256" },
    claims(),
    hmac(publicPoint),
  ),
  "of an HMAC with the public key (JWK)": token(
    { alg: "HS256" },
    claims(),
    hmac(JSON.stringify(publicJwk)),
  ),

  // signature
  "with no signature": `${head}.${body}.`,
  "with half a signature": `${head}.${body}.${signature.slice(0, 22)}`,
  "with a longer signature": `${head}.${body}.${b64(Buffer.concat([Buffer.from(signature, "base64url"), Buffer.alloc(1)]))}`,
  "with a signature of zeros": token(HS, claims(), fixed(Buffer.alloc(32))),
  "with r and s zero": token(ES, claims(), fixed(Buffer.alloc(64))),
  "with r and s the group's order": token(
    ES,
    claims(),
    fixed(Buffer.concat([order, order])),
  ),
  "with a signature of 63 bytes": token(ES, claims(), (text) =>
    ecdsa(esPrivate)(text).subarray(1),
  ),
  "with a DER signature": token(ES, claims(), ecdsa(esPrivate, "der")),
  "with another token's signature": `${head}.${json(claims({ sub: "65f0000000000000000000ab" }))}.${signature}`,
  "with another header": `${json({ ...HS, typ: "jwt" })}.${body}.${signature}`,

  // form
  empty: "",
  "that is a dot": ".",
  "that is two dots": "..",
  "that is no token": "not a token",
  "with a part missing": `${head}.${body}`,
  "with a part too many": `${plain}.${signature}`,
  "with a dot behind it": `${plain}.`,
  "with a dot before it": `.${plain}`,
  "with padding": `${plain}=`,
  "with a space before it": ` ${plain}`,
  "with a line break behind it": `${plain}\n`,
  "with Bearer before it": `Bearer ${plain}`,
  "in the alphabet of base64": urlSafe.replace(/-/g, "+").replace(/_/g, "/"),
  "with a letter that is not ASCII": `${plain.slice(0, -1)}é`,
  "of 4097 bytes": ofLength(4097),
  "of 100 kB": hsToken(claims({ pad: "x".repeat(75000) })),

  // header
  "with a critical extension": hsToken(claims(), { ...HS, crit: ["exp"] }),
  "with a critical extension as text": hsToken(claims(), {
    ...HS,
    crit: "exp",
  }),
  "that names alg twice": hsToken(
    claims(),
    b64('{"alg":"none","alg":"HS256","kid":"dev"}'),
  ),
  "with an escape in its header": hsToken(
    claims(),
    b64('{"\\u0061lg":"HS256","kid":"dev"}'),
  ),
  "with a number in its header": hsToken(claims(), { ...HS, v: 1 }),
  "with an array for a header": hsToken(claims(), b64('["HS256"]')),
  "with something behind its header": hsToken(
    claims(),
    b64('{"alg":"HS256"}{}'),
  ),
  "with an open header": hsToken(claims(), b64('{"alg":"HS256"')),
  "with an empty header": hsToken(claims(), b64("{}")),

  // payload
  "with no payload": hsToken(""),
  "with a payload that is no JSON": hsToken(b64("hello")),
  "with a payload that is cut off": hsToken(
    b64(JSON.stringify(claims()).slice(0, -1)),
  ),
  "with a payload that is an array": hsToken(b64("[]")),
  "with a payload that is text": hsToken(b64('"x"')),
  "with an escaped NUL": hsToken(
    b64(JSON.stringify(claims()).replace("eve@", "eve\\u0000@")),
  ),
  "with a NUL behind its payload": hsToken(
    b64(`${JSON.stringify(claims())}\0,"x":1}`),
  ),
  "with a payload that is not UTF-8": hsToken(
    raw(JSON.stringify(claims()).replace("eve@", "eve\xff@")),
  ),
  "with a lone surrogate": hsToken(
    b64(JSON.stringify(claims()).replace("eve@", "eve\\ud83d@")),
  ),

  // claims
  "without sub": hsToken(without("sub")),
  "with an empty sub": hsToken(claims({ sub: "" })),
  "with a number for sub": hsToken(claims({ sub: 1 })),
  "with sub null": hsToken(claims({ sub: null })),
  "with an object for an e-mail address": hsToken(claims({ email: {} })),
  "with an array for companies": hsToken(claims({ companies: [company] })),
  "with text for companies": hsToken(claims({ companies: company })),
  "with companies null": hsToken(claims({ companies: null })),
  "with a role that there is not": hsToken(
    claims({ companies: { [company]: "owner" } }),
  ),
  "with a role in upper case": hsToken(
    claims({ companies: { [company]: "ADMIN" } }),
  ),
  "with a list of roles": hsToken(
    claims({ companies: { [company]: ["admin"] } }),
  ),
  "with true for a role": hsToken(claims({ companies: { [company]: true } })),
  "with a malformed company among its own": hsToken(
    claims({ companies: { [company]: "admin", "*": "admin" } }),
  ),
  "with text for companyIds": hsToken({
    ...without("companies"),
    companyIds: company,
  }),
  "with an object for companyIds": hsToken({
    ...without("companies"),
    companyIds: { [company]: true },
  }),
  "with a number among companyIds": hsToken({
    ...without("companies"),
    companyIds: [company, 1],
  }),
  "with nested companyIds": hsToken({
    ...without("companies"),
    companyIds: [[company]],
  }),
  "with companies and companyIds": hsToken(claims({ companyIds: [company] })),
};

console.log(JSON.stringify({ good, bad }));
