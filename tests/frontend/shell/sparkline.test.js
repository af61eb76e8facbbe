/** The loss along the timeline, as it is painted. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeServer } from "../state/server.js";
import { canvasOf, ink, setRatio } from "../marks/screen.js";
import { corners, only, texts } from "../marks/painted.js";

new FakeServer().install(); // the page's modules look for one when they are loaded
const { drawSparkline } = await import("../../../frontend/app/shell/sparkline.js");
const { shown } = await import("../../../frontend/app/state/shown.js");
const { series, steps } = shown;

/** What is painted on 200 × 40, of 100 steps. @param {import("../../../frontend/app/panels/change-marks.js").Mark[]} [marks] */
function painted(marks = []) {
  const { fake, canvas } = canvasOf(200, 40);
  drawSparkline(canvas, 100, marks);
  return fake.recording.painted;
}

function drawn() {
  const strokes = only(painted(), "stroke");
  const [ticks, loss] = ["third", "second"].map((role) => strokes.find(({ color }) => color === ink(role)));
  return { ticks: corners(ticks), loss: corners(loss)[0] ?? [], width: loss?.width };
}

test("snapshots are ticks at their steps along the bottom, and never closer than can be told apart", () => {
  steps.value = [0, 25, 26, 100, 150];
  assert.deepEqual(drawn().ticks, [[[0.5, 35], [0.5, 40]], [[50.5, 35], [50.5, 40]], [[199.5, 35], [199.5, 40]]]);
});

test("the loss goes from left to right, and down as it falls: on a log scale where it is positive", () => {
  series.append(["row", "step", "test_loss"], [[1, 0, 1], [2, 50, 0.1], [3, 100, 0.01]]);
  const { loss, width } = drawn();
  assert.deepEqual(loss, [[0, 2], [100, 14.5], [200, 27]]);
  assert.equal(width, 1.25);
});

test("on a fine screen it fills as much of it", () => {
  setRatio(2);
  const { loss } = drawn();
  setRatio(1);
  assert.deepEqual(loss.at(-1), [400, 54]);
});

test("a change is marked over the loss, with its label, and also before there is a loss", () => {
  const mark = { first: 30, last: 30, x: 60, label: "η 0.03", text: "step 30: η 0.01 → 0.03" };
  for (const rows of [series.length, 0]) {
    if (rows === 0) series.clear();
    const found = painted([mark]);
    const dashed = only(found, "stroke").find(({ dash }) => dash.length);
    assert.deepEqual(corners(dashed), [[[60.5, 0], [60.5, 35]]]);
    assert.equal(dashed?.color, ink("third"));
    assert.deepEqual(texts(found).map(({ text, x }) => [text, x]), [["η 0.03", 64]]);
  }
});
