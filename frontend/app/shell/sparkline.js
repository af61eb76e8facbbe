/** Draws the loss along the timeline, the steps that have a snapshot, and the run's changes. */

import { drawMarks } from "../panels/draw-marks.js";
import { shown } from "../state/shown.js";
import { pointsOf } from "./track.js";

const TICK = 5; // px
const TYPE = 11; // px, the size of letters
const LEAST_GAP = 3; // px between two ticks: closer ones would merge

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} last  the step at the right end
 * @param {readonly import("../panels/change-marks.js").Mark[]} marks  of changes, with places on the canvas
 */
export function drawSparkline(canvas, last, marks) {
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
  const at = shown.series.column("step");
  const values = shown.series.column("test_loss") ?? shown.series.column("train_loss");
  if (at && values) drawLoss(context, pointsOf(at, values, last, width), height - TICK - 6, token("--second"));
  const type = TYPE * (Number(token("--scale")) || 1);
  context.font = `${type}px ${token("--font")}`;
  drawMarks(context, marks, { left: 0, right: width, top: 0, bottom: height - TICK }, {
    color: token("--third"),
    halo: token("--surface"),
    type,
    ratio: 1,
  });
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
  for (const step of shown.steps.value) {
    const x = Math.min(width - 0.5, Math.max(0.5, Math.round((step / Math.max(1, last)) * width) + 0.5));
    if (x - before < LEAST_GAP || step > last) continue;
    before = x;
    context.moveTo(x, height - TICK);
    context.lineTo(x, height);
  }
  context.stroke();
}

/**
 * Draws the loss, on a logarithmic scale if all losses are positive, which shows late progress.
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, y: number}[]} points
 * @param {number} height
 * @param {string} color
 */
function drawLoss(context, points, height, color) {
  if (points.length < 2) return;
  let least = Infinity;
  let most = -Infinity;
  for (const { y } of points) {
    least = Math.min(least, y);
    most = Math.max(most, y);
  }
  const map = least > 0 ? Math.log : (/** @type {number} */ value) => value;
  const low = map(least);
  const range = map(most) - low || 1;
  context.strokeStyle = color;
  context.lineWidth = 1.25;
  context.lineJoin = "round";
  context.beginPath();
  for (const { x, y } of points) context.lineTo(x, 2 + (1 - (map(y) - low) / range) * (height - 4));
  context.stroke();
}
