import assert from "node:assert/strict";

import { corners, only } from "../painted.js";
import { ink } from "../screen.js";
import { tensor } from "../tensors.js";
import { drawn } from "./draw.js";

/** @typedef {import("../../../../frontend/app/types/pictures.js").LineMark} LineMark */

/** @param {Partial<LineMark>} [more] @returns {LineMark} */
const line = (more = {}) => ({
  kind: "line", x: tensor([-1, 0, 3]), y: tensor([0, 10, 5]), label: "", color: "ink", width: 2.5,
  dashed: false, ...more,
}); // prettier-ignore

const ROLES = /** @type {const} */ (["ink", "second", "third", "accent", "positive", "negative"]);

/** @type {import("./draw.js").Cases} */
export const cases = {
  "x goes to the right and y up": () => {
    const [one, ...others] = only(drawn([line()]), "stroke");
    assert.deepEqual(corners(one), [[[10, 120], [60, 20], [210, 70]]]);
    assert.equal(one?.width, 2.5);
    assert.equal(others.length, 0);
  },
  "it has its role's colour": () => {
    const colors = only(drawn(ROLES.map((color) => line({ color }))), "stroke").map(({ color }) => color);
    assert.deepEqual(colors, ROLES.map((role) => ink(role)));
    const series = only(drawn([line({ color: "train" }), line({ color: "test" })]), "stroke");
    assert.deepEqual(series.map(({ color }) => color), [ink("second"), ink("accent")]);
  },
  "it is dashed where it says so, and the next one is not": () => {
    const strokes = only(drawn([line({ dashed: true }), line()]), "stroke");
    assert.deepEqual(strokes.map(({ dash }) => dash), [[4, 4], []]);
  },
  "what is no number breaks it": () => {
    const broken = line({ x: tensor([-1, 0, 1, 2, 3]), y: tensor([1, 2, NaN, 3, 4]) });
    const [one] = only(drawn([broken]), "stroke");
    assert.deepEqual(corners(one), [[[10, 110], [60, 100]], [[160, 90], [210, 80]]]);
  },
  "what lies beyond the axis has a triangle of its colour at the edge": () => {
    const painted = drawn([line({ color: "accent", y: tensor([5, 12, -3]) })]);
    const marks = only(painted, "fill");
    assert.deepEqual(marks.map(({ color }) => color), [ink("accent"), ink("accent")]);
    assert.deepEqual(marks.map((mark) => corners(mark)[0]?.[0]), [[60, 20], [210, 120]]);
  },
};
