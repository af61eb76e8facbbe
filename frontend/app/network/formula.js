/**
 * Writes in LaTeX what a layer or a unit computes. Pure.
 *
 * @typedef {{layer: number, output: boolean, formula: string, residual: boolean, bias: boolean,
 *   input: string}} Terms `formula` is the activation's, in z; `input` is what layer 1 sees
 */

/** The input vector of a layer. @param {Terms} terms */
const incoming = ({ layer, input }) => (layer === 1 ? input : `h^{(${layer - 1})}`);

/**
 * h = σ(W h + b), with the activation written out if it has one z, and beside the formula if it has more.
 * @param {Terms} terms
 */
export function layerFormula(terms) {
  const bias = terms.bias ? ` + b^{(${terms.layer})}` : "";
  const sum = `W^{(${terms.layer})} ${incoming(terms)}${bias}`;
  const name = terms.output ? "f(x)" : `h^{(${terms.layer})}`;
  return equation(name, sum, terms.formula, terms.residual ? incoming(terms) : "");
}

/**
 * A unit with its numbers: the largest terms of its sum, and its bias.
 * @param {Terms} terms
 * @param {{unit: number, weights: ArrayLike<number> | null, bias: number | null, names: string[],
 *   single: boolean, most: number}} unit `names` are the inputs'; `single`: it is the layer's
 *   only unit
 */
export function unitFormula(terms, { unit, weights, bias, names, single, most }) {
  const order = Array.from(names.keys()).sort(
    (a, b) => Math.abs(weights?.[b] ?? 0) - Math.abs(weights?.[a] ?? 0),
  );
  const kept = weights ? order.slice(0, most).sort((a, b) => a - b) : [];
  let sum = kept.map((i, at) => term(weights?.[i] ?? 0, names[i] ?? "", at === 0)).join(" ");
  if (names.length > kept.length) sum += sum ? " + \\dots" : "\\dots";
  if (bias !== null) sum += ` ${term(bias, "", false)}`;
  const at = `${unit + 1}`;
  // Classes are counted from 0, units from 1.
  const output = single ? "f(x)" : `f_{${unit}}(x)`;
  const name = terms.output ? output : `h^{(${terms.layer})}_{${at}}`;
  const skip = terms.residual ? (names[unit] ?? `h^{(${terms.layer - 1})}_{${at}}`) : "";
  return equation(name, sum, terms.formula, skip);
}

/** @param {string} name @param {string} sum @param {string} formula in z @param {string} skip */
function equation(name, sum, formula, skip) {
  const plus = skip ? ` + ${skip}` : "";
  if (formula === "z") return `${name} = ${sum}${plus}`;
  const inside = substitute(formula, sum);
  if (inside) return `${name} = ${inside}${plus}`;
  return `${name} = ${formula}${plus},\\quad z = ${sum}`;
}

/**
 * The formula with its only z replaced; null if it has several, or none that stands alone.
 * @param {string} formula @param {string} sum
 */
export function substitute(formula, sum) {
  const found = [...formula.matchAll(/(?<![a-zA-Z\\])z(?![a-zA-Z_])/g)];
  const only = found[0];
  if (!only || found.length > 1) return null;
  const before = formula.slice(0, only.index);
  const after = formula.slice(only.index + 1);
  if (/[(,]\s*$/.test(before) && /^\s*[),]/.test(after)) return before + sum + after;
  if (/\\[a-z]+ $/.test(before) && after === "") return `${before.trimEnd()}(${sum})`;
  return null;
}

/** A signed term of a sum. @param {number} w @param {string} name @param {boolean} first */
function term(w, name, first) {
  const sign = w < 0 ? (first ? "-" : "- ") : first ? "" : "+ ";
  return `${sign}${latexNumber(Math.abs(w))}${name ? `\\,${name}` : ""}`;
}

/** A number with three significant digits, as a power of ten if that is shorter. @param {number} value */
export function latexNumber(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "\\mathrm{NaN}" : "\\infty";
  if (value === 0) return "0";
  if (value >= 1e-3 && value < 1e5) return `${Number(value.toPrecision(3))}`;
  const [digits, power] = value.toExponential(1).split("e");
  return `${digits}\\cdot 10^{${Number(power)}}`;
}
