/** Maps a plot's values to places on its canvas, in CSS pixels, and back. */

import { share, valueAt } from "./scales.js";

/** @typedef {import("./scales.js").NamedAxis} Axis */
/** @typedef {import("./colors.js").Palette} Palette */

/**
 * @typedef {object} View
 * @property {CanvasRenderingContext2D} canvas
 * @property {number} left
 * @property {number} top
 * @property {number} width
 * @property {number} height
 * @property {number} ratio device pixels a CSS pixel
 * @property {Axis} xAxis
 * @property {Axis} yAxis
 * @property {Palette} palette
 * @property {boolean} tinted maps are pale, so that points stand out
 * @property {string} key changes whenever any of the above does
 */

/** Data that a mark's renderer keeps between frames. @typedef {{[name: string]: any}} Cache */
/** @typedef {{left: number, top: number, width: number, height: number}} Box */

/**
 * @param {View} view
 * @param {number} value
 * @returns {number} pixels from the canvas's left
 */
export function placeX({ left, width, xAxis }, value) {
  return left + share(xAxis, value) * width;
}

/**
 * @param {View} view
 * @param {number} value
 * @returns {number} pixels from the canvas's top
 */
export function placeY({ top, height, yAxis }, value) {
  return top + (1 - share(yAxis, value)) * height;
}

/**
 * The values at a place on the canvas; null outside the plot.
 * @param {View} view
 * @param {number} x pixels from the canvas's left
 * @param {number} y pixels from its top
 * @returns {{x: number, y: number} | null}
 */
export function valuesAt({ left, top, width, height, xAxis, yAxis }, x, y) {
  const across = (x - left) / width;
  const up = 1 - (y - top) / height;
  if (across < 0 || across > 1 || up < 0 || up > 1) return null;
  return { x: valueAt(xAxis, across), y: valueAt(yAxis, up) };
}

/**
 * The box between margins; with equal scales, the largest that allows them.
 * @param {{width: number, height: number}} size of the canvas
 * @param {{left: number, right: number, top: number, bottom: number}} margin
 * @param {number} [aspect] width over height
 * @returns {Box}
 */
export function innerBox({ width, height }, margin, aspect) {
  // Whole pixels: a map's edge is sharp, and clearing the box leaves no partial pixel.
  const box = {
    left: margin.left,
    top: margin.top,
    width: Math.max(1, Math.floor(width - margin.left - margin.right)),
    height: Math.max(1, Math.floor(height - margin.top - margin.bottom)),
  };
  if (!aspect) return box;
  const narrow = Math.min(box.width, box.height * aspect);
  const low = narrow / aspect;
  return {
    left: Math.round(box.left + (box.width - narrow) / 2),
    top: Math.round(box.top + (box.height - low) / 2),
    width: Math.round(narrow),
    height: Math.round(low),
  };
}

/**
 * Draws rarely changing parts from a canvas of their own, painted again only if the key has changed.
 * @param {View} view
 * @param {Cache} cache
 * @param {unknown} key
 * @param {(view: View) => void} paint
 */
export function drawCached(view, cache, key, paint) {
  const { left, top, width, height, ratio } = view;
  if (cache.key !== key || cache.view !== view.key) {
    /** @type {HTMLCanvasElement} */
    const layer = (cache.layer ??= document.createElement("canvas"));
    layer.width = Math.ceil(width * ratio);
    layer.height = Math.ceil(height * ratio);
    const canvas = /** @type {CanvasRenderingContext2D} */ (layer.getContext("2d"));
    canvas.scale(ratio, ratio);
    canvas.translate(-left, -top);
    paint({ ...view, canvas });
    cache.key = key;
    cache.view = view.key;
  }
  view.canvas.drawImage(cache.layer, left, top, width, height);
}
