/** What is said while a new run waits for a server that has just been started. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { fresh, store } from "./fresh.js";

const { sayingWhy } = await import("../../../frontend/app/state/server-start.js");

const WORDS = "The machine code is being made";
/** @type {import("./server.js").FakeServer} */
let server;
/** What is due, in place of timers. @type {(() => any)[]} */
let due;
const later = (/** @type {() => void} */ act) => due.push(act);

beforeEach(async () => {
  server = await fresh();
  due = [];
});

/** A run that is made when the test says so. */
function making() {
  const { promise, resolve, reject } = Promise.withResolvers();
  return { made: sayingWhy(() => promise, later), resolve, reject };
}

test("what its workers wait for is said, until they do not", async () => {
  server.preparing = WORDS;
  const { made, resolve } = making();
  assert.equal(store.preparing.value, null, "not before a second is over");
  await due.shift()?.();
  assert.equal(store.preparing.value, WORDS);
  server.preparing = null;
  await due.shift()?.();
  assert.equal(store.preparing.value, null);
  server.preparing = WORDS;
  await due.shift()?.();
  resolve("run");
  assert.equal(await made, "run");
  assert.equal(store.preparing.value, null);
  server.calls = [];
  await due.shift()?.();
  assert.deepEqual(server.calls, [], "it is not asked any more");
});

test("an answer that comes after the run is not said", async () => {
  server.preparing = WORDS;
  const { made, resolve } = making();
  server.dawdle();
  const looked = due.shift()?.();
  resolve("run");
  await made;
  server.hurry();
  await looked;
  assert.equal(store.preparing.value, null);
  assert.equal(due.length, 0);
});

test("a refusal of the run is passed on, and nothing is said any more", async () => {
  server.preparing = WORDS;
  const { made, reject } = making();
  await due.shift()?.();
  reject(new Error("refused"));
  await assert.rejects(made, /refused/);
  assert.equal(store.preparing.value, null);
});
