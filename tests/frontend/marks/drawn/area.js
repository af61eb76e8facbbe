import assert from "node:assert/strict";

import { corners, only } from "../painted.js";
import { ink } from "../screen.js";
import { tensor } from "../tensors.js";
import { drawn } from "./draw.js";

/** @type {import("../../../../frontend/app/types/pictures.js").AreaMark} */
const area = {
  kind: "area", x: tensor([-1, 1, 3]), low: tensor([0, 1, 2]), high: tensor([5, 8, 10]), color: "accent", label: "",
}; // prettier-ignore

/** @type {import("./draw.js").Cases} */
export const cases = {
  "it lies between its curves": () => {
    const [one] = only(drawn([area]), "fill");
    const high = [[10, 70], [110, 40], [210, 20]];
    const low = [[210, 100], [110, 110], [10, 120]];
    assert.deepEqual(corners(one), [[...high, ...low]]);
  },
  "it is pale, and what follows is not": () => {
    const text = { kind: /** @type {const} */ ("text"), x: 1, y: 5, text: "a" };
    const [band, words] = drawn([area, text]).filter(({ how }) => how === "fill" || how === "text");
    assert.deepEqual([band?.color, band?.alpha], [ink("accent"), 0.2]);
    assert.equal(words?.alpha, 1);
  },
};
