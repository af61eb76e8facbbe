/** Marker shapes: classes differ in shape as well as in colour. */

const TURN = 2 * Math.PI;

/**
 * Traces the outline of a class's marker.
 * @param {CanvasRenderingContext2D} canvas
 * @param {number} shape the class; 0 and 1 are discs, since two colours are enough to tell two
 * @param {number} x
 * @param {number} y
 * @param {number} size radius of a disc of this area
 */
export function trace(canvas, shape, x, y, size) {
  switch (shape % 8) {
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
 * @param {number} turned
 */
function polygon(canvas, x, y, radius, corners, turned) {
  for (let i = 0; i < corners; i++) {
    const angle = turned + (i / corners) * TURN;
    canvas.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  canvas.closePath();
}
