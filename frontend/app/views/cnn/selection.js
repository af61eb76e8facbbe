/** The image and the layer shared by all parts of a convolutional network's page. */

import { signal } from "@preact/signals-core";

/**
 * @typedef {object} SelectedImage
 * @property {number} image number of a test image
 * @property {number[] | null} drawing the viewer's drawing, row by row, in place of it
 */

/** @type {import("@preact/signals-core").Signal<SelectedImage>} */
export const selectedImage = signal({ image: 0, drawing: null });

/** The layer shown large; 1 is the first block. */
export const selectedLayer = signal(1);

/** Pixels rounded to three digits, which are enough and keep messages short. @param {Float32Array} values */
export const roundPixels = (values) => Array.from(values, (value) => Math.round(value * 1000) / 1000);
