/** The chosen sequence, shared by all pictures of a model on sequences. */

import { signal } from "@preact/signals-core";
import { recallPart, rememberPart } from "../../state/memory.js";

/**
 * A typed sequence, or a test sequence by its number.
 * @typedef {{text: string | null, example: number}} SelectedSequence
 */

/** @typedef {import("../../types/api.js").Spec} Spec */

/** @type {SelectedSequence} */
const FIRST = { text: null, example: 0 };

export const selectedSequence = signal(FIRST);

let task = "";

/** The name under which the choice is stored for a reload. */
const STORAGE_KEY = "sequence";

/**
 * Chooses another sequence, and stores it for the present task.
 * @param {SelectedSequence} next
 */
export function selectSequence(next) {
  selectedSequence.value = next;
  rememberPart(STORAGE_KEY, task, { task, ...next });
}

/**
 * Keeps the typed sequence as long as it is valid: another task or family may have other or fewer symbols.
 * A page that has just been loaded restores the last choice.
 * @param {Spec} spec
 */
export function updateTask(spec) {
  const next = taskOf(spec);
  if (next === task) return;
  const kept = task === "" ? recallPart(STORAGE_KEY, next) : null;
  task = next;
  selectedSequence.value = storedSequence(next, kept) ?? FIRST;
}

/**
 * @param {string} task
 * @param {unknown} kept the stored value: anything
 * @returns {SelectedSequence | null} if it is a sequence, and was chosen for this task
 */
export function storedSequence(task, kept) {
  const { task: its, text, example } = /** @type {any} */ (kept ?? {});
  const readable = text === null || (typeof text === "string" && text !== "");
  if (its !== task || !readable || !Number.isInteger(example) || example < 0) return null;
  return { text, example };
}

/**
 * The settings that decide which sequences are valid, without the number and choice of examples.
 * @param {Pick<Spec, "data" | "model">} spec
 */
export function taskOf({ data, model }) {
  const { samples: _, test_fraction: __, seed: ___, noise: ____, ...read } = /** @type {any} */ (data);
  return JSON.stringify([model.kind, read]);
}

/**
 * @param {import("../../types/pictures.js").Facts} facts of a probe of sequences
 * @returns {{
 *   symbols: string[], marked: boolean, most: number, pair: import("../../inputs/sequence-field.js").Pair | null,
 *   count: number,
 * }} the alphabet (none for real numbers, of which summands may be marked), how many symbols may be typed, alone and
 *   as a source with its answer, and the number of sequences
 */
export function alphabetOf({ symbols, marked, most, separator, most_whole: whole, sequences }) {
  return {
    pair: separator ? { separator: String(separator), most: Number(whole) } : null,
    symbols: Array.isArray(symbols) ? symbols.map(String) : [],
    marked: marked === true,
    most: Number(most ?? 1),
    count: Number(sequences ?? 1),
  };
}
