import assert from "node:assert/strict";

import { boxes, corners, images, only } from "../painted.js";
import { ink } from "../screen.js";
import { tensor } from "../tensors.js";
import { diverging, drawn } from "./draw.js";

/** @param {number[]} bytes @param {number[]} shape @returns {import("../../../../frontend/app/types/pictures.js").TilesMark} */
const tiles = (bytes, shape) => ({
  kind: "tiles", values: { data: Uint8Array.from(bytes), shape, lo: -1, hi: 1 }, peak: tensor([1, 1]),
  ids: ["1.0", "1.1"].slice(0, shape[0]), labels: [], lo: -1, hi: 1, colors: "diverging",
}); // prettier-ignore

/** @type {import("./draw.js").Cases} */
export const cases = {
  "each lies in its place with its own values, row 0 at the bottom": () => {
    const found = images(drawn([tiles([0, 64, 191, 255, 10, 20, 30, 40], [2, 2, 2])]));
    assert.deepEqual(found, [
      { box: [12, 22, 96, 96], cells: [[191, 255].map(diverging), [0, 64].map(diverging)], smooth: true },
      { box: [112, 22, 96, 96], cells: [[30, 40].map(diverging), [10, 20].map(diverging)], smooth: true },
    ]);
    assert.deepEqual([diverging(0), diverging(255)], [ink("negative"), ink("positive")]);
  },
  "on the line it is a curve from end to end, up where it is positive": () => {
    const painted = drawn([tiles([0, 127.5, 255], [1, 1, 3])], { width: 104, height: 104 });
    const [curve] = only(painted, "stroke");
    assert.deepEqual(corners(curve).map((line) => line.map(([x]) => x)), [[12, 62, 112]]);
    const [low = 0, middle = 0, high = 0] = corners(curve)[0]?.map(([, y]) => y) ?? [];
    assert.ok(low === 118 && high === 26 && Math.abs(middle - 72) < 0.3, `${low} ${middle} ${high}`);
    assert.deepEqual([curve?.color, curve?.width], [ink("accent"), 1.5]);
    assert.deepEqual(boxes(painted), [
      { color: ink("zero"), box: [12, 22, 100, 100] },
      { color: ink("line"), box: [12, 71.5, 100, 1] },
    ]);
  },
};
