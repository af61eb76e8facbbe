/** The measures that the curves panel can draw: those listed here, and all others in a run's series. */

import { format, percent, short } from "../marks/scales.js";

/** @typedef {{column: string, label: string, role: string}} Curve */
/**
 * @typedef {object} Measure
 * @property {string} id
 * @property {string} label
 * @property {string} unit
 * @property {boolean} log whether it is drawn on a log scale if all values are positive
 * @property {[number, number] | null} ends fixed ends of the axis
 * @property {(value: number) => string} format a value
 * @property {(value: number) => string} formatTick a value beside the axis
 * @property {Curve[]} curves
 */

const PLAIN = { format, formatTick: short };
/** Shares as percentages, without the digits of changing values. */
const SHARES = { format: percent, formatTick: (/** @type {number} */ value) => `${short(100 * value)}%` };

/**
 * @param {string} id
 * @param {string} label
 * @param {string} unit
 * @param {boolean} log
 * @param {[number, number] | null} [ends] of shares
 * @returns {Measure}
 */
function pair(id, label, unit, log, ends = null) {
  const curves = ["train", "test"].map((part) => ({ column: `${part}_${id}`, label: part, role: part }));
  return { id, label, unit, log, ends, curves, ...(ends ? SHARES : PLAIN) };
}

/**
 * @param {string} id
 * @param {string} label
 * @param {string} unit
 * @param {string} name the curve's
 * @returns {Measure}
 */
function single(id, label, unit, name) {
  const curves = [{ column: id, label: name, role: "accent" }];
  return { id, label, unit, log: true, ends: null, curves, ...PLAIN };
}

/**
 * The bound of a VAE and the first of its two parts: the gap between them is the second.
 * @type {Measure}
 */
const ELBO = {
  id: "elbo",
  label: "ELBO",
  unit: "nats",
  log: false,
  ends: null,
  ...PLAIN,
  curves: [
    { column: "test_reconstruction", label: "recon.", role: "third" },
    { column: "test_elbo", label: "ELBO", role: "accent" },
  ],
};

/**
 * Shares of right answers; for sequences, also the share that is right throughout.
 * @type {Measure}
 */
const ACCURACY = pair("accuracy", "Accuracy", "", false, [0, 1]);
ACCURACY.curves.push({ column: "test_sequence_accuracy", label: "whole", role: "positive" });

/** @type {Measure[]} */
export const MEASURES = [
  // First if there is one: a likelihood of fixed width levels off at its own entropy and hides further
  // learning.
  pair("mse", "MSE", "", true),
  ELBO,
  pair("loss", "Loss", "nats", true),
  ACCURACY,
  pair("r2", "R²", "", false),
  single("penalty", "Penalty", "nats", "penalty"),
  single("gradient_norm", "Gradient", "norm", "‖∇L‖"),
];

/** The measure that every run has. */
export const LOSS = /** @type {Measure} */ (MEASURES.find(({ id }) => id === "loss"));

/** Columns that are not a measure, or are drawn as part of another. */
const NOT_MEASURES = new Set(["row", "step", "epoch", "steps_per_second", "train_reconstruction", "train_elbo", "train_sequence_accuracy"]);
/** Numbered columns of one name form one measure: the KL by dimension, the entropy by head. */
const NUMBERED = /^(.+?)((?:_\d+)+)$/;
/** How names that are not words are written. @type {{[id: string]: string}} */
const NAMES = { kl: "KL", attention_entropy: "Entropy" };
const MAX_CURVES = 10;

/**
 * The measures that a series has values of: those listed here first, then the others.
 * @param {import("../stream/series.js").SeriesStore} series
 * @returns {Measure[]}
 */
export function measuresOf(series) {
  const there = new Set(series.columns.filter((name) => hasValues(series, name)));
  const known = MEASURES.flatMap((measure) => {
    const curves = measure.curves.filter(({ column }) => there.has(column));
    return curves.length ? [sameObject({ ...measure, curves })] : [];
  });
  const drawn = new Set(MEASURES.flatMap(({ curves }) => curves.map(({ column }) => column)));
  const others = [...there].filter((name) => !drawn.has(name) && !NOT_MEASURES.has(name));
  return [...known, ...grouped(others).map(sameObject)];
}

/**
 * @param {import("../stream/series.js").SeriesStore} series
 * @param {string} name
 */
function hasValues(series, name) {
  const values = series.column(name);
  if (!values) return false;
  // A penalty that is always 0 and a rate that never changes are not shown.
  if (name === "penalty") return values.some((value) => value > 0);
  if (name === "learning_rate") return values.some((value) => value !== values[0]);
  return values.some((value) => !Number.isNaN(value));
}

/**
 * Columns not listed here, grouped by measure: train and test, or one a number.
 * @param {string[]} columns
 * @returns {Measure[]}
 */
function grouped(columns) {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const column of columns) {
    const bare = column.replace(/^(train|test)_/, "");
    const id = NUMBERED.exec(bare)?.[1] ?? bare;
    groups.set(id, [...(groups.get(id) ?? []), column]);
  }
  return [...groups].map(([id, all]) => {
    const words = wordsOf(id);
    const label = words.charAt(0).toUpperCase() + words.slice(1);
    return { id, label, unit: "", log: false, ends: null, ...PLAIN, curves: curvesOf(id, all) };
  });
}

/** @param {string} id of a measure not listed here */
const wordsOf = (id) => NAMES[id] ?? id.replaceAll("_", " ");

/**
 * @param {string} id
 * @param {string[]} columns
 * @returns {Curve[]}
 */
function curvesOf(id, columns) {
  const numbered = columns.filter((column) => NUMBERED.test(column));
  const whole = columns.filter((column) => !NUMBERED.test(column));
  if (numbered.length === 0) {
    return whole.map((column) => {
      const part = column.startsWith("train_") ? "train" : "test";
      return { column, label: column === id ? wordsOf(id) : part, role: column === id ? "accent" : part };
    });
  }
  // With numbered lines, those of the test part are enough.
  const test = numbered.filter((column) => !column.startsWith("train_"));
  const each = (test.length ? test : numbered).slice(0, MAX_CURVES).map((column, i) => ({
    column,
    label: (NUMBERED.exec(column)?.[2] ?? "").slice(1).replaceAll("_", "."),
    role: `class-${i}`,
  }));
  const sum = whole.filter((column) => !column.startsWith("train_"));
  return [...sum.map((column) => ({ column, label: "all", role: "ink" })), ...each];
}

/** Measures by their content: the panel compares them by identity. @type {Map<string, Measure>} */
const knownMeasures = new Map();

/** @param {Measure} measure */
function sameObject(measure) {
  const key = JSON.stringify([measure.id, measure.curves]);
  const known = knownMeasures.get(key) ?? measure;
  knownMeasures.set(key, known);
  return known;
}
