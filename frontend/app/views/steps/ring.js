/** Draws the example on the map of the data: a ring, and dashed lines to the axes. */

import { placeX, placeY } from "../../marks/view.js";

const RADIUS = 8;
const DASH = [3, 3];

/**
 * @param {import("../../marks/view.js").View} view
 * @param {number[] | null} point on the plane, or on the line
 */
export function ringExample(view, point) {
  const [first, second] = point ?? [];
  if (first === undefined) return;
  const { canvas, left, top, width, height, palette } = view;
  const x = placeX(view, first);
  const y = second === undefined ? null : placeY(view, second);
  canvas.strokeStyle = palette.css("ink");
  canvas.lineWidth = 1;
  canvas.setLineDash(DASH);
  canvas.beginPath();
  if (y !== null) {
    canvas.moveTo(left, y);
    canvas.lineTo(Math.min(left + width, x - RADIUS), y);
  }
  canvas.moveTo(x, y === null ? top : y + RADIUS);
  canvas.lineTo(x, top + height);
  canvas.stroke();
  canvas.setLineDash([]);
  if (y === null) return;
  for (const [color, line] of /** @type {const} */ ([["surface", 4.5], ["accent", 2.5]])) {
    canvas.strokeStyle = palette.css(color);
    canvas.lineWidth = line;
    canvas.beginPath();
    canvas.arc(x, y, RADIUS, 0, 2 * Math.PI);
    canvas.stroke();
  }
}
