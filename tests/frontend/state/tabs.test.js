/** Two tabs of one browser: each is a copy of the modules of its own, over one storage. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

/** @typedef {typeof import("../../../frontend/app/state/history.js")} History */
/** @typedef {import("../../../frontend/app/state/store.js").Remembered} Remembered */

const FOLDER = "../../../frontend/app/state/";

/** @type {Map<string, string>} */
let stored = new Map();
/** Who hears of a change: each but the one that made it. @type {{listener: (event: any) => void, tab: number}[]} */
let listeners = [];
let acting = 0;
/** Whether a tab hears at once of what the other one stores. */
let live = true;

const world = /** @type {any} */ (globalThis);
world.addEventListener = (/** @type {string} */ kind, /** @type {(event: any) => void} */ listener) => {
  if (kind === "storage") listeners.push({ listener, tab: acting });
};
Object.defineProperty(globalThis, "localStorage", {
  configurable: true,
  value: {
    getItem: (/** @type {string} */ key) => stored.get(key) ?? null,
    setItem(/** @type {string} */ key, /** @type {string} */ value) {
      stored.set(key, value);
      if (live) for (const { listener, tab } of listeners) if (tab !== acting) listener({ key });
    },
  },
});

/** @param {Partial<Remembered> & {id: string}} more */
const entry = (more) => ({ name: "n", note: "", written: {}, loss: 0.5, step: 3, at: Date.now(), ...more });

/** What a person does in a tab. @template T @param {number} tab @param {() => T} act */
function doing(tab, act) {
  acting = tab;
  return act();
}

let pairs = 0;

/** The list of runs of a tab, as its modules have it. @param {number} tab */
async function open(tab) {
  // Node makes another copy of a module for another query; what it imports is shared, so that one list
  // of runs is swapped in for each tab.
  const { runs } = await import(`${FOLDER}store.js`);
  /** @type {History} */
  const history = await import(`${FOLDER}history.js?tab=${pairs}.${tab}`);
  /** @type {Remembered[]} */
  let own = [];
  const swapped = (/** @type {() => void} */ act) => {
    runs.value = own;
    act();
    own = runs.value;
  };
  const heard = listeners.length;
  doing(tab, () => swapped(() => history.loadHistory()));
  for (const one of listeners.slice(heard)) {
    const { listener } = one;
    one.listener = (event) => {
      const other = runs.value;
      swapped(() => listener(event));
      runs.value = other;
    };
  }
  return {
    ids: () => own.map(({ id }) => id),
    get: (/** @type {string} */ id) => own.find((one) => one.id === id),
    opens: (/** @type {any} */ more) => doing(tab, () => swapped(() => history.record(entry(more), { opened: true }))),
    records: (/** @type {any} */ more) => doing(tab, () => swapped(() => history.record(entry(more)))),
    forgets: (/** @type {string} */ id) => doing(tab, () => swapped(() => history.forget(id))),
  };
}

beforeEach(() => {
  stored = new Map();
  listeners = [];
  live = true;
  pairs += 1;
});

/** @returns {any[]} */
const list = () => JSON.parse(stored.get("livenet.runs") ?? "[]");
const ids = () => list().map(({ id }) => id);

for (const heard of [true, false]) {
  const when = heard ? "at once" : "late";

  test(`two tabs that both add lose nothing, though they hear of one another ${when}`, async () => {
    live = heard;
    const [one, two] = [await open(1), await open(2)];
    one.opens({ id: "a" });
    two.opens({ id: "b" });
    one.opens({ id: "c" });
    two.records({ id: "b", step: 9 });
    one.records({ id: "a", step: 7 });
    assert.deepEqual(ids(), ["c", "b", "a"]);
    assert.deepEqual(list().map(({ step }) => step), [3, 9, 7], "each entry as the tab has it that shows the run");
    assert.deepEqual(one.ids(), ["c", "b", "a"]);
  });

  test(`what one tab deletes does not come back by the other, which hears of it ${when}`, async () => {
    const [one, two] = [await open(1), await open(2)];
    one.opens({ id: "a" });
    two.opens({ id: "a" });
    two.opens({ id: "b" });
    live = heard;
    one.forgets("a");
    two.records({ id: "a", step: 50 });
    two.records({ id: "b", step: 60 });
    assert.deepEqual(ids(), ["b"]);
    assert.deepEqual(two.ids(), ["b"]);
    two.opens({ id: "a" });
    assert.deepEqual(ids(), ["a", "b"], "who opens it again has it again");
  });
}

test("the list of the other tab is live", async () => {
  const [one, two] = [await open(1), await open(2)];
  one.opens({ id: "a" });
  assert.deepEqual(two.ids(), ["a"]);
  one.records({ id: "a", loss: 0.1 });
  assert.equal(two.get("a")?.loss, 0.1);
  one.forgets("a");
  assert.deepEqual(two.ids(), []);
});

test("a run that has not taken a step is on the list of its own tab alone, and is kept for it", async () => {
  const one = await open(1);
  one.opens({ id: "a", step: 0 });
  const two = await open(2);
  two.opens({ id: "b", step: 0 });
  assert.deepEqual([one.ids(), two.ids()], [["a"], ["b"]]);
  one.records({ id: "a", step: 10 });
  assert.deepEqual([one.ids(), two.ids()], [["a"], ["b", "a"]]);
  assert.deepEqual(ids(), ["b", "a"]);
});

test("what earlier visits left without a step goes when something is stored", async () => {
  stored.set("livenet.runs", JSON.stringify([entry({ id: "old", step: 0, at: 0 }), entry({ id: "kept", at: 0 })]));
  const one = await open(1);
  assert.deepEqual(one.ids(), ["kept"]);
  one.opens({ id: "a" });
  assert.deepEqual(ids(), ["a", "kept"]);
});

test("of what has parts, each tab changes its own", async () => {
  const { recallPart, rememberPart } = await import(`${FOLDER}memory.js`);
  rememberPart("folded", "Data", true);
  rememberPart("folded", "Network", false);
  assert.deepEqual(JSON.parse(stored.get("livenet.folded") ?? ""), { Data: true, Network: false });
  rememberPart("folded", "Data", false);
  assert.equal(recallPart("folded", "Data"), false);
  for (let i = 0; i < 40; i++) rememberPart("sequence", `task ${i}`, i);
  assert.equal(recallPart("sequence", "task 39"), 39);
  assert.equal(recallPart("sequence", "task 0"), undefined, "the oldest go");
  stored.set("livenet.folded", "7");
  assert.equal(recallPart("folded", "Data"), undefined);
});
