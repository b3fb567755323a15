// One call: opened, read, gone on from, closed. One customer, opened from it.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  api,
  COMPANY,
  focused,
  listCalls,
  PHONE,
  postCall,
  shownName,
  signedIn,
  textOf,
  until,
  useBrowser,
} from "./harness.mjs";

useBrowser();

const getCall = async (callId) =>
  (await api(`call-history/${COMPANY}/${callId}`)).call;

/** A call of the first page in which somebody spoke. */
async function spoken(query = {}) {
  const { calls } = await listCalls({ limit: 50, ...query });
  return calls.find((c) => c.turns?.length > 3 && c.caller.customerNumber);
}

const collapse = (text) => text.replace(/\s+/g, " ").trim();
const callOf = (page) => new URL(page.url()).searchParams.get("call");

test("the newest call opens, its transcript is read, J and K go on, Escape gives the focus back", async () => {
  await signedIn({}, {}, async (page) => {
    const links = page.locator(".call h3 a");
    await links.first().waitFor();
    const ids = await links.evaluateAll((a) => a.map((e) => e.dataset.call));
    await links.first().click();
    const dialog = page.locator("dialog.sheet");
    await dialog.locator(".headline").waitFor();
    assert.equal(callOf(page), ids[0]);
    assert.equal(await focused(page), "call-title");

    for (const [key, id] of [
      ["j", ids[1]],
      ["j", ids[2]],
      ["k", ids[1]],
    ]) {
      await page.keyboard.press(key);
      await until(`${key} opens ${id}`, async () => callOf(page) === id);
      const call = await getCall(id);
      const texts = (call.transcript ?? []).map((t) => collapse(t.text));
      await until("its transcript is there", async () => {
        const shown = await dialog.locator(".turn p").allInnerTexts();
        return JSON.stringify(shown.map(collapse)) === JSON.stringify(texts);
      });
      assert.equal(await textOf(dialog.locator("h1 bdi")), shownName(call));
    }
    assert.match(await textOf(dialog.locator(".pos")), /^2 of [\d,]+$/);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    assert.equal(await focused(page), ids[1], "the row that was read last");
    assert.equal(callOf(page), null);
    await page.goForward();
    await dialog.locator(".headline").waitFor();
    await page.goBack();
    await dialog.waitFor({ state: "hidden" });
  });
});

test("J at the end of a page loads the next", async () => {
  await signedIn({}, {}, async (page) => {
    const links = page.locator(".call h3 a");
    await links.first().waitFor();
    const { calls, pagination } = await listCalls({ limit: 50 });
    const next = await listCalls({ limit: 50, after: pagination.nextCursor });
    await links.nth(49).click();
    await page.locator("dialog .headline").waitFor();
    assert.equal(callOf(page), calls[49].callId);
    await page.keyboard.press("j");
    await until(
      "the first of the next page",
      async () => callOf(page) === next.calls[0].callId,
    );
  });
});

test("a link to a call opens it, at its second, over the list of the link", async () => {
  const row = await spoken();
  const call = await getCall(row.callId);
  const turn = call.turns[2];
  const t = Math.ceil(turn[1] / 1000);
  await signedIn({}, { call: row.callId, t: String(t) }, async (page) => {
    const dialog = page.locator("dialog.sheet");
    await dialog.locator(".headline").waitFor();
    const current = dialog.locator('.turn[aria-current="true"] p');
    assert.equal(
      collapse(await current.innerText()),
      collapse(call.transcript[2].text),
    );
    await page.locator(".call").first().waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    assert.equal(new URL(page.url()).searchParams.get("t"), null);
  });
});

test("the ribbon and the times jump in the transcript", async () => {
  const row = await spoken();
  const call = await getCall(row.callId);
  await signedIn({}, { call: row.callId }, async (page) => {
    const dialog = page.locator("dialog.sheet");
    await dialog.locator(".headline").waitFor();
    const slider = dialog.getByRole("slider");
    const currentIndex = () =>
      dialog
        .locator(".turn")
        .evaluateAll((t) =>
          t.findIndex((e) => e.getAttribute("aria-current") === "true"),
        );
    await slider.focus();
    await page.keyboard.press("End");
    const last = await currentIndex();
    assert.equal(last, call.transcript.length - 1);
    assert.match(
      await slider.getAttribute("aria-valuetext"),
      /^(\d+ minutes? )?\d+ seconds? of /,
    );
    await until("the address says the second", async () =>
      new URL(page.url()).searchParams.has("t"),
    );
    await page.keyboard.press("Home");
    assert.ok((await currentIndex()) <= 0);
    const box = await slider.boundingBox();
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    const half = Math.round(
      Math.max(row.durationSeconds, call.turns.at(-1)[2] / 1000) / 2,
    );
    const now = Number(await slider.getAttribute("aria-valuenow"));
    assert.ok(Math.abs(now - half) <= 1, `${now} is the middle`);
    await page.keyboard.press("]");
    await page.keyboard.press("]");
    await page.keyboard.press("[");
    await dialog.locator(".turn button").nth(1).click();
    assert.equal(await currentIndex(), 1);
  });
});

test("words are found in the transcript, one after the other", async () => {
  const row = await spoken();
  const call = await getCall(row.callId);
  const word = call.transcript
    .flatMap((t) => t.text.match(/\p{L}{5,}/gu) ?? [])
    .at(-1);
  const times = call.transcript
    .map((t) => t.text.toLowerCase().split(word.toLowerCase()).length - 1)
    .reduce((a, b) => a + b);
  await signedIn({}, { call: row.callId }, async (page) => {
    const dialog = page.locator("dialog.sheet");
    const field = dialog.getByRole("searchbox", { name: "Find in transcript" });
    await field.waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type(word.toUpperCase());
    assert.equal(await field.inputValue(), word.toUpperCase());
    const hits = dialog.locator(".hits");
    assert.equal(await textOf(hits), `1 of ${times}`);
    assert.equal(await dialog.locator("mark[data-hit]").count(), 1);
    await field.press("Shift+Enter");
    assert.equal(await textOf(hits), `${times} of ${times}`);
    await field.fill("zzqqxx");
    assert.equal(await textOf(hits), "Not found");
    await field.fill("");
    assert.equal(await dialog.locator("mark").count(), 0);
  });
});

test("the panels say what the record says", async () => {
  const { calls } = await listCalls({ limit: 100 });
  const row = calls.find((c) => c.analysis?.routingTier && c.outcome.result);
  const call = await getCall(row.callId);
  await signedIn({}, { call: row.callId }, async (page) => {
    const side = page.locator(".sheet-side");
    await side.locator(".headline").waitFor();
    assert.equal(await textOf(side.locator(".headline")), call.outcome.result);
    const text = collapse(await side.innerText());
    assert.ok(text.includes(`Tier ${call.analysis.routingTier}`));
    assert.ok(text.includes("How it was handled"));
    if (call.analysis.intentConfidence != null) {
      assert.ok(
        text.includes(`${Math.round(call.analysis.intentConfidence * 100)}%`),
      );
    }
    assert.equal(
      await side.locator(".steps li").count(),
      (call.actions ?? []).length,
    );
    assert.ok(
      text.includes(call.review?.reviewed ? "Reviewed" : "Not reviewed"),
    );
  });
});

test("what opens a door is masked until an administrator asks for it", async () => {
  const { callId } = await postCall({
    caller: { phone: "+13055551997", name: "Gina Gate" },
    captured: {
      accessInstructions: {
        gateCode: "#2468",
        keyLocation: "Under the blue pot",
      },
    },
  });
  await signedIn({}, { call: callId }, async (page) => {
    const side = page.locator(".sheet-side");
    const show = side.getByRole("button", { name: "Show gate code" });
    await show.waitFor();
    assert.doesNotMatch(await page.content(), /#2468|blue pot/);
    await show.click();
    const hide = side.getByRole("button", { name: "Hide gate code" });
    await hide.waitFor();
    assert.ok((await side.innerText()).includes("#2468"));
    assert.ok(!(await side.innerText()).includes("blue pot"), "only the one");
    await hide.click();
    await show.waitFor();
    assert.doesNotMatch(await page.content(), /#2468|blue pot/);
  });
});

test("a call that is not there is said to be missing", async () => {
  await signedIn({}, {}, async (page, watch) => {
    watch.allow(/404/);
    await page.goto(
      `${page.url().split("?")[0]}?companyId=${COMPANY}&call=call_1_nosuchcall`,
    );
    await page.getByRole("heading", { name: "No such call" }).waitFor();
    await page.getByRole("button", { name: "Back to the list" }).click();
    await page.locator("dialog.sheet").waitFor({ state: "hidden" });
    await page.locator(".call").first().waitFor();
  });
});

test("all notes of a call are shown, the latest first", async () => {
  const { calls } = await listCalls({ limit: 50 });
  const { callId } = calls.find((c) => c.turns?.length > 3);
  const path = `call-history/${COMPANY}/${callId}`;
  for (const text of ["rang twice <b>", "second thoughts"])
    await api(
      `${path}/note`,
      {},
      { method: "POST", body: JSON.stringify({ text }) },
    );
  const { notes } = await getCall(callId);
  await signedIn({}, { call: callId }, async (page) => {
    const shown = page.locator("dialog.sheet .note p");
    await shown.first().waitFor();
    assert.deepEqual(
      (await shown.allInnerTexts()).map(collapse),
      notes.map((note) => collapse(note.text)),
    );
    assert.deepEqual(
      notes.slice(0, 2).map((note) => note.text),
      ["second thoughts", "rang twice <b>"],
    );
  });
});

test("on a phone the call is a page with three tabs", async () => {
  const row = await spoken();
  await signedIn(
    { viewport: PHONE, hasTouch: true, isMobile: true },
    { call: row.callId },
    async (page) => {
      const dialog = page.locator("dialog.sheet");
      await dialog.locator(".turn").first().waitFor();
      const box = await dialog.boundingBox();
      assert.equal(box.width, PHONE.width);
      await dialog.getByRole("tab", { name: "Details" }).click();
      await dialog.locator(".headline").waitFor();
      assert.equal(await dialog.locator(".script").isVisible(), false);
      await page.keyboard.press("ArrowRight");
      await page.waitForURL(/panel=notes/);
      assert.ok(
        await dialog.getByRole("heading", { name: "Notes" }).isVisible(),
      );
      await dialog.getByRole("button", { name: "Back to calls" }).click();
      await dialog.waitFor({ state: "hidden" });
    },
  );
});

test("the customer is opened from a call, with their calls", async () => {
  const row = await spoken();
  const { customer } = await api(
    `customers/${COMPANY}/${row.caller.customerNumber}`,
  );
  await signedIn({}, { call: row.callId }, async (page) => {
    const dialog = page.locator("dialog.sheet");
    await dialog.locator(".headline").waitFor();
    await page.keyboard.press("c");
    await page.waitForURL(/customer=CUST-/);
    await dialog.waitFor({ state: "hidden" });
    const main = page.locator("main");
    await main.locator(".record").waitFor();
    assert.equal(await textOf(main.locator("h1 bdi")), customer.fullName);
    assert.ok((await main.innerText()).includes(customer.phoneDisplay));
    assert.ok((await main.innerText()).includes(customer.customerId));
    const ids = await main
      .locator(".tl a")
      .evaluateAll((a) => a.map((e) => e.dataset.call));
    assert.deepEqual(
      ids,
      customer.callHistory.map((c) => c.callId),
    );
    await main.locator(".tl a").first().click();
    await dialog.locator(".headline").waitFor();
    assert.match(
      await textOf(dialog.locator(".pos")),
      new RegExp(`^1 of ${Math.max(customer.stats.totalCalls, ids.length)}$`),
    );
    if (ids.length > 1) {
      await page.keyboard.press("j");
      await until(
        "the next call of this customer",
        async () => callOf(page) === ids[1],
      );
    }
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await page.goBack();
    await dialog.locator(".headline").waitFor();
    assert.equal(callOf(page), row.callId, "back is where it began");
  });
});

test("a customer who must not be contacted is marked in the list and in a call", async () => {
  const call = await postCall({
    caller: { phone: "+13055550188", name: "Nora Quiet" },
  });
  const customer = `customers/${COMPANY}/${call.caller.customerNumber}`;
  const mark = (status) =>
    api(customer, {}, { method: "PATCH", body: JSON.stringify({ status }) });
  const chips = (place) => place.getByText("Do not contact", { exact: true });
  await mark("do_not_contact");
  await signedIn({}, { call: call.callId }, async (page) => {
    const dialog = page.locator("dialog.sheet");
    await dialog.locator(".headline").waitFor();
    assert.equal(await chips(dialog.locator("h1")).count(), 1);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    const row = page.locator(".call").filter({ hasText: "Nora Quiet" });
    assert.equal(await chips(row.first()).count(), 1);
    await mark("lead");
    await page.reload();
    await row.first().waitFor();
    assert.equal(await chips(row.first()).count(), 0);
  });
});

test("an unknown customer is said to be missing", async () => {
  await signedIn({}, { tab: "customers" }, async (page, watch) => {
    watch.allow(/404/);
    await page.goto(
      `${page.url().split("?")[0]}?companyId=${COMPANY}&customer=CUST-99999`,
    );
    await page.getByRole("heading", { name: "No such customer" }).waitFor();
  });
});
