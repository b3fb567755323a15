// What the browser tests stand on: one Chromium a file, a fresh profile for
// each test, and a watch on every page. A console error, a page error, a
// failed request, an answer of 400 or more, or a violation of the content
// security policy fails the test in which it happens, unless the test has said
// before that it provokes just that. Tests run against the real server with
// its demo data; what they expect they ask from its API.
//
// Needs the settings of $CALLCENTER_VAR/env.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before } from "node:test";
import { chromium } from "playwright-core";

function setting(name) {
  const value = process.env[name];
  assert.ok(
    value,
    `${name} is not set: source the env file of a running server`,
  );
  return value;
}

export const URL_ = setting("CALLCENTER_URL").replace(/\/$/, "");
export const COMPANY = setting("CALLCENTER_COMPANY");
export const OTHER_COMPANY = setting("CALLCENTER_OTHER_COMPANY");
export const EMAIL = setting("CALLCENTER_EMAIL");
export const PASSWORD = setting("CALLCENTER_PASSWORD");
const TOKEN = setting("CALLCENTER_TOKEN");

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

let browser;

/** Starts and stops the browser of a test file. */
export function useBrowser() {
  before(async () => {
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  });
  after(() => browser?.close());
}

/** The address of the page for a query. */
export const pageUrl = (query = {}) =>
  `${URL_}/call-center.html?${new URLSearchParams({ companyId: COMPANY, ...query })}`;

/**
 * Runs a test in a page of its own.
 * @param {object} options of the browser context
 * @param {(page: import("playwright-core").Page, watch: { allow(pattern: RegExp): void }) => Promise<void>} body
 *   allow() names a problem that the test provokes on purpose
 */
export async function inPage(options, body) {
  const context = await browser.newContext({
    viewport: DESKTOP,
    reducedMotion: "reduce",
    locale: "en-US",
    timezoneId: "America/Los_Angeles",
    ...options,
  });
  context.setDefaultTimeout(15_000);
  const problems = [];
  const allowed = [];
  const report = (problem) => {
    if (!allowed.some((pattern) => pattern.test(problem))) {
      problems.push(problem);
    }
  };
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) =>
      console.error(
        `policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
      ),
    );
  });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      report(`console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => report(`page error: ${error.stack}`));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "";
    // The page itself gives up a question that is no longer asked.
    if (reason !== "net::ERR_ABORTED") {
      report(`request failed: ${request.url()} ${reason}`);
    }
  });
  page.on("response", (response) => {
    if (response.status() >= 400) {
      report(`answer ${response.status()}: ${response.url()}`);
    }
  });
  try {
    await body(page, {
      allow: (pattern) => {
        allowed.push(pattern);
      },
    });
    assert.deepEqual(problems, [], "the page stayed quiet");
  } catch (error) {
    if (problems.length) {
      error.message += `\nthe page said:\n${problems.join("\n")}`;
    }
    throw error;
  } finally {
    await context.close();
  }
}

/** The session that the tests of a file share, as a cookie. */
let session;

/**
 * A page of somebody who is signed in, at a query.
 * @param {object} options of the browser context; own: a session of its own
 */
export async function signedIn({ own = false, ...options }, query, body) {
  await inPage(options, async (page, watch) => {
    if (session && !own) {
      await page.context().addCookies(session);
    } else {
      const answer = await page.request.post(`${URL_}/api/session`, {
        data: { email: EMAIL, password: PASSWORD },
      });
      assert.equal(answer.status(), 200, "sign-in by the API");
      if (!own) {
        session = await page.context().cookies();
      }
    }
    await page.goto(pageUrl(query));
    await page.waitForSelector("main h1");
    await body(page, watch);
  });
}

/** Asks the API what the page is expected to show. */
export async function api(path, query = {}, init = {}) {
  const url = `${URL_}/api/admin/${path}?${new URLSearchParams(query)}`;
  const response = await fetch(url, {
    ...init,
    headers: {
      Authorization: `Bearer ${TOKEN}`,
      "Content-Type": "application/json",
      ...init.headers,
    },
  });
  const body = await response.json();
  assert.ok(
    response.ok,
    `${init.method ?? "GET"} ${url}: ${response.status} ${JSON.stringify(body)}`,
  );
  return body;
}

/** list_calls of the demo company. */
export const listCalls = (query) => api(`call-history/${COMPANY}`, query);

/** Logs a call, as LLM-0 does when one ends. */
export async function postCall(fields) {
  const now = Date.now();
  const { call } = await api(
    `call-history/${COMPANY}`,
    {},
    {
      method: "POST",
      body: JSON.stringify({
        callId: `call_${now}_${randomBytes(4).toString("hex")}`,
        startedAt: new Date(now - 60_000).toISOString(),
        endedAt: new Date(now - 1000).toISOString(),
        outcome: { status: "completed", result: "Message taken" },
        ...fields,
      }),
    },
  );
  return call;
}

/** The element that has the focus, as a short text. */
export const focused = (page) =>
  page.evaluate(() => {
    const e = document.activeElement;
    return e instanceof HTMLElement
      ? (e.dataset.call ?? e.id ?? "") || e.tagName.toLowerCase()
      : "";
  });

/** How the page writes the name of a caller: nothing turns its direction. */
export const shownName = (call) =>
  (call.caller.name ?? "Unknown caller")
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, "")
    .replace(/\s+/g, " ");

/** What an element says, without runs of white space. */
export async function textOf(locator) {
  return (await locator.innerText()).replace(/\s+/g, " ").trim();
}

/** Waits until a condition of this process holds. */
export async function until(what, condition) {
  const end = Date.now() + 15_000;
  for (;;) {
    if (await condition()) {
      return;
    }
    assert.ok(Date.now() < end, `in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until the list is the answer to what was asked last, with a total. */
export async function shows(page, total) {
  const words = `${total.toLocaleString("en-US")} call${total === 1 ? "" : "s"}`;
  await until(`the list of ${words}`, async () =>
    page.evaluate(
      (words) =>
        document.querySelector(".filters .end span")?.textContent.trim() ===
          words && !document.querySelector('main [aria-busy="true"]'),
      words,
    ),
  );
}
