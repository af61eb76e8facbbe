/** Accuracies from few labels by seed: what runs that differ in nothing else came to. */

/** @typedef {import("../../types/pictures.js").Facts} Facts */
/** @typedef {{mean: number, spread: number}} Share */
/**
 * @typedef {object} Summary
 * @property {number[]} seeds that were seen, in order
 * @property {number[]} labels a class, of each column
 * @property {Share[]} z over seeds; of one seed over draws of the labels
 * @property {Share[]} x over draws of the labels: no seed changes raw pixels
 */
/** @typedef {{labels: number, mean: number, spread: number}[]} Table */

export class Seeds {
  /** By what the runs have in common. @type {Map<string, Map<number, Table>>} */
  #found = new Map();

  /**
   * Keeps what a run has come to, and sums up all seeds of its kind.
   * @param {import("../../types/api.js").Spec} spec of the run
   * @param {Facts} facts of the probe
   * @returns {Summary}
   */
  add(spec, facts) {
    const z = tableOf(facts["z"]);
    const { seed, ...common } = spec;
    const key = JSON.stringify([common, z.map(({ labels }) => labels)]);
    const own = this.#found.get(key) ?? new Map();
    this.#found.set(key, own.set(seed, z));
    const tried = [...own.keys()].sort((a, b) => a - b);
    const several = z.map((_, i) => over(tried.map((one) => own.get(one)?.[i]?.mean ?? NaN)));
    return {
      seeds: tried,
      labels: z.map(({ labels }) => labels),
      z: tried.length > 1 ? several : z,
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
function over(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, spread: Math.sqrt(square / (values.length - 1)) };
}
