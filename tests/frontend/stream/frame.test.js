import assert from "node:assert/strict";
import { test } from "node:test";

import { at, decode, halves, open } from "../../../frontend/app/stream/frame.js";
import { frame } from "./frame-fixture.js";

test("a frame from the server is read whole", () => {
  const { channel, seq, picture } = decode(frame());
  assert.equal(channel, "decision-1");
  assert.equal(seq, 42);
  assert.equal(picture.step, 7);
  assert.deepEqual(picture.facts, { resolution: 3, nan: null });
  const [plot] = picture.plots;
  assert.equal(plot?.x?.label, "x₁");
  const [heatmap, points, polygons] = plot?.marks ?? [];
  assert.ok(heatmap?.kind === "heatmap");
  assert.deepEqual(heatmap.values.shape, [2, 3]);
  assert.deepEqual(Array.from(heatmap.values.data), [0, 0.25, 0.5, 0.75, 1, -2]);
  assert.equal(heatmap.opacity, null);
  assert.ok(points?.kind === "points");
  assert.deepEqual(Array.from(points.y.data), [3, -4]);
  assert.ok(polygons?.kind === "polygons");
  assert.deepEqual(Array.from(polygons.corners.data), [0, 1, 2, 0, 2, 3]);
});

test("quantised arrays stay bytes, with their ends", () => {
  const tiles = decode(frame()).picture.plots[0]?.marks[3];
  assert.ok(tiles?.kind === "tiles");
  assert.ok(tiles.values.data instanceof Uint8Array);
  assert.equal(tiles.values.lo, -1);
  const values = [0, 1, 2, 3].map((i) => at(tiles.values, i));
  for (const [i, expected] of [-1, 0, 0.5, 1].entries()) {
    assert.ok(Math.abs((values[i] ?? NaN) - expected) <= 1 / 255);
  }
});

test("arrays are mapped onto the buffer, not copied", () => {
  const buffer = frame();
  const heatmap = decode(buffer).picture.plots[0]?.marks[0];
  assert.ok(heatmap?.kind === "heatmap");
  assert.equal(heatmap.values.data.buffer, buffer);
});

test("the outside of a frame is read without its picture", () => {
  const { channel, seq } = open(frame());
  assert.deepEqual([channel, seq], ["decision-1", 42]);
});

test("half precision by table agrees with Float16Array", () => {
  const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const native = new Float16Array(bits.buffer);
  const mine = halves(bits);
  for (let i = 0; i < 65536; i++) assert.ok(Object.is(mine[i], native[i]), `bits ${i}`);
});
