// A new key ring (JSON Web Key Set, RFC 7517) on standard output: one HS256 secret,
// "dev", one ES256 key pair, "dev-es256", and one
// key that access codes are encrypted with.
//
// The extension signs with the first key that has private material and "use": "sig",
// and verifies with all of them.  The caller puts the text into a file that nobody
// but the database server's account can read.  RS256 and EdDSA pairs, which the
// extension verifies as well, are added on request.
//
// For rotation: --codes makes such a key alone; with --ring before those of a ring,
// which is not changed.
//
// tools/keyring --help says how to call it.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const USAGE = `usage: tools/keyring [--with rsa] [--with ed25519]
       tools/keyring --codes [--ring FILE]

Prints a new key ring: keys that sign tokens, and one that access codes are encrypted with.

  --with KIND   also a pair for RS256 (rsa) or EdDSA (ed25519)
  --codes       only a new key of access codes, before the keys of a ring
  --ring FILE   that ring, which is not changed
  --help
`;

const PAIRS = {
  ec: {
    kid: "dev-es256",
    alg: "ES256",
    type: "ec",
    options: { namedCurve: "P-256" },
  },
  rsa: {
    kid: "dev-rs256",
    alg: "RS256",
    type: "rsa",
    options: { modulusLength: 2048 },
  },
  ed25519: { kid: "dev-eddsa", alg: "EdDSA", type: "ed25519", options: {} },
};

/** Makes a key pair and returns it as a private JWK. */
function makePair(name) {
  const { kid, alg, type, options } = PAIRS[name];
  const jwk = generateKeyPairSync(type, options).privateKey.export({
    format: "jwk",
  });
  return { kid, alg, use: "sig", ...jwk };
}

/** Makes the HMAC secret: as many bytes as the hash has. */
function makeSecret() {
  return {
    kid: "dev",
    alg: "HS256",
    use: "sig",
    kty: "oct",
    k: randomBytes(32).toString("base64url"),
  };
}

/** Makes the key that access codes are encrypted with; its name tells it from later ones. */
function makeCodeKey() {
  return {
    kid: `codes-${randomBytes(4).toString("hex")}`,
    alg: "A256GCM",
    use: "enc",
    kty: "oct",
    k: randomBytes(32).toString("base64url"),
  };
}

let wanted;
try {
  const { values } = parseArgs({
    options: {
      with: { type: "string", multiple: true, default: [] },
      codes: { type: "boolean", default: false },
      ring: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  if (values.codes) {
    const keys =
      values.ring === undefined
        ? []
        : JSON.parse(readFileSync(values.ring, "utf8")).keys;
    console.log(JSON.stringify({ keys: [makeCodeKey(), ...keys] }, null, 2));
    process.exit(0);
  }
  wanted = ["ec", ...values.with];
  const unknown = wanted.find((name) => !Object.hasOwn(PAIRS, name));
  if (unknown !== undefined) {
    throw new Error(
      `--with takes ${Object.keys(PAIRS).join(", ")}, not "${unknown}"`,
    );
  }
} catch (error) {
  console.error(`keyring: ${error.message}; see tools/keyring --help`);
  process.exit(2);
}
console.log(
  JSON.stringify(
    { keys: [makeSecret(), ...wanted.map(makePair), makeCodeKey()] },
    null,
    2,
  ),
);
