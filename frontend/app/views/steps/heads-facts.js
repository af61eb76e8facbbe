/** What a stage's picture says of a transformer's heads. Pure. */

import { format } from "../../marks/scales.js";

/** @typedef {import("../../types/pictures.js").Facts} Facts */
/** @typedef {import("../../types/pictures.js").MatrixMark} MatrixMark */
/** @typedef {import("../../types/pictures.js").Picture} Picture */
/** A head by its numbers, both from 1. @typedef {[layer: number, head: number]} Head */
/** A head's attention from a first place on. @typedef {{name: string, matrix: MatrixMark}} HeadMap */

/**
 * @typedef {object} Heads
 * @property {number} layer
 * @property {number} head
 * @property {number} query
 * @property {number} key
 * @property {MatrixMark} matrix the chosen head's
 * @property {number} first the first place of `matrix`
 * @property {HeadMap[]} maps of all heads
 * @property {number} firstOfAll the first place of the maps
 * @property {number} steps of the sequence
 */

const NAME = /^\d+\.\d+$/;

/** Whether a plot is shown by the panel of heads, and so by no chart. @param {string} id */
export const isOfHeads = (id) => id === "attention" || NAME.test(id);

/**
 * The heads of a stage of attention; null of any other.
 * @param {Picture} picture
 * @returns {Heads | null}
 */
export function headsOf({ facts, plots }) {
  const matrixOf = (/** @type {import("../../types/pictures.js").Plot} */ { marks: [mark] }) => (mark?.kind === "matrix" ? mark : null);
  const own = plots.find(({ id }) => id === "attention");
  const matrix = own && matrixOf(own);
  const [layer, head, query, key, steps] = ["layer", "head", "place", "key", "steps"].map((name) => facts[name]);
  if (!matrix || typeof layer !== "number" || typeof head !== "number" || typeof query !== "number" || typeof key !== "number") return null;
  const maps = plots.flatMap((plot) => {
    const found = NAME.test(plot.id) ? matrixOf(plot) : null;
    return found ? [{ name: plot.id, matrix: found }] : [];
  });
  const [first, firstOfAll] = [Number(facts["first_place"] ?? 0), Number(facts["first_place_of_all"] ?? 0)];
  return { layer, head, query, key, matrix, first, maps, firstOfAll, steps: Number(steps) };
}

/**
 * The same stage of another layer.
 * @param {string} stage such as "match2"
 * @param {number} layer
 */
export const stageOfLayer = (stage, layer) => stage.replace(/\d+$/, String(layer));

/** The heads that are left out. @param {Facts} facts @returns {Head[]} */
export const leftOut = ({ ablate }) => (Array.isArray(ablate) ? /** @type {Head[]} */ (/** @type {unknown} */ (ablate)) : []);

/**
 * Leaves a head out, or puts it back.
 * @param {readonly Head[]} out
 * @param {Head} head
 * @returns {Head[]}
 */
export function toggled(out, [layer, head]) {
  const others = out.filter(([l, h]) => l !== layer || h !== head);
  const all = others.length < out.length ? others : /** @type {Head[]} */ ([...others, [layer, head]]);
  return all.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
}

/** "head 1.2", "heads 1.2 and 2.1". @param {readonly Head[]} heads */
export function namesOf(heads) {
  const names = heads.map((one) => one.join("."));
  const last = names.pop() ?? "";
  return names.length ? `heads ${names.join(", ")} and ${last}` : `head ${last}`;
}

/**
 * What heads are worth, in sentences; empty before the server has said it.
 * @param {Facts} facts
 * @returns {string[]}
 */
export function costOf(facts) {
  const found = /** @type {{[name: string]: unknown} | undefined} */ (facts["ablation"]);
  if (!found) return [];
  const loss = (/** @type {unknown} */ value) => (typeof value === "number" ? format(value) : "not finite");
  const out = namesOf(leftOut(facts));
  const some = `${String(found["examples"])} ${found["part"] === "train" ? "training" : "test"} examples`;
  const own = typeof found["loss"] === "number" || typeof found["ablated"] === "number";
  return [
    `Without ${out}: mean loss ${loss(found["test_ablated"])} instead of ${loss(found["test_loss"])} over ${some}.`,
    own ? `Loss of this example: ${loss(found["ablated"])} instead of ${loss(found["loss"])}.` : "Nothing here is scored, so that this sequence has no loss.",
  ];
}

/** What the walk's numbers are without some heads. @param {Facts} facts @param {string | undefined} group of the stage */
export function ablationNote(facts, group) {
  const out = namesOf(leftOut(facts));
  if (group === "update") return `The update is that of the whole network: leaving out ${out} changes no run.`;
  if (group === "backward") return `Derivatives of the loss without ${out}; what is left out has none.`;
  return `Numbers of the network without ${out}, from its layer on.`;
}

/**
 * The shares of a query by place, from a head's map.
 * @param {MatrixMark} matrix
 * @param {number} first its first place
 * @param {number} query
 * @returns {{place: number, share: number}[]} none if the query is not in it
 */
export function sharesOf({ values }, first, query) {
  const [rows = 0, columns = 0] = values.shape;
  const row = query - first;
  if (row < 0 || row >= rows) return [];
  return Array.from({ length: columns }, (_, j) => ({ place: first + j, share: values.data[row * columns + j] ?? 0 }));
}
