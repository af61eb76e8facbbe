/** The picture of a recurrent cell: what is known at a stage, where it stands, and how it is said. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeServer } from "../state/server.js";

new FakeServer().install();
const { cellLayout, cornersOf, BOX, CIRCLE, LEAST, NUMBER } = await import("../../../frontend/app/views/steps/cell/layout.js");
const { PLANS } = await import("../../../frontend/app/views/steps/cell/plans.js");
const { cellOf } = await import("../../../frontend/app/views/steps/cell/reading.js");
const { chipsOf, wordsOf } = await import("../../../frontend/app/views/steps/cell/chips.js");
await import("../marks/screen.js");

/** @typedef {import("../../../frontend/app/views/steps/cell/plans.js").Plan} Plan */
/** @typedef {import("../../../frontend/app/views/steps/cell/layout.js").Layout} Layout */
/** @typedef {{name: string, left: number, right: number, top: number, bottom: number}} Box */

const STAGES = {
  lstm: ["input", "f", "i", "candidate", "cell", "o", "h", "output", "loss", "delta", "back_h", "back_C", "back_z", "before", "weights"],
  gru: ["input", "r", "z", "n", "h", "output", "loss", "delta", "back_h", "back_z", "before", "weights"],
  rnn: ["input", "z", "h", "output", "loss", "delta", "back_h", "back_z", "before", "weights"],
};

/** Facts of a stage: the values of the wires are 0.01, 0.02, …, the derivatives −0.1, −0.2, …
 * @param {keyof typeof STAGES} cell @param {string} stage @param {object} [more] @returns {any} */
function factsOf(cell, stage, more = {}) {
  const plan = PLANS[cell];
  assert.ok(plan);
  const back = STAGES[cell].indexOf(stage) > STAGES[cell].indexOf("loss");
  return {
    cell, stage, layer: 1, layers: 1, units: 4, unit: 2, place: 1, steps: 3, input: ["A", "B", "?"], target: [null, null, "A"], activation: "relu",
    stages: STAGES[cell].map((id) => ({ id })),
    gates: {},
    wires: Object.fromEntries(plan.values.map(({ name }, i) => [name, (i + 1) / 100])),
    by_wire: back ? Object.fromEntries(plan.derivatives.map(({ name }, i) => [name, -(i + 1) / 10])) : {},
    across: { of: "h", derivative: back, values: [0, 0, 0, 0] },
    ...more,
  }; // prettier-ignore
}

/** @param {keyof typeof STAGES} kind @param {string} stage @param {object} [more] */
function read(kind, stage, more) {
  const cell = cellOf(factsOf(kind, stage, more));
  assert.ok(cell);
  return cell;
}

/** @param {ReturnType<typeof read>["values"]} all @param {string} state */
const named = (all, state) => all.filter((one) => one.state === state).map(({ value }) => value.name);

test("a value is computed at its stage, known after it, and has no number before", () => {
  const cell = read("lstm", "cell");
  assert.deepEqual(named(cell.values, "known"), ["h_before", "C_before", "f", "i", "C̃"]);
  assert.deepEqual(named(cell.values, "now"), ["kept", "added", "C"]);
  assert.deepEqual(named(cell.values, "later"), ["o", "tanh_C", "h"]);
  for (const { state, number } of cell.values) assert.equal(number === null, state === "later");
  assert.deepEqual(cell.derivatives, []);
  assert.deepEqual(named(read("gru", "n").values, "now"), ["from_h", "reset", "n"]);
  assert.deepEqual(named(read("rnn", "z").values, "now"), ["from_h", "from_x", "b", "z"]);
});

test("every value and derivative has a stage that computes it", () => {
  assert.deepEqual(Object.keys(STAGES).sort(), Object.keys(PLANS).sort(), "of every kind");
  for (const [kind, stages] of Object.entries(STAGES)) {
    const plan = PLANS[/** @type {keyof typeof PLANS} */ (kind)];
    for (const { stage } of [...plan.values, ...plan.derivatives, ...plan.circles, ...plan.boxes, ...plan.wires, ...plan.joints]) {
      assert.ok(stages.includes(stage), `${kind}: ${stage}`);
    }
  }
});

test("on the way back all values are known, and the derivatives come one stage after another", () => {
  const cell = read("lstm", "back_C");
  assert.deepEqual(named(cell.values, "later"), []);
  assert.deepEqual(named(cell.derivatives, "known"), ["h"]);
  assert.deepEqual(named(cell.derivatives, "now"), ["C"]);
  assert.deepEqual(named(cell.derivatives, "later"), ["z_f", "z_i", "z_C̃", "z_o", "C_before", "h_before"]);
  const first = read("gru", "weights", { by_wire: { h: 1, z_r: 1, z_z: 1, z_n: 1 } });
  assert.deepEqual(named(first.derivatives, "known"), ["h", "z_r", "z_z", "z_n"], "at the first place nothing stands before");
});

test("there is no cell where there are no wires", () => {
  assert.equal(cellOf(factsOf("lstm", "update", { wires: undefined })), null);
  assert.equal(cellOf({ network: {}, stage: "layer1" }), null, "another family");
});

test("an upper layer reads the one below it", () => {
  assert.equal(read("gru", "r").reads, "B");
  assert.equal(read("gru", "r", { layer: 2, layers: 2 }).reads, "layer 1");
});

test("the picture says its numbers, and what is not computed yet", () => {
  assert.equal(
    wordsOf(read("rnn", "z")),
    "Plain cell: unit 3 of 4 at place 2, which reads B. h t-1: 0.0100, W h h t-1: 0.0200, W x x t: 0.0300, b: 0.0400, z t: 0.0500. Not computed yet: h t.",
  );
  assert.match(wordsOf(read("rnn", "back_h", { layers: 2 })), /unit 3 of 4 of layer 1 .* ∂ ℓ \/ ∂ h t: −0\.100\. Not computed yet: δ t, /);
  assert.match(wordsOf(read("rnn", "z", { wires: { ...factsOf("rnn", "z").wires, b: null } })), /b: not finite/);
});

test("a chip has its number, its colour and its state", () => {
  const cell = read("lstm", "i");
  const chips = chipsOf(cell, cellLayout(cell.plan, 900), 2);
  assert.equal(chips.length, cell.values.length + 1);
  const of = (/** @type {string} */ symbol) => chips.find(({ latex }) => latex === symbol);
  assert.deepEqual([of("f_t")?.figure, of("f_t")?.kind], ["0.0300", "value known right"]);
  assert.deepEqual([of("i_t")?.figure, of("i_t")?.kind], ["0.0400", "value now left"]);
  assert.deepEqual([of("o_t")?.figure, of("o_t")?.kind, of("o_t")?.color], ["", "value later below", ""]);
  assert.equal(of("x_t")?.figure, "B");
  const { x, y } = cellLayout(cell.plan, 900).at([0.11, 148]);
  assert.deepEqual([of("f_t")?.left, of("f_t")?.top], [2 * x, 2 * y], "at type of twice the size");
});

/** Widths of symbols as KaTeX sets them at 13 px, an upper bound: 9 px a letter or digit outside commands, 6 in an index.
 * @param {string} latex */
function widthOf(latex) {
  const plain = latex.replace(/\\(tilde|,)\s*/g, "").replace(/\\(partial|ell|delta)\s*/g, "d").replace(/\\tanh\s*/g, "tanh ").replace(/\s/g, "");
  const below = [...plain.matchAll(/_(?:\{([^{}]*)\}|(.))/g)].map(([, group, one]) => (group ?? one ?? "").length);
  const rest = plain.replace(/_(?:\{[^{}]*\}|.)/g, "").length;
  return 9 * rest + 6 * below.reduce((sum, count) => sum + count, 0);
}

/** The boxes of numbers, symbols and operations. @param {Plan} plan @param {Layout} layout @returns {Box[]} */
function boxesOf(plan, layout) {
  const around = (/** @type {string} */ name, /** @type {{x: number, y: number}} */ { x, y }, /** @type {number} */ width, /** @type {number} */ height) =>
    ({ name, left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 });
  const numbers = [...plan.values, ...plan.derivatives].flatMap(({ name, symbol, at, side }) => {
    const { x, y } = layout.at(at);
    const wide = widthOf(symbol);
    const [dx, dy] = { above: [0, -21], below: [0, 21], left: [-NUMBER.width / 2 - 5 - wide / 2, 0], right: [NUMBER.width / 2 + 5 + wide / 2, 0] }[side];
    return [around(name, { x, y }, NUMBER.width, NUMBER.height), around(`symbol of ${name}`, { x: x + (dx ?? 0), y: y + (dy ?? 0) }, wide, 14)];
  });
  return [
    ...numbers,
    around("x", layout.at(plan.x), NUMBER.width, NUMBER.height),
    ...plan.circles.map(({ text, at }) => around(text, layout.at(at), 2 * CIRCLE, 2 * CIRCLE)),
    ...plan.boxes.map(({ text, at }) => around(text, layout.at(at), BOX.width, BOX.height)),
  ];
}

for (const [kind, plan] of Object.entries(PLANS)) {
  test(`nothing overlaps in the picture of ${kind}, and all of it is in the picture`, () => {
    for (const room of [300, LEAST, 884, 1010, 2000]) {
      const layout = cellLayout(plan, room);
      assert.ok(layout.width >= LEAST);
      const all = boxesOf(plan, layout);
      for (const [i, one] of all.entries()) {
        assert.ok(one.left >= 0 && one.right <= layout.width && one.top >= 0 && one.bottom <= layout.height, `${one.name} at ${room}`);
        for (const other of all.slice(i + 1)) {
          const apart = one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top;
          assert.ok(apart, `${one.name} and ${other.name} at ${room}`);
        }
      }
    }
  });

  test(`the wires of ${kind} run straight, and each arrow ends at the edge of something`, () => {
    const layout = cellLayout(plan, 900);
    const all = boxesOf(plan, layout).filter(({ name }) => !name.startsWith("symbol"));
    for (const wire of plan.wires) {
      const corners = cornersOf(plan, wire, layout);
      corners.forEach(({ x, y }, i) => {
        const next = corners[i + 1];
        if (next) assert.ok((x === next.x) !== (y === next.y), "across or down");
      });
      const end = corners.at(-1);
      const at = (/** @type {Box} */ { left, right, top, bottom }) => {
        const [x, y] = [end?.x ?? NaN, end?.y ?? NaN];
        return (near(x, left) || near(x, right) || near(y, top) || near(y, bottom)) && x >= left - 1e-9 && x <= right + 1e-9 && y >= top - 1e-9 && y <= bottom + 1e-9;
      };
      if (wire.arrow) assert.ok(all.some(at), `${wire.stage} ends at ${end?.x}, ${end?.y}`);
    }
  });

  test(`each value of ${kind} lies on a wire that is known when it is`, () => {
    const layout = cellLayout(plan, 900);
    const order = /** @type {{[kind: string]: string[]}} */ (STAGES)[kind] ?? [];
    for (const { name, at, stage } of plan.values) {
      const { x, y } = layout.at(at);
      const touches = plan.wires.filter(({ through }) => {
        const points = through.map((place) => layout.at(place));
        return points.some((point, i) => {
          const next = points[i + 1];
          return next && x >= Math.min(point.x, next.x) - 1e-9 && x <= Math.max(point.x, next.x) + 1e-9 && y >= Math.min(point.y, next.y) - 1e-9 && y <= Math.max(point.y, next.y) + 1e-9;
        });
      });
      assert.ok(touches.length > 0, name);
      // What is given has only the wires that read it.
      if (stage !== "input" && name !== "b") assert.ok(touches.some((wire) => order.indexOf(wire.stage) <= order.indexOf(stage)), name);
    }
  });
}

/** @param {number} one @param {number} other */
const near = (one, other) => Math.abs(one - other) < 1e-9;
