import assert from "node:assert/strict";
import { test } from "node:test";

import { arrangement } from "../../../frontend/app/panels/arrangement.js";
import { matrix, plot } from "../marks/plots.js";

const cells = Array.from({ length: 20 }, () => Array.from({ length: 20 }, () => 0));
/** @param {number} count */
const heads = (count) => Array.from({ length: count }, (_, i) => plot([matrix(cells)], { title: `Head ${i + 1}` }));
const columns = [8, 4, 2];

test("of several numbers of columns the one with the largest plots is taken", () => {
  const low = arrangement(heads(8), { width: 800, height: 150 }, 1, { columns, fit: true });
  const square = arrangement(heads(8), { width: 800, height: 500 }, 1, { columns, fit: true });
  const narrow = arrangement(heads(8), { width: 300, height: 900 }, 1, { columns, fit: true });
  assert.deepEqual([low, square, narrow].map(({ width }) => width), [86, 188, 142]);
  for (const { width, sizes } of [low, square, narrow]) {
    for (const size of sizes) assert.ok(size.width <= width && size.width === size.height);
  }
});

test("what fits comes before what scrolls, however large", () => {
  const { width, sizes } = arrangement(heads(8), { width: 800, height: 190 }, 1, { columns: [2, 8], fit: true });
  assert.equal(width, 86);
  assert.ok(sizes.every(({ height }) => height <= 190 - 22));
});

test("of equals the first is taken, and one number is as it is", () => {
  const room = { width: 300, height: Infinity };
  assert.equal(arrangement(heads(2), room, 1, { columns: [8, 2] }).width, 142);
  assert.equal(arrangement(heads(8), room, 1, { columns: 4 }).width, 63);
});

test("cells that are too small for their names are larger without them", () => {
  const names = cells.map(() => "a");
  const named = heads(32).map((one) => ({ ...one, marks: [matrix(cells, { row_labels: names, column_labels: names })] }));
  const low = arrangement(named, { width: 740, height: 380 }, 1, { columns: [8, 16], fit: true, legible: true });
  assert.ok(low.plots.every(({ bare }) => bare));
  assert.ok(!low.scrolls && low.width === 78 && low.sizes.every(({ height }) => height === 61));
  const high = arrangement(named.slice(0, 2), { width: 740, height: 380 }, 1, { columns: 2, fit: true, legible: true });
  assert.ok(high.plots.every(({ bare }) => !bare));
});
