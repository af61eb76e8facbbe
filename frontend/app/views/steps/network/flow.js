/** Reads the numbers at the units and edges of a perceptron from the picture of a stage. Pure. */

/** @typedef {import("../../../types/pictures.js").Picture} Picture */
/** @typedef {import("../../../types/pictures.js").EquationMark} EquationMark */
/** @typedef {import("./layout.js").Focus} Focus */

/**
 * The fact `network`: by layer the first shown unit, the values, and from layer 1 the deltas.
 * @typedef {object} Units
 * @property {number[]} first
 * @property {(number | null)[][]} values
 * @property {(number | null)[][]} deltas
 * @property {(number | null)[] | null} predicted
 */

/** @typedef {{unit: number, weight: number, product: number}} Product */

/**
 * @typedef {object} Flow
 * @property {Units} units
 * @property {Focus} focus
 * @property {number} present the layer of the stage
 * @property {number} known the last layer with values: later ones are not computed yet
 * @property {number} row the chosen unit of the layer
 * @property {number} column of the layer before
 * @property {Product[]} products that make z of the chosen unit
 * @property {number | null} bias
 */

/**
 * @param {Picture} picture of the probe `step_by_step`
 * @param {{row: number, column: number}} entry
 * @returns {Flow | null} null for a model that is no perceptron
 */
export function flowOf({ facts, plots }, entry) {
  const units = /** @type {Units | undefined} */ (/** @type {unknown} */ (facts["network"]));
  if (!units) return null;
  const stages = /** @type {{id: string, group: Focus["way"]}[]} */ (facts["stages"] ?? []);
  const id = String(facts["stage"]);
  const way = stages.find((stage) => stage.id === id)?.group ?? "forward";
  const last = units.values.length - 1;
  const parameter = /^layers\.(\d+)\./.exec(String(facts["parameter"]));
  const layer = way === "update" ? (parameter ? Number(parameter[1]) + 1 : null) : Number(facts["layer"]);
  const equation = plots.find((plot) => plot.id === `z${layer}` || plot.id === "theta")?.marks[0];
  const made = way === "forward" && equation?.kind === "equation" ? productsOf(equation) : { products: [], bias: null };
  const [row = 0, column = 0] = /** @type {number[]} */ (way === "update" ? (facts["index"] ?? []) : [entry.row, entry.column]);
  const width = (/** @type {number} */ of) => (units.first[of] ?? 0) + (units.values[of]?.length ?? 1);
  return {
    units,
    present: layer ?? last,
    // Of the input and of the loss nothing flows in.
    focus: { way, layer: id === "input" || id === "loss" ? null : layer },
    known: way === "forward" && layer !== null && id !== "loss" ? layer : last,
    row: Math.min(row, width(layer ?? 0) - 1),
    column: Math.min(column, width(Math.max(0, (layer ?? 1) - 1)) - 1),
    ...made,
  };
}

/**
 * The products of a worked entry of z = W h + b, and its bias.
 * @param {EquationMark} equation
 * @returns {{products: Product[], bias: number | null}}
 */
export function productsOf({ items, worked }) {
  const w = items[2];
  if (!worked || w?.item !== "operand") return { products: [], bias: null };
  const across = w.values.shape[1] ?? 0;
  /** @type {Product[]} */
  const products = [];
  /** @type {number | null} */
  let bias = null;
  for (const { uses, value } of worked.terms) {
    const weight = uses.find(([item]) => item === 2);
    if (weight) {
      const [, row, unit] = weight;
      const at = unit - w.column;
      if (at >= 0 && at < across) products.push({ unit, weight: w.values.data[(row - w.row) * across + at] ?? NaN, product: value });
    } else if (uses.some(([item]) => item === 6)) bias = value;
  }
  return { products, bias };
}
