import assert from "node:assert/strict";
import { test } from "node:test";

import { hitTest, describeHit } from "../../../frontend/app/marks/hit-test.js";
import { bars, images, matrix, plot, points, view } from "./plots.js";
import { axis, tensor } from "./tensors.js";

/** @param {import("../../../frontend/app/types/pictures.js").Plot} of @param {number} x @param {number} y */
function at(of, x, y) {
  const found = hitTest(of, view({ ...(of.x && { xAxis: of.x }), ...(of.y && { yAxis: of.y }) }), x, y);
  return found ? describeHit(of, found) : null;
}

test("a cell is read with the names of its row and column", () => {
  const values = [[0.25, 0.75], [1, 0]];
  const named = matrix(values, { rows: "query", columns: "key", row_labels: ["3", "8"], column_labels: ["a", "b"] });
  assert.equal(at(plot([named]), 80, 30), "query 3, key b: 0.75");
  assert.equal(at(plot([matrix(values)]), 20, 110), "2, 1: 1");
  assert.equal(at(plot([named]), 120, 30), null);
});

test("a cell's box is framed where it lies", () => {
  const found = hitTest(plot([matrix([[0, 1], [2, 3]])]), view(), 80, 30);
  assert.deepEqual(found?.box, { left: 60, top: 20, width: 50, height: 50 });
});

test("an image is read by its caption and pixel, and reports its id", () => {
  const mark = images(1, { labels: ["seven"], ids: ["42"] });
  const place = view();
  const found = hitTest(plot([mark]), place, 12, 22);
  assert.equal(found?.id, "42");
  assert.equal(found && describeHit(plot([mark]), found), "seven: row 1, column 1: 0");
  assert.equal(hitTest(plot([images(1)]), place, 12, 22)?.id, "0");
});

test("bars are read in their lanes, upright or lying", () => {
  assert.equal(at(plot([bars([1.5, 0.25])]), 100, 100), "z2: 0.25");
  assert.equal(at(plot([bars([1.5, 0.25], { horizontal: false })]), 20, 100), "z1: 1.5");
});

test("the nearest point is read, if it is near", () => {
  const mark = points([0.5, 0.6], [0.5, 0.5], { values: tensor([3, 7]) });
  const axes = { x: axis(0, 1), y: axis(0, 1) };
  assert.equal(at(plot([mark], axes), 68, 71), "class 7 at (0.6, 0.5)");
  assert.equal(hitTest(plot([mark], axes), view(), 20, 30)?.index, undefined);
  const found = hitTest(plot([mark], axes), view(axes), 68, 71);
  const names = Array.from("0123456", String).concat("cross");
  assert.equal(found && describeHit(plot([mark], axes), found, names), "cross at (0.6, 0.5)");
  assert.equal(found && describeHit(plot([mark], axes), found, Array.from("01234567")), "class 7 at (0.6, 0.5)");
});

test("over curves every curve's value is read", () => {
  const line = (/** @type {string} */ label, /** @type {number[]} */ y) => ({
    kind: /** @type {const} */ ("line"), x: tensor([0, 1]), y: tensor(y), color: /** @type {const} */ ("ink"), label, width: 1, dashed: false,
  }); // prettier-ignore
  const of = plot([line("f", [0, 1]), line("i", [1, 0.5])], { x: axis(0, 1), y: axis(0, 1) });
  assert.equal(at(of, 60, 30), "x 0.5: f 0.5, i 0.75");
  // In a plane a line is a circle or a path, and has no value at an x.
  assert.equal(at({ ...of, equal: true }, 60, 70), "x 0.5, x 0.5"); // both axes are named so here
});
