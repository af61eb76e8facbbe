import assert from "node:assert/strict";
import { test } from "node:test";

import {
  axisTicks,
  count,
  format,
  logSplits,
  logTicks,
  percent,
  share,
  short,
  ticks,
  valueAt,
} from "../../../frontend/app/marks/scales.js";

test("numbers have three significant digits", () => {
  const cases = /** @type {const} */ ([
    [0.6, "0.600"],
    [1 / 3, "0.333"],
    [12.345, "12.3"],
    [999.4, "999"],
    [999.6, "1,000"],
    [5980.4, "5,980"],
    [-1234, "−1,234"],
    [-0.5, "−0.500"],
    [0.001, "0.00100"],
    [0.0006, "6.00e-4"],
    [1e-5, "1.00e-5"],
    [1234567, "1.23e6"],
    [0, "0"],
    [NaN, "–"],
    [null, "–"],
    [Infinity, "∞"],
  ]);
  for (const [value, text] of cases) assert.equal(format(value), text);
});

test("numbers that stand still have no zeros at their end", () => {
  assert.equal(short(0.6), "0.6");
  assert.equal(short(1e-5), "1e-5");
  assert.equal(short(2000), "2,000");
  assert.equal(short(100), "100");
  assert.equal(short(-3), "−3");
});

test("counts are whole, shares are percentages", () => {
  assert.equal(count(1369), "1,369");
  assert.equal(count(2e300), "2e300");
  assert.equal(percent(1), "100%");
  assert.equal(percent(0.9987), "99.9%");
  assert.equal(percent(0), "0.0%");
});

test("ticks are round numbers within the ends", () => {
  assert.deepEqual(ticks(-3, 3, 6), [-3, -2, -1, 0, 1, 2, 3]);
  assert.deepEqual(ticks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks(0.05, 0.34, 3), [0.1, 0.2, 0.3]);
  assert.deepEqual(ticks(1, 1), []);
});

test("log ticks are powers of ten, thinned", () => {
  assert.deepEqual(logTicks(0.02, 30), [0.1, 1, 10]);
  assert.equal(logTicks(1e-12, 1, 6).length <= 7, true);
  assert.deepEqual(logTicks(0, 1), []);
});

test("few powers of ten get round numbers between them, where they fit", () => {
  assert.deepEqual(logSplits(0.04, 0.6, 6), [0.05, 0.1, 0.2, 0.5]);
  assert.deepEqual(logSplits(0.04, 0.6, 3), [0.1, 0.3]);
  assert.deepEqual(logSplits(1e-6, 1, 4).length <= 4, true);
});

test("a value's place and the value at a place agree", () => {
  for (const scale of /** @type {const} */ (["linear", "log"])) {
    const axis = { label: "", unit: "", low: 0.5, high: 40, scale, whole: false };
    assert.ok(Math.abs(valueAt(axis, share(axis, 7)) - 7) < 1e-12);
  }
});

test("an axis that counts has whole numbers alone", () => {
  const axis = /** @type {const} */ ({ label: "l", unit: "", scale: "linear", whole: true });
  assert.deepEqual(axisTicks({ ...axis, low: 1, high: 3 }, 5), [1, 2, 3]);
  assert.deepEqual(axisTicks({ ...axis, low: 0.5, high: 2.5 }, 8), [1, 2]);
  assert.deepEqual(axisTicks({ ...axis, low: 0, high: 1 }, 5), [0, 1]);
  assert.deepEqual(axisTicks({ ...axis, low: 1, high: 21 }, 5), [5, 10, 15, 20]);
  assert.deepEqual(axisTicks({ ...axis, low: 1, high: 3, whole: false }, 5), [1, 1.5, 2, 2.5, 3]);
  for (let high = 2; high < 40; high++) {
    for (let about = 2; about < 9; about++) {
      const found = axisTicks({ ...axis, low: 1, high }, about);
      assert.ok(found.length && found.every(Number.isInteger), `${high}, ${about}: ${found}`);
    }
  }
});
