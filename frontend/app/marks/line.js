/** Draws a polyline; NaN breaks it, and values beyond the axis are marked at its edge. */

import { clippedValues, markClipped } from "./clipped.js";
import { placeX, placeY } from "./view.js";

/**
 * @param {import("../types/pictures.js").LineMark} mark
 * @param {import("./view.js").View} view
 */
export function drawLine(mark, view) {
  const { canvas, palette } = view;
  const x = mark.x.data;
  const y = mark.y.data;
  canvas.beginPath();
  let joined = false;
  for (let i = 0; i < x.length; i++) {
    const across = placeX(view, /** @type {number} */ (x[i]));
    const value = /** @type {number} */ (y[i]);
    // A zero on a log scale is drawn at the floor.
    const floored = view.yAxis.scale === "log" && value === 0 ? view.yAxis.low : value;
    const down = placeY(view, floored);
    if (!Number.isFinite(across) || !Number.isFinite(down)) joined = false;
    else if (joined) canvas.lineTo(across, down);
    else {
      canvas.moveTo(across, down);
      joined = true;
    }
  }
  canvas.strokeStyle = palette.css(mark.color);
  canvas.lineWidth = mark.width;
  canvas.lineJoin = "round";
  if (mark.dashed) canvas.setLineDash([4, 4]);
  canvas.stroke();
  if (mark.dashed) canvas.setLineDash([]);
  const cuts = clippedValues(y, view.yAxis);
  if (!cuts.length) return;
  canvas.fillStyle = palette.css(mark.color);
  const box = { top: view.top, bottom: view.top + view.height };
  markClipped(canvas, cuts, ({ index }) => placeX(view, x[index] ?? NaN), box);
}
