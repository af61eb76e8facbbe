import assert from "node:assert/strict";
import { test } from "node:test";

import { nearest, neighbour, pointsOf, stepForKey } from "../../../frontend/app/shell/track.js";

const steps = [0, 100, 250, 300];

test("dragging goes to the nearest snapshot", () => {
  assert.equal(nearest(steps, 120), 100);
  assert.equal(nearest(steps, 290), 300);
  assert.equal(nearest([], 5), 0);
});

test("keys go from snapshot to snapshot, and beyond the last it is live", () => {
  assert.equal(neighbour(steps, 250, -1), 100);
  assert.equal(neighbour(steps, 260, -1), 250);
  assert.equal(neighbour(steps, 0, -1), 0);
  assert.equal(neighbour(steps, 250, -10), 0);
  assert.equal(neighbour(steps, 250, 1), 300);
  assert.equal(neighbour(steps, 300, 1), null);
});

for (const [key, shiftKey, step] of /** @type {[string, boolean, number | null | undefined][]} */ ([
  ["ArrowLeft", false, 100],
  ["ArrowRight", false, 300],
  ["ArrowLeft", true, 249],
  ["ArrowRight", true, 251],
  ["Home", false, 0],
  ["End", false, null],
  ["PageUp", false, null],
  ["a", false, undefined],
])) {
  test(`${shiftKey ? "Shift " : ""}${key} from step 250`, () => {
    assert.equal(stepForKey({ key, shiftKey }, { steps, from: 250, now: 320 }), step);
  });
}

test("one step on from the last one is live", () => {
  const key = { key: "ArrowRight", shiftKey: true };
  assert.equal(stepForKey(key, { steps, from: 319, now: 320 }), null);
});

test("no spike is lost, however many rows share a pixel", () => {
  const rows = Float64Array.from({ length: 100_000 }, (_, row) => row);
  const values = rows.map((row) => (row === 50_003 ? 99 : 1));
  const points = pointsOf(rows, values, 99_999, 200);
  assert.ok(points.length <= 402);
  assert.equal(Math.max(...points.map(({ y }) => y)), 99);
  assert.equal(points.at(-1)?.x, 200);
});

test("what is no number leaves a gap, and a single step is no division by zero", () => {
  const [one, two] = [Float64Array.of(0, 1), Float64Array.of(0)];
  assert.deepEqual(pointsOf(one, Float64Array.of(NaN, 2), 1, 10), [{ x: 10, y: 2 }]);
  assert.deepEqual(pointsOf(two, Float64Array.of(2), 0, 10), [{ x: 0, y: 2 }]);
});
