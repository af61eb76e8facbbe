import assert from "node:assert/strict";
import { test } from "node:test";

import { barBox } from "../../../frontend/app/marks/bars.js";
import { labelMargins, labelsOf } from "../../../frontend/app/marks/labels.js";
import { marginsOf } from "../../../frontend/app/marks/plot.js";
import { plotSize } from "../../../frontend/app/marks/plot-size.js";
import { bars, images, matrix, plot, points, view } from "./plots.js";
import { axis } from "./tensors.js";

const square = Array.from({ length: 10 }, () => Array.from({ length: 10 }, () => 0));
const labels = "3141592658".split("");

test("a matrix's cells are square, with room for its names", () => {
  const named = plot([matrix(square, { row_labels: labels, column_labels: labels })]);
  for (const room of [150, 300, 900]) {
    const { width, height } = plotSize(named, room, 1);
    const margin = marginsOf(named, 1);
    assert.ok(Math.abs(width - margin.left - margin.right - (height - margin.top - margin.bottom)) <= 1);
    assert.ok(width <= room);
  }
});

test("an image's pixels are square in every room", () => {
  for (const [rows, columns] of [[16, 16], [28, 28], [3, 3], [7, 5], [64, 64], [200, 100]]) {
    const image = plot([matrix(Array.from({ length: rows ?? 0 }, () => Array.from({ length: columns ?? 0 }, () => 0)), { pixels: true })]);
    for (const room of [60, 136, 150, 300, 900]) {
      for (const [most, fill] of /** @type {[number, boolean][]} */ ([[Infinity, false], [400, true], [194, true], [60, true]])) {
        const { width, height } = plotSize(image, room, 1, most, fill);
        const high = (width / (columns ?? 1)) * (rows ?? 1);
        assert.ok(Math.abs(high - height) <= 1 + (rows ?? 1) / (columns ?? 1), `${rows} x ${columns}: ${width} x ${height}`);
      }
    }
  }
});

test("a square matrix's cells are square in every room, however little", () => {
  for (const side of [2, 10, 21, 64]) {
    const names = Array.from({ length: side }, () => "a");
    const cells = names.map(() => names.map(() => 0));
    const named = plot([matrix(cells, { rows: "query", columns: "key", row_labels: names, column_labels: names })]);
    const { left, right, top, bottom } = marginsOf(named, 1);
    for (const room of [60, 80, 150, 300, 900]) {
      for (const most of [Infinity, 400, 194, 72]) {
        const { width, height } = plotSize(named, room, 1, most, true);
        assert.ok(Math.abs(width - left - right - (height - top - bottom)) <= 1, `${side} in ${room} x ${most}: ${width} x ${height}`);
      }
    }
  }
});

test("a few large cells are not blown up, unless they are to fill their room", () => {
  const few = plot([matrix([[0, 1], [1, 0]])]);
  assert.ok(plotSize(few, 900, 1).width < 100);
  assert.ok(plotSize(few, 900, 1, 400, true).width > 200);
});

test("a matrix over time is as wide as its room, and a strip's named rows can be read", () => {
  const strip = Array.from({ length: 4 }, () => Array.from({ length: 60 }, () => 0));
  const bare = plot([matrix(square)], { x: axis(0.5, 10.5) });
  assert.equal(plotSize(bare, 700, 1).width, 700);
  const named = plot([matrix(strip, { row_labels: [..."ABCD"] })]);
  const { top, bottom } = marginsOf(named, 1);
  assert.ok(plotSize(named, 300, 1).height - top - bottom >= 4 * 13);
});

test("what is too high for its room becomes narrower", () => {
  const map = plot([points([0], [0])], { x: axis(0, 1), y: axis(0, 1), equal: true });
  const { width, height } = plotSize(map, 800, 1, 200);
  assert.ok(height <= 200 && width < 220);
});

test("images are of the size that their number allows", () => {
  assert.ok(plotSize(plot([images(1)]), 600, 1).width <= 242);
  const many = plotSize(plot([images(100, { columns: 10 })]), 400, 1);
  assert.ok(many.width <= 402 && many.height <= 402);
});

test("the names of a plot are a matrix's, or those of bars without an axis", () => {
  const named = plot([matrix([[1]], { rows: "query", columns: "key", row_labels: ["a"], column_labels: ["b"] })]);
  assert.deepEqual(labelsOf(named), { rows: ["a"], columns: ["b"], down: "query", across: "key" });
  assert.equal(labelsOf(plot([matrix([[1]], { rows: "h(1)" })])).down, "");
  assert.deepEqual(labelsOf(plot([bars([1])])).rows, ["z1"]);
  assert.deepEqual(labelsOf(plot([bars([1], { horizontal: false })])).columns, ["z1"]);
  assert.deepEqual(labelsOf(plot([bars([1], { horizontal: false })], { x: axis(0, 1) })).columns, []);
  assert.ok(labelMargins(labelsOf(named), 1).left > labelMargins(labelsOf(plot([matrix([[1]])])), 1).left);
});

test("lying bars leave room for their values and start at zero", () => {
  const mark = bars([2, 1, -1]);
  const place = view({ xAxis: axis(-1, 2) });
  const boxes = [0, 1, 2].map((i) => barBox(mark, place, i));
  const zero = boxes[0]?.left ?? NaN;
  assert.ok(Math.abs((boxes[1]?.left ?? NaN) - zero) < 1e-9);
  assert.ok(Math.abs((boxes[2]?.left ?? NaN) + (boxes[2]?.width ?? NaN) - zero) < 1e-9);
  assert.ok(Math.abs((boxes[0]?.width ?? NaN) - 2 * (boxes[1]?.width ?? NaN)) < 1e-9);
  assert.ok((boxes[0]?.left ?? NaN) + (boxes[0]?.width ?? NaN) < 110 - 40);
  assert.ok((boxes[0]?.top ?? NaN) < (boxes[1]?.top ?? NaN));
});
