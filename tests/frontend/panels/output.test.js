import assert from "node:assert/strict";
import { test } from "node:test";

import { fits, metric, ofStep } from "../../../frontend/app/panels/context.js";
import { factsText } from "../../../frontend/app/panels/facts-row.js";
import { outputLayers } from "../../../frontend/app/panels/output-layers.js";
import { outputFacts } from "../../../frontend/app/panels/output-facts.js";
import { scoreFacts } from "../../../frontend/app/panels/scores.js";
import { snapToCurve, cursorFact } from "../../../frontend/app/panels/cursor-value.js";
import { SeriesStore } from "../../../frontend/app/stream/series.js";
import { axis, tensor } from "../marks/tensors.js";

/**
 * @param {object} run
 * @param {{[name: string]: number | null}} [metrics]
 * @param {number | null} [viewed]
 * @returns {any}
 */
function contextOf(run, metrics = {}, viewed = null) {
  const series = new SeriesStore();
  series.append(["row", "step", "test_accuracy", "train_accuracy"], [[1, 0, 0.5, 0.4], [2, 10, 0.6, 0.7]]);
  const state = {
    run: { value: run },
    progress: { value: { metrics } },
    viewedStep: { value: viewed },
  };
  return { state, series };
}

test("a probe is shown of the runs that it fits", () => {
  assert.equal(fits(contextOf({ probes: ["decision", "regions"] }), "regions"), true);
  assert.equal(fits(contextOf({ probes: ["decision"] }), "regions"), false);
  assert.equal(fits(/** @type {any} */ ({ state: { run: { value: null } } }), "regions"), false);
});

test("a metric is the present one, or that of the step looked at", () => {
  const metrics = { test_accuracy: 0.9 };
  assert.equal(metric(contextOf({}, metrics), "test_accuracy"), 0.9);
  assert.equal(metric(contextOf({}, metrics, 5), "test_accuracy"), 0.5);
  assert.equal(metric(contextOf({}, metrics, 10), "test_accuracy"), 0.6);
  assert.equal(metric(contextOf({}, metrics), "test_r2"), null);
});

test("the numbers below the output fit the run", () => {
  const metrics = { test_accuracy: 0.9, train_accuracy: 1 };
  const written = (/** @type {any} */ context, /** @type {any} */ regions) =>
    outputFacts(context, regions).map(({ label, value }) => `${label}: ${value}`);
  const plain = contextOf({ parameters: 1234 }, metrics);
  assert.deepEqual(written(plain, null), [
    "Test accuracy: 90.0%",
    "Train accuracy: 100%",
    "Parameters: 1,234",
  ]);
  const regions = { linear_regions: 564, bounds: { bound: 230917 } };
  assert.deepEqual(written(plain, regions), [
    "Test accuracy: 90.0%",
    "Linear regions: 564",
    "At most: 230,917",
  ]);
  const untested = contextOf({ parameters: 5 }, { train_r2: 0.5, test_r2: null });
  assert.deepEqual(written(untested, null), ["Train R²: 0.5", "Parameters: 5"]);
});

test("facts of a step without a row say which step they are of", () => {
  assert.deepEqual(ofStep(contextOf({}, {}, null)), {});
  assert.deepEqual(ofStep(contextOf({}, {}, 10)), {});
  assert.deepEqual(ofStep(contextOf({}, {}, 9)), { of: "step 0" });
  const facts = outputFacts(contextOf({ parameters: 33 }, {}, 9), null);
  assert.deepEqual(facts.map(({ of }) => of), ["step 0", "step 0", undefined]);
  assert.equal(factsText(facts), "Test accuracy of step 0: 50.0%, Train accuracy of step 0: 40.0%, Parameters: 33");
  assert.deepEqual(scoreFacts(contextOf({}, {}, 9)).map(({ of }) => of), ["step 0"]);
  assert.deepEqual(scoreFacts(contextOf({}, {}, 10)).map(({ of }) => of), [undefined]);
});

const line = (/** @type {object} */ more) =>
  /** @type {any} */ ({ kind: "line", x: tensor([0, 2]), y: tensor([0, 4]), label: "μ(x)", color: "accent", width: 2, ...more });

test("regions lie under the data, the fitted curve over them; joints take the full height", () => {
  const decision = /** @type {any} */ ({ x: axis(0, 2), y: axis(-9, 9), equal: false, marks: [line({})] });
  const joints = line({ x: tensor([1, 1, 1]), y: tensor([-1, 3, NaN]), label: "joints", color: "second" });
  const points = /** @type {any} */ ({ kind: "points" });
  const regions = /** @type {any} */ ({ marks: [joints, line({ label: "f(x)" })] });
  const { marks } = outputLayers(decision, [points], regions);
  assert.deepEqual(
    marks.map(({ kind }) => kind),
    ["line", "points", "line"],
  );
  const [first] = marks;
  assert.ok(first?.kind === "line");
  assert.deepEqual(Array.from(first.y.data), [-9, 9, NaN]);
});

test("the cursor reads the curve on the line, and the map in the plane", () => {
  const curve = /** @type {any} */ ({ x: axis(0, 2), y: axis(0, 9), equal: false, marks: [line({})] });
  assert.deepEqual(snapToCurve(curve, { x: 1, y: 7 }), { x: 1, y: 2 });
  assert.deepEqual(cursorFact(curve, { x: 1, y: 7 }), { label: "At x = 1", value: "2.00" });
  const map = { kind: "heatmap", values: tensor([0.25], [1, 1]), colors: "diverging", opacity: null };
  const plane = /** @type {any} */ ({ x: axis(0, 2), y: axis(0, 2), equal: true, marks: [map] });
  assert.deepEqual(cursorFact(plane, { x: 1, y: 0.5 }), { label: "At 1, 0.5", value: "0.250" });
  assert.equal(cursorFact(plane, null).value, "–");
});
