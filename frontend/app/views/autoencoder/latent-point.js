/**
 * The code that one looks at: a point of the latent plane that one drags, an image's own code, or one
 * number for each dimension. The scatter, the grid, the sliders and the decoded image share it.
 */

import { batch, signal } from "@preact/signals-core";

/** @typedef {{x: number, y: number}} Place in the plane's own units */
/** @typedef {{point: number[], z: null, image: null}} AtPoint */
/** @typedef {{point: null, z: number[], image: null}} AtCode */
/** @typedef {{point: null, z: null, image: number}} AtImage */

const START = { x: 0.5, y: 0.5 };

/** Where the code lies in the plane: what is dragged stands there. */
export const latentPoint = signal(/** @type {Place} */ (START));

/** Options of the probe that decodes it. */
export const latentCode = signal(/** @type {AtPoint | AtCode | AtImage} */ (atPoint(START)));

/** @param {Place} at @returns {AtPoint} */
function atPoint({ x, y }) {
  return { point: [x, y], z: null, image: null };
}

/** Looks at a point of the plane. @param {Place} at */
export function choosePoint(at) {
  batch(() => {
    latentPoint.value = at;
    latentCode.value = atPoint(at);
  });
}

/** Looks at a code, whether it lies in the plane or not. @param {number[]} z */
export function chooseCode(z) {
  latentCode.value = { point: null, z, image: null };
}

/** Looks at the code of an image. @param {number} image its number in its part */
export function chooseImage(image) {
  latentCode.value = { point: null, z: null, image };
}

/** Another run has another space: what is left of the code is its place in the plane. */
export function forgetCode() {
  latentCode.value = atPoint(latentPoint.peek());
}

/**
 * Where a decoded code fell in the plane, unless that is where it came from.
 * @param {unknown} point of the probe's facts
 */
export function codeFell(point) {
  if (latentCode.peek().point || !Array.isArray(point)) return;
  const [x, y] = point;
  if (typeof x === "number" && typeof y === "number") latentPoint.value = { x, y };
}
