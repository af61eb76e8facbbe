/** Where heads look, as it is painted. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { canvasOf, ink } from "../marks/screen.js";
import { drawHead } from "../../../frontend/app/views/steps/head-map.js";
import { images, only } from "../marks/painted.js";
import { matrix } from "../marks/plots.js";

const SIDE = 60;
const SHARES = matrix([[1, 0, 0], [0.25, 0.75, 0], [0, 0, 1]], { outlined: { data: Uint16Array.from([1, 1]), shape: [1, 2] } });

/** @param {{row: number, column: number}} chosen @param {boolean} framed */
function painted(chosen, framed) {
  const { canvas, fake } = canvasOf(0, 0);
  drawHead(canvas, SHARES, chosen, { side: SIDE, cache: {}, framed });
  return { all: fake.recording.painted, frames: only(fake.recording.painted, "stroke") };
}

/** The sides of a frame. @param {import("../marks/recording.js").Painted | undefined} one */
function boxOf(one) {
  const [box] = one?.shapes ?? [];
  assert.ok(box?.kind === "box");
  return [box.left, box.top, box.width, box.height];
}

test("the row of the query has the accent, its cell is in ink around the ideal", () => {
  const { all, frames } = painted({ row: 1, column: 1 }, true);
  assert.equal(images(all).length, 1, "the shares");
  const [ideal, row, cell] = frames.slice(-3);
  assert.deepEqual([ideal, row, cell].map((one) => one?.color), [ink("positive"), ink("accent"), ink("ink")]);
  assert.deepEqual(boxOf(row), [0.75, 20.75, SIDE - 1.5, 18.5]);
  const [left = 0, top = 0, width = 0, height = 0] = boxOf(cell);
  assert.ok(left >= 0 && top >= 0 && left + width <= SIDE && top + height <= SIDE, "nothing is cut off");
  const inner = boxOf(ideal);
  assert.ok(left <= (inner[0] ?? 0) && top <= (inner[1] ?? 0), "the ideal lies within");
});

test("a small head marks the cell alone, and nothing where it is not shown", () => {
  const ideals = painted({ row: -1, column: 0 }, false).frames.length;
  assert.equal(painted({ row: 0, column: 1 }, false).frames.length, ideals + 1);
  assert.equal(painted({ row: 0, column: 5 }, true).frames.length, ideals + 1, "the row alone");
  assert.equal(painted({ row: 3, column: 0 }, true).frames.length, ideals);
});
