/** Says which arithmetic trains a run, and why. */

/**
 * @param {Pick<import("../types/api.js").Run, "arithmetic" | "parameters" | "spec">} run
 * @param {string} rule  which networks have which: the explanation of the setting
 */
export function arithmeticWords({ arithmetic, parameters, spec }, rule) {
  const size = `${parameters.toLocaleString("en")} parameters`;
  if (arithmetic === "compiled") return `Machine code trains this network of ${size}. ${rule}`;
  const tensors = "PyTorch's tensor operations train this network";
  if (spec.arithmetic === "torch") return `${tensors}, as Arithmetic was set. ${rule}`;
  if (spec.model.kind !== "mlp") return `${tensors}, which is no multilayer perceptron. ${rule}`;
  return `${tensors} of ${size}. ${rule} A server without a compiler, or with a GPU, has no machine code.`;
}
