// How a session lasts: tokens that end and are exchanged, in one tab and in
// two, a refresh token that was stolen, and passwords that are tried too often.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { after, test } from "node:test";
import { promisify } from "node:util";
import {
  inPage,
  PASSWORD,
  pageUrl,
  signedIn,
  textOf,
  until,
  URL_,
  useBrowser,
} from "./harness.mjs";

useBrowser();

const run = promisify(execFile);

/** Runs SQL as the superuser of the private cluster. */
const sql = (...commands) =>
  run("psql", ["-XAtq", ...commands.flatMap((each) => ["-c", each])]);

/** Sets how long tokens last from now on; nothing: as long as ever. */
const tokensLast = (seconds) =>
  sql(
    seconds
      ? `ALTER SYSTEM SET callcenter.token_lifetime = '${seconds}s'`
      : "ALTER SYSTEM RESET callcenter.token_lifetime",
    "SELECT pg_reload_conf()",
  );
after(() => tokensLast());

const cookie = async (page, name) =>
  (await page.context().cookies(`${URL_}/api/session`)).find(
    (each) => each.name === name,
  )?.value;

/** Counts the exchanges that pages of this context ask for. */
function exchanges(page) {
  const seen = [];
  page.context().on("request", (request) => {
    if (request.url() === `${URL_}/api/session/refresh`) {
      seen.push(request);
    }
  });
  return seen;
}

/** Opens the first call of the list and waits until it is shown. */
async function openCall(page) {
  await page.locator(".call h3 a").first().click();
  await page.locator("dialog .headline").waitFor();
}

test("a token that is about to end is exchanged before, and nobody notices", async () => {
  await tokensLast(4);
  await signedIn({ own: true }, {}, async (page) => {
    const asked = exchanges(page);
    await page.locator(".call h3 a").first().waitFor();
    await until(
      "the browser drops the token",
      async () => (await cookie(page, "cc")) === undefined,
    );
    await openCall(page); // an answer of 401 would fail this test
    assert.ok(asked.length >= 1);
    assert.notEqual(await cookie(page, "cc"), undefined);
    assert.equal(await page.locator("#again-password").count(), 0);
  });
  await tokensLast();
});

test("a token that has gone is exchanged, and the request is sent again", async () => {
  await signedIn({ own: true }, {}, async (page, watch) => {
    const asked = exchanges(page);
    await page.locator(".call h3 a").first().waitFor();
    const before = await cookie(page, "cc-refresh");
    watch.allow(/401/);
    await page.context().clearCookies({ name: "cc" });
    await openCall(page);
    assert.equal(asked.length, 1);
    assert.notEqual(await cookie(page, "cc-refresh"), before);
    assert.equal(await page.locator("#again-password").count(), 0);
  });
});

test("a page that is opened after the token has gone opens", async () => {
  await signedIn({ own: true }, {}, async (page, watch) => {
    await page.locator(".call h3 a").first().waitFor();
    watch.allow(/401/);
    await page.context().clearCookies({ name: "cc" });
    await page.goto(pageUrl());
    await page.locator(".call h3 a").first().waitFor();
  });
});

test("two tabs that find the token gone both go on, and the session lasts", async () => {
  await signedIn({ own: true }, {}, async (first, watch) => {
    const asked = exchanges(first);
    const second = await first.context().newPage();
    await second.goto(pageUrl());
    for (const page of [first, second]) {
      await page.locator(".call h3 a").first().waitFor();
    }
    watch.allow(/401/);
    await first.context().clearCookies({ name: "cc" });
    await Promise.all([first, second].map(openCall));
    assert.ok(asked.length <= 2);
    const answer = await first.request.post(`${URL_}/api/session/refresh`, {
      headers: { "sec-fetch-site": "same-origin" },
    });
    assert.equal(answer.status(), 200, "its refresh token is good");
  });
});

test("a refresh token that a thief has used ends the session, for both", async () => {
  await signedIn({ own: true }, {}, async (page, watch) => {
    await page.locator(".call h3 a").first().waitFor();
    const exchange = (token) =>
      fetch(`${URL_}/api/session/refresh`, {
        method: "POST",
        headers: { Cookie: `cc-refresh=${token}`, Origin: URL_ },
      });
    const stolen = await exchange(await cookie(page, "cc-refresh"));
    assert.equal(stolen.status, 200);
    const [, thiefs] = /cc-refresh=([\w-]+)/.exec(
      stolen.headers.get("set-cookie"),
    );
    await sql(
      "UPDATE callcenter.user_sessions SET rotated_at = rotated_at - interval '1 minute'",
    );
    watch.allow(/401/);
    await page.context().clearCookies({ name: "cc" });
    await page.locator(".call h3 a").first().click();
    const field = page.locator("#again-password");
    await field.waitFor();
    assert.equal((await exchange(thiefs)).status, 401);
    await field.fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.locator("dialog .headline").waitFor();
  });
});

test("who signs out is signed out on the server, too", async () => {
  await signedIn({ own: true }, {}, async (page) => {
    await page.locator(".call h3 a").first().waitFor();
    const token = await cookie(page, "cc-refresh");
    await page.click('[popovertarget="account-menu"]');
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL(/login\.html/);
    assert.equal(await cookie(page, "cc-refresh"), undefined);
    const answer = await fetch(`${URL_}/api/session/refresh`, {
      method: "POST",
      headers: { Cookie: `cc-refresh=${token}`, Origin: URL_ },
    });
    assert.equal(answer.status, 401);
  });
});

test("who tries too often is told how long to wait", async () => {
  const email = `often-${randomBytes(6).toString("hex")}@example.com`;
  for (let i = 0; i < 6; i++) {
    await fetch(`${URL_}/api/token`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email, password: "wrong one" }),
    });
  }
  // The fifth failure asks for two seconds, which may be over by now; each further one for twice as many.
  await inPage({}, async (page, watch) => {
    watch.allow(/401|429/);
    await page.goto(`${URL_}/login.html`);
    await page.fill("#email", email);
    const complaint = page.locator("#password-error");
    await until("the page tells to wait", async () => {
      await page.fill("#password", "wrong one");
      await page.keyboard.press("Enter");
      await until(
        "there is an answer",
        async () =>
          (await page.getAttribute("#go", "aria-disabled")) === "false" &&
          (await complaint.isVisible()),
      );
      return /^Too many tries/.test(await textOf(complaint));
    });
    assert.match(
      await textOf(complaint),
      /^Too many tries\. Try again in (\d+ seconds?|\d minutes?)\.$/,
    );
  });
});
