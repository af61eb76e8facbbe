/** The head that is looked at closely: the grid, the formula and the panel at the right share it. */

import { signal } from "@preact/signals-core";

/** Counted from 1; a layer of 0 is the last. @typedef {{layer: number, head: number}} Head */

export const head = signal(/** @type {Head} */ ({ layer: 0, head: 1 }));

/** Where a head looks, before and after. @type {import("@preact/signals-core").Signal<"A" | "scores" | "qkv">} */
export const side = signal("A");

/**
 * The head as it is in a model of this size: another model may have fewer.
 * @param {Head} chosen
 * @param {{depth: number, heads: number}} size
 * @returns {Head}
 */
export function within({ layer, head }, { depth, heads }) {
  return {
    layer: layer >= 1 && layer <= depth ? layer : depth,
    head: Math.min(head, heads),
  };
}

/**
 * Layers and heads of a transformer's spec.
 * @param {import("../../types/api.js").Spec | null | undefined} spec
 */
export function sizeOf(spec) {
  const { depth, heads } = /** @type {{depth?: unknown, heads?: unknown}} */ (spec?.model ?? {});
  return {
    depth: typeof depth === "number" ? depth : 1,
    heads: typeof heads === "number" ? heads : 1,
  };
}
