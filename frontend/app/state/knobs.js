/** Finds the knobs of a spec in the catalogue: this file names no knob. */

import { kindsOf, valueAt } from "./spec-edits.js";

/**
 * @typedef {import("../types/api.js").Catalogue} Catalogue
 * @typedef {import("../types/api.js").Knob} Knob
 * @typedef {import("./run-state.js").Written} Written
 */

const SECTIONS = ["data", "model", "objective", "optimizer", "optimizer.schedule"];

/**
 * Every knob of this spec, in the catalogue's order.
 * @param {Catalogue} catalogue
 * @param {Written} spec  a filled spec
 * @returns {Knob[]}
 */
export function knobsOf(catalogue, spec) {
  const sections = SECTIONS.flatMap((section) => knobsIn(catalogue, spec, section));
  return [catalogue.seed, catalogue.arithmetic, ...sections, ...catalogue.regularization, ...catalogue.training];
}

/**
 * The knobs of one section, for the chosen kind.
 * @param {Catalogue} catalogue
 * @param {Written} spec
 * @param {string} section
 * @returns {Knob[]}
 */
export function knobsIn(catalogue, spec, section) {
  const kind = valueAt(spec, `${section}.kind`);
  return kindsOf(catalogue, section).find((row) => row.kind === kind)?.knobs ?? [];
}

/**
 * Whether a knob has any effect: the forget gate's bias has none on a cell other than an LSTM.
 * @param {Knob} knob
 * @param {object | undefined} part  of the spec that contains it
 */
export function applies({ when }, part) {
  const beside = /** @type {{[name: string]: unknown} | undefined} */ (part);
  return Object.entries(when ?? {}).every(([name, values]) => values.includes(String(beside?.[name])));
}

/**
 * Whether a change of the field needs a new run. A kind restarts unless its section is a live knob
 * itself, as the schedule is; a field that the catalogue does not know is left to the server.
 * @param {Catalogue} catalogue
 * @param {Written} spec
 * @param {string} path
 */
export function restarts(catalogue, spec, path) {
  const knobs = knobsOf(catalogue, spec);
  const owner = knobs.find((knob) => path === knob.path || path.startsWith(`${knob.path}.`));
  return owner?.restart ?? true;
}
