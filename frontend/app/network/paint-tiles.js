/**
 * Paints every unit's map into its tile, from the atlas with all maps; on the line a unit's output is a
 * curve. A bias is a dot at the tile's corner.
 *
 * @typedef {import("../types/pictures.js").TilesMark} TilesMark
 * @typedef {import("./layout.js").Box} Box
 * @typedef {import("./map-atlas.js").MapAtlas} MapAtlas
 * @typedef {import("./colors.js").NetworkColors} NetworkColors
 * @typedef {{box: Box, tile: number, bias: number | null, off: boolean, quiet: boolean,
 *   broken: boolean}} Item
 *   `tile` is the map's index in the mark, −1 if it is not received yet; `broken` if it has values that
 *   are not finite
 */

import { CLASSES, palette } from "../marks/colors.js";
import { paintCurve } from "./paint-curve.js";

/**
 * @param {CanvasRenderingContext2D} context @param {Item[]} items @param {TilesMark | null} mark
 * @param {MapAtlas} atlas @param {NetworkColors} colors
 */
export function paintTiles(context, items, mark, atlas, colors) {
  const curves = mark?.values.shape[1] === 1;
  for (const item of items) {
    const { x, y, size } = item.box;
    outline(context, item.box, 0);
    context.globalAlpha = item.quiet ? 0.55 : 1;
    if (item.off) {
      off(context, item.box, colors);
    } else {
      context.save();
      context.clip();
      context.fillStyle = curves ? colors.surface : colors.zero;
      context.fillRect(x - size / 2, y - size / 2, size, size);
      if (item.broken) cross(context, item.box, colors);
      else if (mark && item.tile >= 0) {
        if (curves) paintCurve(context, mark, item.tile, item.box, colors);
        else atlas.draw(context, item.tile, item.box);
      }
      context.restore();
      outline(context, item.box, 0.5);
      context.lineWidth = 1;
      context.strokeStyle = colors.line;
      context.stroke();
    }
    context.globalAlpha = 1;
    if (item.bias !== null) dot(context, item.box, item.bias, colors);
  }
}

/** @param {CanvasRenderingContext2D} context @param {Box} box @param {number} inset */
function outline(context, { x, y, size }, inset) {
  const side = size - 2 * inset;
  context.beginPath();
  context.roundRect(x - side / 2, y - side / 2, side, side, Math.min(6, size / 4));
}

/** @param {CanvasRenderingContext2D} context @param {Box} box @param {NetworkColors} colors */
function off(context, box, colors) {
  outline(context, box, 0.5);
  context.lineWidth = 1;
  context.setLineDash([3, 3]);
  context.strokeStyle = colors.second;
  context.globalAlpha = 0.5;
  context.stroke();
  context.setLineDash([]);
  const arm = 4;
  context.beginPath();
  context.moveTo(box.x - arm, box.y);
  context.lineTo(box.x + arm, box.y);
  context.moveTo(box.x, box.y - arm);
  context.lineTo(box.x, box.y + arm);
  context.globalAlpha = 0.8;
  context.stroke();
}

/** Paints a tile with NaN or infinity. @param {CanvasRenderingContext2D} context @param {Box} box
 * @param {NetworkColors} colors */
function cross(context, { x, y, size }, colors) {
  const reach = size / 2;
  context.beginPath();
  context.moveTo(x - reach, y - reach);
  context.lineTo(x + reach, y + reach);
  context.moveTo(x - reach, y + reach);
  context.lineTo(x + reach, y - reach);
  context.lineWidth = 1;
  context.strokeStyle = colors.second;
  context.globalAlpha = 0.5;
  context.stroke();
}

/** The place of a tile's bias dot. @param {Box} box */
export const biasAt = ({ x, y, size }) => ({ x: x - size / 2 + 1, y: y + size / 2 - 1 });

/** @param {CanvasRenderingContext2D} context @param {Box} box @param {number} bias
 * @param {NetworkColors} colors */
function dot(context, box, bias, colors) {
  const { x, y } = biasAt(box);
  const share = Math.min(1, Math.abs(bias));
  context.beginPath();
  context.arc(x, y, 2 + 2 * share, 0, 2 * Math.PI);
  context.fillStyle = bias === 0 ? colors.second : bias < 0 ? colors.negative : colors.positive;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = colors.page;
  context.stroke();
}

/**
 * Paints the colour of each output's class, the same as in points and maps elsewhere.
 * @param {CanvasRenderingContext2D} context @param {Box[]} boxes @param {number} first the class of
 *   the first
 */
export function paintClasses(context, boxes, first) {
  const { css } = palette();
  boxes.forEach((box, index) => {
    context.beginPath();
    context.arc(box.x + box.size / 2 + 11, box.y, 4, 0, 2 * Math.PI);
    context.fillStyle = css(`class-${(first + index) % CLASSES}`);
    context.fill();
  });
}
