/** Draws a band between two curves. */

import { placeX, placeY } from "./view.js";

const OPACITY = 0.2;

/**
 * @param {import("../types/pictures.js").AreaMark} mark
 * @param {import("./view.js").View} view
 */
export function drawArea(mark, view) {
  const { canvas, palette } = view;
  const x = mark.x.data;
  const low = mark.low.data;
  const high = mark.high.data;
  canvas.beginPath();
  for (let i = 0; i < x.length; i++) {
    canvas.lineTo(placeX(view, x[i] ?? NaN), placeY(view, high[i] ?? NaN));
  }
  for (let i = x.length - 1; i >= 0; i--) {
    canvas.lineTo(placeX(view, x[i] ?? NaN), placeY(view, low[i] ?? NaN));
  }
  canvas.closePath();
  canvas.globalAlpha = OPACITY;
  canvas.fillStyle = palette.css(mark.color);
  canvas.fill();
  canvas.globalAlpha = 1;
}
