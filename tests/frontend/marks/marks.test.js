import assert from "node:assert/strict";
import { test } from "node:test";

import { RENDERERS } from "../../../frontend/app/marks/draw.js";
import { polygonEdges } from "../../../frontend/app/marks/polygon-edges.js";
import { lookUp } from "../../../frontend/app/marks/heatmap.js";
import { cellAt } from "../../../frontend/app/marks/matrix.js";
import { fillPixels } from "../../../frontend/app/marks/pixels.js";
import { samePoints } from "../../../frontend/app/marks/points.js";
import { innerBox, valuesAt } from "../../../frontend/app/marks/view.js";
import { axis, indices, tensor } from "./tensors.js";

/** @typedef {import("../../../frontend/app/types/pictures.js").HeatmapMark} HeatmapMark */

/** @type {HeatmapMark} */
const map = {
  kind: "heatmap",
  values: tensor([0, 1, 2, 3], [2, 2]),
  lo: 0,
  hi: 3,
  colors: "diverging",
  opacity: null,
  label: "",
};

test("there is a renderer for every mark but the graph", () => {
  const names = "area bars heatmap images line matrix points polygons text tiles";
  assert.equal(Object.keys(RENDERERS).sort().join(" "), names);
});

test("a heatmap is read at its cells' centres, and between them", () => {
  const x = axis(0, 2);
  const at = (/** @type {number} */ a, /** @type {number} */ b) => lookUp(map, x, x, a, b).value;
  assert.equal(at(0.5, 0.5), 0);
  assert.equal(at(1.5, 0.5), 1);
  assert.equal(at(0.5, 1.5), 2);
  assert.equal(at(1, 1), 1.5);
  assert.equal(at(0, 0), 0);
  assert.equal(at(2, 2), 3);
});

test("a class map gives a cell's own class", () => {
  /** @type {HeatmapMark} */
  const classes = { ...map, colors: "classes", opacity: tensor([0.4, 0.5, 0.6, 0.7], [2, 2]) };
  const { value, certainty } = lookUp(classes, axis(0, 2), axis(0, 2), 1.1, 1.9);
  assert.equal(value, 3);
  assert.ok(Math.abs(certainty - 0.7) < 1e-6);
});

test("values become colours, row 0 at the bottom where it is the lowest", () => {
  const table = Uint32Array.from({ length: 256 }, (_, i) => i);
  const pixels = new Uint32Array(4);
  fillPixels(pixels, Float32Array.from([0, 1, NaN, 9]), 0, 2, 2, true, table, 255, 0);
  assert.deepEqual(Array.from(pixels), [0, 255, 0, 255]);
  fillPixels(pixels, Float32Array.from([0, 0.5, -1, 1]), 0, 2, 2, false, table, 127.5, 127.5);
  assert.deepEqual(Array.from(pixels), [128, 191, 0, 255]);
});

/** A square of two triangles, (0 1 2) and (0 2 3). */
const square = {
  kind: /** @type {const} */ ("polygons"),
  vertices: tensor([0, 0, 1, 0, 1, 1, 0, 1], [4, 2]),
  corners: indices([0, 1, 2, 0, 2, 3]),
  offsets: indices([0, 3, 6]),
  values: null,
  groups: null,
  lo: 0,
  hi: 1,
  colors: /** @type {const} */ ("sequential"),
};

/** @param {Uint32Array} pairs */
function listed(pairs) {
  const found = [];
  for (let i = 0; i < pairs.length; i += 2) found.push(`${pairs[i]}-${pairs[i + 1]}`);
  return found.sort();
}

test("shared edges come once", () => {
  assert.deepEqual(listed(polygonEdges(square)), ["0-1", "0-2", "0-3", "1-2", "2-3"]);
});

test("no edge is drawn between polygons of one group", () => {
  const merged = { ...square, groups: indices([5, 5]) };
  assert.deepEqual(listed(polygonEdges(merged)), ["0-1", "0-3", "1-2", "2-3"]);
  const apart = { ...square, groups: indices([5, 6]) };
  assert.equal(polygonEdges(apart).length, 10);
});

test("equal scales give the largest box that allows them", () => {
  const margin = { left: 20, right: 0, top: 0, bottom: 20 };
  const size = { width: 320, height: 220 };
  assert.deepEqual(innerBox(size, margin, 1), { left: 70, top: 0, width: 200, height: 200 });
  assert.deepEqual(innerBox(size, margin), { left: 20, top: 0, width: 300, height: 200 });
});

test("a place on the canvas gives its values, outside none", () => {
  const view = /** @type {any} */ ({ left: 10, top: 10, width: 100, height: 50, xAxis: axis(-1, 1), yAxis: axis(0, 10) });
  assert.deepEqual(valuesAt(view, 60, 60), { x: 0, y: 0 });
  assert.deepEqual(valuesAt(view, 110, 10), { x: 1, y: 10 });
  assert.equal(valuesAt(view, 5, 30), null);
});

test("a matrix cell is found under the cursor", () => {
  const matrix = /** @type {any} */ ({ values: { shape: [2, 4] } });
  const box = { left: 10, top: 0, width: 80, height: 40 };
  assert.deepEqual(cellAt(matrix, box, 31, 25), { row: 1, column: 1 });
  assert.equal(cellAt(matrix, box, 5, 5), null);
});

test("points that stand still are told from others", () => {
  const points = {
    kind: /** @type {const} */ ("points"),
    x: tensor([1, 2]),
    y: tensor([3, 4]),
    values: tensor([0, 1]),
    colors: /** @type {const} */ ("classes"),
    lo: 0,
    hi: 1,
    hollow: false,
    label: "train",
    ellipses: null,
  };
  assert.equal(samePoints(points, { ...points, x: tensor([1, 2]) }), true);
  assert.equal(samePoints(points, { ...points, x: tensor([1, 2.5]) }), false);
  assert.equal(samePoints(points, { ...points, hollow: true }), false);
  assert.equal(samePoints(points, { ...points, lo: -1 }), false, "their colours are others");
  assert.equal(samePoints(points, { ...points, hi: 2 }), false);
  assert.equal(samePoints(points, { ...points, ellipses: tensor([1, 1, 0, 1, 1, 0], [2, 3]) }), false);
});
