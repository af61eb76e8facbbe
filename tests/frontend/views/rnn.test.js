import assert from "node:assert/strict";
import { test } from "node:test";

import { alphabetOf, selectedSequence, storedSequence, updateTask, taskOf } from "../../../frontend/app/views/sequences/selected-sequence.js";
import { scoreOf } from "../../../frontend/app/views/sequences/continuations.js";
import { lagText } from "../../../frontend/app/views/rnn/gradient-lag.js";

const data = { kind: "delayed_recall", delay: 20, symbols: 4, samples: 4000, seed: 0 };
/** @param {object} changes @param {object} [model] @returns {any} */
const spec = (changes, model = { kind: "rnn" }) => ({ data: { ...data, ...changes }, model });

test("what is typed stays as long as it can be read", () => {
  updateTask(spec({}));
  selectedSequence.value = { text: "ABA?", example: 3 };
  updateTask(spec({ samples: 100, seed: 7 }, { kind: "rnn", hidden: 8 }));
  assert.equal(selectedSequence.value.text, "ABA?");
  updateTask(spec({ symbols: 2 }));
  assert.deepEqual(selectedSequence.value, { text: null, example: 0 });
});

test("storage is believed only about the task at hand, and only what can be a sequence", () => {
  const kept = { task: "t", text: "ABA?", example: 3 };
  assert.deepEqual(storedSequence("t", kept), { text: "ABA?", example: 3 });
  assert.deepEqual(storedSequence("t", { ...kept, text: null }), { text: null, example: 3 });
  for (const other of [null, 7, "t", {}, { ...kept, text: "" }, { ...kept, text: 5 }, { ...kept, example: -1 },
    { ...kept, example: 0.5 }]) {
    assert.equal(storedSequence("t", other), null);
  }
  assert.equal(storedSequence("u", kept), null);
});

test("another family starts with a test sequence: it may read less", () => {
  assert.notEqual(taskOf(spec({})), taskOf(spec({}, { kind: "transformer" })));
});

test("an alphabet comes with its limits, and real numbers have none", () => {
  assert.deepEqual(alphabetOf({ symbols: ["a", "b"], most: 12, sequences: 400 }), {
    symbols: ["a", "b"],
    marked: false,
    most: 12,
    pair: null,
    count: 400,
  });
  assert.deepEqual(alphabetOf({}), { symbols: [], marked: false, most: 1, pair: null, count: 1 });
  assert.ok(alphabetOf({ symbols: [], marked: true }).marked);
  const pairs = { symbols: ["0", "→"], most: 5, separator: "→", most_whole: 10, sequences: 1 };
  assert.deepEqual(alphabetOf(pairs).pair, { separator: "→", most: 10 });
});

test("an answer is scored symbol by symbol", () => {
  assert.equal(scoreOf([..."321"], [..."321"]), "right");
  assert.equal(scoreOf([..."311"], [..."321"]), "2 of 3 right; the answer is 321");
  assert.equal(scoreOf([], [..."321"]), "0 of 3 right; the answer is 321");
});

test("a gradient vanishes, explodes or is preserved", () => {
  assert.match(lagText({ ratio: 2.9e-6, lag: 60 }), /^The gradient vanishes: 60 steps before the end, 2\.90?e-6 of it/);
  assert.match(lagText({ ratio: 1e-12, lag: 60 }), /less than 1e-12 of it is left/);
  assert.match(lagText({ ratio: 2e4, lag: 30 }), /^The gradient explodes: 30 steps/);
  assert.match(lagText({ ratio: 0.05, lag: 1 }), /^The gradient is preserved: 1 step before/);
  assert.equal(lagText({ ratio: 1, lag: 0 }), "");
  assert.equal(lagText({}), "");
});
