// Keyboard shortcuts: keys.js. Node's own EventTarget stands for the document.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isTyping,
  keyName,
  Keys,
} from "../../../frontend/js/call-center/utils/keys.js";

/** A key that is pressed; the clock is the event's. */
function press(target, key, more = {}) {
  const event = new Event("keydown", { cancelable: true });
  const { at, on, ...rest } = more;
  Object.assign(event, { key, ...rest });
  Object.defineProperty(event, "timeStamp", { value: at ?? 0 });
  if (on) {
    Object.defineProperty(event, "target", { value: on });
  }
  target.dispatchEvent(event);
  return event.defaultPrevented;
}

function setUp() {
  const target = new EventTarget();
  const keys = new Keys(target);
  const said = [];
  const say = (word) => () => {
    said.push(word);
  };
  return { target, keys, said, say };
}

test("chords belong to the browser", () => {
  assert.equal(keyName({ key: "J", ctrlKey: false }), "j");
  assert.equal(keyName({ key: "Escape" }), "Escape");
  assert.equal(keyName({ key: "j", ctrlKey: true }), "");
  assert.equal(keyName({ key: "j", metaKey: true }), "");
  assert.equal(keyName({ key: "j", altKey: true }), "");
});

test("keys of a text that is typed are not shortcuts", () => {
  assert.ok(isTyping({ tagName: "INPUT", type: "search" }));
  assert.ok(isTyping({ tagName: "INPUT" }));
  assert.ok(isTyping({ tagName: "TEXTAREA" }));
  assert.ok(isTyping({ tagName: "SELECT" }));
  assert.ok(isTyping({ tagName: "DIV", isContentEditable: true }));
  assert.ok(!isTyping({ tagName: "INPUT", type: "checkbox" }));
  assert.ok(!isTyping({ tagName: "BUTTON" }));
  assert.ok(!isTyping(null));
});

test("a key is handled once and taken from the browser", () => {
  const { target, keys, said, say } = setUp();
  keys.add({ j: say("down") });
  assert.equal(press(target, "j"), true);
  assert.equal(press(target, "x"), false);
  assert.deepEqual(said, ["down"]);
});

test("a handler may leave the key to the browser", () => {
  const { target, keys } = setUp();
  keys.add({ ArrowDown: () => false });
  assert.equal(press(target, "ArrowDown"), false);
});

test("the top layer wins, the others are still there", () => {
  const { target, keys, said, say } = setUp();
  keys.add({ j: say("list"), "?": say("help") });
  const remove = keys.add({ j: say("detail") });
  press(target, "j");
  press(target, "?");
  remove();
  press(target, "j");
  assert.deepEqual(said, ["detail", "help", "list"]);
});

test("a layer that stands alone lets nothing through", () => {
  const { target, keys, said, say } = setUp();
  keys.add({ j: say("list") });
  keys.add({}, true);
  press(target, "j");
  assert.deepEqual(said, []);
});

test("a sequence waits for its second key, for a while", () => {
  const { target, keys, said, say } = setUp();
  keys.add({ "g c": say("calls"), c: say("customer") });
  press(target, "g", { at: 0 });
  press(target, "c", { at: 500 });
  press(target, "g", { at: 1000 });
  press(target, "c", { at: 9000 });
  press(target, "g", { at: 10_000 });
  press(target, "x", { at: 10_100 });
  press(target, "c", { at: 10_200 });
  assert.deepEqual(said, ["calls", "customer", "customer"]);
});

test("single keys can be switched off; Escape stays", () => {
  const { target, keys, said, say } = setUp();
  keys.add({ j: say("down"), Escape: say("close") });
  keys.enabled = false;
  press(target, "j");
  press(target, "Escape");
  assert.deepEqual(said, ["close"]);
});

test("no shortcut while somebody types or composes", () => {
  const { target, keys, said, say } = setUp();
  keys.add({ j: say("down") });
  press(target, "j", { on: { tagName: "INPUT", type: "text" } });
  press(target, "j", { isComposing: true });
  assert.deepEqual(said, []);
});
