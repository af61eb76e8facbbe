/** What the rows of the table of all runs say: times, and the path of a curve. */

import assert from "node:assert/strict";
import { test } from "node:test";

import "../../../frontend/app/controls/features.js";
import { curvePath } from "../../../frontend/app/shell/run-curve.js";
import { ago, duration, exactly } from "../../../frontend/app/shell/run-times.js";

const NOW = Date.UTC(2026, 10, 30, 12) / 1000;

test("the past is said in the largest unit, and by its date after a week", () => {
  const words = [5, 59, 60, 3599, 3600, 86_399, 86_400, 3 * 86_400, 8 * 86_400, 400 * 86_400].map((past) =>
    ago(NOW - past, NOW, "UTC"),
  );
  assert.deepEqual(words, [
    "now", "now", "1 min ago", "59 min ago", "1 h ago", "23 h ago", "yesterday", "3 days ago", "22 Nov", "26 Oct 2025",
  ]); // prettier-ignore
  assert.equal(ago(NOW + 20, NOW), "now", "the server's clock may be ahead");
  assert.equal(exactly(NOW, "UTC"), "30 November 2026 at 12:00:00");
});

test("a duration has two digits or so", () => {
  assert.deepEqual([0, 0.44, 12.3, 119, 180, 7500].map(duration), ["0 s", "0.4 s", "12 s", "119 s", "3 min", "2 h 5 min"]);
});

test("a curve fills its box, by the logarithm of positive losses", () => {
  assert.equal(curvePath([[0, 100], [5, 10], [10, 1]]), "M2.0 2.0L44.0 14.0L86.0 26.0");
  assert.equal(curvePath([[0, 1], [5, 0], [10, -1]]), "M2.0 2.0L44.0 14.0L86.0 26.0");
  assert.equal(curvePath([[0, 2], [10, 2]]), "M2.0 26.0L86.0 26.0");
  assert.equal(curvePath([[3, 1]]), "", "a point is no curve");
});
