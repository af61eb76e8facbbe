/** The text before there are curves. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { messageBeforeCurves } from "../../../frontend/app/panels/first-row.js";
import { SeriesStore } from "../../../frontend/app/stream/series.js";

/**
 * @param {number} step
 * @param {{every?: number | null, steps?: number | null, row?: number, status?: string, error?: object | null}} [more]
 * @returns {string}
 */
function message(step, { every = 50, steps = null, row = 0, status = "running", error = null } = {}) {
  const series = new SeriesStore();
  series.append(["row", "step", "test_loss"], [[1, row, 2]]);
  const run = { status, error, step, spec_in_force: { training: { series_every: every, steps } } };
  return messageBeforeCurves(/** @type {any} */ ({ series, state: { run: { value: run }, progress: { value: { step } } } }));
}

test("the step of the first row after the start is named, and the present step while a run trains", () => {
  assert.equal(message(0), "Curves appear at step 50.");
  assert.equal(message(31), "Curves appear at step 50. The run is at step 31.");
  assert.equal(message(1200, { every: 1000 }), "Curves appear at step 2,000. The run is at step 1,200.");
});

test("at a row's own step it is still being measured", () => {
  assert.equal(message(50), "Curves appear at step 50. The run is at step 50.");
  assert.equal(message(50, { row: 50 }), "Curves appear at step 100. The run is at step 50.");
});

test("the last step has a row, too, and a changed interval counts at once", () => {
  assert.equal(message(31, { steps: 40 }), "Curves appear at step 40. The run is at step 31.");
  assert.equal(message(31, { every: 10 }), "Curves appear at step 40. The run is at step 31.");
});

test("without an interval rows thin out with the step", () => {
  assert.equal(message(31, { every: null }), "Curves appear at step 40. The run is at step 31.");
  assert.equal(message(10000, { every: null }), "Curves appear at step 10,000. The run is at step 10,000.");
  assert.equal(message(10001, { every: null }), "Curves appear at step 10,100. The run is at step 10,001.");
  assert.equal(message(123456, { every: null }), "Curves appear at step 124,000. The run is at step 123,456.");
});

test("a run that is over says so, and one that is not known yet names no step", () => {
  const over = "The run ended before there was a curve.";
  assert.equal(message(3, { status: "finished" }), over);
  assert.equal(message(3, { error: { code: "diverged" } }), over);
  const none = { series: new SeriesStore(), state: { run: { value: null }, progress: { value: null } } };
  assert.equal(messageBeforeCurves(/** @type {any} */ (none)), "Curves appear after the first steps.");
});
