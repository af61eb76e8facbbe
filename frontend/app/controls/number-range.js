/** Checks the range of a number, and describes it in words. Pure. */

import { wordForNone } from "../state/words.js";
import { formatNumber, parseError } from "./numbers.js";

/** @typedef {import("../types/api.js").Knob} Knob */
/** @typedef {Pick<Knob, "type" | "min" | "max" | "exclusive_min" | "exclusive_max">} Range */

/**
 * Whether a knob may have this value.
 * @param {Range} knob
 * @param {number} value
 */
export function inRange({ type, min, max, exclusive_min, exclusive_max }, value) {
  if (type === "integer" && !Number.isInteger(value)) return false;
  if (min !== null && (exclusive_min ? value <= min : value < min)) return false;
  return max === null || (exclusive_max ? value < max : value <= max);
}

/**
 * "a whole number from 1 to 512"
 * @param {Range & Pick<Knob, "nullable" | "explain" | "unit">} knob
 */
export function allowedText({ type, min, max, exclusive_min, exclusive_max, nullable, explain, unit }) {
  const noun = type === "integer" ? "a whole number" : "a number";
  const share = unit === "share";
  const low = min === null ? "" : ` ${exclusive_min ? "above" : "from"} ${formatNumber(min, { share })}`;
  const high = max === null ? "" : ` ${exclusive_max ? "to below" : "to"} ${formatNumber(max, { share })}`;
  return `${noun}${low}${high}${nullable ? `, or none for ${wordForNone(explain)}` : ""}`;
}

/**
 * The error of a text typed for a knob; null if it is valid.
 * @param {Range & Pick<Knob, "label">} knob
 * @param {string} text
 * @param {number | null} value the parsed text
 */
export function inputError(knob, text, value) {
  if (text.trim() === "") return `${knob.label} is empty`;
  if (value === null) return parseError(text, knob.type === "integer");
  if (knob.type === "integer" && !Number.isInteger(value)) return `“${text}” is not a whole number`;
  if (inRange(knob, value)) return null;
  return `${knob.label} cannot be ${text.trim()}`;
}
