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

/**
 * The screens: how to get there, and what shows that one is there. What lies
 * over the list names its own part of the page: only that is audited anew.
 */
const SCREENS = {
  "recent calls": { ready: ".call" },
  "a filter": {
    over: "#status-filter",
    act: (page) => page.click('[popovertarget="status-filter"]'),
  },
  "the date range": {
    over: "#date-filter",
    act: (page) => page.click('[popovertarget="date-filter"]'),
  },
  "more filters": {
    over: "#more-filter",
    act: (page) => page.keyboard.press("/"),
  },
  "the account menu": {
    over: "#account-menu",
    act: (page) => page.click('[popovertarget="account-menu"]'),
  },
  shortcuts: {
    over: "dialog.dlg-box",
    act: (page) => page.keyboard.press("?"),
  },
  "no match": { query: { q: "zzqqxx nothing" }, ready: ".empty" },
  "longest first": { query: { sort: "longest" }, ready: ".call" },
  "a call": { call: true, ready: "dialog .turn", part: "dialog.sheet" },
  "details of a call": {
    call: true,
    query: { panel: "details" },
    ready: "dialog .headline",
    part: "dialog.sheet",
  },
  "notes of a call": {
    call: true,
    query: { panel: "notes" },
    ready: "dialog .part-notes section",
    part: "dialog.sheet",
  },
  "a customer": { customer: true, ready: ".record" },
  customers: { query: { tab: "customers" }, ready: ".empty" },
  search: { query: { tab: "search" }, ready: ".empty" },
  analytics: { query: { tab: "analytics" }, ready: ".empty" },
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
        if (screen.over) {
          // Over the screen before, which is left as it was.
          await screen.act(page);
          await page.locator(screen.over).waitFor();
        } else {
          await page.goto(pageUrl(query));
          await page.locator(screen.ready).first().waitFor();
        }
        await body(page, screen.over ?? screen.part);
        if (screen.over) {
          await page.keyboard.press("Escape");
          await page.locator(screen.over).waitFor({ state: "hidden" });
        }
      });
    }
  });
}

/** Audits a page, or a part of it, in light and dark. */
async function audit(page, part) {
  if (!(await page.evaluate(() => "axe" in globalThis))) {
    await page.evaluate(AXE);
  }
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // To their end, not waited for: where no frame is drawn, none ever ends.
    await page.evaluate(() => {
      for (const animation of document.getAnimations()) {
        if (animation.effect.getComputedTiming().endTime === Infinity) {
          animation.cancel();
        } else {
          animation.finish();
        }
      }
    });
    const violations = await page.evaluate(async (part) => {
      const { violations } = await globalThis.axe.run(part ?? document, {
        resultTypes: ["violations"],
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
    }, part);
    assert.deepEqual(violations, [], colorScheme);
  }
}

for (const [device, more] of [
  ["desktop", { viewport: DESKTOP }],
  ["phone", { viewport: PHONE, hasTouch: true, isMobile: true }],
]) {
  const options = { bypassCSP: true, ...more };
  test(`sign-in is accessible in light and dark, ${device}`, () =>
    inPage(options, async (page) => {
      await page.goto(`${URL_}/login.html`);
      await page.click("#go");
      await page.locator("#email-error").waitFor();
      await audit(page);
    }));
  test(`screens are accessible in light and dark, ${device}`, (t) =>
    walk(t, options, `accessible, ${device}`, audit));
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
