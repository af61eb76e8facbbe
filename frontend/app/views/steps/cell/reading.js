/** Reads the numbers of a recurrent cell at one unit from the facts of a stage. Pure. */

import { sequenceOf } from "../others.js";
import { PLANS } from "./plans.js";

/** @typedef {import("../../../types/pictures.js").Facts} Facts */
/** @typedef {import("./plans.js").Plan} Plan */
/** @typedef {import("./plans.js").Value} Value */
/** What a stage has to do with a value: computed before, computed here, not yet. @typedef {"known" | "now" | "later"} State */
/** @typedef {{x: number | null, h: number | null, b: number | null, z: number | null, value: number | null}} Gate */
/** @typedef {{of: string, derivative: boolean, values: (number | null)[]}} Across */
/**
 * `number` is null where the value is not computed yet, or not finite.
 * @typedef {{value: Value, number: number | null, state: State}} Read
 */
/**
 * @typedef {object} Cell
 * @property {import("./plans.js").Kind} kind
 * @property {string} stage
 * @property {Plan} plan
 * @property {number} unit from 0
 * @property {number} units
 * @property {number} layer from 1
 * @property {number} layers
 * @property {number} place from 1
 * @property {string} reads what is read here
 * @property {string} activation of a plain cell
 * @property {boolean} backward
 * @property {Read[]} values
 * @property {Read[]} derivatives
 * @property {{[name: string]: Gate}} gates
 * @property {Across} across
 * @property {(stage: string) => State} stateOf
 */

/** Of a plain cell. @typedef {import("../../../types/specs.js").RnnSpec["activation"]} Activation */
/** @type {{[activation in Activation]: string}} */
const ACTIVATIONS = { tanh: "tanh", relu: "ReLU" };

/** @param {Facts} facts @returns {Cell | null} null for another family, and where no cell is looked at */
export function cellOf(facts) {
  const kind = /** @type {import("./plans.js").Kind} */ (facts["cell"]);
  const plan = kind && PLANS[kind];
  const wires = /** @type {{[name: string]: number | null} | undefined} */ (facts["wires"]);
  const sequence = sequenceOf(facts);
  if (!plan || !wires || !sequence) return null;
  const by = /** @type {{[name: string]: number | null}} */ (facts["by_wire"] ?? {});
  const stateOf = statesOf(facts);
  const [layer, layers] = [Number(facts["layer"]), Number(facts["layers"])];
  /** @param {Value} value @param {number | null} number @returns {Read} */
  const read = (value, number) => {
    const state = stateOf(value.stage);
    return { value, number: state === "later" ? null : number, state };
  };
  return {
    kind,
    stage: String(facts["stage"]),
    plan,
    unit: Number(facts["unit"]),
    units: Number(facts["units"]),
    layer,
    layers,
    place: sequence.place + 1,
    reads: layer === 1 ? (sequence.reads[sequence.place] ?? "") : `layer ${layer - 1}`,
    activation: ACTIVATIONS[/** @type {Activation} */ (facts["activation"])],
    backward: Object.keys(by).length > 0,
    values: plan.values.map((value) => read(value, wires[value.name] ?? null)),
    derivatives: plan.derivatives.flatMap((value) => {
      const number = by[value.name];
      return number === undefined ? [] : [read(value, number)];
    }),
    gates: /** @type {{[name: string]: Gate}} */ (facts["gates"]),
    across: /** @type {Across} */ (/** @type {unknown} */ (facts["across"])),
    stateOf,
  };
}

/** @param {Facts} facts @returns {(stage: string) => State} */
function statesOf(facts) {
  const ids = /** @type {{id: string}[]} */ (facts["stages"] ?? []).map(({ id }) => id);
  const at = ids.indexOf(String(facts["stage"]));
  return (stage) => {
    const of = ids.indexOf(stage);
    return of < at ? "known" : of === at ? "now" : "later";
  };
}
