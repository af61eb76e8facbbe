import assert from "node:assert/strict";
import { test } from "node:test";

import { scaleOf } from "../../../frontend/app/controls/scale.js";
import { knob } from "../state/catalogue.js";

/** @param {object} more @returns {any} */
const made = (more) => knob("x", more);

test("a linear slider keeps to its step", () => {
  const scale = scaleOf(made({ shown: [0, 0.9], step: 0.05 }));
  assert.ok(scale);
  assert.equal(scale.ticks, 18);
  for (let tick = 0; tick <= 18; tick++) {
    assert.equal(scale.position(scale.value(tick)), tick);
    assert.equal(scale.value(tick), Number((tick * 0.05).toFixed(2)));
  }
});

test("equal ways on a logarithmic slider are equal factors, in round numbers", () => {
  const scale = scaleOf(made({ shown: [1e-5, 10], scale: "log", min: 0 }));
  assert.ok(scale);
  const [start = 0, , middle = 0] = [1e-5, 1e-3, 1e-2].map(scale.position);
  assert.equal(middle - start, 200);
  assert.equal(scale.value(scale.position(0.01)), 0.01);
  for (let tick = 12; tick <= scale.ticks; tick++) {
    const value = scale.value(tick);
    assert.equal(Number(value.toPrecision(2)), value);
  }
});

test("zero is the left end of a logarithmic slider that allows it", () => {
  const scale = scaleOf(made({ shown: [1e-6, 1], scale: "log", min: 0 }));
  assert.equal(scale?.value(0), 0);
  assert.equal(scale?.position(0), 0);
  assert.ok((scale?.position(1e-9) ?? 0) > 0, "small is not nothing");
  const without = scaleOf(made({ shown: [1e-6, 1], scale: "log", min: 1e-6 }));
  assert.equal(without?.value(0), 1e-6);
});

test("values beyond the slider stand at its ends", () => {
  const scale = scaleOf(made({ type: "integer", shown: [20, 2000], scale: "log", min: 4, step: 10 }));
  assert.ok(scale);
  assert.equal(scale.position(4), 0);
  assert.equal(scale.position(10000), scale.ticks);
  assert.equal(scale.value(-5), 20);
  assert.equal(scale.value(1e9), 2000);
  assert.ok(Number.isInteger(scale.value(137)));
});

test("whole numbers of a small range have a tick each", () => {
  const scale = scaleOf(made({ type: "integer", shown: [2, 8] }));
  assert.equal(scale?.ticks, 6);
  assert.equal(scale?.value(3), 5);
});

test("there is no slider for a seed, nor for what is no number", () => {
  assert.equal(scaleOf(made({ type: "integer", shown: [0, 2 ** 31 - 1] })), null);
  assert.equal(scaleOf(made({ shown: [null, null], min: null, max: null })), null);
});
