/**
 * @param {number[]} values
 * @param {number[]} [shape]
 * @returns {import("../../../frontend/app/types/pictures.js").Tensor}
 */
export const tensor = (values, shape = [values.length]) => ({ data: Float32Array.from(values), shape });

/**
 * @param {number[]} values
 * @returns {import("../../../frontend/app/types/pictures.js").Tensor}
 */
export const indices = (values) => ({ data: Uint16Array.from(values), shape: [values.length] });

/**
 * @param {number} low
 * @param {number} high
 * @returns {import("../../../frontend/app/types/pictures.js").Axis}
 */
export const axis = (low, high) => ({ label: "x", unit: "", low, high, scale: "linear", whole: false });
