import assert from "node:assert/strict";
import { test } from "node:test";

import { edgesOf, indexOfEdge } from "../../../frontend/app/network/edges.js";
import { layout } from "../../../frontend/app/network/layout.js";
import { LatestValues } from "../../../frontend/app/network/latest-values.js";
import { isPaged, pageAt, pageOptions, pageText } from "../../../frontend/app/network/layer-pages.js";
import { paintEdges } from "../../../frontend/app/network/paint-edges.js";
import { rowOf } from "../../../frontend/app/network/weight-row.js";
import { pageTurn } from "../../../frontend/app/network/unit-buttons.js";
import { edgeDescription, unitDescription, unitTitle } from "../../../frontend/app/network/descriptions.js";
import { LAPTOP, net } from "./nets.js";

/** @typedef {import("../../../frontend/app/types/pictures.js").GraphMark} GraphMark */
/** @typedef {import("../../../frontend/app/network/colors.js").NetworkColors} NetworkColors */

const WIDTHS = [2, 64, 4, 1];

/** W(layer), whose entry in row j and column i is 100·j + i. @param {number} layer @param {number} to */
const rowOfW = (layer, to) =>
  Float32Array.from({ length: WIDTHS[layer - 1] ?? 0 }, (_, from) => 100 * to + from);

/** What the server sends of a net with these units shown. @param {number[]} firsts @returns {GraphMark} */
function graphFrom(firsts) {
  const shown = WIDTHS.map((width, at) => {
    const first = firsts[at] ?? 0;
    return Array.from({ length: Math.min(16, width - first) }, (_, unit) => first + unit);
  });
  return {
    kind: "graph",
    layers: WIDTHS.map((total, at) => ({
      label: "", note: "", units: (shown[at] ?? []).map(String), total, first: firsts[at] ?? 0,
      activation: "", formula: "", residual: false,
    })),
    weights: WIDTHS.slice(1).map((_, at) => {
      const [columns, rows] = [shown[at] ?? [], shown[at + 1] ?? []];
      const data = rows.flatMap((to) => columns.map((from) => rowOfW(at + 1, to)[from] ?? NaN));
      return { data: Float32Array.from(data), shape: [rows.length, columns.length] };
    }),
    biases: WIDTHS.slice(1).map((_, at) => ({
      data: Float32Array.from(shown[at + 1] ?? [], (unit) => -unit),
      shape: [shown[at + 1]?.length ?? 0],
    })),
  };
}

test("every unit of every layer is on exactly one page, with its weights", () => {
  for (const first of [0, 16, 32, 48]) {
    const firsts = [0, first];
    const { columns } = net(WIDTHS, ["x1", "x2"], firsts);
    const hidden = columns[1];
    assert.ok(hidden);
    assert.deepEqual(hidden.cells.map(({ unit }) => unit), Array.from({ length: 16 }, (_, i) => first + i));
    assert.equal(pageText(hidden), `${first + 1}–${first + 16} of 64`);
    assert.deepEqual(pageOptions(columns), first ? { first: firsts } : {});
    const numbers = new LatestValues();
    numbers.graph = graphFrom(firsts);
    const drawn = edgesOf(columns, layout(columns, LAPTOP));
    for (const [at, layer] of drawn.entries()) {
      const own = layer.map((edge) => numbers.weight(edge));
      assert.deepEqual(own, Array.from(numbers.graph.weights[at]?.data ?? []));
      for (const edge of layer) assert.equal(numbers.weight(edge), 100 * edge.to + edge.from);
    }
    for (const { unit } of hidden.cells) {
      assert.equal(numbers.bias({ layer: 1, unit: unit ?? -1 }), -(unit ?? -1));
    }
    assert.equal(numbers.weight({ layer: 2, from: (first + 16) % 64, to: 0 }), undefined);
  }
});

test("the last page of a layer has what is left, and there is none beyond", () => {
  const [, hidden] = net([2, 20, 1], ["x1", "x2"], [0, 16]).columns;
  assert.ok(hidden);
  assert.equal(pageText(hidden), "17–20 of 20");
  assert.equal(pageAt(hidden, 1), null);
  assert.equal(pageAt(hidden, -1), 0);
  const [input, small] = net([2, 16, 1]).columns;
  assert.ok(input && small);
  assert.ok(!isPaged(small) && pageAt(small, 1) === null && pageAt(input, 1) === null);
  assert.equal(net([2, 8, 1], ["x1", "x2"], [0, 16]).columns[1]?.first, 0, "a page that is gone");
});

test("keys turn pages at the ends of a column", () => {
  const [, hidden] = net([2, 20, 1]).columns;
  const [, rest] = net([2, 20, 1], ["x1", "x2"], [0, 16]).columns;
  assert.ok(hidden && rest);
  assert.deepEqual(pageTurn(hidden, 15, "ArrowDown"), { by: 1, index: 0 });
  assert.deepEqual(pageTurn(hidden, 9, "PageDown"), { by: 1, index: 3 });
  assert.deepEqual(pageTurn(rest, 0, "ArrowUp"), { by: -1, index: 15 });
  for (const [column, at, key] of /** @type {const} */ ([
    [hidden, 3, "ArrowDown"], [hidden, 0, "ArrowUp"], [rest, 3, "ArrowDown"], [rest, 3, "PageDown"],
  ])) assert.equal(pageTurn(column, at, key), null);
});

test("the largest weights of a unit are those of all, shown or not", () => {
  const own = net(WIDTHS);
  const numbers = new LatestValues();
  numbers.graph = graphFrom([]);
  const at = { layer: 2, unit: 3 };
  assert.equal(numbers.incoming(at), null, "16 of 64 weights are not the unit's weights");
  const waiting = unitDescription(own, at, { weights: null, bias: 0.5, most: 3 });
  assert.equal(waiting.facts, "loading 64 weights");
  assert.match(waiting.latex, /\\dots \+ 0\.5/);
  numbers.setWeightRow({ layer: 2, unit: 2, weights: rowOfW(2, 2) });
  assert.equal(numbers.incoming(at), null, "nor are those of another unit");
  numbers.setWeightRow({ ...at, weights: rowOfW(2, 3) });
  const weights = numbers.incoming(at);
  assert.deepEqual(weights, rowOfW(2, 3));
  const line = unitDescription(own, at, { weights, bias: 0.5, most: 3 });
  assert.equal(line.facts, "largest 3 of 64 weights");
  assert.match(line.latex, /362\\,h\^\{\(1\)\}_\{63\} \+ 363\\,h\^\{\(1\)\}_\{64\} \+ \\dots \+ 0\.5/);
  assert.deepEqual(Array.from(numbers.incoming({ layer: 1, unit: 4 }) ?? []), [400, 401], "all are shown");
  assert.equal(unitTitle(own.columns[1] ?? assert.fail(), 40), "Hidden 1, unit 41");
  assert.equal(edgeDescription(own, { layer: 2, from: 40, to: 0 }), "weight from unit 41 to unit 1");
});

test("a unit's row is told by the unit that it is of", () => {
  const values = { data: rowOfW(2, 3), shape: [1, 64] };
  /** @type {import("../../../frontend/app/types/pictures.js").MatrixMark} */
  const mark = { kind: "matrix", values, peak: 1, rows: "", columns: "", row_labels: [], column_labels: [], outlined: null, colors: "diverging", pixels: false };
  /** @type {import("../../../frontend/app/types/pictures.js").Plot} */
  const plot = { id: "W2", marks: [mark], title: "", note: "", x: null, y: null, equal: false };
  const facts = { 2: { unit: 3, shape: [4, 64] } };
  assert.deepEqual(rowOf({ step: 7, plots: [plot], facts }), { layer: 2, unit: 3, weights: rowOfW(2, 3) });
  assert.equal(rowOf({ step: 7, plots: [plot], facts: { 2: { shape: [4, 64] } } }), null);
});

test("a weight that is looked at keeps its sign and place when the net is laid out anew", () => {
  const { columns } = net([2, 3, 1]);
  const before = edgesOf(columns, layout(columns, LAPTOP));
  const after = edgesOf(columns, layout(columns, { ...LAPTOP, width: 1200 }));
  for (const edge of before.flat()) {
    const index = indexOfEdge(after, edge);
    const now = after[edge.layer - 1]?.[index];
    assert.deepEqual([now?.layer, now?.from, now?.to], [edge.layer, edge.from, edge.to]);
    /** @type {{color: string, x: number}[]} */
    const strokes = [];
    const context = {
      strokeStyle: "", globalAlpha: 1, lineWidth: 1, lineCap: "",
      beginPath() {}, bezierCurveTo() {},
      /** @param {number} x */
      moveTo(x) { this.x = x; },
      x: 0,
      stroke() { strokes.push({ color: this.strokeStyle, x: this.x }); },
    };
    const colors = /** @type {NetworkColors} */ (/** @type {unknown} */ ({ negative: "negative", positive: "positive" }));
    const weights = after.map((layer) => layer.map(() => -1));
    const scene = { edges: after, weights, full: 1, colors, focus: null, edge, quiet: () => false,
      view: { left: 0, right: 2000 }, pitch: 48 };
    paintEdges(/** @type {CanvasRenderingContext2D} */ (/** @type {unknown} */ (context)), scene);
    assert.deepEqual(strokes.at(-1), { color: "negative", x: now?.x0 });
  }
});
