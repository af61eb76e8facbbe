import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeServer } from "../state/server.js";

new FakeServer().install();
const { KEYS } = await import("../../../frontend/app/keys.js");
const { keyFor, leavesFocus } = await import("../../../frontend/app/shortcuts.js");

const plain = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
const nowhere = () => false;
/** @param {string} element */
const inside = (element) => (/** @type {string} */ selector) => selector.split(", ").includes(element);

/** @param {object} event @param {(selector: string) => boolean} [where] @param {string} [view] */
const does = (event, where = nowhere, view = "main") => keyFor({ ...plain, key: "", ...event }, where, view)?.does;

test("every key of the help works", () => {
  for (const { key, shift = false, does: words, view } of KEYS) {
    assert.equal(does({ key, shiftKey: shift }, nowhere, view), words);
  }
  assert.equal(does({ key: "R", shiftKey: true }), "Reset to step 0 with the same initial weights");
});

test("who types is left alone, and so are the browser's own keys", () => {
  assert.equal(does({ key: "r" }, inside("input")), undefined);
  assert.equal(does({ key: " " }, inside("select")), undefined);
  assert.equal(does({ key: "r", ctrlKey: true }), undefined);
  assert.equal(does({ key: "l", metaKey: true }), undefined);
  assert.equal(does({ key: "t" }, inside("dialog")), undefined);
});

test("what has a use for a key keeps it", () => {
  assert.equal(does({ key: " " }, inside("button")), undefined);
  assert.equal(does({ key: "ArrowRight" }, inside('[role="slider"]')), undefined);
  assert.equal(does({ key: "t" }, inside("button")), "Light or dark");
});

test("in Step by step the arrows move between stages, and elsewhere they do not", () => {
  assert.equal(does({ key: "ArrowRight" }, nowhere, "steps"), "In Step by step: the next stage");
  assert.equal(does({ key: "ArrowRight" }), "One step");
  assert.equal(does({ key: "ArrowRight", shiftKey: true }, nowhere, "steps"), "Train to the end of the epoch");
  assert.equal(does({ key: "r" }, nowhere, "steps"), "Reset to step 0 with the same initial weights");
  for (const key of ["ArrowLeft", "Escape"]) assert.equal(does({ key }), undefined);
  assert.equal(does({ key: "ArrowRight" }, inside('[role="gridcell"]'), "steps"), undefined);
});

test("an entry that was clicked does not keep the keys of the stages, but those of its column", () => {
  const cell = (/** @type {string} */ selector) => selector.includes("gridcell");
  assert.ok(leavesFocus({ key: "ArrowRight" }, cell));
  assert.ok(!leavesFocus({ key: "ArrowDown" }, cell));
});

test("a button that was clicked does not keep the space bar", () => {
  assert.ok(leavesFocus({ key: " " }, () => true));
  assert.ok(leavesFocus({ key: "ArrowRight" }, (selector) => selector === '[role="radio"]'));
  assert.ok(!leavesFocus({ key: "ArrowRight" }, nowhere));
  assert.ok(!leavesFocus({ key: "Enter" }, () => true));
});
