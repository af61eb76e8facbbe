/** A picture's named numbers, in words. */

import { count, format } from "../marks/scales.js";

/** @typedef {import("../types/api.js").Json} Value */

const MOST = 6;

/**
 * The facts that are plain numbers, words or yes and no; those of many parts need a table of their own,
 * and what is missing of the picture has a line of its own.
 * @param {import("../types/pictures.js").Facts} facts
 * @returns {import("./facts.js").Fact[]}
 */
export function factsOf(facts) {
  return Object.entries(facts)
    .filter(([name, value]) => name !== "incomplete" && (value === null || typeof value !== "object"))
    .slice(0, MOST)
    .map(([name, value]) => ({ label: labelOf(name), value: valueOf(value) }));
}

/** "test_accuracy" as "Test accuracy". @param {string} name */
export function labelOf(name) {
  const words = name.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @param {Value} value */
export function valueOf(value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  if (typeof value !== "number") return "–";
  return Number.isInteger(value) ? count(value) : format(value);
}
