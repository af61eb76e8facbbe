import assert from "node:assert/strict";

import { boxes, images, only, texts } from "../painted.js";
import { images as some, matrix } from "../plots.js";
import { ink } from "../screen.js";
import { indices } from "../tensors.js";
import { diverging, drawn, sequential } from "./draw.js";

/** Two rows of four: cells of 50 × 50. */
const ROWS = [[2, 1, 0, -1], [-2, 0.5, NaN, 9]];
const signed = matrix(ROWS, { peak: 2, colors: "diverging" });

/** @type {import("./draw.js").Cases} */
export const cases = {
  "row 0 is on top, column 0 at the left, and no cell runs into another": () => {
    const [one] = images(drawn([signed]));
    assert.deepEqual(one?.box, [10, 20, 200, 100]);
    assert.equal(one?.smooth, false);
    const [above = [], below = []] = one?.cells ?? [];
    assert.deepEqual(above, [255, 191, 128, 64].map(diverging));
    assert.deepEqual([below[0], below[1], below[3]], [0, 159, 255].map(diverging));
    assert.deepEqual([above[0], below[0]], [ink("positive"), ink("negative")]);
  },
  "what is no number is no cell": () => assert.equal(images(drawn([signed]))[0]?.cells[1]?.[2], ""),
  "without signs it runs from 0 to the peak": () => {
    const [one] = images(drawn([matrix([[0, 1, 2], [3, 4, 8]], { peak: 4 })]));
    assert.deepEqual(one?.cells, [[0, 64, 128].map(sequential), [191, 255, 255].map(sequential)]);
  },
  "pixels have the colours that the same image has among images": () => {
    const bytes = [0, 51, 204, 255];
    const pair = [bytes.slice(0, 2), bytes.slice(2)];
    for (const colors of /** @type {const} */ (["sequential", "diverging"])) {
      const lo = colors === "diverging" ? -1 : 0;
      const rows = pair.map((row) => row.map((byte) => lo + ((1 - lo) * byte) / 255));
      const values = { data: Uint8Array.from(bytes), shape: [1, 2, 2], lo, hi: 1 };
      const [image] = images(drawn([some(1, { values, lo, hi: 1, colors })]));
      const [cells] = images(drawn([matrix(rows, { colors, pixels: true })]));
      assert.deepEqual(cells?.cells, image?.cells, colors);
    }
  },
  "large cells stand apart, small ones touch": () => {
    const gaps = boxes(drawn([signed]));
    assert.deepEqual(gaps.map(({ box }) => box), [
      [59.5, 20, 1, 100], [109.5, 20, 1, 100], [159.5, 20, 1, 100], [10, 69.5, 200, 1],
    ]); // prettier-ignore
    assert.ok(gaps.every(({ color }) => color === ink("surface")));
    const small = matrix(Array.from({ length: 20 }, () => [0, 1]));
    assert.deepEqual(boxes(drawn([small])), []);
  },
  "a frame lies around its row and column, over the cells": () => {
    const painted = drawn([{ ...signed, outlined: indices([1, 0, 0, 3]) }]);
    const frames = boxes(painted, "stroke");
    assert.deepEqual(frames.map(({ box }) => box), [[10.75, 70.75, 48.5, 48.5], [160.75, 20.75, 48.5, 48.5]]);
    assert.ok(frames.every(({ color }) => color === ink("positive")));
    assert.deepEqual(only(painted, "stroke").map(({ width }) => width), [1.5, 1.5]);
    assert.equal(painted.at(-1)?.how, "stroke");
  },
  "counts stand in their cells, readable on either colour": () => {
    const counts = matrix([[12, 0], [1, 7]], { peak: 12, row_labels: ["a", "b"] });
    assert.deepEqual(texts(drawn([counts])), [
      { text: "12", color: ink("on-accent"), align: "center", x: 60, y: 45 },
      { text: "1", color: ink("ink"), align: "center", x: 60, y: 95 },
      { text: "7", color: ink("on-accent"), align: "center", x: 160, y: 95 },
    ]);
  },
};
