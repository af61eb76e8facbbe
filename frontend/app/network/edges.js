/**
 * Computes the curves between tiles: their shape, width and strength, and the one under the pointer. Pure.
 *
 * An edge runs from the right side of one tile to the left side of another with level ends, as a
 * cubic whose handles are BEND of the way long. All edges between two columns then share x(t), so
 * that the edge under the pointer is found by solving for t once.
 *
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("./topology.js").Column} Column
 * @typedef {{layer: number, from: number, to: number, x0: number, y0: number, x1: number,
 *   y1: number}} Edge `from` and `to` are units; W(layer) has it in row `to`, column `from`
 */
import { cellsByUnit } from "./topology.js";

const BEND = 0.45;
/** The number of levels of width and opacity by |w|: edges of one level are painted alike. */
const LEVELS = 12;

/**
 * Every edge between shown units, layer by layer in the order of the weights' rows.
 * @param {Column[]} columns @param {Layout} layout @returns {Edge[][]} by layer, from 1
 */
export function edgesOf(columns, layout) {
  return columns.slice(1).map((column, index) => {
    const before = columns[index];
    const left = layout.places[index];
    const right = layout.places[index + 1];
    if (!before || !left || !right) return [];
    const sources = cellsByUnit(before);
    return column.cells.flatMap(({ unit }, to) =>
      sources.map((cell, from) => {
        const a = left.boxes[cell];
        const b = right.boxes[to];
        return {
          layer: column.layer,
          from,
          to: unit ?? to,
          x0: (a?.x ?? 0) + (a?.size ?? 0) / 2,
          y0: a?.y ?? 0,
          x1: (b?.x ?? 0) - (b?.size ?? 0) / 2,
          y1: b?.y ?? 0,
        };
      }),
    );
  });
}

/** Whether two edges are the same weight, wherever they are drawn.
 * @param {Edge | null} one @param {Edge | null} other */
export function sameEdge(one, other) {
  return one?.layer === other?.layer && one?.from === other?.from && one?.to === other?.to;
}

/** The index of a weight in its layer; −1 if it is not drawn.
 * @param {Edge[][]} layers @param {Edge} edge */
export function indexOfEdge(layers, edge) {
  return layers[edge.layer - 1]?.findIndex((one) => sameEdge(one, edge)) ?? -1;
}

/** The handles of an edge, for bezierCurveTo. @param {Edge} edge */
export function controlPoints(edge) {
  const reach = (edge.x1 - edge.x0) * BEND;
  return [edge.x0 + reach, edge.y0, edge.x1 - reach, edge.y1, edge.x1, edge.y1];
}

/**
 * The scale of a network's weights: the |w| drawn at full width. At least 1, so that tiny weights look
 * tiny; from the root mean square, so that one huge weight does not hide the others.
 * @param {ArrayLike<number>[]} weights
 */
export function weightScale(weights) {
  let sum = 0;
  let count = 0;
  for (const matrix of weights) {
    for (let i = 0; i < matrix.length; i += 1) {
      const w = matrix[i] ?? 0;
      if (Number.isFinite(w)) sum += w * w;
    }
    count += matrix.length;
  }
  return Math.max(1, 2.4 * Math.sqrt(sum / Math.max(1, count)));
}

/** The level, 0 to LEVELS − 1, at which a weight is drawn.
 * @param {number} w @param {number} full */
export function weightLevel(w, full) {
  const share = Math.min(1, Math.abs(w) / full);
  return Number.isFinite(share) ? Math.round(share * (LEVELS - 1)) : LEVELS - 1;
}

/** Width and opacity of each level. @type {{width: number, alpha: number}[]} */
export const STYLES = Array.from({ length: LEVELS }, (_, index) => {
  const share = index / (LEVELS - 1);
  return { width: 0.6 + 3.2 * share ** 1.2, alpha: 0.14 + 0.76 * share ** 0.8 };
});

/**
 * The edge nearest to a point, within `reach` pixels; stronger edges are preferred.
 * @param {Edge[][]} layers @param {number} x @param {number} y @param {number} reach
 * @param {(edge: Edge) => number} strength 0 to 1
 * @returns {Edge | null}
 */
export function nearestEdge(layers, x, y, reach, strength) {
  /** @type {Edge | null} */
  let best = null;
  let least = reach;
  for (const layer of layers) {
    const one = layer[0];
    if (!one || x < one.x0 || x > one.x1) continue;
    const t = parameterAt((x - one.x0) / (one.x1 - one.x0));
    const rise = 3 * t * t - 2 * t * t * t;
    const run = (one.x1 - one.x0) * xShareSlope(t);
    const climb = 6 * t * (1 - t);
    for (const edge of layer) {
      const height = edge.y1 - edge.y0;
      const away = Math.abs(y - (edge.y0 + height * rise));
      // The distance from the curve, not the height above it: a steep edge is as easy to hit as a level one.
      const distance = away * (run / Math.hypot(run, height * climb)) - 2 * strength(edge);
      if (distance < least) {
        least = distance;
        best = edge;
      }
    }
  }
  return best;
}

/** The t at which the shared curve has covered the share `s` of the way across. @param {number} s */
function parameterAt(s) {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 24; i += 1) {
    const t = (low + high) / 2;
    if (xShare(t) < s) low = t;
    else high = t;
  }
  return (low + high) / 2;
}

/** @param {number} t */
function xShare(t) {
  return 3 * (1 - t) * (1 - t) * t * BEND + 3 * (1 - t) * t * t * (1 - BEND) + t * t * t;
}

/** The derivative of across. @param {number} t */
function xShareSlope(t) {
  return 3 * BEND * ((1 - t) * (1 - t) + t * t) + 6 * (1 - 2 * BEND) * t * (1 - t);
}
