import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeServer } from "../state/server.js";
import { catalogue } from "../state/catalogue.js";

new FakeServer().install();
const { shown } = await import("../../../frontend/app/state/shown.js");
const { contextOf } = await import("../../../frontend/app/views/mount.js");
const { fittingProbes } = await import("../../../frontend/app/views/probes.js");
const { familyOf, tabsFor } = await import("../../../frontend/app/views/registry.js");

/** @param {string} kind @returns {any} */
const runOf = (kind) => ({ spec: { data: { kind: "digits" }, model: { kind } } });

test("a family never sees another family's run", () => {
  const { run, spec } = shown;
  run.value = runOf("cnn");
  spec.value = runOf("cnn").spec;
  const { state } = contextOf("cnn", /** @type {any} */ ({ state: shown }));
  const seen = () => [state.run.value?.spec.model.kind, state.spec.value?.model.kind];
  assert.deepEqual(seen(), ["cnn", "cnn"]);
  run.value = runOf("vae");
  spec.value = runOf("vae").spec;
  assert.deepEqual(seen(), ["cnn", "cnn"]);
  run.value = null;
  assert.equal(state.run.value, null);
});

test("a probe that a family shows nowhere has a tab of its own", () => {
  const probes = [{ kind: "weights", label: "Weights" }, { kind: "jacobian", label: "Jacobian" }];
  const rows = /** @type {any} */ ({ ...catalogue, probes });
  const run = /** @type {any} */ ({ probes: ["weights", "jacobian"] });
  const names = (/** @type {string} */ kind) => tabsFor(familyOf(kind), rows, run).map(({ label }) => label);
  assert.deepEqual(names("mlp"), ["Regions", "Weights", "Gradients", "Sizes", "Jacobian"]);
  assert.deepEqual(names("a family of its own"), [], "its middle shows them all");
  assert.deepEqual(tabsFor(familyOf("mlp"), null, null).length, 4);
});

test("a step is taken apart in the same tab of every family, wherever that fits", () => {
  const rows = /** @type {any} */ ({ ...catalogue, probes: [{ kind: "step_by_step", label: "Step by step" }] });
  const names = (/** @type {string} */ kind, /** @type {string[]} */ probes) =>
    tabsFor(familyOf(kind), rows, /** @type {any} */ ({ probes })).map(({ name }) => name);
  for (const kind of ["mlp", "cnn", "rnn", "transformer", "vae", "autoencoder", "a family of its own"]) {
    assert.equal(names(kind, ["step_by_step"]).filter((name) => name === "step_by_step").length, 1, kind);
    assert.equal(names(kind, ["step_by_step"])[0], "step_by_step");
    assert.ok(!names(kind, []).includes("step_by_step"));
  }
});

test("the probes on the page are those that fit the run", () => {
  const probes = [{ kind: "filters" }, { kind: "decision" }, { kind: "shapes" }];
  const rows = /** @type {any} */ ({ ...catalogue, probes });
  const run = /** @type {any} */ ({ probes: ["shapes", "filters", "unknown"] });
  assert.deepEqual(fittingProbes(rows, run).map(({ kind }) => kind), ["filters", "shapes"]);
  assert.deepEqual(fittingProbes(rows, null), []);
});
