/**
 * Draws one unit's map, large, with axes and the range of its values.
 *
 * @typedef {import("../types/pictures.js").Picture} Picture
 * @typedef {import("../types/pictures.js").Axis} Axis
 * @typedef {import("./colors.js").NetworkColors} NetworkColors
 */
import { short, ticks } from "../marks/scales.js";
import { curveHeight } from "./paint-curve.js";
import { paintTiles } from "./paint-tiles.js";
import { MapAtlas } from "./map-atlas.js";
import { resizeCanvas } from "./canvas-size.js";

const SIDE = 160;
const LEFT = 34;
const BELOW = 34;
const ABOVE = 8;
const RIGHT = 10;

export class LargeMap {
  #atlas = new MapAtlas();
  /** @type {Picture | null} */ #picture = null;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
  }

  /** @param {Picture | null} picture @param {NetworkColors} colors */
  paint(picture, colors) {
    this.#picture = picture;
    this.repaint(colors);
  }

  /** @param {NetworkColors} colors */
  repaint(colors) {
    const width = LEFT + SIDE + RIGHT;
    const height = ABOVE + SIDE + BELOW;
    const context = resizeCanvas(this.canvas, width * colors.scale, height * colors.scale);
    if (!context) return;
    context.scale(colors.scale, colors.scale);
    context.clearRect(0, 0, width, height);
    const plot = this.#picture?.plots[0];
    const mark = plot?.marks.find((one) => one.kind === "tiles") ?? null;
    if (mark) this.#atlas.setMaps(mark, colors.table, -1);
    const box = { x: LEFT + SIDE / 2, y: ABOVE + SIDE / 2, size: SIDE };
    const broken = mark !== null && !Number.isFinite(mark.peak.data[0]);
    const item = { box, tile: mark ? 0 : -1, bias: null, off: false, quiet: false, broken };
    paintTiles(context, [item], mark, this.#atlas, colors);
    context.font = `11px ${colors.font}`;
    context.fillStyle = colors.second;
    context.strokeStyle = colors.line;
    context.lineWidth = 1;
    const peak = mark?.peak.data[0] ?? 1;
    const onLine = mark?.values.shape[1] === 1;
    if (plot?.x) across(context, plot.x);
    // A curve peaks a little inside its tile.
    const high = (peak * SIDE) / 2 / curveHeight(SIDE);
    if (onLine) {
      down(context, { label: "h", low: -high, high, unit: "", scale: "linear", whole: false });
    } else if (plot?.y) down(context, plot.y);
  }
}

/** @param {CanvasRenderingContext2D} context @param {Axis} axis */
function across(context, axis) {
  const y = ABOVE + SIDE;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const value of ticks(axis.low, axis.high, 5)) {
    const x = LEFT + (SIDE * (value - axis.low)) / (axis.high - axis.low);
    context.fillText(short(value), x, y + 5);
  }
  context.fillText(axis.label, LEFT + SIDE / 2, y + 20);
}

/** @param {CanvasRenderingContext2D} context @param {Axis} axis */
function down(context, axis) {
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const value of ticks(axis.low, axis.high, 5)) {
    const y = ABOVE + SIDE - (SIDE * (value - axis.low)) / (axis.high - axis.low);
    if (y > ABOVE + 4) context.fillText(short(value), LEFT - 5, y);
  }
  context.textAlign = "left";
  context.fillText(axis.label, 2, ABOVE + 6);
}
