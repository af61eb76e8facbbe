import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { fresh, shown } from "./fresh.js";

await import("../../../frontend/app/state/stalling.js");

beforeEach(async () => {
  await fresh();
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  shown.connection.value = "open";
  shown.pace.value = null;
});

/** The server tells that the run has come to a step. @param {number} step @param {"running" | "paused"} [status] */
function tell(step, status = "running") {
  assert.ok(shown.progress.value);
  shown.progress.value = { ...shown.progress.value, step, status };
}

test("a run that is said to train and does not go on waits", () => {
  tell(10);
  mock.timers.tick(1900);
  tell(20);
  mock.timers.tick(1900);
  assert.equal(shown.stalled.value, false);
  mock.timers.tick(200);
  assert.equal(shown.stalled.value, true);
  tell(30);
  assert.equal(shown.stalled.value, false);
});

test("the same step again is no progress", () => {
  tell(10);
  mock.timers.tick(1900);
  tell(10);
  mock.timers.tick(200);
  assert.equal(shown.stalled.value, true);
});

test("a stream that is lost tells of no progress either", () => {
  tell(10);
  shown.connection.value = "lost";
  mock.timers.tick(2100);
  assert.equal(shown.stalled.value, true);
});

test("nothing waits that is paused, or that nobody looks at", () => {
  tell(10, "paused");
  mock.timers.tick(60_000);
  assert.equal(shown.stalled.value, false);
  tell(10);
  shown.connection.value = "resting";
  mock.timers.tick(60_000);
  assert.equal(shown.stalled.value, false);
});

test("in slow motion the next step is waited for", () => {
  shown.pace.value = 0.1;
  tell(10);
  mock.timers.tick(11_000);
  assert.equal(shown.stalled.value, false);
  mock.timers.tick(2000);
  assert.equal(shown.stalled.value, true);
});
