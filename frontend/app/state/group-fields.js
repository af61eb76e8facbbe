/** The fields of a spec that a group of runs may vary, and values of them as text. Pure functions. */

import { ambiguousReadings, isNoneWord, formatNumber, parseError, parseNumber } from "../controls/numbers.js";
import { layersText, parseLayers } from "../controls/layers.js";
import { optionLabel } from "../controls/options.js";
import { applies, knobsIn } from "./knobs.js";
import { kindsOf, objectivesOf, same, valueAt } from "./spec-edits.js";

/**
 * @typedef {import("../types/api.js").Catalogue} Catalogue
 * @typedef {import("../types/api.js").Json} Json
 * @typedef {import("../types/api.js").Knob} Knob
 * @typedef {import("../types/api.js").Spec} Spec
 * @typedef {{value: Json, label: string}} Option
 * @typedef {"number" | "layers" | "options"} Type
 * @typedef {{
 *   path: string, label: string, section: string, type: Type, whole: boolean, share: boolean, nullable: boolean,
 *   log: boolean, present: Json, options: Option[],
 * }} Field  `present` is the value in force; `options` are all values, if they can be listed
 * @typedef {{values: Json[]} | {message: string, hint: string, excess?: boolean}} Parsed  `excess`: there are too many
 */

/** The most runs of a group, and so the most values of a field. */
export const MOST_RUNS = 500;
/** A number that a person types is shorter; the time to read a text grows with the square of its length. */
const LONGEST = 60;

const SECTIONS = ["optimizer", "optimizer.schedule", "model", "data", "objective"];
/** @type {{[section: string]: string}} */
const NAMES = {
  data: "Data", model: "Network", objective: "Objective", optimizer: "Training", "optimizer.schedule": "Training",
}; // prettier-ignore
/** @type {{[section: string]: string}} */
const KINDS = {
  data: "Data set", model: "Model", objective: "Objective", optimizer: "Optimizer", "optimizer.schedule": "Schedule",
}; // prettier-ignore

/**
 * The fields of the spec in force whose values can be listed, those of training first. The seed is not among them:
 * each combination of values is trained with several seeds.
 * @param {Catalogue} catalogue
 * @param {Spec} spec
 * @returns {Field[]}
 */
export function groupFields(catalogue, spec) {
  const inSection = (/** @type {string} */ section) => {
    const knobs = knobsIn(catalogue, spec, section).filter((knob) => applies(knob, valueAt(spec, section)));
    return [...knobs.map((knob) => fieldOf(catalogue, spec, knob, NAMES[section] ?? "")), kindField(catalogue, spec, section)];
  };
  const plain = (/** @type {Knob[]} */ knobs, /** @type {string} */ name) =>
    knobs.map((knob) => fieldOf(catalogue, spec, knob, name));
  const [optimizer, ...others] = SECTIONS.map(inSection);
  return [
    ...(optimizer ?? []),
    ...plain(catalogue.training, "Training"),
    ...plain(catalogue.regularization, "Regularization"),
    ...others.flat(),
  ].filter((field) => field !== null);
}

/**
 * @param {Catalogue} catalogue
 * @param {Spec} spec
 * @param {Knob} knob
 * @param {string} section
 * @returns {Field | null} null if its values are no short list
 */
function fieldOf(catalogue, spec, knob, section) {
  const { path, label, nullable, unit, type, scale } = knob;
  const present = valueAt(spec, path);
  const about = {
    path, label, section, nullable, present, options: [], log: scale === "log",
    whole: type === "integer", share: unit === "share",
  }; // prettier-ignore
  switch (type) {
    case "integer":
    case "number":
      return { ...about, type: "number" };
    case "layers":
      return { ...about, type: "layers" };
    case "boolean":
      return { ...about, type: "options", options: [{ value: true, label: "On" }, { value: false, label: "Off" }] };
    case "choice": {
      const options = (knob.choices ?? []).map((value) => ({ value, label: optionLabel(value) }));
      return { ...about, type: "options", options };
    }
    case "activations":
      return { ...about, type: "options", options: rowOptions(catalogue.activations) };
    case "initializers":
      return { ...about, type: "options", options: rowOptions(catalogue.initializers) };
  }
  return null;
}

/** @param {{kind: string, label: string}[]} rows @returns {Option[]} */
const rowOptions = (rows) => rows.map(({ kind, label }) => ({ value: kind, label }));

/**
 * The kind of a section, among those that fit the rest of the spec; null if there is only one.
 * @param {Catalogue} catalogue
 * @param {Spec} spec
 * @param {string} section
 * @returns {Field | null}
 */
function kindField(catalogue, spec, section) {
  const data = catalogue.data.find(({ kind }) => kind === spec.data.kind);
  const goals = objectivesOf(catalogue, spec.model.kind, spec.data.kind);
  const fits = (/** @type {any} */ row) =>
    section === "data" ? row.family === data?.family
    : section === "model" ? row.families?.includes(data?.family)
    : section === "objective" ? !goals || goals.includes(row.kind)
    : true; // prettier-ignore
  const options = rowOptions(kindsOf(catalogue, section).filter(fits));
  const path = `${section}.kind`;
  const present = valueAt(spec, path);
  if (options.length < 2 || present === undefined) return null;
  return {
    path, label: KINDS[section] ?? section, section: NAMES[section] ?? "", type: "options", whole: false, share: false,
    nullable: false, log: false, present, options,
  }; // prettier-ignore
}

/**
 * The values that a text lists: numbers separated by commas, semicolons or spaces, and layers as "8, 8-8, none".
 * @param {Field} field  of numbers or layers
 * @param {string} text
 * @returns {Parsed}
 */
export function parseValues(field, text) {
  const parts = field.type === "layers" ? layerParts(text) : numberParts(field, text);
  if (!parts.length) return { message: "There are no values", hint: `Give some, such as ${exampleOf(field)}.` };
  if (parts.length > MOST_RUNS) {
    return { message: `${parts.length.toLocaleString("en")} values are given`, hint: `Give at most ${MOST_RUNS} values.`, excess: true };
  }
  /** @type {Json[]} */
  const values = [];
  const known = new Set();
  for (const part of parts) {
    const value = field.type === "layers" ? parseLayers(part) : numberOf(field, part);
    if (value === undefined || (value === null && field.type === "layers")) {
      const message =
        part.length > LONGEST ? `“${part.slice(0, LONGEST)}…” is not ${field.type === "layers" ? "a list of layers" : "a number"}`
        : field.type === "layers" ? `“${part}” is not a list of layers`
        : parseError(part, field.whole); // prettier-ignore
      return { message, hint: `Separate values by commas, such as ${exampleOf(field)}.` };
    }
    const key = JSON.stringify(value);
    if (known.has(key)) {
      return { message: `${valueText(field, value)} is given twice`, hint: "Give each value once; seeds repeat a run." };
    }
    known.add(key);
    values.push(value);
  }
  return { values };
}

/** A number, null for "none", undefined for another text. @param {Field} field @param {string} part */
function numberOf(field, part) {
  if (part.length > LONGEST) return undefined;
  if (field.nullable && isNoneWord(part)) return null;
  return parseNumber(part, field) ?? undefined;
}

/** @param {string} text "8, 8-8; 8·8" */
function layerParts(text) {
  const parts = text.split(/[,;\n]/).map((part) => part.trim()).filter(Boolean);
  return parts.map((part) => (/\d/.test(part) ? part.replace(/\s*[-–]\s*/g, " ").replace(/\s*([x×*])\s*/g, "$1") : part));
}

/**
 * A comma without a space after it is a decimal comma only where semicolons separate the values.
 * @param {Field} field
 * @param {string} text
 */
function numberParts(field, text) {
  const trimmed = text.trim();
  if (trimmed.includes(";")) return trimmed.split(";").map((part) => part.trim()).filter(Boolean);
  const spaced = /\s/.test(trimmed);
  const pieces = trimmed.split(/,\s+|\s+/);
  if (pieces.length > MOST_RUNS) return pieces; // too many, whatever their commas mean
  return pieces
    .flatMap((part) => {
      const whole = spaced && (numberOf(field, part) !== undefined || ambiguousReadings(part, field.whole));
      return whole ? [part] : part.split(",");
    })
    .filter(Boolean);
}

/** @param {Field} field */
export function exampleOf({ type, share, whole, log }) {
  if (type === "layers") return "8, 8-8, 8-8-8";
  if (share) return "0%, 10%, 50%";
  if (whole) return "8, 16, 32";
  return log ? "0.001, 0.01, 0.1" : "0, 0.5, 1";
}

/** The most values of a range. */
const MOST_IN_RANGE = 100;

/**
 * Why a range has no values, as a sentence; "" if it has some, or if not all of it has been typed.
 * @param {Field} field
 * @param {{count: string, from: string, to: string, log: boolean}} typed
 */
export function rangeProblem(field, { count, from, to, log }) {
  if (count.trim()) {
    const number = parseNumber(count, { whole: true });
    if (number === null || !Number.isInteger(number) || number < 2 || number > MOST_IN_RANGE) {
      return `${quoted(count)} is no number of values: give a whole number from 2 to ${MOST_IN_RANGE}.`;
    }
  }
  const ends = [from, to].filter((text) => text.trim());
  const wrong = ends.find((text) => numberOf({ ...field, nullable: false }, text.trim()) === undefined);
  if (wrong !== undefined) return `${wrong.length > LONGEST ? `${quoted(wrong)} is not a number` : parseError(wrong.trim(), field.whole)}: give a number.`;
  const numbers = ends.map((text) => parseNumber(text, field) ?? NaN);
  const [low, high] = numbers;
  const below = log ? ends.find((_, i) => Number(numbers[i]) <= 0) : undefined;
  if (below !== undefined) {
    return `${below.trim()} is not above 0: equal ratios need ends above 0. Choose equal steps, or give another end.`;
  }
  if (numbers.length === 2 && low === high) return "Both ends are the same: give two that differ.";
  return "";
}

/** @param {string} text */
const quoted = (text) => `“${text.trim().length > LONGEST ? `${text.trim().slice(0, LONGEST)}…` : text.trim()}”`;

/**
 * Values of a range as text, rounded to three digits; "" if there is no such range.
 * @param {Field} field
 * @param {{count: number, from: number, to: number, log: boolean}} range
 */
export function rangeText(field, { count, from, to, log }) {
  const positive = from > 0 && to > 0;
  const isCount = Number.isInteger(count) && count >= 2 && count <= MOST_IN_RANGE;
  if (!isCount || !Number.isFinite(from) || !Number.isFinite(to) || from === to || (log && !positive)) return "";
  const at = (/** @type {number} */ part) => (log ? from * (to / from) ** part : from + part * (to - from));
  const all = Array.from({ length: count }, (_, i) => at(i / (count - 1)));
  const rounded = all.map((value) => (field.whole ? Math.round(value) : Number(value.toPrecision(3))));
  return [...new Set(rounded)].map((value) => valueText(field, value)).join(", ");
}

/**
 * A value as the page writes it: "0.01", "8·8", "ReLU", "none". A field that the catalogue does not know is written
 * as JSON.
 * @param {Pick<Field, "type" | "share" | "whole" | "options"> | null} field
 * @param {Json} value
 */
export function valueText(field, value) {
  const option = field?.options.find((one) => same(one.value, value));
  if (option) return option.label;
  if (Array.isArray(value)) return layersText(/** @type {number[]} */ (value)).replaceAll(" · ", "·");
  if (value === null) return "none";
  if (typeof value !== "number") return typeof value === "string" ? value : JSON.stringify(value);
  const text = formatNumber(value, { share: field?.share ?? false });
  return field?.whole ? text : text.replaceAll(",", "");
}
