import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { latexNumber, layerFormula, substitute, unitFormula } from "../../../frontend/app/network/formula.js";

// The package is the frontend's, beside which the tests do not lie.
const katex = createRequire(new URL("../../../frontend/package.json", import.meta.url))("katex");

/** @type {import("../../../frontend/app/network/formula.js").Terms} */
const terms = { layer: 2, output: false, formula: "\\tanh z", residual: false, bias: true, input: "x" };
const numbers = { unit: 1, weights: [0.5, -2, 0.001], bias: -0.25, names: ["a", "b", "c"], single: false };

/** Every activation's formula, read from the table that the catalogue is made of. */
const table = readFileSync(new URL("../../../backend/livenet/spec/activations.py", import.meta.url), "utf8");
const formulas = [...table.matchAll(/Activation\(\s*"\w+", "[^"]+", r?"([^"]+)"/g)].map((found) => found[1] ?? "");

test("an activation of one z has the sum in its place", () => {
  assert.equal(layerFormula(terms), "h^{(2)} = \\tanh(W^{(2)} h^{(1)} + b^{(2)})");
  assert.equal(layerFormula({ ...terms, formula: "\\max(0, z)", layer: 1 }), "h^{(1)} = \\max(0, W^{(1)} x + b^{(1)})");
});

test("an activation of several keeps its z, and says what it is", () => {
  assert.equal(substitute("z\\,\\sigma(z)", "s"), null);
  assert.equal(layerFormula({ ...terms, formula: "z\\,\\sigma(z)" }), "h^{(2)} = z\\,\\sigma(z),\\quad z = W^{(2)} h^{(1)} + b^{(2)}");
  assert.equal(substitute("\\frac{1}{1+e^{-z}}", "s"), null, "−(a + b) would need brackets");
});

test("residual, unbiased and output layers say so", () => {
  assert.match(layerFormula({ ...terms, residual: true }), /\) \+ h\^\{\(1\)\}$/);
  assert.doesNotMatch(layerFormula({ ...terms, bias: false }), /b\^/);
  assert.equal(layerFormula({ ...terms, output: true, formula: "z" }), "f(x) = W^{(2)} h^{(1)} + b^{(2)}");
});

test("a unit shows its largest terms in order", () => {
  assert.equal(unitFormula(terms, { ...numbers, most: 2 }), "h^{(2)}_{2} = \\tanh(0.5\\,a - 2\\,b + \\dots - 0.25)");
  assert.equal(unitFormula(terms, { ...numbers, most: 3 }), "h^{(2)}_{2} = \\tanh(0.5\\,a - 2\\,b + 0.001\\,c - 0.25)");
});

test("numbers have three digits", () => {
  assert.equal(latexNumber(0), "0");
  assert.equal(latexNumber(1.23456), "1.23");
  assert.equal(latexNumber(0.0000123), "1.2\\cdot 10^{-5}");
  assert.equal(latexNumber(NaN), "\\mathrm{NaN}");
});

test("every activation gives formulas that can be set", () => {
  assert.ok(formulas.length >= 12, `found ${formulas.length}`);
  for (const formula of formulas) {
    for (const residual of [true, false]) {
      const own = { ...terms, formula, residual };
      assert.ok(katex.renderToString(layerFormula(own), { throwOnError: true }));
      assert.ok(katex.renderToString(unitFormula(own, { ...numbers, most: 2 }), { throwOnError: true }));
    }
  }
});
