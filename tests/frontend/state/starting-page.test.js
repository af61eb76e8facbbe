/** A key that is pressed before the page has a run is for the first one. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeServer } from "./server.js";
import { catalogue } from "./catalogue.js";

const server = new FakeServer();
server.install();
const actions = await import("../../../frontend/app/state/actions.js");
const { shown } = await import("../../../frontend/app/state/shown.js");
const store = await import("../../../frontend/app/state/store.js");

test("play and a step wait for the first run, in their order", async () => {
  const play = actions.play();
  const pause = actions.pause();
  const step = actions.step({ steps: 3 });
  await new Promise((go) => setTimeout(go, 20));
  assert.deepEqual(server.calls, []);
  store.catalogue.value = catalogue;
  store.me.value = server.me;
  await actions.newRun({});
  await Promise.all([play, pause, step]);
  const told = server.made("POST /api/runs/run1/commands").map(({ body }) => body.kind);
  assert.deepEqual(told, ["resume", "pause", "step"]);
  assert.equal(shown.run.value?.id, "run1");
});
