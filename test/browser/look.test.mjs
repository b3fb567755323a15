// What every screen owes its readers: no accessibility problem that axe-core
// knows, in light and dark, on desktop and phone, and no sideways scrolling
// down to 320 px.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import {
  DESKTOP,
  inPage,
  listCalls,
  OTHER_COMPANY,
  pageUrl,
  PHONE,
  signedIn,
  URL_,
  useBrowser,
} from "./harness.mjs";

useBrowser();

const AXE = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);

/** The screens: how to get there, and what shows that one is there. */
const SCREENS = {
  "recent calls": { ready: ".call" },
  "a filter": {
    ready: ".call",
    act: (page) => page.click('[popovertarget="status-filter"]'),
  },
  "the date range": {
    ready: ".call",
    act: (page) => page.click('[popovertarget="date-filter"]'),
  },
  "more filters": {
    ready: ".call",
    act: async (page) => {
      await page.keyboard.press("/");
      await page.waitForSelector("#more-filter:popover-open");
    },
  },
  "no match": { query: { q: "zzqqxx nothing" }, ready: ".empty" },
  "longest first": { query: { sort: "longest" }, ready: ".call" },
  "a call": { call: true, ready: "dialog .turn" },
  "details of a call": {
    call: true,
    query: { panel: "details" },
    ready: "dialog .headline",
  },
  "notes of a call": {
    call: true,
    query: { panel: "notes" },
    ready: "dialog .part-notes section",
  },
  "a customer": { customer: true, ready: ".record" },
  customers: { query: { tab: "customers" }, ready: ".empty" },
  search: { query: { tab: "search" }, ready: ".empty" },
  analytics: { query: { tab: "analytics" }, ready: ".empty" },
  shortcuts: {
    ready: ".call",
    act: async (page) => {
      await page.keyboard.press("?");
      await page.waitForSelector(".keylist");
    },
  },
  "the account menu": {
    ready: ".call",
    act: (page) => page.click('[popovertarget="account-menu"]'),
  },
  "no access": { query: { companyId: OTHER_COMPANY }, ready: ".chooser" },
};

/** The query of each screen, for calls that there are. */
async function queries() {
  const { calls } = await listCalls({ limit: 50 });
  const row = calls.find((c) => c.turns?.length > 3 && c.caller.customerNumber);
  return Object.entries(SCREENS).map(([name, screen]) => ({
    name,
    screen,
    query: {
      ...screen.query,
      ...(screen.call ? { call: row.callId } : {}),
      ...(screen.customer ? { customer: row.caller.customerNumber } : {}),
    },
  }));
}

/** Goes through all screens in one page, each as a test of its own. */
async function walk(t, options, what, body) {
  const screens = await queries();
  await signedIn(options, {}, async (page) => {
    for (const { name, screen, query } of screens) {
      await t.test(`${name}: ${what}`, async () => {
        await page.goto(pageUrl(query));
        await page.locator(screen.ready).first().waitFor();
        await screen.act?.(page);
        await body(page);
      });
    }
  });
}

async function audit(page) {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    // The page scrolls behind a modal dialog; what is inert is not audited.
    const { violations } = await globalThis.axe.run(document, {
      runOnly: [
        "wcag2a",
        "wcag2aa",
        "wcag21a",
        "wcag21aa",
        "wcag22aa",
        "best-practice",
      ],
    });
    return violations.map(
      (v) =>
        `${v.id}: ${v.help}\n${v.nodes
          .slice(0, 3)
          .map((n) => `  ${n.html.slice(0, 200)}\n  ${n.failureSummary}`)
          .join("\n")}`,
    );
  });
  assert.deepEqual(violations, []);
}

for (const colorScheme of ["light", "dark"]) {
  for (const [device, more] of [
    ["desktop", { viewport: DESKTOP }],
    ["phone", { viewport: PHONE, hasTouch: true, isMobile: true }],
  ]) {
    const options = { colorScheme, bypassCSP: true, ...more };
    test(`sign-in is accessible, ${colorScheme}, ${device}`, () =>
      inPage(options, async (page) => {
        await page.goto(`${URL_}/login.html`);
        await page.click("#go");
        await page.locator("#email-error").waitFor();
        await audit(page);
      }));
    test(`screens are accessible, ${colorScheme}, ${device}`, (t) =>
      walk(t, options, `accessible, ${colorScheme}, ${device}`, audit));
  }
}

/** Elements that stick out of the window sideways, if it scrolls. */
const overflow = (page) =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const boxes = [
      document.documentElement,
      ...document.querySelectorAll("dialog[open]"),
    ];
    return boxes.flatMap((box) =>
      box.scrollWidth > box.clientWidth
        ? [
            `${box.tagName} ${box.scrollWidth} > ${box.clientWidth}`,
            ...[...box.querySelectorAll("*")]
              .filter((e) => e.getBoundingClientRect().right > width + 1)
              .slice(0, 5)
              .map((e) => `  ${e.tagName}.${e.getAttribute("class")}`),
          ]
        : [],
    );
  });

test("no screen scrolls sideways from 320 px up", (t) =>
  walk(t, {}, "no sideways scrolling", async (page) => {
    for (const width of [320, 390, 600, 768, 960, 1024, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      assert.deepEqual(await overflow(page), [], `at ${width} px`);
    }
  }));

test("sign-in: no sideways scrolling from 320 px up", () =>
  inPage({ viewport: { width: 320, height: 640 } }, async (page) => {
    await page.goto(`${URL_}/login.html`);
    for (const width of [320, 390, 768, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      assert.deepEqual(await overflow(page), [], `at ${width} px`);
    }
  }));
