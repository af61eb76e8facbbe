import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { stepOn } from "../../../frontend/app/state/stepping.js";

/** @type {any[]} */
let sent = [];
let busy = 0;
const rest = () => new Promise((go) => setTimeout(go, 0));

beforeEach(() => {
  sent = [];
  busy = 0;
  Object.assign(globalThis, {
    fetch: async (/** @type {string} */ _path, /** @type {RequestInit} */ { body }) => {
      const command = JSON.parse(String(body));
      sent.push(command);
      if (command.kind === "pause") busy = 0;
      if (busy-- > 0) return Response.json({ error: { code: "state" } }, { status: 409 });
      return Response.json({});
    },
  });
});

test("steps pressed while one is under way go together", async () => {
  const first = stepOn("r", { steps: 1 }, rest);
  while (!sent.length) await rest();
  await Promise.all([first, ...[2, 3, 4].map(() => stepOn("r", { steps: 1 }, rest))]);
  assert.deepEqual(sent, [
    { kind: "step", steps: 1 },
    { kind: "step", steps: 3 },
  ]);
});

test("a key that is held down sends twenty commands a second at most", async () => {
  const start = performance.now();
  const held = [];
  while (performance.now() < start + 300) {
    held.push(stepOn("r", { steps: 1 }, rest));
    await new Promise((go) => setTimeout(go, 5));
  }
  await Promise.all(held);
  assert.ok(sent.length <= 1 + (performance.now() - start) / 50, `${sent.length} commands`);
  assert.equal(sent.reduce((sum, { steps }) => sum + steps, 0), held.length);
});

test("a step waits until the one before has ended", async () => {
  busy = 3;
  await stepOn("r", { epochs: 1 }, rest);
  assert.deepEqual(sent, Array(4).fill({ kind: "step", epochs: 1 }));
});

test("a run that somebody else plays is paused in the end", async () => {
  busy = Infinity;
  await stepOn("r", { steps: 1 }, rest);
  assert.deepEqual(sent.slice(-2), [{ kind: "pause" }, { kind: "step", steps: 1 }]);
});

test("after a refusal the next step starts afresh", async () => {
  const working = globalThis.fetch;
  Object.assign(globalThis, { fetch: () => Promise.reject(new TypeError("no network")) });
  await assert.rejects(stepOn("r", { steps: 5 }, rest));
  Object.assign(globalThis, { fetch: working });
  await stepOn("r", { steps: 1 }, rest);
  assert.deepEqual(sent, [{ kind: "step", steps: 1 }]);
});
