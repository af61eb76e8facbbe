import assert from "node:assert/strict";
import { test } from "node:test";

import { affineLatex, pointText } from "../../../frontend/app/panels/affine.js";
import { textSize } from "../../../frontend/app/panels/facts-row.js";
import { measuresOf } from "../../../frontend/app/panels/measures.js";
import { interpolate } from "../../../frontend/app/marks/hit-test.js";
import { boundText, cellsFact, regionsFact } from "../../../frontend/app/panels/region-facts.js";
import { clipBeginning } from "../../../frontend/app/panels/axis-range.js";
import { spreadLabels, stackLabels } from "../../../frontend/app/panels/label-layout.js";
import { panWindow, zoomWindow } from "../../../frontend/app/panels/plot-window.js";
import { decimate, firstFrom } from "../../../frontend/app/stream/decimate.js";
import { SeriesStore } from "../../../frontend/app/stream/series.js";

test("thinning keeps every spike, and its ends", () => {
  const rows = 100_000;
  const x = Float64Array.from({ length: rows }, (_, i) => i);
  const y = Float64Array.from(x, (i) => Math.sin(i / 5000));
  y[54_321] = 40;
  y[12_345] = -40;
  const [steps, values] = decimate(x, [y], 0, rows, 300);
  assert.ok(steps && values);
  assert.ok(steps.length <= 700);
  assert.equal(Math.max(...values), 40);
  assert.equal(Math.min(...values), -40);
  assert.equal(steps[0], 0);
  assert.equal(steps.at(-1), rows - 1);
  assert.ok(steps.every((step, i) => i === 0 || step > Number(steps[i - 1])));
});

test("few rows are left as they are", () => {
  const x = Float64Array.of(0, 10, 20, 30);
  const [steps, values] = decimate(x, [x.map((v) => v * 2)], 1, 3, 300);
  assert.deepEqual(Array.from(steps ?? []), [10, 20]);
  assert.deepEqual(Array.from(values ?? []), [20, 40]);
  assert.equal(firstFrom(x, 15), 2);
});

test("gaps do not hide what is around them", () => {
  const x = Float64Array.from({ length: 1000 }, (_, i) => i);
  const y = x.map((i) => (i % 2 ? NaN : i));
  const [, values] = decimate(x, [y], 0, 1000, 20);
  assert.ok(values?.some((v) => v > 950));
});

test("labels move apart, and stay inside", () => {
  assert.deepEqual(spreadLabels([10, 12], 10, 0, 100), [10, 20]);
  assert.deepEqual(spreadLabels([99, 98], 10, 0, 100), [100, 90]);
  assert.deepEqual(spreadLabels([5, 50], 10, 0, 100), [5, 50]);
});

test("labels at an edge lie in rows where they would lie over one another", () => {
  const at = (/** @type {number} */ left, side = "low") => ({ left, right: left + 30, side });
  assert.deepEqual(stackLabels([at(0), at(10), at(20), at(35)]), [0, 1, 2, 0]);
  assert.deepEqual(stackLabels([at(0), at(30)]), [0, 0]);
  assert.deepEqual(stackLabels([at(0), at(0, "high")]), [0, 0]);
  assert.deepEqual(stackLabels([]), []);
});

test("where a run begins does not flatten the rest of its curve", () => {
  const rest = Array.from({ length: 40 }, (_, i) => -24 + i / 40);
  const [low, high] = clipBeginning([[-250, -60, ...rest]], -250, -23.025);
  assert.ok(low > -26 && low < -24, String(low));
  assert.equal(high, -23.025);
  // From above as well, in the first of two curves, with gaps in the other.
  const gaps = [...rest, null, undefined]; // a null is no 0
  const [from, to] = clipBeginning([[900, 30, ...rest], gaps], -24, 900);
  assert.ok(from === -24 && to < -22, String(to));
  // What came last is shown, however far it leads: a run that diverges does so in sight.
  assert.deepEqual(clipBeginning([[...rest, -20, 900]], -24, 900), [-24, 900]);
  // What fills a good part of the axis stays, and so do short and flat curves.
  assert.deepEqual(clipBeginning([[-26, ...rest]], -26, -23.025), [-26, -23.025]);
  assert.deepEqual(clipBeginning([[-250, -24, -23]], -250, -23), [-250, -23]);
  assert.deepEqual(clipBeginning([[-250, ...Array(40).fill(1)]], -250, 1), [-250, 1]);
  assert.deepEqual(clipBeginning([], 0, 1), [0, 1]);
});

test("zooming keeps the point under the cursor, and stops at its ends", () => {
  const closer = zoomWindow([-3, 3, -3, 3], [1, -1], 0.5);
  assert.deepEqual(closer, [-1, 2, -2, 1]);
  assert.deepEqual(zoomWindow([-3, 3], [0], 0.5), [-1.5, 1.5]);
  const [low = 0, high = 0] = zoomWindow([-30, 30, -30, 30], [0, 0], 4);
  assert.equal(high - low, 60);
  assert.deepEqual(panWindow([-3, 3, -3, 3], [1, -0.5]), [-2, 4, -3.5, 2.5]);
});

test("an affine map in LaTeX", () => {
  assert.equal(affineLatex([1.5, -2], 0.25), "1.50\\,x_1-2.00\\,x_2+0.250");
  assert.equal(affineLatex([1e-5], -1234), "1.00\\cdot 10^{-5}\\,x-1{,}234");
  assert.equal(pointText([1.2, -0.5]), "(1.2, −0.5)");
  assert.equal(pointText([1.2]), "x = 1.2");
});

test("a curve is read between its points", () => {
  const x = Float32Array.of(0, 1, 2);
  const y = Float32Array.of(0, 10, 0);
  assert.equal(interpolate(x, y, 0.25), 2.5);
  assert.equal(interpolate(x, y, 2), 0);
  assert.ok(Number.isNaN(interpolate(x, y, 3)));
});

test("regions beyond the limit are said to be more", () => {
  assert.equal(regionsFact({ linear_regions: 669 }).value, "669");
  assert.equal(regionsFact({ linear_regions: null, activation_regions: 60000 }).value, "–");
  assert.equal(cellsFact({ truncated: true, activation_regions: 60000 }).value, "> 60,000");
  assert.equal(cellsFact({ truncated: false, activation_regions: 60000 }).value, "60,000");
  const bounds = { bound: 79, bound_through_2: "about 10^400" };
  assert.equal(boundText({ bounds }, "bound"), "79");
  assert.equal(boundText({ bounds }, "bound_through_2"), "≈10⁴⁰⁰");
  assert.equal(boundText({}, "bound"), "–");
});

test("what a series has beyond the known measures is offered, too", () => {
  const series = new SeriesStore();
  const columns = ["row", "step", "train_loss", "test_loss", "test_elbo", "test_reconstruction", "train_elbo",
    "test_kl", "train_kl", "test_kl_1", "test_kl_2", "train_kl_1", "entropy_1_1", "entropy_1_2", "train_speed", "test_speed"]; // prettier-ignore
  series.append(columns, [columns.map((_, i) => (i < 2 ? 1 : 0.5))]);
  const found = measuresOf(series);
  const told = Object.fromEntries(found.map(({ label, curves }) => [label, curves.map((curve) => curve.label)]));
  assert.deepEqual(told, {
    ELBO: ["recon.", "ELBO"],
    Loss: ["train", "test"],
    KL: ["all", "1", "2"],
    Entropy: ["1.1", "1.2"],
    Speed: ["train", "test"],
  });
  // The same objects again, as long as nothing new has come.
  assert.deepEqual(measuresOf(series).map((measure, i) => measure === found[i]), found.map(() => true));
});

test("of sequences, those that are right throughout are drawn with the accuracy", () => {
  const series = new SeriesStore();
  series.append(["row", "step", "test_accuracy", "test_sequence_accuracy"], [[1, 0, 0.5, 0.25]]);
  assert.deepEqual(measuresOf(series).map(({ curves }) => curves.map(({ label }) => label)), [["test", "whole"]]);
});

test("only measures that a run has are offered", () => {
  const series = new SeriesStore();
  assert.deepEqual(measuresOf(series), []);
  const columns = ["row", "step", "train_loss", "test_loss", "train_accuracy", "penalty"];
  series.append(columns, [[1, 0, 0.7, null, 0.5, 0]]);
  assert.deepEqual(
    measuresOf(series).map(({ id }) => id),
    ["loss", "accuracy"],
  );
  series.append(columns, [[2, 10, 0.7, null, 0.5, 0.01]]);
  assert.deepEqual(
    measuresOf(series).map(({ id }) => id),
    ["loss", "accuracy", "penalty"],
  );
});

test("a real target is shown by its squared error first, anything else by its loss", () => {
  const real = new SeriesStore();
  real.append(["row", "step", "train_loss", "train_mse"], [[1, 0, 0.92, 0.01]]);
  assert.deepEqual(measuresOf(real).map(({ id }) => id), ["mse", "loss"]);
  const classes = new SeriesStore();
  classes.append(["row", "step", "train_loss", "train_accuracy"], [[1, 0, 0.7, 0.5]]);
  assert.deepEqual(measuresOf(classes).map(({ id }) => id), ["loss", "accuracy"]);
});

test("long numbers are set smaller", () => {
  assert.equal(textSize("230,917"), "large");
  assert.equal(textSize("−4.41e45"), "medium");
  assert.equal(textSize("28,405,001"), "small");
});
