/** Names one entry of a parameter as formulas do. Pure. */

/**
 * LaTeX of an entry: W⁽¹⁾₁₂ for the entry [0, 1] of "layers.0.weight", and the name itself for parameters without a
 * customary symbol.
 * @param {string} name as the model has it
 * @param {readonly number[]} index of the entry, from 0
 */
export function parameterLatex(name, index) {
  const places = index.length ? `[${index.map((at) => at + 1).join(",")}]` : "";
  return customary(name, index) ?? `\\text{${name.replaceAll("_", "\\_")}}${places}`;
}

/**
 * LaTeX of the derivative by an entry, and what w stands for in it, if its parameter has no customary symbol.
 * @param {string} name @param {readonly number[]} index
 * @returns {{latex: string, where: string}}
 */
export function derivative(name, index) {
  const symbol = customary(name, index);
  const latex = `\\frac{\\partial \\ell}{\\partial ${symbol ?? "w"}}`;
  return { latex, where: symbol ? "" : `w = ${name}[${index.map((at) => at + 1).join(", ")}]` };
}

/** @param {string} name @param {readonly number[]} index */
function customary(name, index) {
  const [, layer, kind] = /^layers\.(\d+)\.(weight|bias)$/.exec(name) ?? [];
  if (layer === undefined) return null;
  const places = index.map((at) => at + 1);
  const entry = places.join(places.some((at) => at > 9) ? "," : "");
  return `${kind === "bias" ? "b" : "W"}^{(${Number(layer) + 1})}${entry && `_{${entry}}`}`;
}
