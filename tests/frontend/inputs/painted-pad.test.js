/** The pad's image, as it is painted. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ink } from "../marks/screen.js";
import { FakeCanvas } from "../marks/recording.js";
import { images } from "../marks/painted.js";

/** @type {FakeCanvas[]} */
const canvases = [];

/** An element of the page: any may be a canvas. @param {string} name */
function createElement(name) {
  const made = new FakeCanvas();
  if (name === "canvas") canvases.push(made);
  return Object.assign(made, { setAttribute() {}, append() {}, addEventListener() {} });
}

Object.assign(document, { createElement, activeElement: null });
const { DrawingPad } = await import("../../../frontend/app/inputs/pad.js");

test("an image lies with its first row on top and its first column at the left, and is sharp", () => {
  const pad = new DrawingPad({ height: 2, width: 2, onChange() {} });
  pad.show([1, 0, 0.2, 0]);
  const last = images(canvases[0]?.recording.painted ?? []).at(-1);
  assert.deepEqual(last?.box, [0, 0, 168, 168]);
  assert.equal(last?.smooth, false);
  assert.deepEqual([last?.cells[0]?.[0], last?.cells[0]?.[1], last?.cells[1]?.[1]], [ink("ink"), ink("zero"), ink("zero")]);
  assert.notEqual(last?.cells[1]?.[0], ink("zero"));
});
