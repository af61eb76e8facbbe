/** Draws the cursor in a map, and the chosen place. */

import { placeX, placeY } from "../marks/view.js";

/**
 * @param {import("../marks/view.js").View} view
 * @param {{x: number, y: number} | null} cursor
 * @param {number[] | null} chosen
 */
export function drawCursor(view, cursor, chosen) {
  const { canvas, palette, left, top, width, height } = view;
  if (cursor) {
    const x = Math.round(placeX(view, cursor.x)) + 0.5;
    const y = Math.round(placeY(view, cursor.y)) + 0.5;
    canvas.strokeStyle = palette.css("ink");
    canvas.lineWidth = 1;
    canvas.globalAlpha = 0.55;
    canvas.beginPath();
    canvas.moveTo(x, top);
    canvas.lineTo(x, top + height);
    canvas.moveTo(left, y);
    canvas.lineTo(left + width, y);
    canvas.stroke();
    canvas.globalAlpha = 1;
  }
  if (!chosen) return;
  const x = placeX(view, chosen[0] ?? NaN);
  const y = chosen.length > 1 ? placeY(view, chosen[1] ?? NaN) : top + height - 8;
  for (const [color, line] of /** @type {const} */ ([["surface", 4], ["ink", 2]])) {
    canvas.strokeStyle = palette.css(color);
    canvas.lineWidth = line;
    canvas.beginPath();
    canvas.moveTo(x - 6, y);
    canvas.lineTo(x + 6, y);
    canvas.moveTo(x, y - 6);
    canvas.lineTo(x, y + 6);
    canvas.stroke();
  }
}
