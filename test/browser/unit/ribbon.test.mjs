// The geometry of the talk ribbon: TalkRibbon.js.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bars,
  dots,
  lanes,
  shares,
  slide,
  span,
  turnAt,
} from "../../../frontend/js/call-center/TalkRibbon.js";

const TURNS = [
  [1, 0, 2000],
  [0, 2500, 6000],
  [1, 6000, 10_000],
];

test("the ribbon is as long as the call, or as its last turn", () => {
  assert.equal(span(TURNS, 20), 20_000);
  assert.equal(span(TURNS, 5), 10_000);
  assert.equal(span(TURNS, undefined), 10_000);
  assert.equal(span([], undefined), 1);
});

test("each voice has a lane, and no block leaves the box", () => {
  const { caller, agent } = lanes(TURNS, 10, 80);
  assert.equal(caller, "M20 2h27.5v6H20z");
  assert.equal(agent, "M0 10h15.5v6H0zM48 10h31.5v6H48z");
  const late = lanes([[0, 9990, 99_000]], 10, 80);
  const [, x, w] = late.caller.match(/^M([\d.]+) 2h([\d.]+)/).map(Number);
  assert.ok(x >= 0 && x + w <= 80.5);
});

test("an unknown voice is not drawn, a turn without length is", () => {
  assert.deepEqual(lanes([[2, 0, 100]], 1, 80), { caller: "", agent: "" });
  assert.match(lanes([[0, 500, 500]], 1, 80).caller, /h1v6/);
});

test("bars follow the voices through the call", () => {
  const list = bars(TURNS, 10, 100, 10);
  assert.equal(list.length, 10);
  assert.deepEqual(
    list.map((b) => b.who),
    [1, 1, 0, 0, 0, 0, 1, 1, 1, 1],
  );
  assert.deepEqual(
    list.map((b) => b.x),
    [5, 15, 25, 35, 45, 55, 65, 75, 85, 95],
  );
  assert.equal(list[3].ms, 3500);
  assert.equal(bars(TURNS, 10, 400, 10)[8].who, -1, "a pause at 2.1 s");
});

test("nobody spoke: all bars are quiet", () => {
  assert.ok(bars([], 10, 100, 10).every((b) => b.who === -1));
  assert.deepEqual(dots(80, 4), [10, 30, 50, 70]);
});

test("shares of talk add up to one, or are unknown", () => {
  assert.deepEqual(shares(TURNS), { caller: 3500 / 9500, agent: 6000 / 9500 });
  assert.equal(shares([]), null);
  assert.equal(shares([[0, 5, 5]]), null);
  assert.deepEqual(
    shares([
      [0, 9, 5],
      [1, 0, 4],
    ]),
    { caller: 0, agent: 1 },
  );
});

test("the turn at a moment is the last that has begun", () => {
  const starts = [3, 12, 12, 22, 40];
  const slow = (t) => starts.filter((s) => s <= t).length - 1;
  for (let t = 0; t < 60; t++) {
    assert.equal(turnAt(starts, t), slow(t), `at ${t}`);
  }
  assert.equal(turnAt([], 5), -1);
});

test("the slider's keys move by 5 and 30 seconds, within the call", () => {
  assert.equal(slide("ArrowRight", 64, 204), 69);
  assert.equal(slide("ArrowLeft", 2, 204), 0);
  assert.equal(slide("PageUp", 190, 204), 204);
  assert.equal(slide("PageDown", 64, 204), 34);
  assert.equal(slide("Home", 64, 204), 0);
  assert.equal(slide("End", 64, 204), 204);
  assert.equal(slide("j", 64, 204), null);
  assert.equal(slide("constructor", 64, 204), null);
});
