/** What is said over the network about a run that others have paused. */

import assert from "node:assert/strict";
import { test } from "node:test";

import "../state/server.js";

const { pauseWords } = await import("../../../frontend/app/shell/messages.js");

const error = { code: "intervention", message: "An administrator paused this run", path: "", hint: "Resume it." };

test("the owner is told who paused a run and what to do, a watcher who did, an administrator nothing", () => {
  assert.equal(pauseWords(error, "own"), "An administrator paused this run. Resume it.");
  assert.equal(pauseWords(error, "watched"), "An administrator paused this run.");
  assert.equal(pauseWords(error, "other"), "");
});

test("a run that paused by itself says so to an administrator, too", () => {
  const unwatched = { ...error, code: "unwatched", message: "Nobody watched this run" };
  assert.equal(pauseWords(unwatched, "other"), "Nobody watched this run. Resume it.");
});
