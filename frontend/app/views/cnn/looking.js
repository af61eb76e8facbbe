/** What the parts of a convolutional network's page look at together: one image, one layer. */

import { signal } from "@preact/signals-core";

/**
 * @typedef {object} LookedAt
 * @property {number} image number of a test image
 * @property {number[] | null} drawing one's own image, row by row, in place of it
 */

/** @type {import("@preact/signals-core").Signal<LookedAt>} */
export const lookedAt = signal({ image: 0, drawing: null });

/** The layer that is shown large; 1 is the first block. */
export const layerAt = signal(1);

/** Three digits are enough for a pixel, and make short messages. @param {Float32Array} values */
export const rounded = (values) => Array.from(values, (value) => Math.round(value * 1000) / 1000);
