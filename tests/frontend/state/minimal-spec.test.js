import assert from "node:assert/strict";
import { test } from "node:test";

import { minimalSpec } from "../../../frontend/app/state/minimal-spec.js";
import { catalogue } from "./catalogue.js";

/**
 * Fills in as the server does: the initializer's default follows the activation, the objective's
 * the data.
 * @param {any} written
 * @returns {Promise<any>}
 */
async function describe(written) {
  const spec = structuredClone(/** @type {any} */ (catalogue.default));
  if (written.data?.kind === "sine") {
    spec.data = { samples: 500, noise: 0.1 };
    spec.objective = { kind: "gaussian" };
    spec.model.features = ["x1"];
  }
  if (written.model?.activation === "relu") spec.model.initializer = { kind: "he", gain: 1 };
  for (const [section, value] of Object.entries(written)) {
    spec[section] = typeof value === "object" ? { ...spec[section], ...value } : value;
  }
  return { spec };
}

test("only what was chosen is found, not the defaults that follow from it", async () => {
  const chosen = { data: { kind: "sine" }, model: { activation: "relu" }, seed: 4 };
  const { spec } = await describe(chosen);
  const { written } = await minimalSpec(spec, {}, describe);
  assert.deepEqual(written.model, { activation: "relu" });
  assert.equal(written.objective, undefined);
  assert.equal(written.seed, 4);
  assert.deepEqual((await describe(written)).spec, spec);
});

test("a chosen initializer is kept, and a guess that is right is kept", async () => {
  const chosen = { model: { activation: "relu", initializer: { kind: "xavier", gain: 2 } } };
  const { spec } = await describe(chosen);
  assert.deepEqual((await minimalSpec(spec, {}, describe)).written, chosen);
  assert.deepEqual((await minimalSpec(spec, { ...chosen, seed: 0 }, describe)).written, { ...chosen, seed: 0 });
});

test("a guess that is refused by now is no guess", async () => {
  const { spec } = await describe({ seed: 4 });
  const strict = (/** @type {any} */ written) =>
    written.old ? Promise.reject(new Error("refused")) : describe(written);
  assert.deepEqual((await minimalSpec(spec, { old: 1 }, strict)).written, { seed: 4 });
});
