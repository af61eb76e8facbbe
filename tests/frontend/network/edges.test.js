import assert from "node:assert/strict";
import { test } from "node:test";

import { STYLES, edgesOf, controlPoints, weightLevel, nearestEdge, weightScale } from "../../../frontend/app/network/edges.js";
import { layout } from "../../../frontend/app/network/layout.js";
import { LAPTOP, net } from "./nets.js";

/** @typedef {import("../../../frontend/app/network/edges.js").Edge} Edge */

/** @param {number[]} widths @param {string[]} [on] */
function drawn(widths, on) {
  const { columns } = net(widths, on);
  return edgesOf(columns, layout(columns, LAPTOP));
}

/** A point of an edge's curve, by Bernstein's polynomials. @param {Edge} edge @param {number} t */
function point(edge, t) {
  const [ax = 0, ay = 0, bx = 0, by = 0, x = 0, y = 0] = controlPoints(edge);
  const s = 1 - t;
  /** @param {number} a @param {number} b @param {number} c @param {number} d */
  const at = (a, b, c, d) => s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d;
  return { x: at(edge.x0, ax, bx, x), y: at(edge.y0, ay, by, y) };
}

test("edges stand in the order of the weights' rows", () => {
  const [first = [], last = []] = drawn([2, 3, 1]);
  assert.deepEqual(first.map(({ to, from }) => [to, from]), [[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 1]]);
  assert.equal(last.length, 3);
});

test("edges start at the features that are on, in the net's order", () => {
  const [first = []] = drawn([2, 1], ["x1_squared", "x1"]);
  const [a, b] = first;
  // The net's first input is x₁², which stands below x₁ in the catalogue's order.
  assert.ok((a?.y0 ?? 0) > (b?.y0 ?? 0));
  assert.deepEqual([a?.from, b?.from], [0, 1]);
});

test("the edge under a point of its curve is found, whichever it is", () => {
  const all = drawn([2, 8, 8, 1]);
  for (const edge of all.flat()) {
    for (const t of [0.12, 0.31, 0.9]) {
      const { x, y } = point(edge, t);
      const found = nearestEdge(all, x, y, 6, (one) => (one === edge ? 1 : 0));
      assert.equal(found, edge);
    }
  }
});

test("away from all edges there is none", () => {
  const all = drawn([2, 8, 1]);
  assert.equal(nearestEdge(all, 400, 0, 6, () => 1), null);
  assert.equal(nearestEdge(all, -10, 300, 6, () => 1), null);
});

test("a steep edge is as easy to hit as a level one", () => {
  const edge = { layer: 1, from: 0, to: 0, x0: 0, y0: 0, x1: 100, y1: 400 };
  assert.equal(nearestEdge([[edge]], 54, 200, 6, () => 0), edge);
});

test("what is wider is stronger, and nothing is invisible", () => {
  assert.equal(weightLevel(0, 1), 0);
  assert.equal(weightLevel(-5, 1), STYLES.length - 1);
  assert.equal(weightLevel(NaN, 1), STYLES.length - 1);
  for (let i = 1; i < STYLES.length; i += 1) {
    assert.ok((STYLES[i]?.width ?? 0) > (STYLES[i - 1]?.width ?? 0));
    assert.ok((STYLES[i]?.alpha ?? 0) > (STYLES[i - 1]?.alpha ?? 0));
  }
  assert.ok((STYLES[0]?.alpha ?? 0) > 0.1);
});

test("the scale follows the weights, but small ones stay small", () => {
  assert.equal(weightScale([[0.1, -0.1]]), 1);
  assert.ok(Math.abs(weightScale([[3, -3], [3]]) - 7.2) < 1e-9);
  assert.equal(weightScale([[NaN, Infinity]]), 1);
  assert.equal(weightScale([]), 1);
});
