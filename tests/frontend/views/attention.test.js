/** The picture of a head: its numbers, its grid, and which part of a row is shown. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeServer } from "../state/server.js";

new FakeServer().install();
const { GAP, gridOf, partOf, placesShown } = await import("../../../frontend/app/views/steps/attention/layout.js");
const { besides, entryOf, fixed, headOf, shareText } = await import("../../../frontend/app/views/steps/attention/reading.js");
const { longest, matchLines, outputLine, shareLines, sumsOf, valueLines } = await import("../../../frontend/app/views/steps/attention/lines.js");
const { operand } = await import("../panels/equations.js");

/** @param {number[]} values */
const column = (values) => operand("x", values.map((one) => [one]), { peak: Math.max(...values.map(Math.abs).filter(Number.isFinite), 0.1) });

/** Three places of which the last is hidden, two numbers; place 2 is the query, place 1 the key. */
function picture(/** @type {"match" | "shares" | "values"} */ step) {
  const items = [column([1, 2, NaN]), column([1, -2]), column([3, 0.5]), column([3, -1])];
  if (step !== "match") items.push({ ...column([0.25, 0.75, NaN]), symbol: "a" }, { ...column([0.25, 0.75, NaN]), symbol: "a" });
  if (step === "values") items.push(operand("V", [[4, 0], [8, -4], [1, 1]], { peak: 8 }), column([7, -3]));
  const sums = { step, d: 2, sum: 2, score: 1.4142, hidden: false, exp: 4.1, total: 16.4, share: 0.25, weight: 0.25, number: 0, left_out: false };
  const terms = [{ symbols: "", numbers: "4 \\times 0.25", value: 1, uses: [] }, { symbols: "", numbers: "8 \\times 0.75", value: 6, uses: [] }];
  const plots = [
    { id: "head", marks: [{ kind: "equation", formula: "", items, worked: null, table: false }] },
    { id: "values", marks: [{ kind: "equation", formula: "", items: [], worked: { terms }, table: false }] },
    { id: "bars", marks: [] },
    { id: "attention", marks: [] },
  ];
  return /** @type {any} */ ({ step: 0, plots, facts: { attention: sums, place: 1, key: 0, input: ["4", " ", "9"] } });
}

const ALL = { first: 0, count: 3, before: null, after: null };
const BOTH = { first: 0, count: 2, before: null, after: null };
/** @param {any} line */
const texts = (line) => line.cells.map((/** @type {{text: string}} */ { text }) => text);

test("a stage has numbers of what it has computed, and none of what comes later", () => {
  const match = headOf(picture("match"));
  assert.ok(match);
  assert.deepEqual(matchLines(match, BOTH).map(([id, line]) => [id, texts(line)]), [
    ["q", ["1.00", "−2.00"]],
    ["k", ["3.00", "0.50"]],
    ["products", ["3.00", "−1.00"]],
  ]);
  const [, scores, bars] = shareLines(match, ALL);
  assert.deepEqual(texts(scores?.[1]), ["1.00", "2.00", "·"], "a hidden key has no score");
  assert.deepEqual(texts(bars?.[1]), ["", "", ""], "no shares yet");
  assert.deepEqual(valueLines(match, ALL, BOTH), []);
  assert.deepEqual(texts(outputLine(match, BOTH, 0)), ["", ""]);
  const [sums, ...later] = sumsOf(match, 0);
  assert.deepEqual(sums.map(({ value }) => value), [undefined, "2.00", undefined, "1.41"]);
  assert.deepEqual(later, [[], []]);
});

test("shares are bars, and values are as pale as their share is small", () => {
  const head = headOf(picture("values"));
  assert.ok(head && head.weights === null);
  const [places, , bars] = shareLines(head, ALL);
  assert.deepEqual(texts(places?.[1]), ["4", "␣", "9"]);
  assert.deepEqual(bars?.[1]?.cells.map(({ text, share }) => [text, share]), [["0.250", 0.25], ["0.750", 0.75], ["·", undefined]]);
  const lines = valueLines(head, ALL, BOTH);
  assert.deepEqual(lines.map(([, line, place]) => [texts(line), line.cells[0]?.value, place]), [
    [["4.00", "0.00"], 2, 0],
    [["8.00", "−4.00"], 8 * Math.sqrt(0.75), 1],
    [["1.00", "1.00"], 0, 2],
  ]);
  assert.match(lines[1]?.[1].label ?? "", /^0\.750 × \$v_\{2\}\$ of ␣$/);
  assert.deepEqual(outputLine(head, BOTH, 1).cells.map(({ text, chosen }) => [text, chosen]), [["7.00", false], ["−3.00", true]]);
  const [, shares, output] = sumsOf(head, 0);
  assert.deepEqual(shares.map(({ value }) => value), ["4.10", "16.4", "0.250"]);
  assert.deepEqual(output.map(({ text, value }) => [text, value]).slice(1), [["4 × 0.25", "1.00"], ["8 × 0.75", "6.00"], ["$o_{2,1} =$", "7.00"]]);
});

test("what the picture shows stands nowhere else, and other stages have none", () => {
  const { plots } = picture("shares");
  assert.deepEqual(besides(plots).map(({ id }) => id), ["values", "attention"]);
  assert.equal(headOf(/** @type {any} */ ({ facts: {}, plots })), null);
});

test("numbers of a row have as many decimals as the largest of them allows", () => {
  assert.deepEqual([fixed(1.236, 5), fixed(-0.004, 5), fixed(-12.34, 20), fixed(123.4, 300), fixed(0.01234, 0.05)], ["1.24", "0.00", "−12.3", "123", "0.012"]);
  assert.deepEqual([fixed(-1.23e-5, 2e-5), fixed(0, 1e-5), fixed(NaN, 1), fixed(null, 1), shareText(null)], ["−1.2e-5", "0", "–", "–", "–"]);
  assert.equal(entryOf(operand("x", [[5]], { row: 3, column: 1 }), 3, 1), 5);
  assert.ok(Number.isNaN(entryOf(operand("x", [[5]], { row: 3 }), 2)));
});

test("the grid has room for its columns at every width and size of type", () => {
  for (const width of [330, 366, 620, 760, 884, 1018, 1400]) {
    for (const scale of [1, 1.5]) {
      for (const coarse of [false, true]) {
        for (const [d, places] of /** @type {[number, number][]} */ ([[2, 4], [16, 10], [64, 60]])) {
          const grid = gridOf({ width, scale, coarse }, { d, places, characters: 5 });
          const sums = grid.beside ? 184 * scale + 20 : 0;
          assert.ok(grid.labels + grid.columns * (grid.cell + GAP) - GAP + sums <= width, `${width} ${scale} ${d}`);
          assert.ok(grid.columns >= 1 && grid.columns <= Math.max(d, places));
          if (coarse) assert.ok(grid.cell >= 44, "touch targets");
          assert.ok(placesShown(grid, places) <= grid.columns);
        }
      }
    }
  }
  const laptop = gridOf({ width: 1018, scale: 1, coarse: false }, { d: 16, places: 10, characters: 5 });
  assert.equal(laptop.columns, 16, "a head of the default transformer is shown whole");
});

test("a part of a row is around what is chosen, and moves by its length within what there is", () => {
  const received = { low: 0, high: 60 };
  assert.deepEqual(partOf(60, 12, 30, null, received), { first: 24, count: 12, before: 12, after: 36 });
  assert.deepEqual(partOf(60, 12, 59, null, received), { first: 48, count: 12, before: 36, after: null });
  assert.deepEqual(partOf(60, 12, 30, 4, received), { first: 4, count: 12, before: 0, after: 16 });
  assert.deepEqual(partOf(10, 12, 3, null, { low: 0, high: 10 }), { first: 0, count: 10, before: null, after: null });
  assert.deepEqual(partOf(300, 10, 200, null, { low: 136, high: 264 }), { first: 195, count: 10, before: 185, after: 205 });
});

test("the longest number decides how wide cells are", () => {
  const head = headOf(picture("values"));
  assert.ok(head);
  assert.equal(longest(head), 5);
  assert.equal(longest({ ...head, q: column([-1234.5]) }), 5);
  assert.equal(longest({ ...head, q: { ...column([-1e-5]), peak: 1e-5 } }), 7);
});
