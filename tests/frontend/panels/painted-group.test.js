/** What is painted of a group of runs: where means, bands, runs and names lie. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { canvasOf, ink } from "../marks/screen.js";
import { PlotCanvas } from "../../../frontend/app/marks/plot.js";
import { groupPlot, missingWords, targetWords } from "../../../frontend/app/panels/group-plot.js";
import { inOrder, metricOf, offered } from "../../../frontend/app/panels/group-metrics.js";
import { corners, discs, only, round, texts } from "../marks/painted.js";

/** @typedef {import("../../../frontend/app/types/api.js").GroupPlace} GroupPlace */
/** @typedef {import("../../../frontend/app/types/api.js").GroupRun} GroupRun */
/** @typedef {import("../../../frontend/app/panels/group-plot.js").Varied} Varied */

const R2 = metricOf("test_r2");
const LOSS = metricOf("test_loss");

/** @param {string} path @param {unknown[]} values @returns {Varied} */
const varied = (path, values) => ({ path, label: path.toUpperCase(), values, texts: values.map((one) => `v${JSON.stringify(one)}`) });

/**
 * A place with its statistics, as the server gives them.
 * @param {{[path: string]: any}} at
 * @param {(number | null)[]} values  of its runs
 * @param {Partial<GroupRun>[]} [how]
 * @returns {GroupPlace}
 */
function place(at, values, how = []) {
  const there = values.filter((value) => value !== null);
  const mean = there.length ? there.reduce((sum, value) => sum + value, 0) / there.length : null;
  const deviation = there.length > 1 ? Math.sqrt(there.reduce((sum, value) => sum + (value - Number(mean)) ** 2, 0) / (there.length - 1)) : null;
  return {
    values: at, count: there.length, missing: values.length - there.length, ended: values.length, mean, deviation,
    least: there.length ? Math.min(...there) : null, greatest: there.length ? Math.max(...there) : null,
    runs: values.map((value, seed) => ({ run: `r${seed}`, seed, status: "finished", step: 100, value, error: null, ...how[seed] })),
  }; // prettier-ignore
}

/** @param {ReturnType<typeof groupPlot>} made */
function painted({ plot }) {
  const { fake, canvas } = canvasOf(400, 300);
  const drawn = new PlotCanvas(canvas);
  drawn.draw(plot);
  assert.ok(drawn.view);
  return { view: drawn.view, painted: fake.recording.painted };
}

/** @param {import("../../../frontend/app/marks/view.js").View} view @param {number} share @param {number} value */
const at = ({ left, top, width, height, yAxis }, share, value) => [
  round(left + share * width),
  round(top + (1 - (value - yAxis.low) / (yAxis.high - yAxis.low)) * height),
];

const X = varied("x", [0, 1, 2]);
const THREE = [place({ x: 0 }, [1, 3]), place({ x: 1 }, [2, 2]), place({ x: 2 }, [4, 6])];
/** The shares of 0, 1 and 2 along an axis with a twentieth of its length free at both ends. */
const SHARES = [0.1 / 2.2, 0.5, 2.1 / 2.2];

test("means are joined by a line, over a band of one standard deviation", () => {
  const { view, painted: all } = painted(groupPlot(THREE, X, null, R2));
  const line = only(all, "stroke").filter(({ color, width }) => color === ink("class-0") && width === 2);
  assert.deepEqual(corners(line[0]), [[at(view, SHARES[0] ?? 0, 2), at(view, 0.5, 2), at(view, SHARES[2] ?? 0, 5)]]);
  const band = only(all, "fill").find(({ color, alpha }) => color === ink("class-0") && alpha === 0.2);
  const root = Math.SQRT2;
  assert.ok(view.yAxis.low < 2 - root && view.yAxis.high > 5 + root, "all of it lies on the axis");
  assert.deepEqual(corners(band), [
    [
      at(view, SHARES[0] ?? 0, 2 + root), at(view, 0.5, 2), at(view, SHARES[2] ?? 0, 5 + root),
      at(view, SHARES[2] ?? 0, 5 - root), at(view, 0.5, 2), at(view, SHARES[0] ?? 0, 2 - root),
    ],
  ]); // prettier-ignore
});

test("each run is a small disc at its value, below the larger ones of the means", () => {
  const { view, painted: all } = painted(groupPlot(THREE, X, null, R2));
  const filled = discs(all).filter(({ how, color }) => how === "fill" && color === ink("class-0"));
  const wanted = [[0, 1], [0, 3], [1, 2], [1, 2], [2, 4], [2, 6], [0, 2], [1, 2], [2, 5]];
  assert.deepEqual(
    filled.map(({ x, y }) => [x, y]),
    wanted.map(([k = 0, value = 0]) => at(view, SHARES[k] ?? 0, value)),
  );
  const radii = filled.map(({ radius }) => radius);
  assert.ok(Math.max(...radii.slice(0, 6)) * 1.9 < Math.min(...radii.slice(6)));
});

test("unfinished runs, and means over them, are hollow", () => {
  const one = place({ x: 0 }, [1, 3], [{ status: "running" }]);
  const made = groupPlot([one, ...THREE.slice(1)], X, null, R2);
  const hollow = made.plot.marks.flatMap((mark, i) => (mark.kind === "points" && mark.hollow ? made.targets[i] : []));
  assert.deepEqual(hollow?.map((target) => [target?.run?.run ?? "mean", target?.place.values["x"]]), [["r0", 0], ["mean", 0]]);
});

test("axes have titles with units, and ticks at the values themselves", () => {
  const { view, painted: all } = painted(groupPlot(THREE, X, null, LOSS));
  const found = new Map(texts(all).map((one) => [one.text, one]));
  assert.ok(found.has("Test loss, nats"));
  assert.equal(found.get("X")?.x, view.left + view.width / 2, "the title in a line of its own");
  assert.ok((found.get("X")?.y ?? 0) > (found.get("v0")?.y ?? Infinity));
  SHARES.forEach((share, k) => assert.equal(found.get(`v${k}`)?.x, Math.round(view.left + share * view.width) + 0.5));
});

test("a wide range of positive values is logarithmic, a narrow one is not", () => {
  const along = (/** @type {unknown[]} */ values) => groupPlot([], varied("x", values), null, R2).plot.x;
  assert.equal(along([0.001, 0.01, 0.1])?.scale, "log");
  assert.equal(along([1, 10])?.scale, "linear");
  assert.equal(along([0, 1000])?.scale, "linear");
  const { low = 0, high = 0 } = along([0.01, 1]) ?? {};
  assert.deepEqual([low, high].map((end) => Number(end.toPrecision(4))), [0.01 / 100 ** 0.05, 100 ** 0.05].map((end) => Number(end.toPrecision(4))));
});

test("a loss is logarithmic while all values are positive", () => {
  const y = (/** @type {(number | null)[]} */ values) => groupPlot([place({ x: 0 }, values)], X, null, LOSS).plot.y;
  assert.equal(y([0.1, 1])?.scale, "log");
  assert.equal(y([0, 1])?.scale, "linear");
  assert.equal(y([null])?.scale, "linear");
  const { low = 0, high = 0 } = y([0.9, 0.0001]) ?? {};
  assert.ok(low > 0 && low < 0.0001 && high > 0.9, "a deviation larger than the mean ends at the axis");
});

test("values without numbers have a place and a name each; their means are joined by a dashed line", () => {
  const names = varied("x", ["a", [8, 8], null]);
  const places = [place({ x: "a" }, [1, 3]), place({ x: [8, 8] }, [2, 2]), place({ x: null }, [4, 6])];
  const { view, painted: all } = painted(groupPlot(places, names, null, R2));
  const found = new Map(texts(all).map((one) => [one.text, one.x]));
  ['v"a"', "v[8,8]", "vnull"].forEach((text, k) =>
    assert.equal(found.get(text), Math.round(view.left + ((k + 0.5) / 3) * view.width) + 0.5, text),
  );
  const strokes = only(all, "stroke").filter(({ color }) => color === ink("class-0"));
  const dashed = strokes.find(({ dash }) => dash.length > 0);
  assert.deepEqual(corners(dashed), [[at(view, 0.5 / 3, 2), at(view, 1.5 / 3, 2), at(view, 2.5 / 3, 5)]]);
  const whisker = strokes.find(({ dash }) => !dash.length);
  assert.deepEqual(corners(whisker), [[at(view, 0.5 / 3, 2 - Math.SQRT2), at(view, 0.5 / 3, 2 + Math.SQRT2)]]);
});

test("a second field has a line in a colour of its own for each value", () => {
  const lines = varied("k", ["p", "q"]);
  const places = ["p", "q"].flatMap((k, i) => [0, 1].map((x) => place({ x, k }, [x + i, x + i + 1])));
  const made = groupPlot(places, varied("x", [0, 1]), lines, R2);
  const joined = made.plot.marks.filter((mark) => mark.kind === "line");
  assert.deepEqual(joined.map(({ color, y }) => [color, ...y.data]), [["class-0", 0.5, 1.5], ["class-1", 1.5, 2.5]]);
  const named = groupPlot(places, varied("x", ["0", "1"].map(Number).map(String)), lines, R2);
  assert.ok(named.plot.marks.length > 0);
});

test("points of two lines at one name lie beside each other", () => {
  const lines = varied("k", ["p", "q"]);
  const places = ["p", "q"].map((k) => place({ x: "a", k }, [1, 2]));
  const made = groupPlot(places, varied("x", ["a", "b"]), lines, R2);
  const means = made.plot.marks.at(-1);
  assert.ok(means?.kind === "points");
  assert.deepEqual(Array.from(means.x.data, (x) => Number(x.toFixed(6))), [-0.07, 0.07]);
});

test("a mean without neighbours has a whisker, one of a single run has none", () => {
  const places = [place({ x: 0 }, [1, 3]), place({ x: 1 }, [2]), place({ x: 2 }, [null])];
  const { marks } = groupPlot(places, X, null, R2).plot;
  assert.deepEqual(marks.map((mark) => mark.kind), ["line", "line", "points", "points"]);
  const [whisker, joined] = marks;
  assert.ok(whisker?.kind === "line" && joined?.kind === "line");
  assert.deepEqual([...whisker.y.data].map((y) => y.toFixed(4)), [2 - Math.SQRT2, 2 + Math.SQRT2].map((y) => y.toFixed(4)));
  assert.deepEqual([...joined.y.data], [2, 2, NaN]);
});

test("a group of seeds alone has one place, and one without values an empty plot", () => {
  const { marks, x } = groupPlot([place({}, [1, 2])], null, null, R2).plot;
  assert.deepEqual([x?.low, x?.high, marks.length], [-0.5, 0.5, 3]);
  const empty = groupPlot([place({ x: 0 }, [null])], X, null, LOSS);
  assert.deepEqual(empty.plot.marks, []);
  painted(empty);
});

test("a point is described in words", () => {
  const [first = place({}, [])] = THREE;
  const words = (/** @type {GroupRun | null} */ run) => targetWords({ place: first, run, line: 0 }, [X, null], R2);
  assert.equal(words(first.runs[1] ?? null), "X v0, seed 1: 3.00 at step 100");
  assert.equal(words(null), "X v0: mean 2.00 ± 1.41 over 2 runs");
  assert.equal(targetWords({ place: place({}, [1]), run: null, line: 0 }, [null], R2), "mean 1.00 over 1 run");
});

test("runs without a value are counted by the reason", () => {
  const places = [
    place({ x: 0 }, [null, null, 1], [{ error: "diverged", status: "paused" }, { status: "failed" }]),
    place({ x: 1 }, [null, null], [{ status: "queued" }, { status: "running" }]),
  ];
  assert.deepEqual(missingWords(places), { never: "1 of 5 diverged, 1 of 5 ended without a value", later: "2 of 5 have no value yet" });
  assert.deepEqual(missingWords(THREE), { never: "", later: "" });
});

test("metrics have the names and units of the curves", () => {
  const names = ["test_loss", "train_accuracy", "test_r2", "gradient_norm", "learning_rate", "test_elbo"];
  assert.deepEqual(names.map((name) => [metricOf(name).label, metricOf(name).unit, metricOf(name).log]), [
    ["Test loss", "nats", true], ["Train accuracy", "", false], ["Test R²", "", false], ["Gradient", "norm", true],
    ["Learning rate", "", false], ["Test ELBO", "nats", false],
  ]); // prettier-ignore
  assert.deepEqual(inOrder(["x", "penalty", "train_loss", "test_accuracy", "test_loss"]), [
    "test_loss", "train_loss", "test_accuracy", "penalty", "x",
  ]); // prettier-ignore
});

test("a place that has not finished is joined with no other, and has a whisker of its own", () => {
  const places = [0, 1, 2, 3].map((x) => place({ x }, [1, 3], x === 2 ? [{ status: "running" }] : []));
  const { marks } = groupPlot(places, varied("x", [0, 1, 2, 3]), null, R2).plot;
  const [line] = marks.filter((mark) => mark.kind === "line" && mark.x.data.length === 4);
  assert.ok(line?.kind === "line");
  assert.deepEqual([...line.y.data], [2, 2, NaN, 2]);
  assert.deepEqual(marks.flatMap((mark) => (mark.kind === "area" ? [[...mark.x.data]] : [])), [[0, 1]]);
  const alone = groupPlot(places.slice(1, 3), varied("x", [1, 2]), null, R2).plot.marks;
  assert.deepEqual(alone.map((mark) => mark.kind), ["line", "line", "points", "points", "points", "points"], "two whiskers, no line between");
});

test("a band of shares ends at 0 and at 100 %", () => {
  const places = [place({ x: 0 }, [1, 0.9]), place({ x: 1 }, [0, 0.1])];
  const { marks, y } = groupPlot(places, varied("x", [0, 1]), null, metricOf("test_accuracy")).plot;
  const [band] = marks;
  assert.ok(band?.kind === "area");
  assert.equal(band.high.data[0], 1);
  assert.equal(band.low.data[1], 0);
  assert.ok((y?.high ?? 0) <= 1.05 && (y?.low ?? 0) >= -0.05);
});

test("the learning rate is no metric where it is the field", () => {
  const names = ["learning_rate", "test_loss"];
  assert.deepEqual(offered(names, ["optimizer.lr"]), ["test_loss"]);
  assert.deepEqual(offered(names, ["model.hidden"]), ["test_loss", "learning_rate"]);
});
