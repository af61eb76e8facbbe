/** Marks of changes: which are one, what they say, where their labels stand. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { markAt, marksOf, placeLabels } from "../../../frontend/app/panels/change-marks.js";

/** @typedef {import("../../../frontend/app/panels/change-marks.js").Change} Change */

/** A pixel is ten steps. @param {number} step */
const place = (step) => step / 10;

/** @param {number} step @param {string | null} from @param {string} to @param {string} [name] @returns {Change} */
const set = (step, from, to, name = "η") => ({ kind: "set", step, key: name, name, from, to });

/** @param {number} step @param {string} name @param {number} to @param {string} [part] @returns {Change} */
const weight = (step, name, to, part = "weight") => ({ kind: "edit", step, key: name, name, part, to });

/** @param {Change[]} changes */
const said = (...changes) => marksOf(changes, place).map(({ label, text }) => [label, text]);

test("a change is said with its step and both values", () => {
  assert.deepEqual(marksOf([set(1234, "0.01", "0.03")], place), [
    { first: 1234, last: 1234, x: 123.4, label: "η 0.03", text: "step 1,234: η 0.01 → 0.03" },
  ]);
  assert.deepEqual(said(set(5, null, "500", "every")), [["every 500", "step 5: every 500"]]);
  assert.deepEqual(said(set(5, "Constant", "Cosine", "")), [["Cosine", "step 5: Constant → Cosine"]]);
});

test("a dragged slider is one mark, from its first value to its last, however long it was dragged", () => {
  const drag = Array.from({ length: 60 }, (_, i) => set(100 + 50 * i, String(i), String(i + 1)));
  assert.deepEqual(marksOf(drag, place), [
    { first: 100, last: 3050, x: 305, label: "η 60", text: "steps 100–3,050: η 0 → 60" },
  ]);
});

test("changes that are apart are two marks, those of one value where they are twice as far apart", () => {
  assert.deepEqual(said(set(100, "1", "2"), set(220, "2", "3")).length, 2);
  assert.deepEqual(said(set(100, "1", "2"), set(219, "2", "3")).length, 1);
  assert.deepEqual(said(set(100, "1", "2"), set(160, "2", "3", "λ₂")).length, 2);
  assert.deepEqual(said(set(100, "1", "2"), set(159, "2", "3", "λ₂")).length, 1);
});

test("at the start of a run, too, a drag is one mark, though its steps are drawn far apart", () => {
  const drag = [set(0, "0", "1"), set(40, "1", "2"), set(80, "2", "3"), set(121, "3", "4")];
  const found = marksOf(drag, (step) => 10 * step).map(({ text }) => text);
  assert.deepEqual(found, ["steps 0–80: η 0 → 3", "step 121: η 3 → 4"]);
});

test("a value that was put back has no mark", () => {
  assert.deepEqual(said(set(100, "1", "2"), set(101, "2", "1")), []);
  assert.deepEqual(said(set(100, "1", "2"), set(300, "2", "1")).length, 2);
});

test("several settings at one step are listed, and the label counts the others", () => {
  assert.deepEqual(said(set(7, "0.01", "0.03"), set(7, "0", "0.1", "λ₂")), [
    ["η 0.03 +1", "step 7: η 0.01 → 0.03, λ₂ 0 → 0.1"],
  ]);
});

test("an edited number has its name; several are counted", () => {
  assert.deepEqual(said(weight(3, "W⁽²⁾₃₁", 0.5)), [["W⁽²⁾₃₁ 0.5", "step 3: W⁽²⁾₃₁ set to 0.5"]]);
  assert.deepEqual(said(weight(3, "W⁽²⁾₃₁", 0.5), weight(4, "W⁽²⁾₃₁", 0.25)), [
    ["W⁽²⁾₃₁ 0.25", "steps 3–4: W⁽²⁾₃₁ set to 0.25"],
  ]);
  const many = Array.from({ length: 12 }, (_, i) => weight(3, `W⁽¹⁾₁${i}`, 0));
  assert.deepEqual(said(...many), [["12 weights set", "step 3: 12 weights set"]]);
  assert.deepEqual(said(weight(3, "b⁽¹⁾₁", 0, "bias"), weight(3, "b⁽¹⁾₂", 0, "bias")), [["2 biases set", "step 3: 2 biases set"]]);
  assert.deepEqual(said(weight(3, "W⁽¹⁾₁₁", 0), weight(3, "b⁽¹⁾₂", 0, "bias")), [["2 parameters set", "step 3: 2 parameters set"]]);
});

test("a fork is a mark, with the changes that it was made with", () => {
  assert.deepEqual(said({ kind: "fork", step: 400, key: "fork" }, set(400, "0.01", "0.03")), [
    ["fork +1", "step 400: continues from another run, η 0.01 → 0.03"],
  ]);
});

test("the nearest mark is pointed at, and none far away", () => {
  const marks = marksOf([set(100, "1", "2"), set(200, "2", "3", "λ₂")], place);
  assert.equal(markAt(marks, 14.9)?.first, 100);
  assert.equal(markAt(marks, 15.1)?.first, 200);
  assert.equal(markAt(marks, 2), null);
  assert.equal(markAt([], 2), null);
});

const widthOf = (/** @type {string} */ label) => 6 * label.length;
const room = { left: 0, right: 300 };

/** @param {number[]} places @param {{left: number, right: number}[]} [taken] */
function labelled(places, taken = []) {
  const marks = places.map((x, i) => ({ first: i, last: i, x, label: `η 0.0${i}`, text: "" }));
  return placeLabels(marks, widthOf, room, { gap: 4, taken });
}

test("a label stands right of its mark, left of it at the end, and in no other label's place", () => {
  assert.deepEqual(labelled([100]), [{ label: "η 0.00", left: 104 }]);
  assert.deepEqual(labelled([280]), [{ label: "η 0.00", left: 240 }]);
  assert.deepEqual(labelled([100], [{ left: 110, right: 130 }]), [{ label: "η 0.00", left: 60 }]);
  assert.deepEqual(labelled([100], [{ left: 50, right: 130 }]), []);
});

test("labels never overlap one another or another mark, wherever marks are, and the last mark has its own", () => {
  for (let first = 0; first <= 300; first += 13) {
    for (let second = first + 6; second <= 300; second += 17) {
      const places = [first, second, Math.min(second + 9, 300)];
      const found = labelled(places);
      assert.ok(found.length <= 3);
      for (const { label, left } of found) {
        const right = left + widthOf(label);
        assert.ok(left >= room.left && right <= room.right, `${places}`);
        assert.ok(places.every((x) => x <= left || x >= right), `${places}: on a mark`);
        for (const other of found) {
          assert.ok(other === found.find((one) => one.label === label) || other.left >= right || other.left + widthOf(other.label) <= left, `${places}`);
        }
      }
    }
  }
  assert.deepEqual(labelled([100, 110, 120]).map(({ label }) => label), ["η 0.02", "η 0.00"]);
});
