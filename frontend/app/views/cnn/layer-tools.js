/** Lists the tools for one layer, each a probe with its options, its arrangement and its text. */

import { short } from "../../marks/scales.js";

/** @typedef {import("../../types/api.js").Layer} Layer */
/** @typedef {import("../../types/pictures.js").Facts} Facts */
/** @typedef {import("../../types/pictures.js").Picture} Picture */

/**
 * @typedef {object} Tool
 * @property {string} id of the tool and of its probe
 * @property {string} label
 * @property {string} explain
 * @property {(layer: Layer) => boolean} fits
 * @property {(picture: Picture) => Picture} [arrange] the picture without the plots that are on the page
 *   already: the image and the class probabilities are above
 * @property {(facts: Facts) => string} [text] the text below the pictures, with the run's numbers
 */

const KERNELS = new Set(["conv", "residual"]);
/** Maps side by side; twice as many if there are many maps. */
const MAPS_PER_ROW = 8;

/** @type {Tool[]} */
export const TOOLS = [
  {
    id: "convolution",
    label: "At one place",
    explain: "Click a place of the output to move the kernel there.",
    fits: ({ kind }) => KERNELS.has(kind),
    text: convolutionText,
  },
  {
    id: "feature_maps",
    label: "Maps",
    explain: "The output of this layer for the image.",
    fits: () => true,
    arrange: onlyLayerMaps,
  },
  {
    id: "filters",
    label: "Filters",
    explain: "All kernels on one colour scale.",
    fits: ({ kind }) => KERNELS.has(kind),
  },
  {
    id: "receptive_field",
    label: "Receptive field",
    explain: "Click a pixel to see the unit at its place.",
    fits: ({ output }) => output.length === 3,
    text: receptiveFieldText,
  },
  {
    id: "equivariance",
    label: "Shift",
    explain: "Shift the image and see whether the maps shift with it.",
    fits: ({ output }) => output.length === 3,
    arrange: (picture) => ({ ...picture, plots: picture.plots.filter(({ id }) => id !== "input") }),
    text: equivarianceText,
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

/** @param {string} id of a tool */
const toolOf = (id) => TOOLS.find((tool) => tool.id === id);

/** A probe's picture, arranged for the large view of a layer. @param {string} tool @param {Picture} picture */
export const arrangePicture = (tool, picture) => toolOf(tool)?.arrange?.(picture) ?? picture;

/** The text below a tool's pictures. @param {string} tool @param {Facts} facts */
export const toolText = (tool, facts) => toolOf(tool)?.text?.(facts) ?? "";

/** @param {Picture} picture @returns {Picture} */
function onlyLayerMaps(picture) {
  const plots = picture.plots.flatMap((plot) => {
    const [mark] = plot.marks;
    if (!plot.id.startsWith("layer") || mark?.kind !== "images") return [];
    const count = mark.values.shape[0] ?? 1;
    const columns = count > MAPS_PER_ROW * 2 ? 2 * MAPS_PER_ROW : Math.min(count, MAPS_PER_ROW);
    return [{ ...plot, marks: [{ ...mark, columns }] }];
  });
  return { ...picture, plots };
}

/** @param {Facts} facts */
function convolutionText(facts) {
  const bias = Number(facts["bias"]);
  const sums = Array.isArray(facts["sums"]) ? facts["sums"] : [];
  const own = short(Number(sums[Number(facts["input"])]));
  const sum = short(Number(facts["sum"]));
  const sign = bias < 0 ? "−" : "+";
  const rest = `${sign} ${short(Math.abs(bias))} = ${short(Number(facts["z"]))}`;
  const place = `at row ${Number(facts["row"]) + 1}, column ${Number(facts["column"]) + 1}`;
  if (sums.length < 2) return `z = Σ products + b = ${sum} ${rest}, ${place}`;
  const all = `z = Σ over ${sums.length} input channels + b = ${sum} ${rest}, ${place}`;
  return `${all}; this channel adds ${own}`;
}

/** @param {Facts} facts */
function receptiveFieldText(facts) {
  const inside = facts["inside"];
  const share = typeof inside === "number" ? `; ${short(100 * inside)}% of the gradient is inside` : "";
  const size = `${facts["size"]} × ${facts["size"]}`;
  const layer = `The receptive field of a unit of this layer is up to ${size} pixels; neighbours are ${facts["jump"]} pixels apart`;
  return `${layer}; ${reachText(facts)} this unit${share}`;
}

/**
 * How many pixels reach a unit: those of its receptive field that lie on the image, and of a dilated
 * kernel not all of them.
 * @param {Facts} facts
 */
function reachText({ rows, columns, reached }) {
  const sides = [rows, columns].map((ends) => {
    const [first, last] = Array.isArray(ends) ? ends.map(Number) : [];
    return first === undefined || last === undefined ? 0 : last - first + 1;
  });
  const [height = 0, width = 0] = sides;
  const [some = height, others = width] = Array.isArray(reached) ? reached.map(Number) : [];
  if (height * width === 0) return "none reach";
  const all = `${height} × ${width}`;
  return some * others === height * width ? `${all} reach` : `${some * others} of ${all} reach`;
}

/** @param {Facts} facts */
function equivarianceText(facts) {
  const shift = facts["shift"];
  const [across, down] = Array.isArray(shift) ? shift : [0, 0];
  const maps = `The maps move by (${short(Number(across))}, ${short(Number(down))})`;
  const rounding = facts["whole"] ? "" : ", rounded to whole pixels";
  const [before, after] = Array.isArray(facts["predictions"]) ? facts["predictions"] : ["", ""];
  const predicted = before === after ? `${before}, as before` : `${after}, not ${before}`;
  return `${maps}${rounding}; largest difference ${short(Number(facts["largest"]))}; the prediction is ${predicted}`;
}
