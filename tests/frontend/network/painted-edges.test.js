/** Weights as they are painted: which tile an edge joins to which, in which colour, how strong. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ink } from "../marks/screen.js";
import { STYLES } from "../../../frontend/app/network/edges.js";
import { corners, discs, only } from "../marks/painted.js";
import { graphOf, painted, tilesOf } from "./painted-net.js";

/** @typedef {Awaited<ReturnType<typeof painted>>} Net */

const WEIGHTS = [[[3, -1], [0.5, 0]], [[-2, 1]]];
const graph = graphOf(WEIGHTS, [[0, 0], [0]]);

/** Each edge that was stroked: the tiles that it joins as "layer.unit", and how. @param {Net} net */
function joined({ placed: { places }, edges }) {
  const at = places.map(({ boxes }) => boxes);
  /** @param {number} x @param {number} y @param {1 | -1} side */
  const tile = (x, y, side) => {
    for (const [layer, boxes] of at.entries()) {
      const unit = boxes.findIndex((box) => box.x + (side * box.size) / 2 === x && box.y === y);
      if (unit >= 0) return `${layer}.${unit}`;
    }
    return "nowhere";
  };
  return only(edges, "stroke").map((one) => {
    const line = corners(one)[0] ?? [];
    const [[x0, y0], [x1, y1]] = [line[0] ?? [0, 0], line.at(-1) ?? [0, 0]];
    return { from: tile(x0, y0, 1), to: tile(x1, y1, -1), color: one.color, alpha: one.alpha, width: one.width };
  });
}

/** The share of a level's opacity that each edge has, by its ends. @param {Net} net */
function shares(net) {
  const found = joined(net).map(({ from, to, alpha }) => {
    const w = WEIGHTS[Number(to[0]) - 1]?.[Number(to.slice(2))]?.[Number(from.slice(2))] ?? NaN;
    return /** @type {const} */ ([`${from} ${to}`, Math.round((100 * alpha) / (STYLES[levels.get(w) ?? -1]?.alpha ?? NaN)) / 100]);
  });
  return Object.fromEntries(found);
}

/** The scale is 2.4 times the root mean square of all six weights: 3.83. */
const levels = new Map([[0.5, 1], [-1, 3], [1, 3], [-2, 6], [3, 9]]);

test("a weight in row `to` and column `from` joins these tiles, blue where negative, orange where positive", async () => {
  const net = await painted([2, 2, 1], { graph });
  assert.deepEqual(joined(net).map(({ from, to, color }) => [from, to, color]), [
    ["0.0", "1.1", ink("positive")],
    ["0.1", "1.0", ink("negative")],
    ["1.1", "2.0", ink("positive")],
    ["1.0", "2.0", ink("negative")],
    ["0.0", "1.0", ink("positive")],
  ]);
});

test("the strong are wider and lie over the faint; what is 0 is not drawn", async () => {
  const net = await painted([2, 2, 1], { graph });
  const wanted = [1, 3, 3, 6, 9].map((level) => STYLES[level]);
  const thickness = Math.min(1.15, net.placed.pitch / 48);
  const found = joined(net);
  assert.deepEqual(found.map(({ alpha }) => alpha), wanted.map((style) => style?.alpha));
  found.forEach(({ width }, i) => assert.ok(Math.abs(width - (wanted[i]?.width ?? NaN) * thickness) < 1e-9));
});

test("edges leave and arrive level", async () => {
  const net = await painted([2, 2, 1], { graph });
  for (const one of only(net.edges, "stroke")) {
    const [from, near, far, to] = corners(one)[0] ?? [];
    assert.ok(from && near && far && to && near[1] === from[1] && far[1] === to[1]);
    assert.ok(from[0] < near[0] && near[0] < to[0] && from[0] < far[0] && far[0] < to[0]);
  }
});

test("a unit that is looked at keeps its own edges, fainter those that lead on, others hardly", async () => {
  const net = await painted([2, 2, 1], { graph, look: (drawing) => drawing.setFocus({ layer: 1, unit: 0 }, null) });
  assert.deepEqual(shares(net), { "0.0 1.0": 1, "0.1 1.0": 1, "1.0 2.0": 0.4, "0.0 1.1": 0.1, "1.1 2.0": 0.1 });
});

test("an edge that is looked at lies over all others, wider, in its own colour", async () => {
  const edge = { layer: 1, from: 1, to: 0, x0: 0, y0: 0, x1: 0, y1: 0 };
  const net = await painted([2, 2, 1], { graph, look: (drawing) => drawing.setFocus(null, edge) });
  const last = joined(net).at(-1);
  const style = STYLES[3];
  assert.deepEqual(last, { from: "0.1", to: "1.0", color: ink("negative"), alpha: 1, width: (style?.width ?? NaN) + 2 });
  assert.ok(joined(net).slice(0, -1).every(({ alpha }) => alpha <= 0.45));
});

test("edges from units that put out nothing are fainter", async () => {
  const tiles = tilesOf({ "1.0": [0], "1.1": [0] }, [1, 1], [1e-9, 1]);
  const net = await painted([2, 2, 1], { graph, tiles });
  assert.deepEqual(shares(net), { "0.0 1.0": 1, "0.1 1.0": 1, "0.0 1.1": 1, "1.0 2.0": 0.25, "1.1 2.0": 1 });
});

/** Both hidden layers are as wide as what they are given. */
const square = graphOf([[[1, 1], [1, 1]], [[1, 1], [1, 1]], [[1, 1]]], [[0, 0], [0, 0], [0]]);

test("a residual connection is an arc over the columns, with a plus where it is added", async () => {
  const { edges, placed } = await painted([2, 2, 2, 1], { graph: square, residual: true });
  const arcs = only(edges, "stroke").filter(({ color }) => color === ink("second"));
  assert.ok(arcs.length === 4 && arcs.every(({ dash, width }) => dash.length === 0 && width === 1.5));
  const [first = [], plus = [], second = []] = arcs.map((one) => corners(one)[0] ?? []);
  const [input, one, two] = placed.places;
  assert.ok(input && one && two && plus.length);
  assert.deepEqual([first[0]?.[0], second[0]?.[0]], [input.x + placed.tile * 0.2, one.x + placed.tile * 0.2]);
  assert.deepEqual(first.at(-1)?.[0], one.x - placed.tile * 0.2 - 3);
  assert.ok(first.slice(1).every(([, y]) => y < Math.min(input.top, one.top)));
  assert.ok(second.slice(1).every(([, y]) => y < Math.min(one.top, two.top)));
  assert.deepEqual(discs(edges).filter(({ how }) => how === "fill").map(({ color, x, radius }) => [color, x, radius]), [
    [ink("page"), one.x - placed.tile * 0.2, 5],
    [ink("page"), two.x - placed.tile * 0.2, 5],
  ]);
});

test("what a unit is given of its own place is dashed, and nothing else is", async () => {
  const look = (/** @type {Net["drawing"]} */ drawing) => drawing.setFocus({ layer: 2, unit: 1 }, null);
  const { edges, placed } = await painted([2, 2, 2, 1], { graph: square, residual: true, look });
  const dashed = only(edges, "stroke").filter(({ dash }) => dash.length);
  assert.deepEqual(dashed.map(({ dash, color }) => [dash, color]), [[[5, 4], ink("second")]]);
  const [from, to] = [1, 2].map((at) => placed.places[at]?.boxes[1]);
  assert.ok(from && to);
  assert.deepEqual(corners(dashed[0]), [[[from.x + from.size / 2, from.y + 4], [to.x - to.size / 2, to.y + 4]]]);
});
