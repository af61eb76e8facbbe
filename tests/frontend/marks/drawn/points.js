import assert from "node:assert/strict";

import { corners, discs, only } from "../painted.js";
import { points } from "../plots.js";
import { ink } from "../screen.js";
import { tensor } from "../tensors.js";
import { diverging, drawn } from "./draw.js";

/** In a box of 200 pixels. */
const RADIUS = 2.4;

/** @param {number[]} classes side by side, at a height of 5 */
const row = (classes) => points(classes.map((_, i) => i / 10), classes.map(() => 5), { values: tensor(classes) });

/** @param {number} a @param {number} b @param {number} angle */
const spread = (a, b, angle) =>
  points([1], [5], { values: tensor([1]), ellipses: tensor([a, b, angle], [1, 3]) });

/** @param {ReturnType<typeof spread>} mark */
const ellipse = (mark) => discs(drawn([mark]))[0];

/** @type {import("./draw.js").Cases} */
export const cases = {
  "each lies at its x and y, the later over the earlier": () => {
    const found = discs(drawn([points([-1, 0, 3], [0, 10, 5])])).filter(({ how }) => how === "fill");
    assert.deepEqual(found.map(({ x, y, radius }) => [x, y, radius]), [[10, 120, RADIUS], [60, 20, RADIUS], [210, 70, RADIUS]]);
  },
  "it lies there on a fine screen, too": () => {
    const [one] = discs(drawn([points([0], [10])], { ratio: 2 }));
    assert.deepEqual([one?.x, one?.y, one?.radius], [60, 20, RADIUS]);
  },
  "a class has its colour, with a rim of the surface's": () => {
    const painted = drawn([row([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])]);
    const fills = only(painted, "fill").map(({ color }) => color);
    assert.deepEqual(fills, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0].map((k) => ink(`class-${k}`)));
    const rims = only(painted, "stroke");
    assert.ok(rims.length === 11 && rims.every(({ color, width }) => color === ink("surface") && width === 1));
  },
  "a class has its shape": () => {
    const fills = only(drawn([row([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])]), "fill");
    assert.deepEqual(fills.map((one) => corners(one)[0]?.length ?? 0), [0, 0, 3, 4, 4, 3, 5, 6, 8, 10]);
    const [up, down] = [2, 5].map((k) => corners(fills[k])[0]?.filter(([, y]) => y < 70).length);
    assert.deepEqual([up, down], [1, 2], "triangles on their base and on their tip");
  },
  "a hollow one has its colour as a rim, around the surface's": () => {
    const [fill, rim] = discs(drawn([{ ...row([1]), hollow: true }]));
    assert.deepEqual([fill?.how, fill?.color], ["fill", ink("surface")]);
    assert.deepEqual([rim?.how, rim?.color, rim?.width], ["stroke", ink("class-1"), 1.5]);
    assert.ok(fill && Math.abs(fill.radius - 0.9 * RADIUS) < 1e-5);
  },
  "values have the colours of their scale, without a scale all the same": () => {
    const mark = { ...row([-2, 0, 0.5, 2, 7]), colors: /** @type {const} */ ("diverging"), lo: -2, hi: 2 };
    const colors = (/** @type {typeof mark} */ one) => only(drawn([one]), "fill").map(({ color }) => color);
    assert.deepEqual(colors(mark), [0, 128, 159, 255, 255].map(diverging));
    assert.deepEqual(colors({ ...mark, lo: 0, hi: 0 }), Array(5).fill(ink("second")));
  },
  "an ellipse has its half axes in units of the axes": () => {
    const one = ellipse(spread(1, 2, 0));
    assert.deepEqual([one?.x, one?.y], [110, 70]);
    assert.deepEqual([one?.first, one?.second], [[50, 0], [0, -20]]);
  },
  "its first half axis is turned from x towards y": () => {
    const upright = ellipse(spread(1, 2, Math.PI / 2));
    assert.deepEqual([upright?.first, upright?.second], [[0, -10], [-100, 0]]);
    const slanted = ellipse(spread(2, 1, Math.PI / 6));
    const [x = 0, y = 0] = slanted?.first ?? [];
    assert.ok(Math.abs(x - 50 * Math.sqrt(3)) < 1e-3 && Math.abs(y + 10) < 1e-3, `${x}, ${y}`);
  },
  "it lies pale below all points, in its point's colour": () => {
    const [below, dot] = discs(drawn([spread(1, 2, 0)]));
    assert.deepEqual([below?.color, below?.alpha], [ink("class-1"), 0.16]);
    assert.deepEqual([dot?.color, dot?.alpha], [ink("class-1"), 1]);
  },
  "new values on the same canvas are drawn anew": () => {
    /** @type {object[]} */
    const caches = [];
    const mark = { ...row([1]), colors: /** @type {const} */ ("diverging"), lo: -1, hi: 1 };
    const color = (/** @type {typeof mark} */ one) => only(drawn([one], { caches }), "fill")[0]?.color;
    assert.equal(color(mark), ink("positive"));
    assert.equal(color({ ...mark, values: tensor([-1]) }), ink("negative"));
    assert.equal(color({ ...mark, lo: -3, hi: -1, values: tensor([-1]) }), ink("positive"), "a scale of its own");
  },
};
