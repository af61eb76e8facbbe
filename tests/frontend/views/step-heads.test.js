import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeServer } from "../state/server.js";

new FakeServer().install();
const { ablationNote, costOf, headsOf, isOfHeads, leftOut, namesOf, sharesOf, stageOfLayer, toggled } = await import("../../../frontend/app/views/steps/heads-facts.js");
const { isOfSampling, samplingOf } = await import("../../../frontend/app/views/steps/sampling-controls.js");
const { arc, spoken } = await import("../../../frontend/app/views/steps/token-lines.js");
const walk = await import("../../../frontend/app/views/steps/walk.js");

/** @param {number[][]} rows */
const matrix = (rows) => ({ kind: "matrix", values: { data: Float32Array.from(rows.flat()), shape: [rows.length, rows[0]?.length ?? 0] } });
const FACTS = { layer: 2, head: 1, place: 6, key: 5, steps: 9, first_place: 5, first_place_of_all: 6 };
const plots = [
  { id: "match", marks: [{ kind: "equation" }] },
  { id: "attention", marks: [matrix([[1, 0], [0.25, 0.75]])] },
  { id: "1.1", marks: [matrix([[1]])] },
  { id: "12.16", marks: [matrix([[0.5]])] },
];

test("a stage of attention has its chosen head and all others", () => {
  const found = headsOf(/** @type {any} */ ({ facts: FACTS, plots }));
  assert.ok(found);
  assert.deepEqual([found.layer, found.head, found.query, found.key, found.first, found.firstOfAll, found.steps], [2, 1, 6, 5, 5, 6, 9]);
  assert.deepEqual(found.maps.map(({ name }) => name), ["1.1", "12.16"]);
  assert.deepEqual(sharesOf(found.matrix, found.first, 6), [{ place: 5, share: 0.25 }, { place: 6, share: 0.75 }]);
  assert.deepEqual(sharesOf(found.matrix, found.first, 4), [], "outside");
  assert.deepEqual(sharesOf(found.matrix, found.first, 7), [], "outside");
  assert.equal(headsOf(/** @type {any} */ ({ facts: FACTS, plots: plots.slice(0, 1) })), null, "another stage");
  assert.deepEqual(["attention", "1.1", "head.1", "bars"].map(isOfHeads), [true, true, false, false]);
  assert.equal(stageOfLayer("back_qkv1", 12), "back_qkv12");
});

test("heads are left out and put back one by one, in order", () => {
  const two = toggled(toggled([], [2, 1]), [1, 2]);
  assert.deepEqual(two, [[1, 2], [2, 1]]);
  assert.deepEqual(toggled(two, [2, 1]), [[1, 2]]);
  assert.deepEqual(leftOut({}), []);
  assert.deepEqual([namesOf([[1, 2]]), namesOf([[1, 2], [2, 1], [2, 3]])], ["head 1.2", "heads 1.2, 2.1 and 2.3"]);
});

test("what heads are worth is said in sentences", () => {
  const facts = { ablate: [[1, 2]], ablation: { loss: 0.05, ablated: 0.312, examples: 64, part: "test", test_loss: 0.04, test_ablated: null } };
  const said = costOf(/** @type {any} */ (facts));
  assert.deepEqual(said, ["Without head 1.2: mean loss not finite instead of 0.0400 over 64 test examples.", "Loss of this example: 0.312 instead of 0.0500."]);
  const typed = { ...facts, ablation: { ...facts.ablation, loss: null, ablated: null } };
  assert.match(costOf(/** @type {any} */ (typed))[1] ?? "", /^Nothing here is scored/);
  assert.deepEqual(costOf({}), []);
  const note = (/** @type {string} */ group) => ablationNote(/** @type {any} */ (facts), group);
  assert.match(note("forward"), /network without head 1\.2/);
  assert.match(note("backward"), /Derivatives of the loss without head 1\.2/);
  assert.match(note("update"), /whole network/);
});

test("options hold lists, and go when they are refused or left to the server", () => {
  walk.chooseOthers({ ablate: [[1, 2]], top_k: 9 });
  assert.deepEqual(Object(walk.options.value).ablate, [[1, 2]]);
  assert.ok(walk.takeBack("options.ablate.0.1"), "a part of it");
  assert.ok(!("ablate" in walk.options.value));
  assert.ok(walk.takeBack("options.top_k") && !walk.takeBack("options.top_k"));
  walk.chooseOther("top_k", 3);
  walk.chooseOther("top_k", null);
  assert.ok(!("top_k" in walk.options.value));
});

test("a line goes from above the query to above the key, or around the query itself", () => {
  assert.match(arc(10, 60), /^M10 40C10 \S+ 60 \S+ 60 40$/);
  assert.match(arc(10, 10), /^M4 40C/);
  const shares = [0.01, 0.7, 0.05, 0.2, 0.04].map((share, place) => ({ place, share }));
  assert.equal(spoken(2, 1, 4, shares), "Layer 2, head 1 looks from place 5 at place 2 (70.0%), place 4 (20.0%), place 3 (5.0%)");
});

test("each symbol has its probability before and after", () => {
  const bars = (/** @type {number[]} */ data) => [{ kind: "bars", values: { data }, labels: ["a", "b"] }];
  const picture = { plots: [{ id: "sampled", marks: bars([1, 0]) }, { id: "plain", marks: bars([0.75, 0.25]) }] };
  assert.deepEqual(samplingOf(/** @type {any} */ (picture)), [{ symbol: "a", before: 0.75, after: 1 }, { symbol: "b", before: 0.25, after: 0 }]);
  assert.deepEqual(samplingOf(/** @type {any} */ ({ plots: [] })), []);
  assert.deepEqual(["plain", "sampled", "kept"].map(isOfSampling), [true, true, false]);
});
