/** Words at a place in the plot. */

import { placeX, placeY } from "./view.js";

/**
 * @param {import("../types/pictures.js").TextMark} mark
 * @param {import("./view.js").View} view
 */
export function drawText(mark, view) {
  const { canvas, palette } = view;
  canvas.font = `${11 * palette.scale}px ${palette.font}`;
  canvas.textAlign = "center";
  canvas.textBaseline = "middle";
  canvas.fillStyle = palette.css("second");
  canvas.fillText(mark.text, placeX(view, mark.x), placeY(view, mark.y));
}
