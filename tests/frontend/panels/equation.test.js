import assert from "node:assert/strict";
import { test } from "node:test";

import { contrast, parse } from "../../../frontend/app/marks/colors.js";
import {
  agreeingDigits, cellText, cellWidth, colorIndex, densityOf, digitsOf, plainNumbers, STRENGTH, widestText,
} from "../../../frontend/app/panels/equation/numerals.js";
import {
  entryForKey, hiddenSides, operandsOf, rectanglesOf, resultOf, scalesOf, usedCells, within,
} from "../../../frontend/app/panels/equation/reading.js";
import { spoken } from "../../../frontend/app/panels/equation/spoken.js";
import { partsOf } from "../../../frontend/app/panels/equation/typeset.js";
import { tensor } from "../marks/tensors.js";
import { palette } from "../marks/tokens.js";
import { operand, product, sign } from "./equations.js";

const Z = product([[1, -2, 0.5], [0, 3, 4]], [0.5, -1, 2], 1);

test("the terms of an entry use one row of W and all of h, each cell once", () => {
  const terms = Z.worked?.terms ?? [];
  assert.deepEqual(usedCells(terms, 2), [0, 1, 2].map((column) => ({ row: 1, column })));
  assert.deepEqual(usedCells([...terms, ...terms], 4), [0, 1, 2].map((row) => ({ row, column: 0 })));
  assert.deepEqual(usedCells(terms, 0), []);
  assert.deepEqual(operandsOf(Z).map(({ item }) => item), [0, 2, 4]);
  assert.equal(resultOf(Z)?.symbol, "z");
});

test("frames cover exactly the cells that they are asked to", () => {
  const cells = [[0, 0], [0, 1], [1, 0], [1, 1], [3, 2], [3, 4], [2, 4], [9, 0], [9, 1]].map(([row = 0, column = 0]) => ({ row, column }));
  const frames = rectanglesOf([...cells].reverse());
  assert.deepEqual(frames[0], { row: 0, column: 0, rows: 2, columns: 2 });
  const covered = frames.flatMap(({ row, column, rows, columns }) =>
    Array.from({ length: rows * columns }, (_, i) => `${row + Math.floor(i / columns)} ${column + (i % columns)}`),
  );
  assert.deepEqual(covered.sort(), cells.map(({ row, column }) => `${row} ${column}`).sort());
  assert.equal(frames.length, 4, "a block, one alone, two of a column, a row further below");
});

test("a frame is cut to what is shown", () => {
  const whole = { row: 0, column: 0, rows: 1, columns: 40 };
  assert.deepEqual(within(whole, { row: 0, column: 8, rows: 5, columns: 24 }), { row: 0, column: 8, rows: 1, columns: 24 });
  assert.equal(within(whole, { row: 1, column: 8, rows: 5, columns: 24 }), null);
});

/** A part of 3 of 9 rows and columns. @param {number} row @param {number} column */
const part = (row, column) =>
  operand("W", [[1, 2, 3], [4, 5, 6], [7, 8, 9]], { rows: 9, columns: 9, row, column });

test("what is hidden can be reached where it follows the chosen entry", () => {
  const equation = { ...Z, items: [operand("z", [[1], [2], [3]], { rows: 9, row: 3 }), sign("="), part(3, 6)] };
  const worked = { ...Z.worked, row: 4, column: 0, terms: [{ symbols: "", numbers: "", value: 1, uses: [[2, 4, 7]] }] };
  const shown = /** @type {any} */ ({ ...equation, worked });
  assert.deepEqual(hiddenSides(shown, 0), [
    { side: "rows", words: "rows 4 to 6 of 9", short: "4–6 of 9", follows: "row", before: 1, after: 7 },
  ]);
  const [rows, columns] = hiddenSides(shown, 2);
  assert.deepEqual([rows?.follows, rows?.before, rows?.after], ["row", 1, 7]);
  assert.deepEqual([columns?.words, columns?.follows, columns?.before], ["columns 7 to 9 of 9", "term", null]);
  assert.deepEqual(hiddenSides(Z, 2), [], "all of it is shown");
});

test("at an end there is nothing before, or nothing after", () => {
  const at = (/** @type {number} */ row) => {
    const items = [operand("z", [[1], [2], [3]], { rows: 8, row })];
    const [side] = hiddenSides(/** @type {any} */ ({ ...Z, items }), 0);
    return [side?.before, side?.after];
  };
  assert.deepEqual(at(0), [null, 4]);
  assert.deepEqual(at(5), [3, null]);
});

test("arrow keys move within the whole matrix", () => {
  const size = { rows: 3, columns: 2 };
  assert.deepEqual(entryForKey("ArrowDown", { row: 1, column: 1 }, size), { row: 2, column: 1 });
  assert.deepEqual(entryForKey("ArrowDown", { row: 2, column: 1 }, size), { row: 2, column: 1 });
  assert.deepEqual(entryForKey("ArrowLeft", { row: 0, column: 1 }, size), { row: 0, column: 0 });
  assert.deepEqual(entryForKey("ArrowUp", { row: 0, column: 1 }, size), { row: 0, column: 1 });
  assert.deepEqual(entryForKey("End", { row: 0, column: 0 }, size), { row: 0, column: 1 });
  assert.deepEqual(entryForKey("PageDown", { row: 0, column: 0 }, size), { row: 2, column: 0 });
  assert.equal(entryForKey("Enter", { row: 0, column: 0 }, size), null);
});

test("the parts of a sum have one scale with it, and a factor that of its own matrix", () => {
  const { worked } = Z;
  assert.ok(worked);
  const sum = scalesOf(Z, worked);
  assert.deepEqual(sum.entry, { colors: "diverging", peak: 8 }, "4 × 2 is larger than the result");
  assert.ok(sum.terms.every((scale) => scale.peak === 8));
  const items = [operand("δ", [[0.2]], { peak: 0.3 }), sign("="), operand("e", [[0.4]], { peak: 0.9 }), sign("⊙"), operand("s", [[0.5]], { colors: "sequential" })];
  const terms = [0.4, 0.5].map((value, i) => ({ symbols: "", numbers: "", value, uses: [[2 + 2 * i, 0, 0]] }));
  const factors = /** @type {any} */ ({ symbol: "δ", row: 0, column: 0, terms, value: 0.2, joined: "×" });
  const found = scalesOf(/** @type {any} */ ({ ...Z, items }), factors);
  assert.deepEqual(found.entry, { colors: "diverging", peak: 0.3 });
  assert.deepEqual(found.terms, [{ colors: "diverging", peak: 0.9 }, { colors: "sequential", peak: 1 }]);
});

test("a cell has three significant digits, and no number where there is no cell", () => {
  assert.deepEqual([0.12345, -1.5, 0, 1234, 1e-6, NaN].map(cellText), ["0.123", "−1.50", "0", "1,234", "1.00e-6", ""]);
  assert.equal(widestText(tensor([0, -0.00333])), 8);
  assert.equal(widestText(tensor([0])), 5);
});

test("ink on every colour of a cell can be read in both themes", () => {
  for (const theme of /** @type {const} */ (["light", "dark"])) {
    const { table, css } = palette(theme);
    const ink = parse(css("ink"));
    for (const colors of /** @type {const} */ (["diverging", "sequential"])) {
      for (let value = -1.5; value <= 1.5; value += 0.01) {
        const pixel = table(colors)[colorIndex(value, { colors, peak: 1, pixels: false })] ?? 0;
        const ratio = contrast(ink, [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255]);
        assert.ok(ratio >= 4.5, `${theme}, ${colors}, ${value}: ${ratio}`);
      }
    }
  }
  assert.ok(STRENGTH <= 0.6);
});

test("a colour follows the value up to the peak, and zero is paper", () => {
  const scale = { colors: /** @type {const} */ ("diverging"), peak: 2, pixels: false };
  assert.equal(colorIndex(0, scale), 128);
  assert.equal(colorIndex(2, scale), Math.round(127.5 + 127.5 * STRENGTH));
  assert.equal(colorIndex(9, scale), colorIndex(2, scale));
  assert.equal(colorIndex(2, { ...scale, pixels: true }), 255);
  assert.equal(colorIndex(-1, { ...scale, colors: "sequential" }), 0);
});

test("numbers are set as text, unless they need a formula", () => {
  assert.equal(plainNumbers("-0.177 \\times (-0.538)"), "−0.177 × (−0.538)");
  assert.equal(plainNumbers("\\tanh {1.075}"), "tanh 1.075");
  assert.equal(plainNumbers("\\sigma\\left((-0.5363)\\right)"), "σ(−0.5363)");
  assert.equal(plainNumbers("-0.01 \\times 0.0059 / (0.02088 + \\text{1e-8})"), "−0.01 × 0.0059 / (0.02088 + 1e-8)");
  assert.equal(plainNumbers(""), "");
  for (const latex of ["0.9^{91}", "\\frac{1}{2}", "\\sqrt{2}", "x_1"]) assert.equal(plainNumbers(latex), null, latex);
});

test("cells are as large as there is room", () => {
  const square = (/** @type {number} */ n) => operand("W", Array.from({ length: n }, () => Array.from({ length: n }, () => 0.5)));
  assert.equal(densityOf([square(4)], 0, 1000), 0);
  assert.equal(densityOf([square(12)], 0, 1000), 2, "many rows");
  assert.equal(densityOf([square(4)], 0, 4 * (cellWidth(5, 1) + 2)), 1, "a narrow card");
  assert.equal(densityOf([square(24)], 0, 300), 3);
  assert.equal(densityOf([{ ...square(24), pixels: true }], 0, 300), 0, "pixels have a size of their own");
});

/** @param {number} value @param {number} reference @param {number} [digits] */
const split = (value, reference, digits = 16) => agreeingDigits(digitsOf(value, digits), value, reference).join("|");

test("a number is split where it begins to differ from another", () => {
  assert.equal(split(0.17601943940737, 0.17601943940462, 14), "0.17601943940|737");
  assert.equal(split(0.29199886322021484, 0.2919988799063867, 9), "0.2919988|63");
  assert.equal(split(-0.5, -0.5, 3), "−0.500|");
  assert.equal(split(-0.5, 0.5, 3), "|−0.500");
  assert.equal(split(0.0999999, 0.1, 6), "0.099999|9", "digits by size, across a carry");
  assert.equal(split(1.5e-9, 1.5e-7, 3), "|1.50e-9");
  assert.equal(split(NaN, 1), "|–");
  assert.equal(digitsOf(1.25e-7, 3), "1.25e-7");
});

test("a text is split at dollar signs", () => {
  assert.deepEqual(partsOf("$\\delta^{(2)}$: back"), [{ latex: true, text: "\\delta^{(2)}" }, { latex: false, text: ": back" }]);
  assert.deepEqual(partsOf("Layer 1"), [{ latex: false, text: "Layer 1" }]);
});

test("a formula is read as words for those who do not see it", () => {
  assert.equal(spoken("$\\delta^{(3)}$"), "δ (3)");
  assert.equal(spoken("Layer 2"), "Layer 2");
  assert.equal(spoken("\\frac{\\partial \\ell}{\\partial W^{(2)}_{31}}"), "∂ ℓ over ∂ W (2) 31");
  assert.equal(spoken("W^{(3)\\top}"), "W (3) transposed");
  assert.equal(spoken("\\sqrt{\\hat v}"), "root of v hat");
});
