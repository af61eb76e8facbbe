/**
 * The place in the walk through a step of training: the stage, the example, the entry that is worked out. It is kept
 * whichever run and view are on the page, also when it is loaded again, and it is what the keys of the page move.
 */

import { computed, effect, signal } from "@preact/signals-core";
import { recall, remember } from "../../state/memory.js";
import { storedPlace } from "./stored-place.js";

/** @typedef {"batch" | "train" | "test"} Part */
/** @typedef {{id: string, group: "forward" | "backward" | "update", section?: string, label: string, title: string}} Stage */
/** @typedef {{row: number, column: number}} Entry */
/** What an option of some families can be. @typedef {number | string | readonly (readonly number[])[]} Other */

/** The probe that gives the stages, and the name of their tab. */
export const PROBE = "step_by_step";

/** The name under which the place is stored. */
const STORAGE_KEY = "walk";
const kept = storedPlace(recall(STORAGE_KEY, /** @type {unknown} */ (null)));

/** The chosen stage by its id; null is the first. */
export const stage = signal(kept.stage);
/** The stages of the run on the page; empty before its first picture. */
export const stages = signal(/** @type {readonly Stage[]} */ ([]));
/** Where the example is from, and its number there. */
export const example = signal(kept.example);
/** A sequence of one's own in place of the example, as typed. */
export const typed = signal(kept.typed);
/** The entry that is worked out; null is the one that the server takes. */
export const entry = signal(kept.entry);
/** The parameter whose update is shown; null is the first. */
export const parameter = signal(kept.parameter);
/** Options of some families alone, such as the place in a sequence; without one, the server chooses. */
export const others = signal(kept.others);
/** Whether the stages follow one another by themselves. */
export const playing = signal(false);

effect(() => {
  /** @type {import("./stored-place.js").Place} */
  const place = {
    stage: stage.value,
    example: example.value,
    typed: typed.value,
    entry: entry.value,
    parameter: parameter.value,
    others: others.value,
  };
  remember(STORAGE_KEY, place);
});

/** The number of the chosen stage; 0 before the stages are known. */
export const at = computed(() => Math.max(0, stages.value.findIndex(({ id }) => id === stage.value)));

/** The options of the probe. */
export const options = computed(() => ({
  ...(stage.value !== null && { stage: stage.value }),
  ...(typed.value === null ? { part: example.value.part, example: example.value.number } : { text: typed.value }),
  ...(entry.value ?? {}),
  ...others.value,
  ...(parameter.value !== null && { parameter: parameter.value }),
}));

/** The chosen entry; of matrices and vectors the first, where none was chosen. @returns {Entry} */
export const entryNow = () => entry.peek() ?? { row: 0, column: 0 };

/** @param {string} id of a stage */
export function goTo(id) {
  playing.value = false;
  stage.value = id;
}

/**
 * Moves to a neighbouring stage.
 * @param {1 | -1} by
 * @returns {boolean} false at the end
 */
export function move(by) {
  const next = stages.peek()[at.peek() + by];
  if (next) stage.value = next.id;
  return next !== undefined;
}

/** Moves to a neighbouring stage, and ends the play of all. @param {1 | -1} by */
export function moveByHand(by) {
  playing.value = false;
  return move(by);
}

/**
 * Ends a typed sequence, too.
 * @param {Partial<{part: Part, number: number}>} changes another part begins with its first example
 */
export function chooseExample(changes) {
  typed.value = null;
  const now = example.peek();
  const other = changes.part !== undefined && changes.part !== now.part;
  example.value = { ...now, ...(other && { number: 0 }), ...changes };
}

/** @param {string} option @param {Other | null} value null leaves the choice to the server */
export const chooseOther = (option, value) => chooseOthers({ [option]: value });

/** Chooses several at once. @param {{[option: string]: Other | null}} changes */
export function chooseOthers(changes) {
  const chosen = Object.entries({ ...others.peek(), ...changes });
  others.value = Object.fromEntries(chosen.flatMap(([option, value]) => (value === null ? [] : [[option, value]])));
}

/**
 * Takes back what a run refuses: another run may have neither the stage, nor the example, nor the parameter, nor the
 * symbols of a typed sequence.
 * @param {string} path of the refused option
 * @returns {boolean} whether anything was taken back
 */
export function takeBack(path) {
  if (path === "options.stage" && stage.peek() !== null) stage.value = null;
  else if (path === "options.parameter" && parameter.peek() !== null) parameter.value = null;
  else if (path === "options.text" && typed.peek() !== null) typed.value = null;
  else if (path === "options.example" && example.peek().number > 0) chooseExample({ number: 0 });
  else if (path === "options.example" && example.peek().part !== "batch") chooseExample({ part: "batch" });
  else {
    const { [path.split(".")[1] ?? ""]: refused, ...kept } = others.peek();
    if (refused === undefined) return false;
    others.value = kept;
  }
  return true;
}
