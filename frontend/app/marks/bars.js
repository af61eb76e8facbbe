/** Bars with a name each, from the bottom up. */

import { at } from "../stream/frame.js";
import { placeY } from "./view.js";

/**
 * @param {import("../types/pictures.js").BarsMark} mark
 * @param {import("./view.js").View} view
 */
export function drawBars(mark, view) {
  const { canvas, left, width, palette, yAxis } = view;
  const bars = mark.values.data.length;
  const pitch = width / Math.max(1, bars);
  const gap = Math.min(2, pitch / 4);
  const floor = placeY(view, Math.max(yAxis.low, Math.min(0, yAxis.high)));
  canvas.fillStyle = palette.css(mark.color);
  for (let i = 0; i < bars; i++) {
    const top = placeY(view, at(mark.values, i));
    canvas.fillRect(left + i * pitch + gap / 2, Math.min(top, floor), pitch - gap, Math.abs(floor - top));
  }
}
