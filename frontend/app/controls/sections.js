/**
 * Makes the sections of the form. For a multilayer perceptron, training comes before the model: the model's
 * shape is changed in the picture, but the learning rate and the batch size only here.
 */

import { html, nothing } from "lit-html";
import { arithmeticWords } from "../state/arithmetic.js";
import { recall, rememberPart } from "../state/memory.js";
import { applies, knobsIn } from "../state/knobs.js";
import { objectivesOf } from "../state/spec-edits.js";
import { kindControl, knobControl } from "./knob.js";
import { scaleOf } from "./scale.js";
import { dataControl } from "./data.js";

/**
 * @typedef {import("../types/api.js").Catalogue} Catalogue
 * @typedef {import("../types/api.js").Described} Described
 * @typedef {import("../types/api.js").Knob} Knob
 * @typedef {import("../types/api.js").Run} Run
 * @typedef {import("../types/api.js").Spec} Spec
 */

/** @type {Record<string, boolean>} */
const folded = { Objective: true, ...recall("folded", {}) };

/**
 * Types of the model's knobs that are folded. A multilayer perceptron's shape is changed in its picture;
 * the shape of other families can be changed only here.
 */
const FOLDED = {
  mlp: new Set(["features", "layers", "boolean"]),
  others: new Set(["activations", "initializers", "boolean"]),
};

/**
 * @param {Catalogue} catalogue
 * @param {Spec} spec
 * @param {Described | null} described
 * @param {Run | null} run  whose arithmetic is shown
 */
export function sections(catalogue, spec, described, run) {
  const controls = (/** @type {Knob[]} */ knobs) =>
    seedsLast(knobs).map((knob) => knobControl(catalogue, spec, knob));
  const data = catalogue.data.find((row) => row.kind === spec.data.kind);
  const allowed = objectivesOf(catalogue, spec.model.kind, spec.data.kind);
  const goals = catalogue.objectives.filter(({ kind }) => !allowed || allowed.includes(kind));
  const models = catalogue.models.filter(({ families }) => data && families?.includes(data.family));
  const goal = goals.find((row) => row.kind === spec.objective.kind);
  const [rate, ...otherSteps] = knobsIn(catalogue, spec, "optimizer");
  const [batch, ...otherTraining] = catalogue.training;
  const model = knobsIn(catalogue, spec, "model").filter((knob) => applies(knob, spec.model));
  const perceptron = spec.model.kind === "mlp";
  const folds = perceptron ? FOLDED.mlp : FOLDED.others;
  const arithmetic = run && html`<span data-tip=${arithmeticWords(run, catalogue.arithmetic.explain)}>${run.arithmetic}</span>`;
  const training = section("Training", arithmetic ?? "", [
    kindControl(catalogue, spec, "optimizer", aboutKind("Optimizer")),
    controls([rate, batch].filter((knob) => knob !== undefined)),
    foldedGroup("Training", [...otherSteps, ...otherTraining, ...(perceptron ? [catalogue.arithmetic] : [])], controls),
  ]);
  const network = section("Network", described ? `${number(described.parameters)} parameters` : "", [
    models.length > 1
      ? kindControl({ ...catalogue, models }, spec, "model", aboutKind("Model"))
      : nothing,
    controls(model.filter(({ type }) => !folds.has(type))),
    foldedGroup("Network", [...model.filter(({ type }) => folds.has(type)), catalogue.seed], controls),
  ]);
  return [
    section(perceptron ? `Data: ${data?.label ?? spec.data.kind}` : "Data", described ? countsOf(described) : "", [
      dataControl(catalogue.data, data),
      controls(knobsIn(catalogue, spec, "data")),
    ]),
    ...(perceptron ? [training, network] : [network, training]),
    section("Regularization", "", controls(catalogue.regularization)),
    section("Objective", goal?.label ?? "", [
      kindControl({ ...catalogue, objectives: goals }, spec, "objective", aboutKind("Objective")),
      controls(knobsIn(catalogue, spec, "objective")),
    ]),
  ];
}

/**
 * A folded group of knobs that are changed rarely, or also elsewhere, under their names.
 * @param {string} name
 * @param {Knob[]} knobs
 * @param {(knobs: Knob[]) => unknown} controls
 */
function foldedGroup(name, knobs, controls) {
  if (knobs.length === 0) return nothing;
  const key = `${name}, more`;
  const names = seedsLast(knobs).map(({ label }) => label);
  return html`<details class="collapsible" ?open=${folded[key] === false} @toggle=${rememberToggle(key)}>
    <summary><span>${names.join(" · ")}</span></summary>
    <div class="collapsible-body">${controls(knobs)}</div>
  </details>`;
}

/** Stores whether a group is folded. @param {string} key */
const rememberToggle = (key) => (/** @type {Event} */ event) => {
  folded[key] = !(/** @type {HTMLDetailsElement} */ (event.currentTarget).open);
  rememberPart("folded", key, folded[key]);
};

/** The knobs with seeds last, as they are not dragged. @param {Knob[]} knobs */
function seedsLast(knobs) {
  const isSeed = (/** @type {Knob} */ knob) => knob.type === "integer" && !scaleOf(knob);
  return [...knobs.filter((knob) => !isSeed(knob)), ...knobs.filter(isSeed)];
}

/** @param {string} label */
const aboutKind = (label) => ({
  label,
  symbol: "",
  explain: `Choose another ${label.toLowerCase()}.`,
  restart: true,
});

/** @param {Described} described */
function countsOf({ train_count, test_count }) {
  return `${number(train_count)} train, ${number(test_count)} test`;
}

/** @param {number} value */
const number = (value) => value.toLocaleString("en");

/** @param {string} title @param {unknown} caption @param {unknown} body */
function section(title, caption, body) {
  const [name = "", chosen = ""] = title.split(": ");
  return html`<details
    class="section"
    ?open=${!folded[name]}
    @toggle=${rememberToggle(name)}
  >
    <summary>
      <h2>${name}${chosen ? html` <span>${chosen}</span>` : nothing}</h2>
      <span class="caption number">${caption}</span>
    </summary>
    <div class="section-body">${body}</div>
  </details>`;
}
