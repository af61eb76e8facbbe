/** The chosen attention head, shared by the grid, the formula and the panel at the right. */

import { signal } from "@preact/signals-core";
import { GAP, HEAD } from "../../panels/arrangement.js";

/** Counted from 1; a layer of 0 is the last. @typedef {{layer: number, head: number}} Head */

export const selectedHead = signal(/** @type {Head} */ ({ layer: 0, head: 1 }));

/** The chosen picture of the head: the attention A, the scores, or Q, K and V. @type {import("@preact/signals-core").Signal<"A" | "scores" | "qkv">} */
export const selectedPicture = signal("A");

/**
 * The head within a model of this size: another model may have fewer.
 * @param {Head} chosen
 * @param {{depth: number, heads: number}} size
 * @returns {Head}
 */
export function clampHead({ layer, head }, { depth, heads }) {
  return {
    layer: layer >= 1 && layer <= depth ? layer : depth,
    head: Math.min(head, heads),
  };
}

/** Least widths, in CSS pixels, for a head's name with its entropy, for "1.1 H 0.84" and for "1.1 0.84". */
const MIN_WIDTH = { name: 165, letter: 76, number: 52 };

/**
 * The heading of a head: with little room its numbers, layer.head, and its entropy if it is legible.
 * @param {{id: string, title: string, note: string}} plot
 * @param {number} width
 * @returns {{title: string, note: string}}
 */
export function headHeading({ id, title, note }, width) {
  if (width >= MIN_WIDTH.name) return { title, note };
  if (width >= MIN_WIDTH.letter) return { title: id, note };
  return { title: id, note: width >= MIN_WIDTH.number ? note.replace(/^H /, "") : "" };
}

/** The most heads in a row: on a wide screen and on a phone. */
const MAX_COLUMNS = { wide: 16, narrow: 2 };
/** The most heads that always stand in one row. */
const ONE_ROW = 8;

/**
 * How many heads may stand in a row: a row is a layer, or an equal part of a layer with many heads.
 * @param {number} heads of a layer
 * @param {boolean} narrow whether it is a phone
 */
export function headsInRow(heads, narrow) {
  if (narrow) return Math.min(heads, MAX_COLUMNS.narrow);
  const found = (heads > ONE_ROW ? [1, 1 / 2, 1 / 4] : [1]).map((part) => part * heads);
  const fitting = found.filter((across) => Number.isInteger(across) && across <= MAX_COLUMNS.wide);
  return fitting.length ? fitting : MAX_COLUMNS.wide;
}

/** The least side of a map that shows a pattern, in CSS pixels. */
const LEAST_SIDE = 44;

/**
 * Whether the maps of all layers are large enough together.
 * @param {{depth: number, heads: number}} size
 * @param {{width: number, height: number}} room
 * @param {number} scale of type
 */
export function allLayersFit({ depth, heads }, { width, height }, scale) {
  return [headsInRow(heads, false)].flat().some((across) => {
    const rows = Math.ceil((depth * heads) / across);
    const side = Math.min((width + GAP) / across, (height + GAP) / rows - HEAD * scale) - GAP;
    return side >= LEAST_SIDE;
  });
}

/**
 * Layers and heads of a transformer's spec.
 * @param {import("../../types/api.js").Spec | null | undefined} spec
 */
export function transformerSize(spec) {
  const { depth, heads } = /** @type {{depth?: unknown, heads?: unknown}} */ (spec?.model ?? {});
  return {
    depth: typeof depth === "number" ? depth : 1,
    heads: typeof heads === "number" ? heads : 1,
  };
}
