import assert from "node:assert/strict";
import { test } from "node:test";

import {
  fieldNumber,
  formatNumber,
  isNoneWord,
  parseError,
  parseNumber,
  ambiguousReadings,
  readout,
} from "../../../frontend/app/controls/numbers.js";

for (const [text, value] of /** @type {[string, number][]} */ ([
  ["1e-3", 1e-3],
  [" 0.5 ", 0.5],
  ["0,5", 0.5],
  ["1,234.5", 1234.5],
  ["1.125", 1.125],
  ["12,345,678", 12345678],
  ["1,5", 1.5],
  [".5", 0.5],
  ["5.", 5],
  ["−2", -2],
  ["1/4", 0.25],
  ["10^-4", 1e-4],
  ["3·10^2", 300],
  ["30%", 0.3],
  ["1 000", 1000],
])) {
  test(`${JSON.stringify(text)} means ${value}`, () => {
    assert.ok(Math.abs((parseNumber(text) ?? NaN) - value) < 1e-12);
  });
}

for (const text of ["", "abc", "1e", "--1", "1/0", "1.2.3", "NaN", "Infinity", "0x10", "1,00,0", "1e999"]) {
  test(`${JSON.stringify(text)} is no number`, () => assert.equal(parseNumber(text), null));
}

test("what is a thousand in one country and one in another is neither, until it is said", () => {
  for (const [text, whole, two] of /** @type {[string, boolean, [string, string] | null][]} */ ([
    ["1,000", false, ["1000", "1"]],
    ["−2,500", false, ["-2500", "-2.5"]],
    ["1.000", true, ["1000", "1"]],
    ["1,000", true, null],
    ["1,5", false, null],
    ["0,125", false, null],
    ["1.125", false, null],
    ["1,000,000", false, null],
  ])) {
    assert.deepEqual(ambiguousReadings(text, whole), two, text);
    assert.equal(parseNumber(text, { whole }) === null, two !== null, text);
  }
  assert.equal(parseNumber("1,000", { whole: true }), 1000);
});

test("a share may be typed in percent", () => {
  assert.equal(parseNumber("30", { share: true }), 0.3);
  assert.equal(parseNumber("0.3", { share: true }), 0.3);
  assert.equal(parseNumber("1", { share: true }), 1);
  assert.equal(formatNumber(0.3, { share: true }), "30%");
  assert.equal(formatNumber(0.07, { share: true }), "7%");
});

test("none has many words", () => {
  for (const text of ["none", "Full batch", "∞", "–", "off"]) assert.ok(isNoneWord(text), text);
  assert.ok(!isNoneWord("12"));
});

test("a number in a control is short and tells no other one", () => {
  for (const [value, text] of /** @type {[number, string][]} */ ([
    [0, "0"],
    [500, "500"],
    [12345, "12,345"],
    [0.999, "0.999"],
    [1e-5, "1e-5"],
    [2.5e-4, "2.5e-4"],
    [1e-8, "1e-8"],
    [0.1 + 0.2, "0.3"],
    [25.132741228718345, "25.1327"],
  ])) {
    assert.equal(formatNumber(value), text);
  }
});

test("whole numbers are written out", () => {
  assert.equal(formatNumber(2 ** 31 - 1), "2,147,483,647");
  assert.equal(formatNumber(-1e9), "-1,000,000,000");
  assert.equal(formatNumber(1e30), "1e30");
});

test("what a field shows can be read again", () => {
  for (const value of [0, 500, 1000, 12345, 0.999, 1.125, 2.5e-4, 25.132741228718345, -1000]) {
    for (const whole of Number.isInteger(value) ? [true, false] : [false]) {
      const text = fieldNumber(value, { whole });
      const read = parseNumber(text, { whole }) ?? NaN;
      assert.ok(Math.abs(read - value) <= 1e-5 * Math.abs(value), `${text} is read as ${read}`);
    }
  }
});

test("a readout has three significant digits", () => {
  assert.equal(readout(0.29812), "0.298");
  assert.equal(readout(1.5), "1.50");
  assert.equal(readout(6412.4), "6,412");
  assert.equal(readout(0.00001234), "1.2e-5");
  assert.equal(readout(-0.5), "−0.500");
  assert.equal(readout(null), "–");
  assert.equal(readout(NaN), "–");
  assert.equal(readout(Infinity), "∞");
  assert.equal(readout(0), "0");
});

test("a number that cannot be represented is called too large or too close to 0", () => {
  for (const text of ["1e400", "-1e400", "10^400", "-2*10^400"]) {
    assert.equal(parseNumber(text), null);
    assert.equal(parseError(text), `“${text}” is too large`);
  }
  for (const text of ["1e-400", "-0.5e-400", "10^-400"]) {
    assert.equal(parseNumber(text), null);
    assert.equal(parseError(text), `“${text}” is too close to 0`);
  }
  assert.equal(parseNumber("0e-400"), 0);
  assert.equal(parseNumber("0/5"), 0);
  assert.equal(parseError(" "), "The field is empty");
  assert.equal(parseError("1/0"), "“1/0” is not a number");
});
