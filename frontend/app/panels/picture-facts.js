/** Converts a picture's named numbers to text. */

import { count, format, percent } from "../marks/scales.js";

/** @typedef {import("../types/api.js").Json} Value */

const MAX_FACTS = 6;

/**
 * The facts that are plain numbers, strings or booleans; facts with parts need their own table, and the
 * missing parts of the picture have their own line.
 * @param {import("../types/pictures.js").Facts} facts
 * @returns {import("./facts-row.js").Fact[]}
 */
export function factsOf(facts) {
  return Object.entries(facts)
    .filter(([name, value]) => name !== "incomplete" && (value === null || typeof value !== "object"))
    .slice(0, MAX_FACTS)
    .map(([name, value]) => ({ label: labelOf(name), value: valueOf(value, name) }));
}

/** "test_accuracy" as "Test accuracy". @param {string} name */
export function labelOf(name) {
  const words = name.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @param {Value} value @param {string} [name] an accuracy is a share */
export function valueOf(value, name = "") {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  if (typeof value !== "number") return "–";
  if (name.endsWith("accuracy")) return percent(value);
  return Number.isInteger(value) ? count(value) : format(value);
}
