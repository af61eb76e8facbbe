/** The actions of the page. Controls, network, panels and shortcuts call these and no module below. */

import { ApiError } from "../stream/api-error.js";
import { send } from "./commanding.js";
import { edit } from "./editing.js";
import { onPage, actionsSent, pending } from "./transitions.js";
import { shown } from "./shown.js";
import * as store from "./store.js";

export { deleteRun, newRun, openRun } from "./choosing.js";
export { hasEnded } from "./ended.js";
export { forkHere, viewStep, reset, retry } from "./earlier-steps.js";
export { pause, play, setPace, step, toggle } from "./transport.js";
export { forkWatched } from "./watching.js";

/** @param {string} path @param {unknown} value */
export function change(path, value) {
  return edit({ [path]: value });
}

/** @param {{[path: string]: unknown}} changes */
export function changeMany(changes) {
  return edit(changes);
}

/** Starts a run with other initial weights and the same settings. */
export function newSeed() {
  return onPage(async (pass) => {
    const seed = shown.spec.value?.seed ?? 0;
    const changed = change("seed", (seed + 1) % (store.catalogue.value?.seed.max ?? 2 ** 31));
    pass();
    await changed;
  });
}

/**
 * Sets one number of the network, in the run on the page only, never in a run that is about to replace
 * it. Throws if the server refuses, so that the field can show the message.
 * @param {string} parameter
 * @param {number[]} index
 * @param {number} value
 */
export async function setNumber(parameter, index, value) {
  const run = shown.run.value;
  const hint = "Set the number in that run.";
  if (!run) throw new ApiError(0, { code: "typed", message: "There is no run" });
  if (pending()) throw new ApiError(0, { code: "typed", message: "Another run is loading", hint });
  await actionsSent();
  await send(run.id, { kind: "edit", edits: [{ parameter, index, value }] });
}
