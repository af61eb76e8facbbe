/** What the page says of latent codes: accuracies over seeds, collapse, and where a code comes from. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { AccuracyBySeed } from "../../../frontend/app/views/autoencoder/accuracy-by-seed.js";
import {
  chooseCode, chooseImage, choosePoint, setCodePosition, resetCode, latentCode, latentPoint,
} from "../../../frontend/app/views/autoencoder/latent-point.js";
import { collapseText } from "../../../frontend/app/views/autoencoder/collapse.js";

const specOf = (/** @type {number} */ seed, beta = 1) => /** @type {any} */ ({ seed, model: { beta } });
const factsOf = (/** @type {number} */ mean) => ({ z: [[1, mean, 0.05], [3, 0.5, 0.02]], x: [[1, 0.2, 0.03], [3, 0.4, 0.04]] });

test("one seed has the spread of its draws, several have that over seeds", () => {
  const seeds = new AccuracyBySeed();
  const one = seeds.add(specOf(0), factsOf(0.3));
  assert.deepEqual(one.z[0], { labels: 1, mean: 0.3, spread: 0.05 });
  assert.deepEqual(one.labels, [1, 3]);
  seeds.add(specOf(2), factsOf(0.5));
  const three = seeds.add(specOf(1), factsOf(0.4));
  assert.deepEqual(three.seeds, [0, 1, 2]);
  assert.ok(Math.abs((three.z[0]?.mean ?? 0) - 0.4) < 1e-12);
  assert.ok(Math.abs((three.z[0]?.spread ?? 0) - 0.1) < 1e-12); // of a sample: √(0.02 / 2)
  assert.equal(three.x[0]?.spread, 0.03); // no seed changes raw pixels
});

test("a seed that trained on counts once, as it is now; other specs do not count", () => {
  const seeds = new AccuracyBySeed();
  seeds.add(specOf(0), factsOf(0.3));
  seeds.add(specOf(1, 4), factsOf(0.9));
  const again = seeds.add(specOf(0), factsOf(0.6));
  assert.deepEqual(again.seeds, [0]);
  assert.equal(again.z[0]?.mean, 0.6);
});

test("collapse is said in words, with its nats", () => {
  assert.equal(collapseText([1, 2], [], 2), "");
  assert.match(collapseText([0.01, 2], [1], 2), /^z1 has collapsed .* it carries 0\.0100 nats/);
  assert.match(collapseText([0.01, 2, 0.02], [1, 3], 3), /^z1 and z3 have collapsed .* 0\.0300 nats/);
  const many = [1, 2, 3, 4, 5];
  assert.match(collapseText([0, 0, 0, 0, 0, 3], many, 6), /^5 of 6 dimensions have/);
  assert.match(collapseText([0.01, 0.01], [1, 2], 2), /^The posterior has collapsed: z carries only 0\.0200 nats/);
});

test("a code is one thing: a point, numbers, or an image's own", () => {
  choosePoint({ x: 1, y: -2 });
  assert.deepEqual(latentCode.value, { point: [1, -2], z: null, image: null });
  setCodePosition([3, 3]); // where it was put is where it is
  assert.deepEqual(latentPoint.value, { x: 1, y: -2 });
  chooseCode([0.1, 0.2, 0.3]);
  setCodePosition([0.4, 0.5]);
  assert.deepEqual(latentPoint.value, { x: 0.4, y: 0.5 });
  assert.deepEqual(latentCode.value.z, [0.1, 0.2, 0.3]);
  chooseImage(7);
  assert.deepEqual(latentCode.value, { point: null, z: null, image: 7 });
  resetCode();
  assert.deepEqual(latentCode.value, { point: [0.4, 0.5], z: null, image: null });
});
