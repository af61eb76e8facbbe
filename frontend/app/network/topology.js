/**
 * Computes the columns of the network and the tiles in them, from a run's layers. Pure; layout.js computes
 * their places.
 *
 * @typedef {{key: string, unit: number | null, feature: string | null, label: string}} Cell
 *   `unit` is null for an input feature that is switched off.
 * @typedef {{role: "input" | "hidden" | "output", layer: number, title: string, total: number,
 *   first: number, cells: Cell[], activation: string, formula: string, residual: boolean, bias: boolean}} Column
 *   `first` is the first unit that is shown of `total`
 * @typedef {import("../types/api.js").Layer} Layer
 * @typedef {import("../types/api.js").Catalogue["features"][number]} Feature
 * @typedef {{label: string, formula: string}} Link
 * @typedef {{columns: Column[], features: Feature[], link: Link, logits: boolean}} Net `features` are those
 *   switched on, in the order of the net's inputs; `link` is the likelihood's link of the output, `logits`
 *   whether the output is a logit that is shown as a probability
 */
import { mlpOf } from "../state/mlp.js";
import { kindOf } from "./model-changes.js";

/** @type {Link} */
const LINEAR = { label: "linear", formula: "" };
/** How many units of a layer are shown at once; the others are on other pages. */
export const UNITS_PER_PAGE = 16;

/**
 * The network of a run, or of the described spec before there is a run.
 * @param {import("../types/api.js").Catalogue | null} catalogue
 * @param {import("../types/api.js").Run | null} run
 * @param {import("../types/api.js").Described | null} described
 * @param {number[]} firsts the first shown unit, by layer
 * @returns {Net | null}
 */
export function netOf(catalogue, run, described, firsts) {
  const spec = run?.spec ?? described?.spec;
  const layers = run?.layers ?? described?.layers;
  const model = mlpOf(spec);
  if (!catalogue || !spec || !model || !layers) return null;
  const inputs = catalogue.data.find((row) => row.kind === spec.data.kind)?.inputs ?? 2;
  const fitting = catalogue.features.filter((row) => row.inputs <= inputs);
  const on = model.features;
  const objective = catalogue.objectives.find(({ kind }) => kind === spec.objective.kind);
  return {
    columns: columns(layers, on, fitting, UNITS_PER_PAGE, firsts),
    features: on.flatMap((kind) => fitting.filter((row) => row.kind === kind)),
    link: objective?.link ?? LINEAR,
    logits: objective?.shows === "probability",
  };
}

/**
 * @param {Layer[]} layers as `describe` gives them
 * @param {string[]} on the features that are switched on, in the order of the net's inputs
 * @param {Feature[]} features all that fit the data, in the catalogue's order
 * @param {number} shown the most units of a layer
 * @param {number[]} firsts the first shown unit, by layer; 0 if a layer has no such unit
 * @returns {Column[]}
 */
export function columns(layers, on, features, shown, firsts) {
  /** @type {Column[]} */
  const found = [
    {
      role: "input",
      layer: 0,
      title: "Input",
      total: on.length,
      first: 0,
      cells: features.map((feature) => {
        const unit = on.indexOf(feature.kind);
        return {
          key: feature.kind,
          unit: unit < 0 ? null : unit,
          feature: feature.kind,
          label: feature.label,
        };
      }),
      activation: "",
      formula: "",
      residual: false,
      bias: false,
    },
  ];
  layers.forEach((layer, index) => {
    const total = layer.weight?.[0] ?? 0;
    const wanted = firsts[index + 1] ?? 0;
    const first = wanted < total ? wanted : 0;
    found.push({
      role: index === layers.length - 1 ? "output" : "hidden",
      layer: index + 1,
      title: layer.label,
      total,
      first,
      cells: Array.from({ length: Math.min(total - first, shown) }, (_, at) => ({
        key: `${index + 1}.${first + at}`,
        unit: first + at,
        feature: null,
        label: `${first + at + 1}`,
      })),
      activation: kindOf(layer.activation),
      formula: layer.formula,
      residual: layer.residual,
      bias: layer.bias !== null,
    });
  });
  return found;
}

/** The cell index of each shown unit of a column, none of others: input features are in the catalogue's order.
 * @param {Column} column @returns {number[]} */
export function cellsByUnit(column) {
  /** @type {number[]} */
  const found = [];
  column.cells.forEach((cell, index) => {
    if (cell.unit !== null) found[cell.unit] = index;
  });
  return found;
}
