/** The sequence that the pictures of a model on sequences are of: all of them show the same one. */

import { signal } from "@preact/signals-core";
import { recallPart, rememberPart } from "../../state/memory.js";

/**
 * What is typed, or a test sequence by its number.
 * @typedef {{text: string | null, example: number}} Chosen
 */

/** @typedef {import("../../types/api.js").Spec} Spec */

/** @type {Chosen} */
const FIRST = { text: null, example: 0 };

export const chosen = signal(FIRST);

let task = "";

/** What a reload finds again. */
const KEPT = "sequence";

/**
 * Looks at another sequence, and remembers it for the task at hand.
 * @param {Chosen} next
 */
export function choose(next) {
  chosen.value = next;
  rememberPart(KEPT, task, { task, ...next });
}

/**
 * Keeps what is typed as long as it can be read: another task or another family may know other
 * symbols, and fewer of them. A page that has just been loaded takes up what was chosen last.
 * @param {Spec} spec
 */
export function settle(spec) {
  const next = taskOf(spec);
  if (next === task) return;
  const kept = task === "" ? recallPart(KEPT, next) : null;
  task = next;
  chosen.value = keptFor(next, kept) ?? FIRST;
}

/**
 * @param {string} task
 * @param {unknown} kept what storage held: anything
 * @returns {Chosen | null} if it is a sequence, and was chosen for this task
 */
export function keptFor(task, kept) {
  const { task: its, text, example } = /** @type {any} */ (kept ?? {});
  const readable = text === null || (typeof text === "string" && text !== "");
  if (its !== task || !readable || !Number.isInteger(example) || example < 0) return null;
  return { text, example };
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
 * @param {import("../../types/pictures.js").Facts} facts of a probe of sequences
 * @returns {{
 *   symbols: string[], most: number, pair: import("../../inputs/sequence.js").Pair | null, count: number,
 * }} the alphabet (none of real numbers), how many of it may be typed, alone and as a source with its
 *   answer, and how many sequences there are
 */
export function alphabetOf({ symbols, most, separator, most_whole: whole, sequences }) {
  return {
    pair: separator ? { separator: String(separator), most: Number(whole) } : null,
    symbols: Array.isArray(symbols) ? symbols.map(String) : [],
    most: Number(most ?? 1),
    count: Number(sequences ?? 1),
  };
}
