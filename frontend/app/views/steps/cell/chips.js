/** The numbers of a recurrent cell's picture as chips, and in words. */

import { cellText } from "../../../panels/equation/numerals.js";
import { spoken } from "../../../panels/equation/spoken.js";
import { valueColor } from "../number-chips.js";
import { IN } from "./plans.js";

/** @typedef {import("../number-chips.js").Chip} Chip */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./reading.js").Cell} Cell */
/** @typedef {import("./reading.js").Read} Read */

/** What has the full colour, by hue. @param {Cell} cell */
export function peaksOf({ values, derivatives }) {
  const largest = (/** @type {readonly Read[]} */ all, /** @type {number} */ least) => Math.max(least, ...all.map(({ number }) => Math.abs(number ?? 0)));
  return { gate: 1, state: 1, C: largest(values.filter(({ value }) => value.hue === "C"), 1), derivative: largest(derivatives, 1e-12) };
}

/** @param {Cell} cell */
export function titleOf({ plan, unit, units, layer, layers, place, reads }) {
  const of = layers > 1 ? ` of layer ${layer}` : "";
  return `${plan.title}: unit ${unit + 1} of ${units}${of} at place ${place}, which reads ${reads}`;
}

/**
 * The chips of a cell: the values on its wires, what is read, and the derivatives.
 * @param {Cell} cell
 * @param {Layout} layout
 * @param {number} scale of type
 * @returns {Chip[]}
 */
export function chipsOf(cell, { at }, scale) {
  const { values, derivatives, plan, reads } = cell;
  const peaks = peaksOf(cell);
  const place = (/** @type {import("./plans.js").Place} */ where) => ({ left: scale * at(where).x, top: scale * at(where).y });
  /** @param {Read} read @param {"value" | "derivative"} kind @returns {Chip} */
  const chip = ({ value, number, state }, kind) => ({
    ...place(value.at),
    latex: value.symbol,
    words: "",
    figure: state === "later" ? "" : cellText(number ?? NaN) || "–",
    color: number === null ? "" : valueColor(number, peaks[kind === "value" ? value.hue : kind], value.hue === "gate" ? "sequential" : "diverging"),
    kind: `${kind} ${state} ${value.side}`,
  });
  const side = plan.x[0] === IN ? "left" : "right";
  return [
    ...values.map((read) => chip(read, "value")),
    { ...place(plan.x), latex: "x_t", words: "", figure: reads, color: "", kind: `read known ${side}` },
    ...derivatives.map((read) => chip(read, "derivative")),
  ];
}

/** The picture in words. @param {Cell} cell */
export function wordsOf(cell) {
  const said = (/** @type {readonly Read[]} */ all) => all.filter(({ state }) => state !== "later").map(({ value, number }) => `${spoken(value.symbol)}: ${cellText(number ?? NaN) || "not finite"}`);
  const later = [...cell.values, ...cell.derivatives].filter(({ state }) => state === "later").map(({ value }) => spoken(value.symbol));
  const sentences = [titleOf(cell), said(cell.values).join(", "), said(cell.derivatives).join(", "), later.length ? `Not computed yet: ${later.join(", ")}` : ""];
  return `${sentences.filter(Boolean).join(". ")}.`;
}
