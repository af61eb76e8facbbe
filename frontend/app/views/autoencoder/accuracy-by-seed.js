/** Collects accuracies from few labels by seed, from runs that differ in nothing else. */

/** @typedef {import("../../types/pictures.js").Facts} Facts */
/** @typedef {{mean: number, spread: number}} Share */
/**
 * @typedef {object} Summary
 * @property {number[]} seeds seen so far, in order
 * @property {number[]} labels a class, of each column
 * @property {Share[]} z over seeds; with one seed, over draws of the labels
 * @property {Share[]} x over draws of the labels: no seed changes raw pixels
 */
/** @typedef {{labels: number, mean: number, spread: number}[]} Table */

export class AccuracyBySeed {
  /** The tables by seed, for each spec without its seed. @type {Map<string, Map<number, Table>>} */
  #found = new Map();

  /**
   * Stores the result of a run, and summarises all seeds of its spec.
   * @param {import("../../types/api.js").Spec} spec of the run
   * @param {Facts} facts of the probe
   * @returns {Summary}
   */
  add(spec, facts) {
    const z = tableOf(facts["z"]);
    const { seed, ...common } = spec;
    const key = JSON.stringify([common, z.map(({ labels }) => labels)]);
    const bySeed = this.#found.get(key) ?? new Map();
    this.#found.set(key, bySeed.set(seed, z));
    const seeds = [...bySeed.keys()].sort((a, b) => a - b);
    const several = z.map((_, i) => meanAndSpread(seeds.map((one) => bySeed.get(one)?.[i]?.mean ?? NaN)));
    return {
      seeds,
      labels: z.map(({ labels }) => labels),
      z: seeds.length > 1 ? several : z,
      x: tableOf(facts["x"]),
    };
  }
}

/** @param {unknown} rows [labels, mean, standard deviation] @returns {Table} */
function tableOf(rows) {
  if (!Array.isArray(rows)) return [];
  return rows.map(([labels, mean, spread]) => ({ labels: Number(labels), mean: Number(mean), spread: Number(spread) }));
}

/** The mean, and the standard deviation of a sample. @param {number[]} values @returns {Share} */
function meanAndSpread(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, spread: Math.sqrt(square / (values.length - 1)) };
}
