import assert from "node:assert/strict";

import { boxes, texts } from "../painted.js";
import { bars } from "../plots.js";
import { ink } from "../screen.js";
import { axis } from "../tensors.js";
import { drawn } from "./draw.js";

/** @type {import("./draw.js").Cases} */
export const cases = {
  "upright ones stand on zero, from left to right": () => {
    const painted = drawn([bars([5, 10], { horizontal: false, color: "test" })]);
    assert.deepEqual(boxes(painted), [
      { color: ink("accent"), box: [11, 70, 98, 50] },
      { color: ink("accent"), box: [111, 20, 98, 100] },
    ]);
    assert.deepEqual(texts(painted), []);
  },
  "negative ones hang from it": () => {
    const painted = drawn([bars([-5, 5], { horizontal: false })], { yAxis: axis(-10, 10) });
    assert.deepEqual(boxes(painted).map(({ box }) => box), [[11, 70, 98, 25], [111, 45, 98, 25]]);
  },
  "lying ones go to the right, the first on top, each with its value behind it": () => {
    const painted = drawn([bars([4, 2])], { xAxis: { ...axis(0, 1), label: "" } });
    assert.deepEqual(boxes(painted), [
      { color: ink("accent"), box: [10, 36, 148, 18] },
      { color: ink("accent"), box: [10, 86, 74, 18] },
    ]);
    assert.deepEqual(texts(painted), [
      { text: "4", color: ink("ink"), align: "left", x: 164, y: 45 },
      { text: "2", color: ink("ink"), align: "left", x: 90, y: 95 },
    ]);
  },
  "lying ones below zero go to the left of it": () => {
    const painted = drawn([bars([3, -1])], { xAxis: { ...axis(0, 1), label: "" } });
    assert.deepEqual(boxes(painted).map(({ box }) => box), [[47, 36, 111, 18], [10, 86, 37, 18]]);
  },
};
