/** Draws the marks of a run's changes over curves: a dashed line, a tick at its top, and a label if there is room. */

import { placeLabels } from "./change-marks.js";

/** @typedef {import("./change-marks.js").Mark} Mark */

/**
 * @typedef {object} MarkStyle
 * @property {string} color
 * @property {string} halo the background, around the letters
 * @property {number} type the size of letters, in CSS pixels
 * @property {number} ratio units of the canvas a CSS pixel
 * @property {readonly {left: number, right: number}[]} [taken] the spans of other labels at the top
 */

const TICK = { width: 2, height: 5 }; // CSS pixels
const DASH = [2, 3];
const GAP = 4;
const HALO = 3;

/**
 * @param {CanvasRenderingContext2D} ctx with its font set
 * @param {readonly Mark[]} marks from left to right
 * @param {{left: number, right: number, top: number, bottom: number}} box of the curves
 * @param {MarkStyle} style
 */
export function drawMarks(ctx, marks, { left, right, top, bottom }, { color, halo, type, ratio, taken }) {
  const inside = marks.filter(({ x }) => x >= left && x <= right);
  if (inside.length === 0) return;
  ctx.save();
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  ctx.lineWidth = ratio;
  ctx.setLineDash(DASH.map((length) => length * ratio));
  ctx.beginPath();
  for (const { x } of inside) {
    const middle = Math.round(x) + ratio / 2;
    ctx.moveTo(middle, top);
    ctx.lineTo(middle, bottom);
  }
  ctx.stroke();
  ctx.setLineDash([]);
  for (const { x } of inside) {
    ctx.fillRect(Math.round(x) + ((1 - TICK.width) * ratio) / 2, top, TICK.width * ratio, TICK.height * ratio);
  }
  const labels = placeLabels(inside, (label) => ctx.measureText(label).width, { left, right }, {
    gap: GAP * ratio,
    ...(taken ? { taken } : {}),
  });
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.strokeStyle = halo;
  ctx.lineWidth = HALO * ratio;
  ctx.lineJoin = "round";
  const y = top + 0.7 * type * ratio;
  for (const { label, left: x } of labels) {
    ctx.strokeText(label, x, y);
    ctx.fillText(label, x, y);
  }
  ctx.restore();
}
