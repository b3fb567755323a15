// The page: what is served, how it is cached and packed, and that nothing else comes out.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";

import {
  assertError,
  assertSecurityHeaders,
  parseAnswers,
  raw,
  request,
  root,
  url,
} from "./support.mjs";

let release;
let asset;

/** The addresses of scripts, styles and the like that the page names. */
async function assets() {
  const { text } = await request("GET", "/call-center.html");
  return [...text.matchAll(/"(\/ui\/[^"]+)"/g)].map(([, path]) => path);
}

before(async () => {
  const all = await assets();
  assert.ok(all.length > 0, "the page names no assets");
  release = /^\/ui\/([0-9a-f]{12})\//.exec(all[0])[1];
  asset = all.find((path) => path.endsWith(".css"));
});

describe("the page", () => {
  it("is HTML that browsers ask for anew each time", async () => {
    for (const path of ["/call-center.html", "/login.html"]) {
      const answer = await request("GET", path);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers["content-type"], "text/html; charset=utf-8");
      assert.equal(answer.headers["cache-control"], "no-cache");
      assertSecurityHeaders(answer.headers);
    }
  });

  it("names its assets under one release, and each is there for good", async () => {
    for (const path of await assets()) {
      assert.ok(path.startsWith(`/ui/${release}/`), path);
      const answer = await request("GET", path);
      assert.equal(answer.status, 200, path);
      assert.equal(
        answer.headers["cache-control"],
        "public, max-age=31536000, immutable",
      );
      assertSecurityHeaders(answer.headers);
    }
  });

  it("has no template mark left", async () => {
    for (const path of ["/call-center.html", "/login.html"]) {
      const { text } = await request("GET", path);
      assert.doesNotMatch(text, /@RELEASE@/);
    }
  });

  it("is byte for byte what lies in frontend/", async () => {
    const answer = await request("GET", asset);
    const name = asset.slice(`/ui/${release}/`.length);
    assert.ok(answer.bytes.equals(readFileSync(`${root}frontend/${name}`)));
    const icon = await request("GET", "/favicon.svg");
    assert.ok(icon.bytes.equals(readFileSync(`${root}frontend/favicon.svg`)));
  });

  it("says what each file is", async () => {
    const types = {
      ".css": "text/css; charset=utf-8",
      ".js": "text/javascript; charset=utf-8",
      ".svg": "image/svg+xml",
      ".woff2": "font/woff2",
    };
    for (const path of [...(await assets()), "/favicon.svg"]) {
      const suffix = /\.[a-z0-9]+$/.exec(path)[0];
      const answer = await request("HEAD", path);
      assert.equal(answer.headers["content-type"], types[suffix], path);
    }
  });
});

describe("caching", () => {
  it("answers 304 to whoever has it already", async () => {
    for (const path of ["/call-center.html", asset]) {
      const { headers } = await request("GET", path);
      for (const value of [
        headers.etag,
        `"other", ${headers.etag}`,
        `W/${headers.etag}`,
        "*",
      ]) {
        const answer = await request("GET", path, {
          headers: { "if-none-match": value },
        });
        assert.equal(answer.status, 304, value);
        assert.equal(answer.text, "");
        assert.equal(answer.headers["content-length"], undefined);
        assert.equal(answer.headers.etag, headers.etag);
        assert.equal(answer.headers["cache-control"], headers["cache-control"]);
        assertSecurityHeaders(answer.headers);
      }
      const answer = await request("GET", path, {
        headers: { "if-none-match": '"other"' },
      });
      assert.equal(answer.status, 200);
    }
  });

  it("tells the packed form from the plain one", async () => {
    const plain = await request("GET", asset);
    const packed = await request("GET", asset, {
      headers: { "accept-encoding": "gzip" },
    });
    assert.notEqual(plain.headers.etag, packed.headers.etag);
    const answer = await request("GET", asset, {
      headers: {
        "if-none-match": plain.headers.etag,
        "accept-encoding": "gzip",
      },
    });
    assert.equal(answer.status, 200);
  });
});

describe("compression", () => {
  it("packs text for those who take gzip", async () => {
    const plain = await request("GET", asset);
    assert.equal(plain.headers["content-encoding"], undefined);
    assert.equal(plain.headers.vary, "accept-encoding");
    for (const accept of [
      "gzip",
      "gzip, deflate, br",
      "br;q=1.0, GZIP;q=0.5",
      "*",
    ]) {
      const answer = await request("GET", asset, {
        headers: { "accept-encoding": accept },
      });
      assert.equal(answer.headers["content-encoding"], "gzip", accept);
      assert.equal(answer.headers.vary, "accept-encoding");
      assert.ok(answer.bytes.length < plain.bytes.length);
      assert.ok(gunzipSync(answer.bytes).equals(plain.bytes));
    }
  });

  it("leaves it plain for the others", async () => {
    for (const accept of ["", "br", "gzip;q=0", "xgzip", "gzip;q=0.0, br"]) {
      const answer = await request("GET", asset, {
        headers: { "accept-encoding": accept },
      });
      assert.equal(answer.headers["content-encoding"], undefined, accept);
    }
  });
});

describe("HEAD", () => {
  it("says the same as GET, without the content", async () => {
    for (const path of ["/call-center.html", asset]) {
      const get = await request("GET", path);
      const head = await request("HEAD", path);
      assert.equal(head.status, 200);
      assert.equal(head.text, "");
      for (const name of [
        "content-length",
        "content-type",
        "etag",
        "cache-control",
      ]) {
        assert.equal(head.headers[name], get.headers[name], name);
      }
    }
  });
});

describe("nothing else comes out", () => {
  const get = async (path) => {
    const { text } = await raw(
      `GET ${path} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: close\r\n\r\n`,
    );
    return parseAnswers(text)[0];
  };

  it("however a path climbs", async () => {
    for (const path of [
      "/../callcenter.so",
      "/ui/../../callcenter.so",
      "/..%2fcallcenter.so",
      "/%2e%2e/callcenter.so",
      "/%2e%2e%2fkore.conf",
      "/ui/..%2f..%2fkore.conf",
      `/ui/${release}/../../kore.conf`,
      `/ui/${release}/..%2f..%2f..%2fkore.conf`,
      `/ui/${release}/css/../../../kore.conf`,
      "//etc/passwd",
      "/..\\kore.conf",
      "/./call-center.html",
      "/call-center.html/",
      "/call-center.html%00.js",
      "/frontend/call-center.html",
      "/kore.conf",
      "/callcenter.so",
    ]) {
      const answer = await get(path);
      assert.ok(
        [400, 404].includes(answer.status),
        `${path}: ${answer.status}`,
      );
      assert.equal(JSON.parse(answer.body).success, false);
    }
  });

  it("no file of another release, nor of none", async () => {
    const name = asset.slice(`/ui/${release}`.length);
    for (const path of [
      `/ui/000000000000${name}`,
      `/ui${name}`,
      name,
      `/ui/${release.toUpperCase()}${name}`,
      `/ui/${release}/`,
      `/ui/${release}`,
      `/ui/${release}/call-center.html`,
    ]) {
      if (path === asset) {
        continue;
      }
      assertError(await request("GET", path), 404, { code: "not_found" });
    }
  });

  it("and nothing is taken in", async () => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const answer = await request(method, "/call-center.html");
      assertError(answer, 405, { code: "method_not_allowed" });
      assert.equal(answer.headers.allow, "GET, HEAD, OPTIONS");
    }
  });
});
