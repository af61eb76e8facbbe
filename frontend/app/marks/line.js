/** A polyline; a value that is no number breaks it. */

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
    const down = placeY(view, /** @type {number} */ (y[i]));
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
}
