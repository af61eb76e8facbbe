/** Names one entry of a parameter as formulas do. Pure. */

/**
 * LaTeX of an entry: W⁽¹⁾₁₂ for the entry [0, 1] of "layers.0.weight", and the name itself for parameters without a
 * customary symbol.
 * @param {string} name as the model has it
 * @param {readonly number[]} index of the entry, from 0
 */
export function parameterLatex(name, index) {
  const [, layer, kind] = /^layers\.(\d+)\.(weight|bias)$/.exec(name) ?? [];
  const places = index.map((at) => at + 1);
  const entry = places.join(places.some((at) => at > 9) ? "," : "");
  if (layer === undefined) return `\\text{${name.replaceAll("_", "\\_")}}${entry ? `[${places.join(",")}]` : ""}`;
  return `${kind === "bias" ? "b" : "W"}^{(${Number(layer) + 1})}${entry && `_{${entry}}`}`;
}
