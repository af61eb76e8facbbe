import assert from "node:assert/strict";
import { test } from "node:test";

import { SeriesStore } from "../../../frontend/app/stream/series.js";

const COLUMNS = ["row", "step", "train_loss"];

/**
 * @param {number} from
 * @param {number} to
 */
const rows = (from, to) =>
  Array.from({ length: to - from + 1 }, (_, i) => [from + i, 10 * (from + i - 1), 1 / (from + i)]);

test("rows are kept in order and looked up by step", () => {
  const series = new SeriesStore();
  assert.equal(series.cursor, 0);
  assert.equal(series.column("step"), null);
  series.append(COLUMNS, rows(1, 5000));
  assert.equal(series.length, 5000);
  assert.equal(series.cursor, 5000);
  assert.equal(series.column("step")?.[4999], 49990);
  assert.equal(series.rowAt(-1), -1);
  assert.equal(series.rowAt(95), 9);
  assert.equal(series.value("train_loss", 95), 1 / 10);
  assert.equal(series.value("train_loss"), 1 / 5000);
  assert.ok(Number.isNaN(series.value("accuracy")));
});

test("rows that overlap after a reconnect count once", () => {
  const series = new SeriesStore();
  series.append(COLUMNS, rows(1, 100));
  series.append(COLUMNS, rows(51, 150));
  assert.equal(series.length, 150);
  assert.deepEqual(
    Array.from(series.column("row") ?? []),
    rows(1, 150).map(([row]) => row),
  );
});

test("a gap in a column is no number, and a later column starts as gaps", () => {
  const series = new SeriesStore();
  series.append(COLUMNS, [[1, 0, null]]);
  series.append([...COLUMNS, "penalty"], [[2, 10, 0.5, 3]]);
  assert.ok(Number.isNaN(series.column("train_loss")?.[0]));
  assert.ok(Number.isNaN(series.column("penalty")?.[0]));
  assert.equal(series.column("penalty")?.[1], 3);
});

test("listeners hear of rows and of forgetting", () => {
  const series = new SeriesStore();
  let heard = 0;
  const stop = series.subscribe(() => heard++);
  series.append(COLUMNS, rows(1, 1));
  series.append(COLUMNS, rows(1, 1));
  series.clear();
  stop();
  series.append(COLUMNS, rows(1, 1));
  assert.equal(heard, 2);
  assert.equal(series.length, 1);
});

test("rows beyond a step are forgotten, and others take their place", () => {
  const series = new SeriesStore();
  series.append(COLUMNS, rows(1, 100));
  let heard = 0;
  series.subscribe(() => heard++);
  assert.equal(series.cut(990), false);
  assert.equal(series.cut(495), true);
  assert.equal(heard, 1);
  assert.deepEqual([series.length, series.cursor, series.value("step")], [50, 50, 490]);
  series.append(["row", "step", "penalty"], [[51, 500, 7]]);
  assert.ok(Number.isNaN(series.value("train_loss")), "nothing is left of what was there");
  assert.equal(series.value("penalty"), 7);
  assert.equal(series.cut(-1), true);
  assert.equal(series.cursor, 0);
});
