/** Describes specs in a few words: a run's name, and its differences from another. */

import { knobsOf } from "./knobs.js";
import { mlpOf } from "./mlp.js";
import { differences, kindsOf, withValue } from "./spec-edits.js";

/**
 * @typedef {import("../types/api.js").Catalogue} Catalogue
 * @typedef {import("../types/api.js").Choice} Choice
 * @typedef {import("../types/api.js").Spec} Spec
 * @typedef {import("../types/api.js").BlockSpec} BlockSpec
 * @typedef {{path: string, from: unknown, to: unknown}} Difference
 */

const GREEK = {
  alpha: "α", beta: "β", gamma: "γ", epsilon: "ε", eta: "η", lambda: "λ", mu: "μ", omega: "ω",
  rho: "ρ", sigma: "σ",
}; // prettier-ignore
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

/**
 * "Spiral, 8·8 tanh"
 * @param {Catalogue} catalogue
 * @param {Spec} spec
 */
export function nameOf(catalogue, spec) {
  const data = labelOf(catalogue.data, spec.data.kind);
  return `${data}, ${modelWords(catalogue, spec)}`;
}

/** @param {Catalogue} catalogue @param {Spec} spec */
function modelWords(catalogue, spec) {
  const mlp = mlpOf(spec);
  if (!mlp) return familyWords(catalogue, spec.model);
  const { hidden, activation } = mlp;
  return hidden.length
    ? `${widthsOf(hidden)} ${activationWords(catalogue, activation)}`
    : "no hidden layer";
}

/**
 * A model of another family by what distinguishes it: "LSTM 64", "transformer 2 × 4".
 * @param {Catalogue} catalogue
 * @param {import("../types/api.js").ModelSpec} model
 */
function familyWords(catalogue, model) {
  switch (model.kind) {
    case "cnn":
      return `CNN ${blockWords(model.blocks)}`;
    case "rnn":
      return `${CELLS[model.cell]} ${widthsOf(Array.from({ length: model.depth }, () => model.hidden))}`;
    case "transformer":
      return `transformer ${model.depth} × ${model.heads}`;
    case "vae":
      return `VAE, z of ${model.latent}`;
    case "autoencoder":
      return `autoencoder, z of ${model.latent}`;
  }
  return lower(labelOf(catalogue.models, model.kind));
}

const CELLS = { rnn: "RNN", lstm: "LSTM", gru: "GRU" };

/** The widths of blocks that have any: "16·32". @param {BlockSpec[]} blocks */
function blockWords(blocks) {
  const widths = blocks.flatMap((block) =>
    "channels" in block ? [block.channels] : "units" in block ? [block.units] : [],
  );
  return widthsOf(widths) || "without layers";
}

/**
 * The settings in which `after` differs from `before`: "η = 0.1, ReLU"; "" if they are the same.
 * @param {Catalogue} catalogue
 * @param {Spec} before
 * @param {Spec} after
 */
export function differenceWords(catalogue, before, after) {
  return differences(before, after)
    .map((difference) => changeWords(catalogue, after, difference))
    .join(", ");
}

/**
 * One change in a word or two.
 * @param {Catalogue} catalogue
 * @param {Spec} spec  after the change
 * @param {Difference} difference
 */
export function changeWords(catalogue, spec, { path, to }) {
  if (path === "model.kind") return modelWords(catalogue, spec);
  if (path.endsWith(".kind")) {
    return labelOf(kindsOf(catalogue, path.slice(0, -".kind".length)), String(to));
  }
  const knob = knobsOf(catalogue, spec).find((one) => one.path === path);
  switch (knob?.type) {
    case "layers":
      return widthsOf(/** @type {number[]} */ (to)) || "no hidden layer";
    case "blocks":
      return blockWords(/** @type {BlockSpec[]} */ (to));
    case "activations":
      return activationWords(catalogue, /** @type {Choice | Choice[]} */ (to));
    case "initializers":
      return choiceWords(catalogue.initializers, /** @type {Choice} */ (to));
    case "features":
      return /** @type {string[]} */ (to).map((name) => labelOf(catalogue.features, name)).join(" ");
    case "text":
      return to ? "own text" : `usual ${lower(knob.label)}`;
    case "choice":
      return `${lower(knob.label)} ${to}`;
    case "boolean":
      return `${to ? "+" : "−"} ${lower(knob.label)}`;
  }
  const name = plainSymbol(knob?.symbol ?? "") || lower(knob?.label ?? path);
  if (to === null) return `${lower(knob?.label ?? path)}: ${wordForNone(knob?.explain ?? "")}`;
  return `${name} = ${brief(to)}`;
}

/**
 * How a run of a list differs from the default, beside its kinds of data and model: "learning rate 0.1",
 * "hidden layers 16·16", "ReLU".
 * @param {Catalogue} catalogue
 * @param {{[path: string]: unknown}} changes  as in the run's summary
 * @returns {string[]}
 */
export function summaryWords(catalogue, changes) {
  const { data, model } = { data: catalogue.default.data.kind, model: catalogue.default.model.kind };
  const kinds = { "data.kind": data, "model.kind": model, ...changes };
  const spec = Object.entries(kinds)
    .filter(([path]) => path.endsWith(".kind"))
    .reduce(
      (all, [path, kind]) => withValue(all, path.slice(0, -".kind".length), { kind }),
      /** @type {import("./run-state.js").Written} */ (catalogue.default),
    );
  const knobs = knobsOf(catalogue, spec);
  return Object.entries(changes)
    .filter(([path]) => path !== "data.kind" && path !== "model.kind" && !path.endsWith(".schedule"))
    .map(([path, to]) => {
      const knob = knobs.find((one) => one.path === path);
      if (!knob || to === null || typeof to === "boolean" || knob.type === "choice") {
        return changeWords(catalogue, /** @type {Spec} */ (spec), { path, from: undefined, to });
      }
      const numeric = knob.type === "number" || knob.type === "integer";
      if (numeric) return `${lower(knob.label)} ${brief(to)}`;
      const words = changeWords(catalogue, /** @type {Spec} */ (spec), { path, from: undefined, to });
      return knob.type === "layers" && /^\d/.test(words) ? `${lower(knob.label)} ${words}` : words;
    });
}

/** The label of a kind, or the kind itself if the catalogue does not know it. @param {{kind: string, label: string}[]} rows @param {string} kind */
export const kindLabel = (rows, kind) => labelOf(rows, kind);

/** @param {number[]} hidden */
function widthsOf(hidden) {
  if (hidden.length > 5) return `${hidden.length} layers of ${[...new Set(hidden)].join("/")}`;
  return hidden.join("·");
}

/** @param {Catalogue} catalogue @param {Choice | Choice[]} activation */
function activationWords(catalogue, activation) {
  const all = Array.isArray(activation) ? activation : [activation];
  return [...new Set(all.map((one) => choiceWords(catalogue.activations, one)))].join("/");
}

/** @param {{kind: string, label: string}[]} rows @param {Choice} choice */
function choiceWords(rows, choice) {
  return labelOf(rows, typeof choice === "string" ? choice : choice.kind);
}

/** @param {{kind: string, label: string}[]} rows @param {string} kind */
function labelOf(rows, kind) {
  return rows.find((row) => row.kind === kind)?.label ?? kind;
}

/**
 * A short LaTeX symbol as plain text, "\lambda_1" as "λ₁"; "" where that would need typesetting.
 * @param {string} symbol
 */
export function plainSymbol(symbol) {
  const [, greek, letter, digit] = /^(?:\\([a-z]+)|([A-Za-z]))(?:_(\d))?$/.exec(symbol) ?? [];
  const base = letter ?? GREEK[/** @type {keyof typeof GREEK} */ (greek)];
  return base ? base + (digit ? SUBSCRIPTS[Number(digit)] : "") : "";
}

/**
 * The meaning of null, from the catalogue's sentence: "Examples a step; none is the full batch."
 * @param {string} explain
 */
export function wordForNone(explain) {
  return /\bnone is (.+?)\.?$/.exec(explain)?.[1] ?? "none";
}

/** @param {string} text */
function lower(text) {
  // "L1 penalty" keeps its capital, "Batch size" does not.
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** @param {unknown} value */
function brief(value) {
  if (typeof value !== "number") return String(value);
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return value.toLocaleString("en");
  if (size < 1e-3 || size >= 1e6) return value.toExponential(2).replace(/\.?0*e\+?/, "e");
  return String(Number(value.toPrecision(3)));
}
