import assert from "node:assert/strict";
import { test } from "node:test";

import { paintBrush } from "../../../frontend/app/inputs/drawing-pad.js";
import { parseTokens, lengthText, visibleSymbol, tokensText } from "../../../frontend/app/inputs/sequence-field.js";
import { parseNumbers } from "../../../frontend/app/inputs/typed-numbers.js";
import { parseIndex, wrapIndex } from "../../../frontend/app/inputs/index-stepper.js";

const digits = "0123456789".split("");

test("a typed sequence is its tokens, spaces or not", () => {
  assert.deepEqual(parseTokens("3 1 4", digits, 1, 10), [3, 1, 4]);
  assert.deepEqual(parseTokens("314", digits, 1, 10), [3, 1, 4]);
  assert.deepEqual(parseTokens("a b", ["a", " ", "b"], 1, 10), [0, 1, 2]);
  assert.deepEqual(parseTokens("even odd", ["even", "odd"], 1, 4), [0, 1]);
});

test("what is wrong with a sequence is said", () => {
  assert.equal(parseTokens("3x", digits, 1, 10), "“x” is not a symbol of this task. Use 0 to 9.");
  assert.equal(parseTokens("31", digits, 3, 3), "2 symbols: give 3.");
  assert.equal(parseTokens("3141", digits, 1, 3), "4 symbols: give 1 to 3.");
});

test("a source may be typed with a part of its answer", () => {
  const symbols = [...digits, "→"];
  const pair = { separator: "→", most: 10 };
  assert.deepEqual(parseTokens("5 4 1 0 3 → 5 5", symbols, 1, 5, pair), [5, 4, 1, 0, 3, 10, 5, 5]);
  assert.deepEqual(parseTokens("54103→", symbols, 1, 5, pair), [5, 4, 1, 0, 3, 10]);
  assert.equal(parseTokens("541035", symbols, 1, 5, pair), "6 symbols: give 1 to 5.");
  assert.equal(parseTokens("54103→54103", symbols, 1, 5, pair), "11 symbols: give 1 to 10.");
  for (const text of ["→", "→5"]) {
    assert.equal(parseTokens(text, symbols, 1, 5, pair), "Give a source before →.");
  }
  assert.equal(lengthText({ symbols, most: 5, pair }), "up to 5 symbols, or 10 with →");
  assert.equal(lengthText({ symbols, most: 5 }), "up to 5 symbols");
});

test("numbers are read with spaces between them, and a + marks a summand", () => {
  assert.deepEqual(parseNumbers("0.30 .5; −2,1e-3 +4", false, 1, 9), ["0.3", "0.5", "-2", "0.001", "4"]);
  assert.deepEqual(parseNumbers("0.2 +.5 -1 +-3e2", true, 1, 9), ["0.2", "+0.5", "-1", "+-300"]);
  assert.equal(lengthText({ symbols: [], marked: true, most: 30 }), "up to 30 numbers, + before each summand");
  assert.equal(lengthText({ symbols: [], most: 30 }), "up to 30 numbers");
});

test("what is wrong with numbers is said", () => {
  assert.equal(parseNumbers("0.3 x", false, 1, 9), "“x” is not a number. Give numbers with spaces between them, such as 0.3 0.7 -0.2.");
  assert.equal(parseNumbers("++1", true, 1, 9), "“++1” is not a number. Give numbers with spaces between them, such as 0.2 +0.5 0.7 +0.1.");
  assert.match(String(parseNumbers("1e7", false, 1, 9)), /^1e7 is too large/);
  assert.equal(parseNumbers("", false, 1, 9), "0 numbers: give 1 to 9.");
  assert.equal(parseNumbers("1 2 3", false, 1, 2), "3 numbers: give 1 to 2.");
});

test("a text's own line ends, commas and pictures are symbols like any other", () => {
  const symbols = ["\n", " ", ",", "a", "🙂"];
  assert.deepEqual(parseTokens("a,🙂↵a", symbols, 1, 9), [3, 2, 4, 0, 3]);
  assert.deepEqual(parseTokens("a\n\ta", symbols, 1, 9), [3, 0, 3]);
  assert.equal(tokensText([3, 0, 1, 4], symbols), "a↵ 🙂");
  assert.equal(parseTokens("a🙁", symbols, 1, 9), "“🙁” is not a symbol of this task. Use ↵, space, ,, a, 🙂.");
  assert.deepEqual(parseTokens("a a,a", ["a", "🙂"], 1, 9), [0, 0, 0]);
  assert.equal(parseTokens(" ", ["a"], 1, 9), "0 symbols: give 1 to 9.");
});

test("a symbol that stands alone is seen", () => {
  assert.deepEqual([" ", "\n", "\t", "a", null].map(visibleSymbol), ["␣", "↵", "⇥", "a", ""]);
  assert.deepEqual(["\u200b", "\u00a0", "\u0301", "\ufffd"].map(visibleSymbol), ["U+200B", "U+00A0", "U+0301", "\ufffd"]);
});

test("where rare characters are one symbol, any of them may be typed", () => {
  assert.deepEqual(parseTokens("a中b", ["a", "b", "\ufffd"], 1, 9), [0, 2, 1]);
  assert.equal(typeof parseTokens("a中b", ["a", "b"], 1, 9), "string");
});

test("tokens are written so that they can be read again", () => {
  for (const symbols of [digits, ["a", "b", " "], ["even", "odd", "?"], ["\n", "\t", "🙂"]]) {
    const tokens = [2, 0, 1, 2];
    assert.deepEqual(parseTokens(tokensText(tokens, symbols), symbols, 4, 4), tokens);
  }
});

test("a brush fills where it is, fades at its edge, and wipes as it draws", () => {
  const values = new Float32Array(16 * 16);
  paintBrush(values, 16, 16, 8.5, 8.5, false);
  assert.equal(values[8 * 16 + 8], 1);
  const edge = values[8 * 16 + 10] ?? NaN;
  assert.ok(edge > 0 && edge < 1);
  assert.equal(values[8 * 16 + 13], 0);
  paintBrush(values, 16, 16, 0, 0, false);
  paintBrush(values, 16, 16, 8.5, 8.5, true);
  assert.equal(values[8 * 16 + 8], 0);
  assert.ok((values[0] ?? 0) > 0.5);
});

test("after the last comes the first", () => {
  assert.equal(wrapIndex(10, 10), 0);
  assert.equal(wrapIndex(-1, 10), 9);
  assert.equal(wrapIndex(-1, Infinity), 0);
  assert.equal(wrapIndex(3, 0), 0);
});

test("a typed index is one that there is, or the error says which there are", () => {
  assert.equal(parseIndex(" 7 ", 10), 7);
  for (const text of ["", "abc", "-1", "1.5", "0x10", "1e400", "10", "99999999999999999999"]) {
    assert.equal(parseIndex(text, 10), "Give a whole number from 0 to 9.", text);
  }
  assert.equal(parseIndex("-1", Infinity), "Give a whole number of at least 0.");
});
