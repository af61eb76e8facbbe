/** Lists the tools for one layer, each a probe with its options. */

/** @typedef {import("../../types/api.js").Layer} Layer */

/**
 * @typedef {object} Tool
 * @property {string} id
 * @property {string} label
 * @property {string} explain
 * @property {(layer: Layer) => boolean} fits
 */

const KERNELS = new Set(["conv", "residual"]);

/** @type {Tool[]} */
export const TOOLS = [
  {
    id: "convolution",
    label: "Step by step",
    explain: "Click a place of the output: the kernel lies there.",
    fits: ({ kind }) => KERNELS.has(kind),
  },
  { id: "feature_maps", label: "Maps", explain: "What this layer makes of the image.", fits: () => true },
  {
    id: "filters",
    label: "Filters",
    explain: "All kernels, on one scale.",
    fits: ({ kind }) => KERNELS.has(kind),
  },
  {
    id: "receptive_field",
    label: "Receptive field",
    explain: "Click a pixel: the unit that looks there.",
    fits: ({ output }) => output.length === 3,
  },
  {
    id: "equivariance",
    label: "Shift",
    explain: "Shift the image: do the maps follow?",
    fits: ({ output }) => output.length === 3,
  },
];

/**
 * The tools of a layer, and the one shown: the wanted one, if it fits.
 * @param {Layer} layer
 * @param {string} wanted
 */
export function toolsOf(layer, wanted) {
  const fitting = TOOLS.filter(({ fits }) => fits(layer));
  const shown = fitting.find(({ id }) => id === wanted) ?? fitting[0];
  return { fitting, shown: shown?.id ?? "feature_maps" };
}
