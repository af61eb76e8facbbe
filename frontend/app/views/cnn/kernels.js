/** Lists the kernels of a layer. */

/** @typedef {import("../../types/api.js").Layer} Layer */

/**
 * The convolutions of a layer in their order: one, or those within a residual block.
 * @param {Pick<Layer, "tensors">} layer
 * @returns {{channels: number, inputs: number}[]} kernels, and the input channels of each
 */
export function kernelsOf({ tensors }) {
  return Object.entries(tensors)
    .filter(([name, shape]) => shape.length === 4 && name.endsWith(".weight"))
    .map(([, [channels = 1, inputs = 1]]) => ({ channels, inputs }));
}
