import assert from "node:assert/strict";
import { test } from "node:test";

import { restarts } from "../../../frontend/app/state/knobs.js";
import {
  differenceWords,
  nameOf,
  plainSymbol,
  wordForNone,
} from "../../../frontend/app/state/words.js";
import { catalogue } from "./catalogue.js";

/** @param {(spec: any) => void} change */
function changed(change) {
  const spec = structuredClone(catalogue.default);
  change(spec);
  return spec;
}

test("a run is named after its data and its network", () => {
  assert.equal(nameOf(catalogue, catalogue.default), "Spiral, 8·8 tanh");
  const deep = changed((spec) => {
    spec.model.hidden = Array(20).fill(8);
    spec.model.activation = Array(20).fill("relu");
  });
  assert.equal(nameOf(catalogue, deep), "Spiral, 20 layers of 8 ReLU");
  assert.equal(nameOf(catalogue, changed((spec) => (spec.model.hidden = []))), "Spiral, no hidden layer");
});

for (const [words, change] of /** @type {[string, (spec: any) => void][]} */ ([
  ["η = 0.1", (spec) => (spec.optimizer.lr = 0.1)],
  ["λ₂ = 1e-5", (spec) => (spec.regularization.l2 = 1e-5)],
  ["ReLU", (spec) => (spec.model.activation = "relu")],
  ["+ residual connections", (spec) => (spec.model.residual = true)],
  ["12·12", (spec) => (spec.model.hidden = [12, 12])],
  ["Moons", (spec) => (spec.data = { kind: "moons", samples: 500, noise: 0 })],
  ["batch size: the full batch", (spec) => (spec.training.batch_size = null)],
  ["", () => undefined],
])) {
  test(`a difference in words: ${words || "none"}`, () => {
    assert.equal(differenceWords(catalogue, catalogue.default, changed(change)), words);
  });
}

test("short symbols are plain text, long ones need typesetting", () => {
  assert.equal(plainSymbol("\\lambda_1"), "λ₁");
  assert.equal(plainSymbol("K"), "K");
  assert.equal(plainSymbol("|\\mathcal B|"), "");
  assert.equal(plainSymbol(""), "");
});

test("the catalogue's sentence says what none means", () => {
  assert.equal(wordForNone("Where the run ends; none is until paused."), "until paused");
  assert.equal(wordForNone("A number."), "none");
});

test("what restarts is what the catalogue says", () => {
  const spec = catalogue.default;
  for (const path of ["optimizer.lr", "optimizer.schedule.kind", "training.batch_size"]) {
    assert.equal(restarts(catalogue, spec, path), false, path);
  }
  for (const path of ["data.kind", "optimizer.kind", "model.hidden", "seed", "unheard.of"]) {
    assert.equal(restarts(catalogue, spec, path), true, path);
  }
});
