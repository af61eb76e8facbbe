/**
 * Paints a unit's output over the line: a curve, and the area to zero in the colour of its sign.
 *
 * @typedef {import("../types/pictures.js").TilesMark} TilesMark
 * @typedef {import("./layout.js").Box} Box
 * @typedef {import("./colors.js").NetworkColors} NetworkColors
 */

/** How far a unit's peak lies from 0, in pixels. @param {number} size of its tile */
export const curveHeight = (size) => size / 2 - 3;

/** @param {CanvasRenderingContext2D} context @param {TilesMark} mark @param {number} tile
 * @param {Box} box @param {NetworkColors} colors */
export function paintCurve(context, mark, tile, { x, y, size }, colors) {
  const count = mark.values.shape[2] ?? 0;
  const values = mark.values.data;
  const left = x - size / 2;
  const reach = curveHeight(size);
  const line = new Path2D();
  for (let i = 0; i < count; i += 1) {
    const value = (values[tile * count + i] ?? 127.5) / 127.5 - 1;
    // Unlike a map's cells, the values on the line include both ends.
    line.lineTo(left + (i / Math.max(1, count - 1)) * size, y - value * reach);
  }
  const area = new Path2D(line);
  area.lineTo(left + size, y);
  area.lineTo(left, y);
  area.closePath();
  for (const above of [true, false]) {
    context.save();
    context.beginPath();
    context.rect(left, above ? y - size / 2 : y, size, size / 2);
    context.clip();
    context.fillStyle = above ? colors.positive : colors.negative;
    context.strokeStyle = context.fillStyle;
    const alpha = context.globalAlpha;
    context.globalAlpha = alpha * 0.28;
    context.fill(area);
    context.globalAlpha = alpha;
    context.lineWidth = 1.5;
    context.stroke(line);
    context.restore();
  }
}
