/** Marks values beyond an axis at its edge, so that none is left out without a sign. */

import { share } from "./scales.js";

/** @typedef {import("../types/pictures.js").Axis} Axis */
/** @typedef {Pick<Axis, "low" | "high" | "scale">} AxisRange */
/** @typedef {{index: number, value: number, side: "low" | "high"}} Clipped the farthest of neighbours */

/** A tolerance: rounding may put a value on an axis's end slightly beyond it. */
const ROUNDING = 1e-6;
const HALF_WIDTH = 4; // px, half of a mark
const MIN_DISTANCE = 3 * HALF_WIDTH; // px between two distinguishable marks

/**
 * The side on which a value lies beyond an axis; null if it lies on the axis or is NaN. A zero on a log
 * scale lies below.
 * @param {AxisRange} axis
 * @param {number} value
 */
export function sideOf({ low, high, scale }, value) {
  if (!Number.isFinite(value)) return null;
  if (scale === "log" && value <= 0) return "low";
  const part = share({ low, high, scale, label: "", unit: "", whole: false }, value);
  return part < -ROUNDING ? "low" : part > 1 + ROUNDING ? "high" : null;
}

/**
 * A value clipped to the axis.
 * @param {AxisRange} axis
 * @param {number} value
 */
export function clipToAxis(axis, value) {
  const side = sideOf(axis, value);
  return side ? axis[side] : value;
}

/**
 * The values beyond an axis, one of each run of neighbours: the farthest.
 * @param {ArrayLike<number>} values
 * @param {AxisRange} axis
 * @returns {Clipped[]}
 */
export function clippedValues(values, axis) {
  /** @type {Clipped[]} */
  const found = [];
  /** @type {Clipped["side"] | null} */
  let before = null;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? NaN;
    const side = sideOf(axis, value);
    const last = found.at(-1);
    if (side && side === before && last) {
      if (side === "low" ? value < last.value : value > last.value) Object.assign(last, { index, value });
    } else if (side) found.push({ index, value, side });
    before = side;
  }
  return found;
}

/**
 * Draws triangles at the edge that point at the values cut off, in the canvas's fill style.
 * @template {{side: Clipped["side"]}} C
 * @param {CanvasRenderingContext2D} canvas
 * @param {C[]} cuts from left to right
 * @param {(cut: C) => number} placeX
 * @param {{top: number, bottom: number}} box
 * @param {number} [ratio] of the canvas's pixels to CSS pixels
 */
export function markClipped(canvas, cuts, placeX, { top, bottom }, ratio = 1) {
  const last = { low: -Infinity, high: -Infinity };
  for (const cut of cuts) {
    const x = placeX(cut);
    if (!Number.isFinite(x) || x - last[cut.side] < MIN_DISTANCE * ratio) continue;
    last[cut.side] = x;
    const [edge, inwards] = cut.side === "low" ? [bottom, -1] : [top, 1];
    canvas.beginPath();
    canvas.moveTo(x, edge);
    canvas.lineTo(x - HALF_WIDTH * ratio, edge + 1.6 * inwards * HALF_WIDTH * ratio);
    canvas.lineTo(x + HALF_WIDTH * ratio, edge + 1.6 * inwards * HALF_WIDTH * ratio);
    canvas.closePath();
    canvas.fill();
  }
}
