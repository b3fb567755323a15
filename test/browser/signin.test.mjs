// Signing in and out, sessions that end, links to other companies.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  COMPANY,
  EMAIL,
  focused,
  inPage,
  OTHER_COMPANY,
  pageUrl,
  PASSWORD,
  signedIn,
  textOf,
  until,
  URL_,
  useBrowser,
} from "./harness.mjs";

useBrowser();

const isPage = (url) => url.pathname === "/call-center.html";

async function fill(page, email, password) {
  await page.fill("#email", email);
  await page.fill("#password", password);
  await page.keyboard.press("Enter");
}

test("a visitor signs in and comes to the link that was asked for", async () => {
  await inPage({}, async (page, watch) => {
    watch.allow(/401/);
    await page.goto(pageUrl({ status: "voicemail" }));
    await page.waitForURL(/login\.html\?next=/);
    assert.equal(await focused(page), "email");
    await fill(page, EMAIL, PASSWORD);
    await page.waitForURL(isPage);
    const url = new URL(page.url());
    assert.equal(url.searchParams.get("companyId"), COMPANY);
    assert.equal(url.searchParams.get("status"), "voicemail");
    assert.equal(await textOf(page.locator("main h1")), "Voicemail");
  });
});

test("a wrong password is refused under its field, in words that tell nothing else", async () => {
  await inPage({}, async (page, watch) => {
    watch.allow(/401/);
    await page.goto(`${URL_}/login.html`);
    const complaint = page.locator("#password-error");
    await fill(page, EMAIL, "not the password");
    await complaint.waitFor();
    const known = await textOf(complaint);
    assert.equal(known, "Email or password is incorrect.");
    assert.equal(await focused(page), "password");
    assert.equal(
      await page.getAttribute("#password", "aria-describedby"),
      "password-error",
    );
    await fill(page, "nobody@example.com", "not the password");
    await page.waitForResponse(/api\/session/);
    await until(
      "the button is free again",
      async () => (await page.getAttribute("#go", "aria-disabled")) === "false",
    );
    assert.equal(await textOf(complaint), known, "an unknown account");
    assert.match(page.url(), /login\.html$/);
  });
});

test("fields that are empty are named, and the server is not asked", async () => {
  await inPage({}, async (page) => {
    await page.goto(`${URL_}/login.html`);
    await page.click("#go");
    assert.equal(
      await textOf(page.locator("#email-error")),
      "Enter your email.",
    );
    assert.equal(
      await textOf(page.locator("#password-error")),
      "Enter your password.",
    );
    assert.equal(await focused(page), "email");
  });
});

test("the password can be looked at", async () => {
  await inPage({}, async (page) => {
    await page.goto(`${URL_}/login.html`);
    await page.fill("#password", "secret");
    await page.click("#show-password");
    assert.equal(await page.getAttribute("#password", "type"), "text");
    assert.equal(
      await page.getAttribute("#show-password", "aria-pressed"),
      "true",
    );
  });
});

test("sign-in sends nobody to another site", async () => {
  await inPage({}, async (page) => {
    await page.goto(`${URL_}/login.html?next=https%3A%2F%2Fevil.example%2F`);
    await fill(page, EMAIL, PASSWORD);
    await page.waitForURL(`${URL_}/call-center.html?companyId=${COMPANY}`);
  });
});

test("the session is nowhere that a script could read", async () => {
  await signedIn({}, {}, async (page) => {
    const seen = await page.evaluate(() => ({
      cookie: document.cookie,
      local: { ...localStorage },
      session: { ...sessionStorage },
      url: location.href,
    }));
    assert.equal(seen.cookie, "");
    assert.doesNotMatch(JSON.stringify(seen), /eyJ|token|bearer/i);
    const cookies = await page.context().cookies();
    cookies.sort((a, b) => a.name.localeCompare(b.name));
    assert.deepEqual(
      cookies.map(({ name, path, httpOnly, sameSite }) => ({
        name,
        path,
        httpOnly,
        sameSite,
      })),
      [
        { name: "cc", path: "/", httpOnly: true, sameSite: "Strict" },
        {
          name: "cc-refresh",
          path: "/api/session",
          httpOnly: true,
          sameSite: "Strict",
        },
      ],
    );
  });
});

test("who is signed in is not asked again", async () => {
  await inPage({}, async (page) => {
    await page.goto(`${URL_}/login.html`);
    await fill(page, EMAIL, PASSWORD);
    await page.waitForURL(isPage);
    await page.waitForSelector(".call");
    await page.goto(`${URL_}/login.html`);
    await page.waitForURL(isPage);
    await page.waitForSelector(".call");
  });
});

test("signing out ends the session, also for the page behind", async () => {
  await signedIn({ own: true }, {}, async (page, watch) => {
    await page.waitForSelector(".call");
    await page.click('[popovertarget="account-menu"]');
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL(/login\.html/);
    watch.allow(/401/);
    const answer = await page.request.get(`${URL_}/api/session`);
    assert.equal(answer.status(), 401);
    await page.goto(pageUrl());
    await page.waitForURL(/login\.html\?next=/);
    assert.equal(await page.locator(".call").count(), 0);
  });
});

test("a link to a company of others shows only that there is no access", async () => {
  await signedIn(
    {},
    { companyId: OTHER_COMPANY, tab: "calls" },
    async (page) => {
      assert.equal(
        await textOf(page.getByRole("alert")),
        "You do not have access to this company.",
      );
      assert.equal(await page.locator(".call").count(), 0);
      await page.locator(".chooser a").first().click();
      await page.waitForSelector(".call");
      assert.match(page.url(), new RegExp(`companyId=${COMPANY}`));
    },
  );
});

test("a session that ends during work is renewed in place", async () => {
  await signedIn({}, {}, async (page, watch) => {
    const row = page.locator(".call h3 a").first();
    await row.waitFor();
    watch.allow(/401/);
    await page.context().clearCookies();
    const callId = await row.getAttribute("data-call");
    await row.click();
    const field = page.locator("#again-password");
    await field.waitFor();
    assert.equal(await focused(page), "again-password");
    await page.keyboard.press("Escape");
    assert.ok(await field.isVisible(), "there is no way around it");
    await field.fill("not the password");
    await page.keyboard.press("Enter");
    await page.locator("#again-problem").waitFor();
    await field.fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.locator("dialog .headline").waitFor();
    assert.equal(await field.count(), 0);
    assert.equal(new URL(page.url()).searchParams.get("call"), callId);
  });
});
