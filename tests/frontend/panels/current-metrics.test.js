import assert from "node:assert/strict";
import { test } from "node:test";

import { columnWithCurrent, currentMetrics, metricAt } from "../../../frontend/app/panels/current-metrics.js";
import { SeriesStore } from "../../../frontend/app/stream/series.js";

/**
 * A run with rows of steps 0 and 80.
 * @param {object} progress
 * @returns {any}
 */
function contextOf(progress) {
  const series = new SeriesStore();
  series.append(["row", "step", "test_loss", "kl"], [[1, 0, 2, null], [2, 80, 0.162, null]]);
  return { series, state: { progress: { value: progress } } };
}

const metrics = { test_loss: 0.0412, kl: null };

test("a run that rests between two rows is read at its own step", () => {
  const context = contextOf({ status: "paused", step: 92, metrics });
  assert.deepEqual(currentMetrics(context), { step: 92, metrics });
  assert.equal(metricAt(context, "test_loss", null), 0.0412);
  assert.equal(metricAt(context, "test_loss", 92), 0.0412);
  assert.equal(metricAt(context, "step", 92), 92);
  assert.equal(metricAt(context, "test_loss", 91), 0.162);
  assert.equal(metricAt(context, "step", 91), 80);
  assert.ok(Number.isNaN(metricAt(context, "kl", null)));
  assert.deepEqual([...(columnWithCurrent(context, "step") ?? [])], [0, 80, 92]);
  assert.deepEqual([...(columnWithCurrent(context, "test_loss") ?? [])], [2, 0.162, 0.0412]);
  assert.equal(columnWithCurrent(context, "accuracy"), null);
});

test("so is one whose weights were edited at a row", () => {
  const context = contextOf({ status: "paused", step: 80, metrics });
  assert.equal(metricAt(context, "test_loss", null), 0.0412);
  assert.equal(metricAt(context, "test_loss", 79), 2);
});

test("the series has the rest: of a run that trains, and of metrics that are its last row's", () => {
  const last = { test_loss: 0.162, kl: null };
  for (const progress of [
    null,
    { status: "running", step: 92, metrics },
    { status: "paused", step: 92, metrics: last },
    { status: "paused", step: 92, metrics: null },
    { status: "paused", step: 70, metrics },
  ]) {
    const context = contextOf(/** @type {any} */ (progress));
    assert.equal(currentMetrics(context), null);
    assert.equal(metricAt(context, "test_loss", null), 0.162);
    assert.equal(columnWithCurrent(context, "step")?.length, 2);
  }
  assert.equal(currentMetrics({ ...contextOf({ status: "paused", step: 92, metrics }), series: new SeriesStore() }), null);
});
