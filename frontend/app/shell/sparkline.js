/** The loss along the timeline, and the steps that have a snapshot. */

import { series } from "../state/session.js";
import { steps } from "../state/store.js";
import { columnsOf } from "./track.js";

const TICK = 5; // px
const LEAST_GAP = 3; // px between two ticks: closer ones would be a bar

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} last  the step at the right end
 */
export function drawSparkline(canvas, last) {
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const context = canvas.getContext("2d");
  if (!context || !width || !height) return;
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const token = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  drawTicks(context, { width, height, last, color: token("--third") });
  const at = series.column("step");
  const values = series.column("test_loss") ?? series.column("train_loss");
  if (!at || !values) return;
  const columns = columnsOf(at, values, last, width);
  drawLoss(context, columns, height - TICK - 6, token("--second"));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{width: number, height: number, last: number, color: string}} how
 */
function drawTicks(context, { width, height, last, color }) {
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.beginPath();
  let before = -Infinity;
  for (const step of steps.value) {
    const x = Math.min(width - 0.5, Math.max(0.5, Math.round((step / Math.max(1, last)) * width) + 0.5));
    if (x - before < LEAST_GAP || step > last) continue;
    before = x;
    context.moveTo(x, height - TICK);
    context.lineTo(x, height);
  }
  context.stroke();
}

/**
 * On a logarithmic scale where all losses are positive: that is where learning goes on.
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, low: number, high: number}[]} columns
 * @param {number} height
 * @param {string} color
 */
function drawLoss(context, columns, height, color) {
  if (columns.length < 2) return;
  const least = Math.min(...columns.map(({ low }) => low));
  const map = least > 0 ? Math.log : (/** @type {number} */ value) => value;
  const low = map(least);
  const range = map(Math.max(...columns.map(({ high }) => high))) - low || 1;
  const y = (/** @type {number} */ value) => 2 + (1 - (map(value) - low) / range) * (height - 4);
  context.strokeStyle = color;
  context.lineWidth = 1.25;
  context.lineJoin = "round";
  context.beginPath();
  columns.forEach((column, index) => {
    if (index === 0) context.moveTo(column.x, y(column.high));
    else context.lineTo(column.x, y(column.high));
    if (column.low < column.high) context.lineTo(column.x, y(column.low));
  });
  context.stroke();
}
