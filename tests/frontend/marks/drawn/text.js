import assert from "node:assert/strict";

import { seen, texts } from "../painted.js";
import { ink } from "../screen.js";
import { drawn } from "./draw.js";

/** A word of four letters, 24 pixels wide. @param {number} x @param {number} y */
const word = (x, y) => ({ kind: /** @type {const} */ ("text"), x, y, text: "word" });

/** @param {number} x @param {number} y */
const at = (x, y) => texts(drawn([word(x, y)])).map((one) => [one.x, one.y]);

/** @type {import("./draw.js").Cases} */
export const cases = {
  "it is centred at its x and y": () => {
    const [one] = texts(drawn([word(1, 8)]));
    assert.deepEqual(one, { text: "word", color: ink("ink"), align: "center", x: 110, y: 40 });
  },
  "it has a rim of the surface's colour below it": () => {
    const [rim, text] = seen(drawn([word(1, 8)]));
    assert.deepEqual([rim?.how, rim?.color, rim?.width, rim?.alpha], ["outline", ink("surface"), 4, 0.75]);
    assert.deepEqual([text?.how, text?.alpha], ["text", 1]);
    assert.deepEqual(rim?.box, text?.box);
  },
  "it never goes beyond the plot's edge": () => {
    assert.deepEqual(at(-1, 10), [[24, 27]]);
    assert.deepEqual(at(3, 0), [[196, 113]]);
  },
};
