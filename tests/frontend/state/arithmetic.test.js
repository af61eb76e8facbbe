import assert from "node:assert/strict";
import { test } from "node:test";

import { arithmeticWords } from "../../../frontend/app/state/arithmetic.js";

/** @param {string} arithmetic @param {string} chosen @param {string} kind @param {number} parameters */
function words(arithmetic, chosen, kind, parameters) {
  const run = /** @type {any} */ ({ arithmetic, parameters, spec: { arithmetic: chosen, model: { kind } } });
  return arithmeticWords(run, "The rule.");
}

test("a compiled run says how large its network is", () => {
  assert.equal(words("compiled", "auto", "mlp", 57), "Machine code trains this network of 57 parameters. The rule.");
});

test("a run on tensors says why: as it was set, another kind of model, or too large", () => {
  const tensors = "PyTorch's tensor operations train this network";
  assert.equal(words("torch", "torch", "mlp", 57), `${tensors}, as Arithmetic was set. The rule.`);
  assert.equal(words("torch", "auto", "cnn", 57), `${tensors}, which is no multilayer perceptron. The rule.`);
  assert.equal(
    words("torch", "auto", "mlp", 8641),
    `${tensors} of 8,641 parameters. The rule. A server without a compiler, or with a GPU, has no machine code.`,
  );
});
