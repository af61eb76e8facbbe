import assert from "node:assert/strict";

import { boxes, images as drawnImages, only, texts } from "../painted.js";
import { images } from "../plots.js";
import { ink } from "../screen.js";
import { tensor } from "../tensors.js";
import { between, diverging, drawn } from "./draw.js";

const BYTES = [255, 0, 51, 102, 1, 2, 3, 204];

/** Two of 2 × 2, each of its own. @param {Partial<import("../../../../frontend/app/types/pictures.js").ImagesMark>} [more] */
const two = (more = {}) =>
  images(2, { values: { data: Uint8Array.from(BYTES), shape: [2, 2, 2], lo: 0, hi: 1 }, columns: 2, ...more });

/** Level 0 to 255 from paper to ink. @param {number} level */
const grey = (level) => between(ink("zero"), ink("ink"), level / 255);

/** @type {import("./draw.js").Cases} */
export const cases = {
  "each lies in its column, pixel (0, 0) at the top left, and its pixels are sharp": () => {
    assert.deepEqual(drawnImages(drawn([two()])), [
      { box: [10, 20, 92, 92], cells: [[255, 0].map(grey), [51, 102].map(grey)], smooth: false },
      { box: [110, 20, 92, 92], cells: [[1, 2].map(grey), [3, 204].map(grey)], smooth: false },
    ]);
  },
  "the next row lies below": () => {
    const places = drawnImages(drawn([two({ columns: 1 })])).map(({ box }) => box);
    assert.deepEqual(places, [[10, 20, 42, 42], [10, 70, 42, 42]]);
  },
  "the scale runs from the mark's lo to its hi": () => {
    const [first] = drawnImages(drawn([two({ lo: -1, hi: 1, colors: "diverging" })]));
    assert.deepEqual(first?.cells, [[255, 128].map(diverging), [153, 179].map(diverging)]);
  },
  "wrong ones have a frame that stands out, right ones a quiet one, others none": () => {
    const frames = drawn([two({ right: tensor([0, 1]) })]);
    assert.deepEqual(boxes(frames, "stroke"), [
      { color: ink("danger"), box: [11, 21, 90, 90] },
      { color: ink("third"), box: [110.5, 20.5, 91, 91] },
    ]);
    assert.deepEqual(only(frames, "stroke").map(({ width }) => width), [2, 1]);
    assert.deepEqual(only(drawn([two({ right: tensor([-1, -1]) })]), "stroke"), []);
  },
  "a caption stands below its own image, in the colour of wrong where it is": () => {
    const named = two({ labels: ["a", "b"], right: tensor([1, 0]) });
    const painted = drawn([named]);
    const [first, second] = drawnImages(painted).map(({ box: [left = 0, , width = 0] }) => left + width / 2);
    const [a, b] = texts(painted);
    assert.deepEqual([a?.text, a?.x, a?.color, a?.align], ["a", first, ink("second"), "center"]);
    assert.deepEqual([b?.text, b?.x, b?.color], ["b", second, ink("danger")]);
    const [, top = 0, , height = 0] = drawnImages(painted)[0]?.box ?? [];
    assert.equal(a?.y, top + height + 2);
  },
};
