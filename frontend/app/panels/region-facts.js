/** Converts the counts of the regions probe to facts. */

import { count } from "../marks/scales.js";

/** @typedef {import("../types/pictures.js").Facts} Facts */

/**
 * @param {Facts} facts
 * @returns {import("./facts-row.js").Fact}
 */
export function cellsFact(facts) {
  const found = count(Number(facts.activation_regions));
  return { label: "Activation regions", value: facts.truncated === true ? `> ${found}` : found };
}

/**
 * @param {Facts} facts
 * @returns {import("./facts-row.js").Fact}
 */
export function regionsFact(facts) {
  const linear = facts.linear_regions;
  if (typeof linear === "number") return { label: "Linear regions", value: count(linear) };
  return {
    label: "Linear regions",
    value: "–",
    tip: "Linear regions are counted only if all cells of the window are computed. Zoom in to count a part.",
  };
}

/**
 * @param {Facts} facts
 * @returns {import("./facts-row.js").Fact}
 */
export function boundFact(facts) {
  return {
    label: "At most",
    value: boundText(facts, "bound"),
    tip:
      "No network of this shape has more activation regions. The bound is the product over the layers " +
      "of the smaller of Zaslavsky's number and 2^D.",
  };
}

/**
 * @param {Facts} facts
 * @param {string} name
 * @returns {string}
 */
export function boundText({ bounds }, name) {
  if (bounds === null || typeof bounds !== "object" || Array.isArray(bounds)) return "–";
  const value = bounds?.[name];
  return typeof value === "number" ? count(value) : powerText(String(value ?? "–"));
}

/** Typesets "about 10^400", the server's text for numbers too large for a float. @param {string} words */
const powerText = (words) =>
  words.replace(/^about 10\^(\d+)$/, (_, power) => `≈10${[...power].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("")}`);
