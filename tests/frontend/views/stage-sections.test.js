import assert from "node:assert/strict";
import { test } from "node:test";

import { ambiguous, sectionsOf, shownSections, titleOf } from "../../../frontend/app/views/steps/stage-sections.js";

/** @typedef {import("../../../frontend/app/views/steps/walk.js").Stage} Stage */

/**
 * The stages of a transformer: of each layer so many forward and backward.
 * @param {number} depth
 * @returns {Stage[]}
 */
function transformer(depth) {
  const layers = Array.from({ length: depth }, (_, i) => `Layer ${i + 1}`);
  const of = (/** @type {Stage["group"]} */ group, /** @type {string} */ section, /** @type {string[]} */ labels) =>
    labels.map((label) => ({ id: `${group} ${section} ${label}`, group, section, label, title: "What happens" }));
  return [
    ...of("forward", "Embed", ["Symbols", "Positions"]),
    ...layers.flatMap((name) => of("forward", name, ["Norm", "Match", "MLP"])),
    ...of("forward", "Output", ["Norm", "Loss"]),
    ...of("backward", "Output", ["$W_U$"]),
    ...[...layers].reverse().flatMap((name) => of("backward", name, ["MLP", "Match"])),
    ...of("update", "", ["Update"]),
  ];
}

const shape = (/** @type {ReturnType<typeof shownSections>} */ shown) =>
  shown.map(({ caption, label, open, stages }) => [caption, open ? stages.map(({ stage }) => stage.label).join(" ") : `${label} (${stages.length})`]);

test("the section of the present stage is unfolded, the others are a button each", () => {
  const stages = transformer(2);
  const shown = shownSections(stages, 6);
  assert.deepEqual(shape(shown), [
    ["Forward", "Embed (2)"],
    ["", "Layer 1 (3)"],
    ["Forward · Layer 2", "Norm Match MLP"],
    ["", "Output (2)"],
    ["Backward", "Output (1)"],
    ["", "Layer 2 (2)"],
    ["", "Layer 1 (2)"],
    ["Then", "Update"],
  ]);
  assert.deepEqual(shown.flatMap(({ stages: own }) => own.map(({ at }) => at)), stages.map((_, at) => at), "every stage once, in order");
  assert.equal(shown[1]?.name, "Forward, Layer 1, 3 stages");
  assert.equal(shown[4]?.name, "Backward, Output, 1 stage");
});

test("of many layers the others are numbers, and the other direction is one button", () => {
  const stages = transformer(12);
  const there = shape(shownSections(stages, 9));
  assert.deepEqual(there.slice(0, 5), [
    ["Forward", "Embed (2)"],
    ["Layer", "1 (3)"],
    ["", "2 (3)"],
    ["Forward · Layer 3", "Norm Match MLP"],
    ["Layer", "4 (3)"],
  ]);
  assert.deepEqual(there.slice(-3), [["", "Output (2)"], ["", "Backward (25)"], ["Then", "Update"]]);
  const back = shownSections(stages, stages.findIndex(({ group }) => group === "backward"));
  assert.deepEqual(shape(back).slice(0, 3), [["", "Forward (40)"], ["Backward · Output", "$W_U$"], ["Layer", "12 (2)"]]);
  assert.equal(back[0]?.name, "Forward, 40 stages");
});

test("at every stage its own button is shown, and no two buttons have one name", () => {
  for (const stages of [transformer(1), transformer(2), transformer(12)]) {
    stages.forEach((stage, at) => {
      const shown = shownSections(stages, at);
      const names = shown.flatMap((one) => (one.open ? one.stages.map((own) => own.stage.label) : [one.name]));
      assert.ok(shown.some(({ open, stages: own }) => open && own.some((one) => one.stage === stage)));
      assert.equal(new Set(names).size, names.length);
    });
  }
});

test("a walk without sections stands as it is, with its directions", () => {
  const stages = ["forward", "forward", "backward", "update"].map((group, i) => /** @type {Stage} */ ({ id: `${i}`, group, section: "", label: `Conv ${i % 2}`, title: "" }));
  const shown = shownSections(stages, 1);
  assert.deepEqual(shape(shown), [["Forward", "Conv 0 Conv 1"], ["Backward", "Conv 0"], ["Then", "Conv 1"]]);
  assert.deepEqual([...ambiguous(shown)], ["Conv 0", "Conv 1"], "which are read with their direction");
  assert.equal(sectionsOf(stages).length, 3);
  assert.deepEqual(shownSections([], 0), []);
});

test("the title says the section where others have such a stage", () => {
  const [symbols, , , match, ...others] = transformer(2);
  assert.ok(symbols && match);
  const stages = [symbols, match, ...others];
  assert.equal(titleOf(match, stages), "Layer 1 · Match: what happens");
  assert.equal(titleOf(symbols, stages), "Symbols: what happens");
  assert.equal(titleOf({ ...symbols, section: "", title: "MLP here" }, stages), "Symbols: MLP here");
});
