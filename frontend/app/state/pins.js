/** The settings that presentation mode shows: the viewer's own choice, else a few that each family has. */

import { signal } from "@preact/signals-core";
import { applies, knobsOf } from "./knobs.js";
import { recall, remember } from "./memory.js";

/**
 * @typedef {import("../types/api.js").Catalogue} Catalogue
 * @typedef {import("../types/api.js").Knob} Knob
 * @typedef {import("../types/api.js").Spec} Spec
 */

/** As many as fit beside a curve on a projector. */
export const MAX_PINS = 3;
/** The most useful ones first; a spec has some of them. */
const DEFAULTS = [
  "optimizer.lr", "model.beta", "model.cell", "model.heads", "data.noise", "model.activation", "training.batch_size",
]; // prettier-ignore
/** Types whose controls are too high, or are changed in the picture. */
const LARGE = new Set(["blocks", "layers", "features", "text", "schedules"]);

/** The chosen paths; null if none was ever chosen. @type {import("@preact/signals-core").Signal<string[] | null>} */
const chosen = signal(stored());

/** @returns {string[] | null} */
function stored() {
  const found = recall("pins", /** @type {unknown} */ (null));
  return Array.isArray(found) && found.every((path) => typeof path === "string") ? found : null;
}

/**
 * The settings that may be pinned, in the form's order.
 * @param {Catalogue} catalogue
 * @param {Spec} spec
 * @returns {Knob[]}
 */
export function pinnable(catalogue, spec) {
  return knobsOf(catalogue, spec).filter(
    (knob) => !LARGE.has(knob.type) && (!knob.path.startsWith("model.") || applies(knob, spec.model)),
  );
}

/**
 * The settings shown in presentation mode.
 * @param {Catalogue} catalogue
 * @param {Spec} spec
 * @returns {Knob[]} at most MAX_PINS; the defaults if the spec has none of the chosen ones
 */
export function pinned(catalogue, spec) {
  const all = pinnable(catalogue, spec);
  const among = (/** @type {string[]} */ paths) =>
    paths.flatMap((path) => all.filter((knob) => knob.path === path)).slice(0, MAX_PINS);
  const own = among(chosen.value ?? []);
  return own.length > 0 ? own : among(DEFAULTS);
}

/**
 * Pins or unpins a setting; the one pinned first gives way to one too many. Paths that this spec does not have
 * stay chosen for the runs that have them.
 * @param {Catalogue} catalogue
 * @param {Spec} spec
 * @param {string} path
 * @param {boolean} on
 */
export function setPinned(catalogue, spec, path, on) {
  const shown = pinned(catalogue, spec).map((knob) => knob.path);
  const here = new Set(pinnable(catalogue, spec).map((knob) => knob.path));
  const elsewhere = (chosen.value ?? []).filter((one) => !here.has(one));
  const rest = shown.filter((one) => one !== path);
  chosen.value = [...(on ? [...rest.slice(1 - MAX_PINS), path] : rest), ...elsewhere];
  remember("pins", chosen.value);
}
