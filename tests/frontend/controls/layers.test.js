import assert from "node:assert/strict";
import { test } from "node:test";

import { toggleFeature } from "../../../frontend/app/controls/features.js";
import { FakeServer } from "../state/server.js";

new FakeServer().install();
const { layerChanges, layersText, parseLayers } = await import("../../../frontend/app/controls/layers.js");

for (const [text, hidden] of /** @type {[string, number[] | null][]} */ ([
  ["8 · 8", [8, 8]],
  ["12, 12,8", [12, 12, 8]],
  ["[4 4]", [4, 4]],
  ["8x3", [8, 8, 8]],
  ["16 8×2", [16, 8, 8]],
  ["none", []],
  ["", null],
  ["  ", null],
  ["0", null],
  ["8 0 4", null],
  ["8 eight", null],
  ["8.5", null],
  ["-3 4", null],
])) {
  test(`${JSON.stringify(text)} as hidden layers`, () => assert.deepEqual(parseLayers(text), hidden));
}

test("a list of activations keeps in step with the layers", () => {
  const model = { activation: ["relu", "tanh"] };
  assert.deepEqual(layerChanges("model.hidden", model, [4, 4, 4])["model.activation"], ["relu", "tanh", "tanh"]);
  assert.deepEqual(layerChanges("model.hidden", model, [4])["model.activation"], ["relu"]);
  assert.deepEqual(layerChanges("model.hidden", model, [])["model.activation"], "tanh");
  assert.deepEqual(layerChanges("model.hidden", { activation: "relu" }, [4]), { "model.hidden": [4] });
});

test("features stay in the catalogue's order", () => {
  const rows = [{ kind: "x1" }, { kind: "x2" }, { kind: "sin" }];
  assert.deepEqual(toggleFeature(rows, ["sin"], "x1"), ["x1", "sin"]);
  assert.deepEqual(toggleFeature(rows, ["x1", "sin"], "x1"), ["sin"]);
});

test("hidden layers are read back from how they are shown", () => {
  for (const hidden of [[], [8], [12, 12, 8], Array(20).fill(8), [...Array(9).fill(16), 4, 4, 2]]) {
    assert.deepEqual(parseLayers(layersText(hidden)), hidden);
  }
  assert.equal(layersText(Array(20).fill(8)), "8×20");
});
