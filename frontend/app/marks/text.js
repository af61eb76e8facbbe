/** Draws text at a place in the plot, within its edges, with a rim that separates it from the background. */

import { placeX, placeY } from "./view.js";

const OUTLINE = 2; // pixels
const HALF_LINE = 7; // pixels at the usual size of type

/**
 * @param {import("../types/pictures.js").TextMark} mark
 * @param {import("./view.js").View} view
 */
export function drawText(mark, view) {
  const { canvas, palette } = view;
  canvas.font = `${11 * palette.scale}px ${palette.font}`;
  canvas.textAlign = "center";
  canvas.textBaseline = "middle";
  const half = canvas.measureText(mark.text).width / 2 + OUTLINE;
  const x = clamp(placeX(view, mark.x), view.left + half, view.left + view.width - half);
  const high = HALF_LINE * palette.scale;
  const y = clamp(placeY(view, mark.y), view.top + high, view.top + view.height - high);
  canvas.lineJoin = "round";
  canvas.lineWidth = 2 * OUTLINE;
  canvas.strokeStyle = palette.css("surface");
  canvas.globalAlpha = 0.75;
  canvas.strokeText(mark.text, x, y);
  canvas.globalAlpha = 1;
  canvas.fillStyle = palette.css("ink");
  canvas.fillText(mark.text, x, y);
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
const clamp = (value, low, high) => Math.max(low, Math.min(value, high));
