import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeServer } from "../state/server.js";

new FakeServer().install();
const { cropped, fewTerms } = await import("../../../frontend/app/panels/equation/crop.js");
const { hiddenSides } = await import("../../../frontend/app/panels/equation/reading.js");
const { flowOf, productsOf } = await import("../../../frontend/app/views/steps/network/flow.js");
const { networkLayout } = await import("../../../frontend/app/views/steps/network/layout.js");
const { choicesOf, sequenceOf } = await import("../../../frontend/app/views/steps/others.js");
const { derivative, parameterLatex } = await import("../../../frontend/app/views/steps/parameter-name.js");
const { storedPlace } = await import("../../../frontend/app/views/steps/stored-place.js");
const walk = await import("../../../frontend/app/views/steps/walk.js");
const { product } = await import("../panels/equations.js");

const ROOM = { width: 980, height: 300, scale: 1, coarse: false };

/** @param {number} rows @param {number} columns */
const matrix = (rows, columns) => Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => i + j / 100));

test("a small matrix is shown whole, a large one around the entry and its largest term", () => {
  const small = product(matrix(4, 4), [1, 1, 1, 1], 2);
  assert.deepEqual(cropped(small, 980, null), small);
  const h = Array.from({ length: 24 }, (_, k) => (k === 20 ? 50 : 1));
  const large = product(matrix(24, 24), h, 13);
  const [z, , w, , x] = cropped(large, 980, null).items;
  assert.ok(z?.item === "operand" && w?.item === "operand" && x?.item === "operand");
  assert.deepEqual([z.row, z.values.shape], [9, [8, 1]]);
  assert.deepEqual([w.row, w.column, w.values.shape], [9, 16, [8, 8]]);
  assert.deepEqual([x.row, x.values.shape], [16, [8, 1]]);
  assert.ok(Math.abs((w.values.data[0] ?? NaN) - 9.16) < 1e-6, "its own numbers");
  assert.equal(w.rows, 24);
});

test("the sides that no entry moves are moved to other terms, within what was received", () => {
  const h = Array.from({ length: 24 }, (_, k) => (k === 20 ? 50 : 1));
  const large = product(matrix(24, 24), h, 13);
  const shown = cropped(large, 980, null);
  const [rows, columns] = hiddenSides(shown, 2, large);
  assert.deepEqual([rows?.follows, rows?.before, rows?.after], ["row", 5, 21]);
  assert.deepEqual([columns?.follows, columns?.before, columns?.after], ["term", 12, null]);
  const [, , w] = cropped(large, 980, columns?.before ?? null).items;
  assert.ok(w?.item === "operand");
  assert.equal(w.column, 8, "the eight columns before");
});

test("in a narrow card fewer columns are shown", () => {
  const [, , w] = cropped(product(matrix(8, 8), Array(8).fill(1), 0), 420, null).items;
  assert.ok(w?.item === "operand" && (w.values.shape[1] ?? 8) < 8);
});

test("of a long sum the largest terms stand alone, and all together are the sum", () => {
  const terms = Array.from({ length: 30 }, (_, k) => ({ symbols: `t_${k}`, numbers: "", value: (-1) ** k * (k % 10), uses: [] }));
  const few = fewTerms(terms, 5);
  assert.equal(few.terms.length, 6);
  assert.equal(few.others, 25);
  assert.deepEqual(few.terms.slice(0, 5).map(({ value }) => value), [8, -9, 8, -9, -9], "the largest in their order");
  const sum = (/** @type {readonly {value: number}[]} */ all) => all.reduce((total, { value }) => total + value, 0);
  assert.equal(sum(few.terms), sum(terms));
  assert.equal(fewTerms(terms.slice(0, 6), 5).others, 0, "one more is no saving");
});

test("a perceptron's numbers at its units and edges are read from a stage", () => {
  const equation = product([[1, -2], [0.5, 3]], [1, -1], 1);
  const units = { first: [0, 0, 0], values: [[1, -1], [0, 0], [0]], deltas: [[0, 0], [0]], predicted: null };
  const stages = [{ id: "input", group: "forward" }, { id: "layer1", group: "forward" }, { id: "delta1", group: "backward" }, { id: "update", group: "update" }];
  const at = (/** @type {object} */ facts) =>
    flowOf(/** @type {any} */ ({ step: 0, plots: [{ id: "z1", marks: [equation] }], facts: { stages, network: units, ...facts } }), { row: 1, column: 9 });
  const forward = at({ stage: "layer1", layer: 1 });
  assert.deepEqual(forward?.products, [{ unit: 0, weight: 0.5, product: 0.5 }, { unit: 1, weight: 3, product: -3 }]);
  assert.deepEqual([forward?.known, forward?.row, forward?.focus], [1, 1, { way: "forward", layer: 1 }]);
  const [z, sign, w, ...others] = equation.items;
  assert.ok(z && sign && w?.item === "operand");
  const cut = { ...w, values: { data: Float32Array.of(-2, 3), shape: [2, 1] }, column: 1 };
  assert.deepEqual(productsOf({ ...equation, items: [z, sign, cut, ...others] }).products, [{ unit: 1, weight: 3, product: -3 }], "what is shown of W");
  const back = at({ stage: "delta1", layer: 1 });
  assert.deepEqual([back?.known, back?.column, back?.products], [2, 1, []]);
  assert.equal(at({ stage: "input", layer: 0 })?.focus.layer, null);
  const update = at({ stage: "update", layer: null, parameter: "layers.1.weight", index: [0, 1] });
  assert.deepEqual([update?.focus, update?.row, update?.column], [{ way: "update", layer: 2 }, 0, 1]);
  assert.equal(flowOf(/** @type {any} */ ({ step: 0, plots: [], facts: {} }), { row: 0, column: 0 }), null, "another family");
});

for (const scale of [1, 1.5]) {
  test(`units and what stands beside them do not overlap, at type of ${scale}`, () => {
    for (const way of /** @type {const} */ (["forward", "backward", "update"])) {
      for (const layer of [null, 1, 2, 3]) {
        const { columns, card, width, height } = networkLayout([2, 10, 4, 1], { ...ROOM, scale }, { layer, way });
        columns.forEach((column, i) => {
          const next = columns[i + 1];
          assert.ok(column.left >= 0 && column.right <= width);
          if (next) assert.ok(next.left - column.right >= 60 * scale);
          for (const [unit, middle] of column.middles.entries()) {
            assert.ok(middle - card.height / 2 >= 0 && middle + card.height / 2 <= height);
            const below = column.middles[unit + 1];
            if (below !== undefined) assert.ok(below - middle >= card.height);
          }
        });
        const [into, end] = [columns[(layer ?? 1) - 1], columns[layer ?? 1]];
        if (way === "forward" && layer !== null) assert.ok((end?.left ?? 0) - (into?.right ?? 0) >= 230 * scale, "room for the products");
      }
    }
  });
}

test("touch targets of units are 44 pixels high where there is room for fingers alone", () => {
  for (const most of [2, 4, 10]) {
    const { card, columns } = networkLayout([2, most, 1], { ...ROOM, coarse: true }, { layer: 1, way: "forward" });
    const [one = 0, other = 0] = columns[1]?.middles ?? [];
    assert.ok(card.height >= 44 && other - one >= card.height);
  }
});

test("an entry of a parameter is called as in formulas", () => {
  assert.equal(parameterLatex("layers.1.weight", [2, 0]), "W^{(2)}_{31}");
  assert.equal(parameterLatex("layers.0.bias", [9]), "b^{(1)}_{10}");
  assert.equal(parameterLatex("layers.0.weight", [0, 11]), "W^{(1)}_{1,12}");
  assert.equal(parameterLatex("log_sigma", []), "\\text{log\\_sigma}");
  assert.deepEqual(derivative("layers.0.bias", [1]), { latex: "\\frac{\\partial \\ell}{\\partial b^{(1)}_{2}}", where: "" });
  const { where } = derivative("decoder.0.weight", [0, 2]);
  assert.equal(where, "w = decoder.0.weight[1, 3]");
  assert.equal(parameterLatex("blocks.0.w", [1, 2]), "\\text{blocks.0.w}[2,3]");
});

test("the walk moves within its stages, and takes back what a run refuses", () => {
  walk.stages.value = ["input", "layer1", "loss"].map((id) => ({ id, group: "forward", label: id, title: id }));
  walk.stage.value = "input";
  assert.ok(!walk.moveByHand(-1));
  assert.ok(walk.moveByHand(1) && walk.move(1) && !walk.move(1));
  assert.equal(walk.stage.value, "loss");
  assert.ok(!("row" in walk.options.value), "the server chooses an entry");
  walk.chooseExample({ number: 4 });
  walk.entry.value = { row: 2, column: 1 };
  assert.deepEqual(walk.options.value, { stage: "loss", part: "batch", example: 4, row: 2, column: 1 });
  walk.chooseExample({ part: "test" });
  assert.deepEqual(walk.example.value, { part: "test", number: 0 }, "of another part the first");
  assert.ok(walk.takeBack("options.stage"));
  assert.equal(walk.stage.value, null);
  assert.ok(walk.takeBack("options.example"), "an empty part");
  assert.equal(walk.example.value.part, "batch");
  assert.ok(!walk.takeBack("options.example") && !walk.takeBack("options.row"));
});

test("a typed sequence stands in place of the example until one is chosen again", () => {
  walk.chooseExample({ part: "test", number: 3 });
  walk.typed.value = "0.5 +1";
  const { part, example, text } = /** @type {any} */ (walk.options.value);
  assert.deepEqual([part, example, text], [undefined, undefined, "0.5 +1"]);
  walk.chooseExample({ part: "test" });
  assert.ok(!("text" in walk.options.value));
  assert.deepEqual(walk.example.value, { part: "test", number: 3 });
  walk.typed.value = "abc";
  assert.ok(walk.takeBack("options.text") && walk.typed.value === null, "another run has other symbols");
  assert.ok(!walk.takeBack("options.text"));
  walk.chooseExample({ part: "batch" });
});

test("the place is kept over a reload, whatever stands in the storage", () => {
  const start = { stage: null, example: { part: "batch", number: 0 }, typed: null, entry: null, parameter: null, others: {} };
  const there = { stage: "delta1", example: { part: "test", number: 4 }, typed: "0.5 +1", entry: { row: 2, column: 1 }, parameter: "layers.0.bias", others: { head: 2 } };
  assert.deepEqual(storedPlace(JSON.parse(JSON.stringify(there))), there);
  for (const broken of [null, 7, "x", [], { stage: 3, example: { part: "all", number: 1 }, typed: "", entry: { row: -1, column: 1e99 }, parameter: {}, others: { head: "2", place: 0.5 } }]) {
    assert.deepEqual(storedPlace(broken), start);
  }
});

test("a family's facts say what else can be chosen", () => {
  const found = (/** @type {object} */ facts) => choicesOf(/** @type {any} */ (facts)).map(({ choice, count, value }) => [choice.option, count, value]);
  assert.deepEqual(found({ head: 2, heads: 4, key: 5, steps: 8, layer: 1, layers: 2 }), [["head", 4, 1], ["key", 8, 5]]);
  assert.deepEqual(found({ cell: "lstm", layer: 2, layers: 2, steps: 8 }), [["layer", 2, 1]]);
  walk.chooseOther("channel", 3);
  assert.deepEqual(found({ channels: 8, inputs: 1 }), [["channel", 8, 3]]);
  assert.equal(Object(walk.options.value).channel, 3);
  assert.ok(walk.takeBack("options.channel") && !("channel" in walk.options.value));
  assert.deepEqual(found({ layer: 1, network: {} }), [], "a perceptron");
});

test("a sequence stands place by place, with what is asked for there", () => {
  const facts = /** @type {any} */ ({ input: ["4", " ", "9"], target: [null, "4", -0.12345], place: 1, key: 0 });
  assert.deepEqual(sequenceOf(facts), { reads: ["4", "␣", "9"], asked: ["", "4", "−0.123"], place: 1, key: 0 });
  assert.equal(sequenceOf(/** @type {any} */ ({ input: 2, place: 0 })), null);
});
