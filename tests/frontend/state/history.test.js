import assert from "node:assert/strict";
import { test } from "node:test";

import { loadHistory, record, forget } from "../../../frontend/app/state/history.js";
import { recall, remember } from "../../../frontend/app/state/memory.js";
import { runs } from "../../../frontend/app/state/store.js";

const entry = { id: "a", name: "n", note: "", written: {}, loss: 0.5, step: 3, at: 0 };

/** @param {Partial<Storage>} storage */
function withStorage(storage) {
  Object.defineProperty(globalThis, "localStorage", { value: storage, configurable: true });
}

test("without storage the page forgets, and works", () => {
  withStorage({
    getItem: () => {
      throw new Error("denied");
    },
    setItem: () => {
      throw new Error("denied");
    },
  });
  remember("x", 1);
  assert.equal(recall("x", "fallback"), "fallback");
  loadHistory();
  assert.deepEqual(runs.value, []);
});

test("what is stored but no run is dropped", () => {
  const stored = [entry, null, 7, { id: 1 }, { ...entry, id: "b", step: 0 }];
  withStorage({ getItem: () => JSON.stringify(stored), setItem: () => undefined });
  loadHistory();
  assert.deepEqual(runs.value, [entry]);
  const watched = { ...entry, step: 0, ownership: "watched" };
  withStorage({ getItem: () => JSON.stringify([watched, { ...watched, ownership: 7 }]) });
  loadHistory();
  assert.deepEqual(runs.value, [watched], "the way back to what is watched stays");
  withStorage({ getItem: () => "{", setItem: () => undefined });
  loadHistory();
  assert.deepEqual(runs.value, []);
});

test("a run is brought up to date where it stands, and the newest is first", () => {
  withStorage({ getItem: () => null, setItem: () => undefined });
  runs.value = [];
  record(entry);
  record({ ...entry, id: "b" });
  record({ ...entry, loss: 0.1 });
  assert.deepEqual(
    runs.value.map(({ id, loss }) => [id, loss]),
    [["b", 0.5], ["a", 0.1]],
  );
  forget("b");
  assert.equal(runs.value.length, 1);
});
