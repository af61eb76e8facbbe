/** The quick settings, which presentation mode shows: the viewer's choice, or else a few that each family has. */

import { signal } from "@preact/signals-core";
import { applies, knobsOf } from "./knobs.js";
import { recall, remember } from "./memory.js";

/**
 * @typedef {import("../types/api.js").Catalogue} Catalogue
 * @typedef {import("../types/api.js").Knob} Knob
 * @typedef {import("../types/api.js").Spec} Spec
 */

/** As many as fit beside a curve on a projector. */
export const MAX_QUICK_SETTINGS = 3;
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
  const earlier = recall("pins", /** @type {unknown} */ (null)); // the name in earlier versions
  const found = recall("quick-settings", earlier);
  return Array.isArray(found) && found.every((path) => typeof path === "string") ? found : null;
}

/**
 * The settings that may be chosen, in the form's order.
 * @param {Catalogue} catalogue
 * @param {Spec} spec
 * @returns {Knob[]}
 */
export function eligible(catalogue, spec) {
  return knobsOf(catalogue, spec).filter(
    (knob) => !LARGE.has(knob.type) && (!knob.path.startsWith("model.") || applies(knob, spec.model)),
  );
}

/**
 * The chosen settings that the spec has.
 * @param {Catalogue} catalogue
 * @param {Spec} spec
 * @returns {Knob[]} at most MAX_QUICK_SETTINGS; the defaults if the spec has none of the chosen ones
 */
export function quickSettings(catalogue, spec) {
  const all = eligible(catalogue, spec);
  const among = (/** @type {string[]} */ paths) =>
    paths.flatMap((path) => all.filter((knob) => knob.path === path)).slice(0, MAX_QUICK_SETTINGS);
  const own = among(chosen.value ?? []);
  return own.length > 0 ? own : among(DEFAULTS);
}

/**
 * Chooses a setting, or no longer. The earliest choice is removed when there is one too many. Paths that this spec
 * does not have stay chosen for the runs that have them.
 * @param {Catalogue} catalogue
 * @param {Spec} spec
 * @param {string} path
 * @param {boolean} on
 */
export function setQuickSetting(catalogue, spec, path, on) {
  const shown = quickSettings(catalogue, spec).map((knob) => knob.path);
  const here = new Set(eligible(catalogue, spec).map((knob) => knob.path));
  const elsewhere = (chosen.value ?? []).filter((one) => !here.has(one));
  const rest = shown.filter((one) => one !== path);
  chosen.value = [...(on ? [...rest.slice(1 - MAX_QUICK_SETTINGS), path] : rest), ...elsewhere];
  remember("quick-settings", chosen.value);
}
