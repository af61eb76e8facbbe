/** Chooses the control for a knob by its type. */

import { nothing } from "lit-html";
import { change, changeMany } from "../state/actions.js";
import { kindsOf, valueAt } from "../state/spec-edits.js";
import { blocksControl } from "./blocks.js";
import { choiceControl, select } from "./choice.js";
import { featuresControl } from "./features.js";
import { layersControl } from "./layers.js";
import { numberControl } from "./number.js";
import { optionsControl } from "./options.js";
import { seedControl } from "./seed.js";
import { switchControl } from "./switch.js";
import { scaleOf } from "./scale.js";
import { textControl } from "./text.js";

/**
 * @typedef {import("../types/api.js").Catalogue} Catalogue
 * @typedef {import("../types/api.js").Knob} Knob
 * @typedef {import("../types/api.js").Spec} Spec
 */

/**
 * @param {Catalogue} catalogue
 * @param {Spec} spec
 * @param {Knob} knob
 * @returns {unknown}
 */
export function knobControl(catalogue, spec, knob) {
  const value = valueAt(spec, knob.path);
  const set = (/** @type {unknown} */ next) => void change(knob.path, next);
  switch (knob.type) {
    case "integer":
    case "number":
      if (!scaleOf(knob) && knob.type === "integer") return seedControl(knob, value, set);
      return numberControl(knob, value, set);
    case "boolean":
      return switchControl(knob, value, set);
    case "choice":
      return optionsControl(knob, String(value), set);
    case "text":
      return textControl(knob, String(value ?? ""), set);
    case "blocks":
      return blocksControl(knob, catalogue.blocks, value, set);
    case "layers":
      return layersControl(knob, value, activationOf(spec));
    case "features":
      return featuresControl(knob, fittingFeatures(catalogue, spec), value, set);
    case "activations":
      return choiceControl(knob, catalogue.activations, value, set);
    case "initializers":
      return choiceControl(knob, catalogue.initializers, value, set);
    case "schedules":
      return kindControl(catalogue, spec, knob.path, knob);
  }
  return nothing;
}

/**
 * The control for the kind of a section; for a nested section with its knobs.
 * @param {Catalogue} catalogue
 * @param {Spec} spec
 * @param {string} section
 * @param {Pick<Knob, "label" | "symbol" | "explain" | "restart">} about
 * @returns {unknown}
 */
export function kindControl(catalogue, spec, section, about) {
  const rows = kindsOf(catalogue, section);
  const kind = valueAt(spec, `${section}.kind`);
  const path = `${section}.kind`;
  const nested = section.includes(".");
  const knobs = nested ? (rows.find((row) => row.kind === kind)?.knobs ?? []) : [];
  return [
    select({ ...about, path }, rows, kind, (next) => void changeMany({ [path]: next })),
    ...knobs.map((knob) => knobControl(catalogue, spec, knob)),
  ];
}

/** @param {Spec} spec @returns {import("../types/api.js").Choice | import("../types/api.js").Choice[]} */
function activationOf({ model }) {
  return /** @type {any} */ (model["activation"]) ?? "linear";
}

/** @param {Catalogue} catalogue @param {Spec} spec */
function fittingFeatures(catalogue, spec) {
  const inputs = catalogue.data.find((row) => row.kind === spec.data.kind)?.inputs ?? 2;
  return catalogue.features.filter((row) => row.inputs <= inputs);
}
