import assert from "node:assert/strict";
import { test } from "node:test";

import { restarts } from "../../../frontend/app/state/knobs.js";
import {
  differenceWords,
  nameOf,
  plainSymbol,
  summaryWords,
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

test("a run of another family is named after what its model is told from others by", () => {
  const named = (/** @type {string} */ data, /** @type {object} */ model) =>
    nameOf(catalogue, changed((spec) => Object.assign(spec, { data: { kind: data }, model })));
  const blocks = [{ kind: "conv", channels: 16 }, { kind: "max_pool", kernel: 2 }, { kind: "dense", units: 32 }];
  assert.equal(named("digits", { kind: "cnn", blocks }), "Digits, CNN 16·32");
  assert.equal(named("recall", { kind: "rnn", cell: "lstm", hidden: 64, depth: 2 }), "Recall, LSTM 64·64");
  assert.equal(named("reverse", { kind: "transformer", depth: 2, heads: 4 }), "Reverse, transformer 2 × 4");
  assert.equal(named("digits", { kind: "vae", latent: 2 }), "Digits, VAE, z of 2");
});

for (const [words, change] of /** @type {[string, (spec: any) => void][]} */ ([
  ["η = 0.1", (spec) => (spec.optimizer.lr = 0.1)],
  ["λ₂ = 1e-5", (spec) => (spec.regularization.l2 = 1e-5)],
  ["seed = 1,234,567", (spec) => (spec.seed = 1234567)],
  ["seed = 12,345", (spec) => (spec.seed = 12345)],
  ["η = 1.23e-5", (spec) => (spec.optimizer.lr = 1.234e-5)],
  ["η = 1.23e6", (spec) => (spec.optimizer.lr = 1234568.5)],
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

test("a run of a list differs from the default in the catalogue's labels", () => {
  const words = summaryWords(catalogue, {
    seed: 3,
    "data.kind": "moons",
    "data.noise": 0.25,
    "model.hidden": [12, 12],
    "model.activation": "relu",
    "optimizer.kind": "sgd",
    "optimizer.lr": 0.1,
    "training.batch_size": null,
    "unknown.field": 7,
  });
  assert.deepEqual(words, [
    "seed 3", "noise 0.25", "model.hidden 12·12", "ReLU", "SGD", "learning rate 0.1", "batch size: the full batch",
    "unknown.field = 7",
  ]); // prettier-ignore
  assert.deepEqual(summaryWords(catalogue, {}), []);
  assert.deepEqual(summaryWords(catalogue, { "model.kind": "cnn", "model.blocks": [] }).length, 1);
});

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
