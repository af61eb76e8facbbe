/** Converts values to pixels of a small image, which the canvas then scales up. */

import { mix, pixel } from "./colors.js";

/** @typedef {import("../types/pictures.js").Tensor} Tensor */
/** @typedef {import("./colors.js").Palette} Palette */
/**
 * @typedef {object} PixelBuffer
 * @property {HTMLCanvasElement} canvas
 * @property {CanvasRenderingContext2D} context
 * @property {ImageData} image
 * @property {Uint32Array<ArrayBuffer>} pixels the image's
 */

/**
 * A small canvas of this size, kept in the cache.
 * @param {import("./view.js").Cache} cache
 * @param {number} width
 * @param {number} height
 * @returns {PixelBuffer}
 */
export function pixelBuffer(cache, width, height) {
  const old = /** @type {PixelBuffer | undefined} */ (cache.buffer);
  if (old && old.image.width === width && old.image.height === height) return old;
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext("2d", { willReadFrequently: true })
  );
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  return (cache.buffer = { canvas, context, image, pixels });
}

/**
 * Colours `count` values from `start` into pixels, row by row, upside down where row 0 is the
 * lowest. `scale` and `shift` take a stored value to a place in the table.
 * @param {Uint32Array} pixels
 * @param {import("../types/pictures.js").Numbers} data
 * @param {number} start
 * @param {number} width
 * @param {number} height
 * @param {boolean} flip
 * @param {import("./colors.js").Table} table
 * @param {number} scale
 * @param {number} shift
 */
export function fillPixels(pixels, data, start, width, height, flip, table, scale, shift) {
  for (let row = 0; row < height; row++) {
    let from = start + row * width;
    let to = (flip ? height - 1 - row : row) * width;
    for (let column = 0; column < width; column++) {
      const place = /** @type {number} */ (data[from++]) * scale + shift;
      // Also maps NaN to 0.
      const index = place > 0 ? (place < 255 ? (place + 0.5) | 0 : 255) : 0;
      pixels[to++] = /** @type {number} */ (table[index]);
    }
  }
}

/**
 * Colours class maps: the class's colour, paler with lower certainty.
 * @param {Uint32Array} pixels
 * @param {Tensor} values
 * @param {Tensor | null} opacity
 * @param {Palette} palette
 * @param {boolean} tinted
 */
export function fillClassPixels(pixels, values, opacity, palette, tinted) {
  const [height = 1, width = 1] = values.shape;
  const ramps = classRamps(palette);
  const maxOpacity = tinted ? 0.6 : 1;
  for (let row = 0; row < height; row++) {
    let from = row * width;
    let to = (height - 1 - row) * width;
    for (let column = 0; column < width; column++, from++) {
      const ramp = ramps[/** @type {number} */ (values.data[from]) % ramps.length];
      const certainty = opacity ? /** @type {number} */ (opacity.data[from]) : 1;
      pixels[to++] = ramp?.[(certainty * maxOpacity * 63 + 0.5) | 0] ?? 0;
    }
  }
}

/** @type {WeakMap<Palette, Uint32Array[]>} */
const rampCache = new WeakMap();

/** @param {Palette} palette */
function classRamps(palette) {
  let ramps = rampCache.get(palette);
  if (!ramps) {
    ramps = palette.classes.map((full) =>
      Uint32Array.from({ length: 64 }, (_, i) => pixel(mix(palette.zero, full, i / 63))),
    );
    rampCache.set(palette, ramps);
  }
  return ramps;
}
