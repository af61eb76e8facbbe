import assert from "node:assert/strict";

import { images } from "../painted.js";
import { ink } from "../screen.js";
import { tensor } from "../tensors.js";
import { between, diverging, drawn, inTheDark, sequential } from "./draw.js";

/** @typedef {import("../../../../frontend/app/types/pictures.js").HeatmapMark} HeatmapMark */

/** Three cells a row, two rows. @param {number[]} values @param {Partial<HeatmapMark>} [more] @returns {HeatmapMark} */
const map = (values, more = {}) => ({
  kind: "heatmap", values: tensor(values, [2, 3]), lo: 0, hi: 255, colors: "sequential", opacity: null, label: "", ...more,
}); // prettier-ignore

/** @param {HeatmapMark} mark @param {boolean} [tinted] */
const cells = (mark, tinted = false) => images(drawn([mark], { tinted }))[0]?.cells;

/** @type {import("./draw.js").Cases} */
export const cases = {
  "it fills the plot, smoothly, row 0 at the bottom and column 0 at the left": () => {
    const [one, ...others] = images(drawn([map([0, 50, 100, 150, 200, 250])]));
    assert.deepEqual(one?.box, [10, 20, 200, 100]);
    assert.equal(one?.smooth, true);
    assert.deepEqual(one?.cells, [[150, 200, 250].map(sequential), [0, 50, 100].map(sequential)]);
    assert.equal(others.length, 0);
  },
  "a value has the nearest of 256 colours, beyond the ends that of the end": () => {
    const near = map([99.4, 99.6, 100, -7, 300, NaN]);
    assert.deepEqual(cells(near), [[0, 255, 0].map(sequential), [99, 100, 100].map(sequential)]);
  },
  "its scale runs from lo to hi": () => {
    const signed = map([-2, 0, 2, -1, 1, 0.5], { lo: -2, hi: 2, colors: "diverging" });
    assert.deepEqual(cells(signed), [[64, 191, 159].map(diverging), [0, 128, 255].map(diverging)]);
    assert.deepEqual([diverging(0), diverging(255)], [ink("negative"), ink("positive")]);
  },
  "behind points it has the inner six tenths of its scale": () => {
    const signed = map([-2, 0, 2, -2, 0, 2], { lo: -2, hi: 2, colors: "diverging" });
    const row = cells(signed, true)?.[0];
    assert.deepEqual([row?.[0], row?.[2]], [0.2 * 255, 0.8 * 255].map(diverging));
  },
  "classes have their own colours, the paler the less sure": () => {
    const sure = tensor([1, 1, 1, 0, 0.5, 1], [2, 3]);
    const classes = map([0, 1, 9, 4, 4, 4], { colors: "classes", opacity: sure });
    const half = between(ink("zero"), ink("class-4"), 32 / 63);
    assert.deepEqual(cells(classes), [
      [ink("zero"), half, ink("class-4")],
      [ink("class-0"), ink("class-1"), ink("class-9")],
    ]);
    const tinted = between(ink("zero"), ink("class-9"), 38 / 63);
    assert.equal(cells(classes, true)?.[1]?.[2], tinted);
  },
  "a probability is drawn four times as fine": () => {
    const chances = map([0, 0, 1, 1, 1, 1], { lo: 0, hi: 1, colors: "diverging" });
    const found = cells(chances) ?? [];
    assert.deepEqual([found.length, found[0]?.length], [8, 12]);
    assert.deepEqual([found[0]?.[0], found[0]?.[11]], [ink("positive"), ink("positive")], "above");
    assert.deepEqual([found[7]?.[0], found[7]?.[11]], [ink("negative"), ink("positive")], "below");
  },
  "in the dark it has the dark colours": () => {
    const [, below] = inTheDark(() => cells(map([0, 50, 255, 0, 0, 0]))) ?? [];
    assert.deepEqual([below?.[0], below?.[2]], [ink("zero", "dark"), ink("accent", "dark")]);
  },
};
