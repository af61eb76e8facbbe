/**
 * The chosen latent code: a point dragged in the latent plane, the code of an image, or one number for
 * each dimension. The scatter, the grid, the sliders and the decoded image share it.
 */

import { batch, signal } from "@preact/signals-core";

/** @typedef {{x: number, y: number}} Position in the plane's own units */
/** @typedef {{point: number[], z: null, image: null}} AtPoint */
/** @typedef {{point: null, z: number[], image: null}} AtCode */
/** @typedef {{point: null, z: null, image: number}} AtImage */

const START = { x: 0.5, y: 0.5 };

/** The code's place in the plane, where the handle is drawn. */
export const latentPoint = signal(/** @type {Position} */ (START));

/** Options of the probe that decodes the code. */
export const latentCode = signal(/** @type {AtPoint | AtCode | AtImage} */ (atPoint(START)));

/** @param {Position} at @returns {AtPoint} */
function atPoint({ x, y }) {
  return { point: [x, y], z: null, image: null };
}

/** Chooses a point of the plane. @param {Position} at */
export function choosePoint(at) {
  batch(() => {
    latentPoint.value = at;
    latentCode.value = atPoint(at);
  });
}

/** Chooses a code, in the plane or not. @param {number[]} z */
export function chooseCode(z) {
  latentCode.value = { point: null, z, image: null };
}

/** Chooses the code of an image. @param {number} image its number in its part */
export function chooseImage(image) {
  latentCode.value = { point: null, z: null, image };
}

/** Keeps only the place in the plane, as another run has another latent space. */
export function resetCode() {
  latentCode.value = atPoint(latentPoint.peek());
}

/**
 * Sets the place of a decoded code in the plane, unless the code was chosen by its place.
 * @param {unknown} point of the probe's facts
 */
export function setCodePosition(point) {
  if (latentCode.peek().point || !Array.isArray(point)) return;
  const [x, y] = point;
  if (typeof x === "number" && typeof y === "number") latentPoint.value = { x, y };
}
