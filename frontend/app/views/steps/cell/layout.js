/** Computes the places of a recurrent cell's picture, in CSS pixels of normal type. Pure. */

import { IN, OUT } from "./plans.js";

/** @typedef {import("./plans.js").Place} Place */
/** @typedef {import("./plans.js").Plan} Plan */
/** @typedef {{x: number, y: number}} Point */
/** @typedef {{width: number, height: number, frame: {left: number, top: number, width: number, height: number}, at: (place: Place) => Point}} Layout */

/** The least width in which no two chips overlap. */
export const LEAST = 800;
/** A wider picture would only have longer wires. */
const MOST = 1080;
/** A chip's number. */
export const NUMBER = { width: 62, height: 22 };
export const BOX = { width: 48, height: 30 };
export const CIRCLE = 12;
/** From the picture's sides to the middle of the values beside the cell; symbols stand at the left of those before it. */
const BESIDE = { left: 88, right: 44 };
/** From a value beside the cell to its frame. */
const GAP = 14;
/** From the frame to what is inside. */
const PAD = 18;
const TOP = 6;
/** Below the frame there is room for what is read, and for the legend. */
const FOOT = 42;

/**
 * @param {Plan} plan
 * @param {number} room width, in CSS pixels of normal type
 * @returns {Layout}
 */
export function cellLayout({ height, x }, room) {
  const width = Math.min(MOST, Math.max(LEAST, room));
  const left = BESIDE.left + NUMBER.width / 2 + GAP;
  const right = width - BESIDE.right - NUMBER.width / 2 - GAP;
  const inside = right - left - 2 * PAD;
  const columns = new Map([
    [IN, BESIDE.left],
    [OUT, width - BESIDE.right],
  ]);
  const below = x[0] === IN ? 30 : FOOT;
  return {
    width,
    height,
    frame: { left, top: TOP, width: right - left, height: height - TOP - below },
    at: ([column, y]) => ({ x: columns.get(column) ?? left + PAD + column * inside, y }),
  };
}

/**
 * The corners of a wire; an arrow ends at the edge of what it leads into.
 * @param {Plan} plan
 * @param {import("./plans.js").Wire} wire
 * @param {Layout} layout
 * @returns {Point[]}
 */
export function cornersOf(plan, { through, arrow = false }, layout) {
  const points = through.map((place) => layout.at(place));
  const [last, end, before] = [through.at(-1), points.at(-1), points.at(-2)];
  if (!arrow || !last || !end || !before) return points;
  const half = halfOf(plan, last);
  end.x -= Math.sign(end.x - before.x) * half.x;
  end.y -= Math.sign(end.y - before.y) * half.y;
  return points;
}

/** Half of the size of what stands at a place. @param {Plan} plan @param {Place} place @returns {Point} */
function halfOf({ circles, boxes }, [x, y]) {
  const there = (/** @type {{at: Place}} */ { at }) => at[0] === x && at[1] === y;
  if (circles.some(there)) return { x: CIRCLE, y: CIRCLE };
  if (boxes.some(there)) return { x: BOX.width / 2, y: BOX.height / 2 };
  return { x: NUMBER.width / 2, y: NUMBER.height / 2 };
}
