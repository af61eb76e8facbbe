/**
 * Describes a layer or a unit in words and formulas. Pure.
 *
 * @typedef {import("./topology.js").Column} Column
 * @typedef {{layer: number, unit: number}} Unit
 * @typedef {import("./topology.js").Net} Net
 */
import { layerFormula, unitFormula } from "./formula.js";

/** @param {Column} column @param {number} unit */
export function unitTitle(column, unit) {
  if (column.role === "input") {
    return column.cells.find((cell) => cell.unit === unit)?.label ?? `Input ${unit + 1}`;
  }
  if (column.role === "output") return column.total === 1 ? "Output" : `Output, class ${unit}`;
  return `${column.title}, unit ${unit + 1}`;
}

/** The note beside a unit's title. @param {Net} net @param {number} layer
 * @param {(kind: string) => string} activationLabel */
export function unitNote(net, layer, activationLabel) {
  const column = net.columns[layer];
  if (column?.role === "hidden") return activationLabel(column.activation);
  const { label, formula } = net.link;
  return column?.role === "output" && formula ? `f(x), before the ${label}` : "";
}

/** The names of the units before a layer. @param {Net} net @param {number} layer */
export function sourceNames({ columns, features }, layer) {
  if (layer === 1) return features.map((feature) => feature.label);
  return Array.from({ length: columns[layer - 1]?.total ?? 0 }, (_, unit) => `unit ${unit + 1}`);
}

/** @param {Net} net @param {number} layer @returns {import("./formula.js").Terms} */
function terms({ columns, features }, layer) {
  const column = columns[layer];
  return {
    layer,
    output: column?.role === "output",
    formula: column?.formula || "z",
    residual: column?.residual ?? false,
    bias: column?.bias ?? false,
    // Features other than the coordinates are functions of them.
    input: features.every((feature) => feature.linear) ? "x" : "\\varphi(x)",
  };
}

/** The states of a unit that learns nothing from the data, as the probe `activity` reports them. */
const STATES = new Map([
  ["dead", "dead: z ≤ 0 at every training example"],
  ["saturated", "saturated: nearly flat at every training example"],
]);

/**
 * The bar's line for a whole layer.
 * @param {Net} net @param {number} layer
 * @param {{dead: number, saturated: number}} silent units that respond to no training example
 */
export function layerDescription(net, layer, silent) {
  const column = net.columns[layer];
  const before = net.columns[layer - 1]?.total ?? 0;
  const units = column?.total ?? 0;
  const weights = `${count(units)} × ${count(before)} weights`;
  const biases = column?.bias ? ` + ${count(units)} ${units === 1 ? "bias" : "biases"}` : "";
  const states = [silent.dead && `${silent.dead} dead`, silent.saturated && `${silent.saturated} saturated`];
  const stateText = states.filter(Boolean).map((words) => `, ${words}`).join("");
  const name = column?.role === "output" ? "Output layer" : `Hidden layer ${layer}`;
  const link = column?.role === "output" ? net.link.formula : "";
  const latex = layerFormula(terms(net, layer)) + (link ? `,\\quad ${link}` : "");
  return { name, latex, facts: weights + biases + stateText };
}

/**
 * The bar's line for one unit, with its present numbers.
 * @param {Net} net @param {Unit} at
 * @param {{weights: ArrayLike<number> | null, bias: number | null, most: number, state?: string}}
 *   numbers all weights into it, or null until they are received; state: whether it is dead or saturated
 */
export function unitDescription(net, { layer, unit }, { weights, bias, most, state = "" }) {
  const column = net.columns[layer];
  const title = column ? unitTitle(column, unit) : "";
  if (layer === 0) {
    const formula = net.features[unit]?.formula ?? "";
    return { name: "Input feature", latex: formula, facts: "an input of the first layer" };
  }
  const total = net.columns[layer - 1]?.total ?? 0;
  const names =
    layer === 1
      ? net.features.map((feature) => feature.formula)
      : Array.from({ length: total }, (_, i) => `h^{(${layer - 1})}_{${i + 1}}`);
  const latex = unitFormula(terms(net, layer), {
    unit,
    weights,
    bias,
    names,
    single: column?.total === 1,
    most,
  });
  const some = total > most ? `largest ${most} of ${count(total)} weights` : "";
  const facts = weights ? some : `loading ${count(total)} weights`;
  return { name: title, latex, facts: [facts, STATES.get(state)].filter(Boolean).join(", ") };
}

/** An edge in words. @param {Net} net @param {{layer: number, from: number, to: number}} edge */
export function edgeDescription(net, { layer, from, to }) {
  const column = net.columns[layer];
  const source = sourceNames(net, layer)[from] ?? "";
  const output = column?.total === 1 ? "output" : `class ${to}`;
  const target = column?.role === "output" ? output : `unit ${to + 1}`;
  return `weight from ${source} to ${target}`;
}

/** @param {number} number */
const count = (number) => number.toLocaleString("en");
