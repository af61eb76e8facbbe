/** The sequence that the pictures of a model on sequences are of: all of them show the same one. */

import { signal } from "@preact/signals-core";

/**
 * What is typed, or a test sequence by its number.
 * @typedef {{text: string | null, example: number}} Chosen
 */

/** @typedef {import("../types/api.js").Spec} Spec */

/** @type {import("@preact/signals-core").Signal<Chosen>} */
export const chosen = signal({ text: null, example: 0 });

let task = "";

/**
 * Keeps what is typed as long as it can be read: another task or another family may know other
 * symbols, and fewer of them.
 * @param {Spec} spec
 */
export function settle(spec) {
  const next = taskOf(spec);
  if (task !== "" && next !== task) chosen.value = { text: null, example: 0 };
  task = next;
}

/**
 * What decides which sequences can be read; how many there are, and which, does not.
 * @param {Pick<Spec, "data" | "model">} spec
 */
export function taskOf({ data, model }) {
  const { samples: _, test_fraction: __, seed: ___, noise: ____, ...read } = /** @type {any} */ (data);
  return JSON.stringify([model.kind, read]);
}

/**
 * @param {import("../types/pictures.js").Facts} facts of a probe of sequences
 * @returns {{symbols: string[], most: number, count: number}} the alphabet (none of real numbers), how
 *   many of it may be typed, and how many sequences there are
 */
export function alphabetOf({ symbols, most, sequences }) {
  return {
    symbols: Array.isArray(symbols) ? symbols.map(String) : [],
    most: Number(most ?? 1),
    count: Number(sequences ?? 1),
  };
}
