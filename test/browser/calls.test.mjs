// Recent calls: rows, views, filters, paging, new calls, hostile text.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  COMPANY,
  focused,
  listCalls,
  pageUrl,
  postCall,
  shownName,
  shows,
  signedIn,
  textOf,
  until,
  useBrowser,
} from "./harness.mjs";

useBrowser();

const names = (page) =>
  page
    .locator(".call h3 a")
    .evaluateAll((links) => links.map((a) => a.dataset.call));

test("the newest calls stand first, as the server tells them", async () => {
  const { calls, pagination } = await listCalls({ limit: 50 });
  await signedIn({}, {}, async (page) => {
    await page.waitForSelector(".call");
    assert.deepEqual(
      (await names(page)).slice(0, calls.length),
      calls.map((c) => c.callId),
    );
    const first = calls[0];
    const row = page.locator(".call").first();
    assert.equal(await textOf(row.locator("h3 bdi")), shownName(first));
    assert.ok(
      (await textOf(row.locator(".who"))).includes(first.caller.phoneDisplay),
    );
    assert.equal(
      await row.locator("time").getAttribute("datetime"),
      first.startedAt,
    );
    await shows(page, pagination.total);
  });
});

test("calls stand under the days of the company, whose totals are whole", async () => {
  const { calls } = await listCalls({ limit: 50 });
  await signedIn({}, {}, async (page) => {
    await page.waitForSelector(".call");
    const day = calls[0].day;
    const ofDay = await listCalls({ startDate: day, endDate: day, limit: 1 });
    if (ofDay.pagination.total < 50) {
      const sum = await textOf(page.locator(".day .sum").first());
      assert.match(sum, new RegExp(`\\b${ofDay.pagination.total} calls?\\b`));
    }
  });
});

test("each view is a question with its own total", async () => {
  const views = {
    "All calls": {},
    "Not reviewed": { reviewed: false },
    "Needs follow-up": { followUp: true },
    Emergencies: { urgency: "emergency" },
    Flagged: { flagged: true },
    Voicemail: { status: "voicemail" },
  };
  await signedIn({}, {}, async (page) => {
    const side = page.getByRole("navigation", { name: "Views" });
    await until(
      "all totals are there",
      async () =>
        (await side.locator(".n").count()) === Object.keys(views).length,
    );
    for (const [name, query] of Object.entries(views)) {
      const { pagination } = await listCalls({ ...query, limit: 1 });
      const link = side.getByRole("link", { name });
      assert.equal(
        await textOf(link),
        `${name} ${pagination.total.toLocaleString("en-US")}`,
      );
    }
    await side.getByRole("link", { name: "Voicemail" }).click();
    await until(
      "the view is open",
      async () => (await textOf(page.locator("main h1"))) === "Voicemail",
    );
    const { pagination } = await listCalls({ status: "voicemail", limit: 1 });
    await shows(page, pagination.total);
    const shown = await page.locator(".call .st").allTextContents();
    assert.ok(shown.every((text) => text.trim() === "Voicemail"));
  });
});

test("filters ask the server, live in the address, and are undone by one link", async () => {
  await signedIn({}, {}, async (page) => {
    await page.waitForSelector(".call");
    await page.click('[popovertarget="status-filter"]');
    await page.getByLabel("Transferred").check();
    await page.getByLabel("Abandoned").check();
    await page.keyboard.press("Enter");
    await page.waitForURL(/status=transferred,abandoned/);
    const { pagination } = await listCalls({
      status: "transferred,abandoned",
      limit: 1,
    });
    await shows(page, pagination.total);
    const shown = new Set(
      (await page.locator(".call .st").allTextContents()).map((t) => t.trim()),
    );
    assert.ok(
      [...shown].every((t) => ["Transferred", "Abandoned"].includes(t)),
    );

    await page.click('[popovertarget="tier-filter"]');
    await page.getByLabel("Tier 2, semantic").check();
    await page.mouse.click(720, 500); // closing a filter applies it
    await page.waitForURL(/tier=2/);

    await page.getByRole("link", { name: "Clear filters" }).click();
    await page.waitForURL((url) => !url.search.includes("status"));
    assert.equal(page.url(), pageUrl());
    await page.goBack();
    await page.waitForURL(/status=transferred,abandoned&tier=2/);
  });
});

test("Escape leaves a filter as it was", async () => {
  await signedIn({}, {}, async (page) => {
    await page.waitForSelector(".call");
    await page.click('[popovertarget="status-filter"]');
    await page.getByLabel("Spam").check();
    await page.keyboard.press("Escape");
    await page.locator("#status-filter").waitFor({ state: "hidden" });
    assert.equal(page.url(), pageUrl());
    await page.click('[popovertarget="status-filter"]');
    assert.equal(await page.getByLabel("Spam").isChecked(), false);
  });
});

test("intents and dates narrow the list", async () => {
  const { calls } = await listCalls({ limit: 100 });
  const intent = calls.find((c) => c.analysis?.primaryIntent).analysis
    .primaryIntent;
  await signedIn({}, {}, async (page) => {
    await page.waitForSelector(".call");
    await page.click('[popovertarget="intent-filter"]');
    await page.locator(`#intent-filter input[value="${intent}"]`).check();
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.searchParams.get("intent") === intent);
    await page.click('[popovertarget="date-filter"]');
    await page.getByRole("link", { name: "Last 12 months" }).click();
    await page.waitForURL(/period=year/);

    const { day } = calls.at(-1);
    await page.click('[popovertarget="date-filter"]');
    await page.getByLabel("From").fill(day);
    await page.getByLabel("To", { exact: true }).fill(day);
    await page.getByRole("button", { name: "Apply" }).click();
    await page.waitForURL(new RegExp(`from=${day}&to=${day}`));
    const { pagination } = await listCalls({
      intent,
      startDate: day,
      endDate: day,
      limit: 1,
    });
    await shows(page, pagination.total);
  });
});

test("words are found, and a filter without calls says so", async () => {
  const { calls } = await listCalls({ limit: 50 });
  const { name } = calls.find((c) =>
    /^[\p{L}]+ [\p{L}]+$/u.test(c.caller.name ?? ""),
  ).caller;
  await signedIn({}, {}, async (page) => {
    await page.waitForSelector(".call");
    await page.keyboard.press("/");
    assert.equal(await focused(page), "more-q");
    await page.keyboard.type(name);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.searchParams.get("q") === name);
    const { pagination } = await listCalls({ q: name, limit: 1 });
    assert.ok(pagination.total > 0);
    await shows(page, pagination.total);

    await page.goto(pageUrl({ q: "zzqqxx no such words" }));
    await page
      .getByRole("heading", { name: "No calls match these filters" })
      .waitFor();
    await page.locator(".empty a").click();
    await page.locator(".call").first().waitFor();
  });
});

test("the list is sorted as asked", async () => {
  for (const sort of ["oldest", "longest"]) {
    const { calls } = await listCalls({ sort, limit: 50 });
    await signedIn({}, {}, async (page) => {
      await page.waitForSelector(".call");
      await page.click('[popovertarget="sort-menu"]');
      await page
        .getByRole("menuitemradio", { name: new RegExp(sort, "i") })
        .click();
      await page.waitForURL(new RegExp(`sort=${sort}`));
      await until(`${sort} first`, async () => {
        const shown = await names(page);
        return shown[0] === calls[0].callId;
      });
    });
  }
});

test("three pages come by scrolling, the next by a button, and back finds them again", async () => {
  const { pagination } = await listCalls({ limit: 50 });
  assert.ok(pagination.total > 200, "the demo data have more than four pages");
  await signedIn({}, {}, async (page) => {
    const rows = page.locator(".call h3 a");
    await rows.first().waitFor();
    const bottom = () =>
      page.evaluate(() => scrollTo({ top: document.body.scrollHeight }));
    await until("150 rows are there", async () => {
      await bottom();
      return (await rows.count()) === 150;
    });
    assert.match(
      await textOf(page.locator(".more")),
      /^150 of [\d,]+ shown Show more$/,
    );
    await bottom();
    await page.getByRole("button", { name: "Show more" }).click();
    await until("200 rows are there", async () => (await rows.count()) === 200);
    assert.equal(
      new Set(await names(page)).size,
      200,
      "no call stands there twice",
    );
    const expected = [];
    for (let after; expected.length < 200;) {
      const answer = await listCalls({
        limit: 50,
        ...(after ? { after } : {}),
      });
      expected.push(...answer.calls.map((c) => c.callId));
      after = answer.pagination.nextCursor;
    }
    assert.deepEqual(await names(page), expected);

    const at = await page.evaluate(() => {
      scrollTo({ top: 6000 });
      return scrollY;
    });
    await page.evaluate(
      () =>
        new Promise((done) =>
          requestAnimationFrame(() => requestAnimationFrame(done)),
        ),
    );
    await page.keyboard.press("g");
    await page.keyboard.press("a");
    await page.getByRole("heading", { name: "Analytics", level: 1 }).waitFor();
    await page.goBack();
    await until("the rows are back", async () => (await rows.count()) === 200);
    await until(
      "the place is found again",
      async () => Math.abs((await page.evaluate(() => scrollY)) - at) < 200,
    );

    await page.reload();
    await until(
      "the rows are back after a reload",
      async () => (await rows.count()) >= 200,
    );
    await until(
      "the place is found again after a reload",
      async () => Math.abs((await page.evaluate(() => scrollY)) - at) < 400,
    );
  });
});

test("the keyboard walks through the calls and opens them", async () => {
  await signedIn({}, {}, async (page) => {
    await page.waitForSelector(".call");
    const ids = await names(page);
    await page.keyboard.press("j");
    assert.equal(await focused(page), ids[0]);
    await page.keyboard.press("j");
    await page.keyboard.press("ArrowDown");
    assert.equal(await focused(page), ids[2]);
    await page.keyboard.press("k");
    assert.equal(await focused(page), ids[1]);
    await page.keyboard.press("Enter");
    await page.locator("dialog .headline").waitFor();
    assert.equal(new URL(page.url()).searchParams.get("call"), ids[1]);
  });
});

test("single-key shortcuts can be switched off, and stay off", async () => {
  await signedIn({}, {}, async (page) => {
    await page.waitForSelector(".call");
    await page.keyboard.press("?");
    await page.getByRole("switch", { name: "Single-key shortcuts" }).uncheck();
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    assert.equal(await page.locator(".call :focus").count(), 0);
    await page.reload();
    await page.waitForSelector(".call");
    await page.keyboard.press("j");
    assert.equal(await page.locator(".call :focus").count(), 0);
    await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
    await page.getByRole("switch").check();
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    assert.equal(await page.locator(".call :focus").count(), 1);
  });
});

test("a call that is logged is announced, and shown on request", async () => {
  await signedIn({}, {}, async (page) => {
    await page.waitForSelector(".call");
    const before = await names(page);
    const call = await postCall({
      caller: { phone: "+13055551999", name: "Wanda Newcall" },
      captured: { problemDescription: "The unit hums and does not start." },
      analysis: { primaryIntent: "SERVICE_QUESTION", routingTier: 1 },
    });
    // What coming back to the window does.
    await page.evaluate(() =>
      document.dispatchEvent(new Event("visibilitychange")),
    );
    const banner = page.locator(".banner-info");
    await banner.waitFor();
    assert.match(await textOf(banner), /^\d+ new calls? Show$/);
    assert.deepEqual(
      (await names(page)).slice(0, before.length),
      before,
      "nothing moved",
    );
    await banner.getByRole("button", { name: "Show" }).click();
    await until("the call is there", async () =>
      (await names(page)).includes(call.callId),
    );
    const row = page.locator(".call", {
      has: page.locator(`a[data-call="${call.callId}"]`),
    });
    assert.equal(await textOf(row.locator("h3 bdi")), "Wanda Newcall");
    assert.equal(
      await textOf(row.locator(".about p").last()),
      "The unit hums and does not start.",
    );
  });
});

test("hostile text stays text, in the list and in the call", async () => {
  const evil = `<img src=x onerror="globalThis.pwned=1"><script>globalThis.pwned=1</script>`;
  const now = Date.now();
  const call = await postCall({
    caller: { phone: "+13055551998", name: `${evil}\u202etxt.exe` },
    captured: {
      problemDescription: `${evil} \u{1F525}`,
      custom: { "<b>key</b>": evil, constructor: "c", alarmCode: "4711" },
      accessInstructions: { petInfo: evil },
    },
    outcome: { status: "completed", result: evil, followUpNotes: evil },
    actions: [
      {
        type: "note_added",
        status: "failed",
        target: evil,
        timestamp: new Date(now).toISOString(),
      },
    ],
    transcript: [
      {
        speaker: "caller",
        text: `My name is ${evil}`,
        turnNumber: 1,
        timestamp: new Date(now - 50_000).toISOString(),
      },
      {
        speaker: "caller",
        text: "A".repeat(600),
        turnNumber: 2,
        timestamp: new Date(now - 40_000).toISOString(),
      },
      {
        speaker: "agent",
        text: "${alert(1)} {{alert(1)}} javascript:alert(1)",
        turnNumber: 3,
        timestamp: new Date(now - 30_000).toISOString(),
      },
    ],
  });
  await signedIn({}, { call: call.callId }, async (page) => {
    const dialog = page.locator("dialog.sheet");
    await dialog.locator(".headline").waitFor();
    assert.equal(await textOf(dialog.locator(".headline")), evil);
    assert.equal(
      await textOf(dialog.locator("h1 bdi")),
      `${evil}txt.exe`,
      "without the override",
    );
    assert.equal(
      await textOf(dialog.locator(".turn p").first()),
      `My name is ${evil}`,
    );
    const dialogText = await dialog.innerText();
    assert.ok(dialogText.includes("<b>key</b>"), "a custom key is text");
    assert.ok(!dialogText.includes("4711"), "what is called a code is masked");
    await dialog.getByRole("button", { name: "Show alarm code" }).click();
    assert.ok((await dialog.innerText()).includes("4711"));
    await dialog.getByRole("button", { name: "Hide alarm code" }).click();
    assert.ok(!(await dialog.innerText()).includes("4711"));
    await page.keyboard.press("Escape");
    const row = page.locator(".call", {
      has: page.locator(`a[data-call="${call.callId}"]`),
    });
    assert.equal(await textOf(row.locator("h3 bdi")), `${evil}txt.exe`);
    const found = await page.evaluate(() => ({
      pwned: globalThis.pwned,
      images: document.images.length,
      scripts: [...document.scripts].filter((s) => !s.src).length,
    }));
    assert.deepEqual(found, { pwned: undefined, images: 0, scripts: 0 });
  });
});

test("without a connection the page says so and keeps what it has", async () => {
  await signedIn({}, {}, async (page, watch) => {
    await page.waitForSelector(".call");
    watch.allow(/ERR_INTERNET_DISCONNECTED/);
    const before = await names(page);
    await page.context().setOffline(true);
    const banner = page.locator(".banner-warn");
    await banner.waitFor();
    assert.match(
      await textOf(banner),
      /^You are offline\. Showing calls loaded at /,
    );
    assert.deepEqual(await names(page), before);
    await page.locator('nav.views a:has-text("Flagged")').click();
    await page
      .getByRole("heading", { name: "Calls could not be loaded" })
      .waitFor();
    await page.context().setOffline(false);
    await banner.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator(".call, .empty .art:not(.bad)").first().waitFor();
  });
});

test("a slow server gets a skeleton of the same height, a fast one none", async () => {
  await signedIn({}, { tab: "analytics" }, async (page) => {
    let release;
    const held = new Promise((resolve) => {
      release = resolve;
    });
    await page.route("**/api/admin/call-history/**", async (route) => {
      await held;
      await route.continue();
    });
    await page.keyboard.press("g");
    await page.keyboard.press("c");
    const skeleton = page.locator(".sk-call").first();
    await skeleton.waitFor();
    const { height } = await skeleton.boundingBox();
    release();
    await page.locator(".call h3 a").first().waitFor();
    assert.equal(await page.locator(".sk-call").count(), 0);
    const row = await page.locator(".call").first().boundingBox();
    assert.ok(
      Math.abs(row.height - height) <= 2,
      `${row.height} and ${height}`,
    );
  });
});

test("the theme is kept and set before the first paint", async () => {
  await signedIn({ colorScheme: "light" }, {}, async (page) => {
    await page.click('[popovertarget="theme-menu"]');
    await page.getByRole("menuitemradio", { name: "Dark" }).click();
    const theme = () =>
      page.evaluate(() => document.documentElement.dataset.theme);
    assert.equal(await theme(), "dark");
    await page.reload();
    assert.equal(await theme(), "dark");
    await page.waitForSelector(".call");
    await page.click('[popovertarget="theme-menu"]');
    await until("the menu has the focus", () =>
      page.evaluate(
        () => document.activeElement.closest("#theme-menu") !== null,
      ),
    );
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await until(
      "the theme is the system's",
      async () => (await theme()) === undefined,
    );
  });
});

test("menus are used by the keyboard alone", async () => {
  await signedIn({}, {}, async (page) => {
    await page.waitForSelector(".call");
    await page.focus('[popovertarget="sort-menu"]');
    await page.keyboard.press("Enter");
    // The button that opens the menu says what the chosen item says.
    const has = (text, inMenu = true) =>
      until(`the focus is on ${text}`, () =>
        page.evaluate(
          ([text, inMenu]) =>
            document.activeElement.textContent.trim() === text &&
            (document.activeElement.closest("#sort-menu") !== null) === inMenu,
          [text, inMenu],
        ),
      );
    await has("Newest first");
    await page.keyboard.press("ArrowDown");
    await has("Oldest first");
    await page.keyboard.press("End");
    await has("Longest first");
    await page.keyboard.press("Escape");
    await has("Newest first", false);
    await page.locator("#sort-menu").waitFor({ state: "hidden" });
  });
});

test("the title of the window says what is shown", async () => {
  await signedIn({}, { status: "voicemail" }, async (page) => {
    await until("the view is named", async () =>
      (await page.title()).startsWith("Voicemail · "),
    );
    assert.match(await page.title(), / · ClientsVia$/);
    assert.ok(page.url().includes(COMPANY));
  });
});
