/** Stages of a step to test with. */

/** @typedef {import("../../../frontend/app/views/steps/network/flow.js").Flow} Flow */

/**
 * The numbers of a 2-2-1 perceptron with W(1) = [[1, -2], [0.5, 3]] and W(2) = [[4, -0.5]].
 * @param {Partial<Flow>} [more]
 * @returns {Flow}
 */
export const flow = (more = {}) => ({
  units: { first: [0, 0, 0], values: [[1, -1], [0.75, -0.5], [0.25]], deltas: [[0.1, -0.2], [0.5]], predicted: [0.6] },
  focus: { layer: 1, way: "forward" },
  present: 1,
  known: 1,
  row: 0,
  column: 0,
  products: [{ unit: 0, weight: 1, product: 1 }, { unit: 1, weight: -2, product: 2 }],
  bias: 0.5,
  ...more,
});

export const WEIGHTS = [[[1, -2], [0.5, 3]], [[4, -0.5]]];
