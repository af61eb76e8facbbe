import assert from "node:assert/strict";
import { test } from "node:test";

import { parseNumber } from "../../../frontend/app/controls/numbers.js";
import { format } from "../../../frontend/app/network/number-editor.js";
import { positionBeside } from "../../../frontend/app/network/floating.js";
import { layout } from "../../../frontend/app/network/layout.js";
import { LatestValues } from "../../../frontend/app/network/latest-values.js";
import { probabilityMap } from "../../../frontend/app/network/probability-map.js";
import { cellsByUnit } from "../../../frontend/app/network/topology.js";
import { neighbour } from "../../../frontend/app/network/unit-buttons.js";
import { edgeDescription, layerDescription, unitDescription, unitTitle } from "../../../frontend/app/network/descriptions.js";
import { LAPTOP, net } from "./nets.js";

test("columns show some units of a large layer, and all features that fit", () => {
  const { columns } = net([1, 512, 3], ["x2"]);
  assert.deepEqual(columns.map(({ role, total, cells }) => [role, total, cells.length]), [
    ["input", 1, 3],
    ["hidden", 512, 16],
    ["output", 3, 3],
  ]);
  assert.deepEqual(columns[0]?.cells.map((cell) => cell.unit), [null, 0, null]);
});

test("inputs are found where they stand, whatever the spec's order", () => {
  const [input] = net([2, 1], ["x1_squared", "x1"]).columns;
  assert.ok(input);
  assert.deepEqual(cellsByUnit(input), [2, 0]);
});

test("arrow keys move between tiles and stop at the ends", () => {
  const { columns } = net([2, 8, 3, 1]);
  const found = layout(columns, LAPTOP);
  assert.deepEqual(neighbour(found, 1, 0, "ArrowDown"), [1, 1]);
  assert.equal(neighbour(found, 1, 0, "ArrowUp"), null);
  assert.deepEqual(neighbour(found, 1, 7, "ArrowRight"), [2, 2], "the nearest of the next column");
  assert.equal(neighbour(found, 3, 0, "ArrowRight"), null);
  assert.deepEqual(neighbour(found, 1, 3, "End"), [1, 7]);
  assert.equal(neighbour(found, 1, 3, "a"), null);
});

test("what floats stays in its area and off its place where it can", () => {
  const area = { width: 400, height: 600 };
  const own = { width: 200, height: 100 };
  assert.deepEqual(positionBeside(own, area, { x: 100, y: 300, size: 40 }), { x: 132, y: 250 });
  assert.deepEqual(positionBeside(own, area, { x: 300, y: 300, size: 40 }), { x: 68, y: 250 });
  assert.deepEqual(positionBeside({ width: 300, height: 100 }, area, { x: 200, y: 100, size: 40 }), { x: 50, y: 132 });
  const { x, y } = positionBeside({ width: 500, height: 700 }, area, { x: 200, y: 100, size: 40 });
  assert.deepEqual([x, y], [8, 8]);
});

test("numbers are read as people type them", () => {
  assert.equal(parseNumber(" −0,5 "), -0.5);
  assert.equal(parseNumber("1e-3"), 0.001);
  assert.equal(parseNumber(""), null);
  assert.equal(parseNumber("a"), null);
  assert.equal(parseNumber("Infinity"), null);
  assert.equal(format(-0.123456), "−0.123");
  assert.equal(format(-0.0000523), "−5.2e-5");
  for (const value of [0, -2, 1230, -5.2e-5, 7e-12]) assert.equal(parseNumber(format(value)), value);
});

test("a logit's map becomes a probability's, the lowest row last", () => {
  const table = Uint32Array.from({ length: 256 }, (_, i) => i);
  const { width, height, pixels } = probabilityMap([0, 0, 255, 255], 2, 2, 20, table);
  assert.deepEqual([width, height], [8, 8]);
  assert.equal(pixels[0], 255);
  assert.equal(pixels.at(-1), 0);
  const flat = probabilityMap([127.5], 1, 1, 20, table);
  assert.ok([...flat.pixels].every((value) => value === 128));
});

test("a layer in words", () => {
  const own = net([2, 8, 8, 1]);
  const none = { dead: 0, saturated: 0 };
  const line = layerDescription(own, 2, { dead: 2, saturated: 1 });
  assert.equal(line.name, "Hidden layer 2");
  assert.equal(line.facts, "8 × 8 weights + 8 biases, 2 dead, 1 saturated");
  assert.match(layerDescription(own, 3, none).latex, /\\sigma\(f\(x\)\)/);
  assert.equal(layerDescription(own, 3, none).facts, "1 × 8 weights + 1 bias");
});

test("a unit and an edge in words", () => {
  const own = net([2, 8, 8, 1]);
  const [input, hidden, , output] = own.columns;
  assert.ok(input && hidden && output);
  assert.equal(unitTitle(hidden, 2), "Hidden 1, unit 3");
  assert.equal(unitTitle(input, 1), "x₂");
  assert.equal(unitTitle(output, 0), "Output");
  assert.equal(edgeDescription(own, { layer: 1, from: 1, to: 4 }), "weight from x₂ to unit 5");
  assert.equal(edgeDescription(own, { layer: 3, from: 1, to: 0 }), "weight from unit 2 to output");
  const numbers = { weights: new Float32Array(8).fill(1), bias: 0.5, most: 3 };
  assert.equal(unitDescription(own, { layer: 2, unit: 0 }, numbers).facts, "largest 3 of 8 weights");
  assert.equal(unitDescription(own, { layer: 0, unit: 1 }, numbers).latex, "x_2");
  const dead = unitDescription(own, { layer: 2, unit: 0 }, { ...numbers, state: "dead" });
  assert.equal(dead.facts, "largest 3 of 8 weights, dead: z ≤ 0 at every training example");
});

test("units that answer to no training example are told by the probe", () => {
  const numbers = new LatestValues();
  assert.deepEqual(numbers.silentUnits(1), { dead: 0, saturated: 0 });
  numbers.setActivity({ dead: { 1: [0, 5], 2: [] }, saturated: { 1: [], 2: [3] } });
  assert.deepEqual(numbers.silentUnits(1), { dead: 2, saturated: 0 });
  assert.deepEqual([[1, 5], [1, 4], [2, 3]].map(([layer = 0, unit = 0]) => numbers.state({ layer, unit })), [
    "dead", "", "saturated",
  ]);
});
