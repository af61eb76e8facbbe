/** Traces marker shapes: classes differ in shape as well as in colour. */

import { CLASSES } from "./colors.js";

const TURN = 2 * Math.PI;

/**
 * Traces the outline of a class's marker.
 * @param {CanvasRenderingContext2D} canvas
 * @param {number} shape the class; 0 and 1 are discs, since two colours are enough to distinguish two
 * @param {number} x
 * @param {number} y
 * @param {number} size radius of the disc with the same area
 */
export function traceMarker(canvas, shape, x, y, size) {
  switch (shape % CLASSES) {
    case 2:
      return polygon(canvas, x, y, size * 1.35, 3, -TURN / 4);
    case 3:
      return polygon(canvas, x, y, size * 1.2, 4, TURN / 8);
    case 4:
      return polygon(canvas, x, y, size * 1.25, 4, 0);
    case 5:
      return polygon(canvas, x, y, size * 1.35, 3, TURN / 4);
    case 6:
      return polygon(canvas, x, y, size * 1.15, 5, -TURN / 4);
    case 7:
      return polygon(canvas, x, y, size * 1.1, 6, 0);
    case 8:
      return star(canvas, x, y, size * 1.45, 4, 0.42);
    case 9:
      return star(canvas, x, y, size * 1.5, 5, 0.5);
    default:
      canvas.arc(x, y, size, 0, TURN);
  }
}

/**
 * @param {CanvasRenderingContext2D} canvas
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {number} corners
 * @param {number} rotation
 */
function polygon(canvas, x, y, radius, corners, rotation) {
  for (let i = 0; i < corners; i++) {
    const angle = rotation + (i / corners) * TURN;
    canvas.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  canvas.closePath();
}

/**
 * @param {CanvasRenderingContext2D} canvas
 * @param {number} x
 * @param {number} y
 * @param {number} radius of its points
 * @param {number} points
 * @param {number} waist radius of its inner corners, as a share
 */
function star(canvas, x, y, radius, points, waist) {
  for (let i = 0; i < 2 * points; i++) {
    const angle = -TURN / 4 + (i / (2 * points)) * TURN;
    const reach = i % 2 ? radius * waist : radius;
    canvas.lineTo(x + reach * Math.cos(angle), y + reach * Math.sin(angle));
  }
  canvas.closePath();
}
