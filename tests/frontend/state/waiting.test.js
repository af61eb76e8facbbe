/** A run that waits for its turn to train: what the buttons do with it, and what is said. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { actions, fresh, shown, store } from "./fresh.js";

const { STEP_REASON, isGoing, statusWord } = await import("../../../frontend/app/state/statuses.js");
const { startNow } = await import("../../../frontend/app/state/transport.js");
const { waitingWords } = await import("../../../frontend/app/shell/messages.js");

/** @type {import("./server.js").FakeServer} */
let server;

/** The run on the page waits. @param {string | null} [group] */
function waits(group = null) {
  const run = server.runs.get("run1");
  Object.assign(run, { status: "queued", group, step: 5 });
  assert.ok(shown.run.value && shown.progress.value);
  shown.run.value = { ...shown.run.value, status: "queued", group };
  shown.progress.value = { ...shown.progress.value, status: "queued", step: 5 };
}

const sent = () => server.made("POST /api/runs/run1/commands").map(({ body }) => body.kind);

beforeEach(async () => {
  server = await fresh();
});

test("the button pauses it, and then plays it", async () => {
  waits();
  await actions.toggle();
  assert.deepEqual(sent(), ["pause"]);
  assert.equal(shown.run.value?.status, "paused");
  await actions.toggle();
  assert.deepEqual(sent(), ["pause", "resume"]);
});

test("it takes no single steps, and says why", async () => {
  waits();
  await actions.step({ steps: 1 });
  assert.deepEqual(sent(), []);
  assert.equal(store.notices.value.at(-1)?.text, STEP_REASON);
});

test("one of a group may be started before the others; if there is no place, that is said", async () => {
  waits("g");
  await startNow();
  assert.deepEqual(sent(), ["resume"]);
  assert.equal(store.notices.value.length, 0);
  waits("g");
  server.keepsWaiting = true;
  await startNow();
  assert.match(store.notices.value.at(-1)?.text ?? "", /starts when one of them ends/);
});

test("it is paused when another takes its place on the page", async () => {
  waits();
  await actions.change("model.hidden", [4]);
  assert.deepEqual(sent(), ["pause"]);
  assert.equal(server.runs.get("run2")?.status, "running", "the other one trains, as this one was about to");
});

test("a run of a group goes on when another takes its place on the page", async () => {
  waits("g");
  await actions.change("model.hidden", [4]);
  assert.deepEqual(sent(), []);
});

test("words", () => {
  assert.equal(statusWord("queued"), "waiting");
  assert.equal(statusWord("paused"), "paused");
  assert.deepEqual(["queued", "running", "paused", undefined].map(isGoing), [true, true, false, false]);
  assert.match(waitingWords(true, "own"), /its group trains a few runs at a time/);
  assert.match(waitingWords(false, "own"), /as many of your runs train/);
  assert.match(waitingWords(false, "watched"), /as many runs train/);
});
