/** How the metrics of a group's runs are called, written and drawn. Pure. */

import { format, short } from "../marks/scales.js";
import { MEASURES } from "./measures.js";

/** @typedef {import("./group-plot.js").Metric & {name: string}} NamedMetric */

/** @param {string} text */
const lower = (text) => (/^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text);
/** @param {string} text */
const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** @param {string} name as in a run's last row: "test_loss" @returns {NamedMetric} */
export function metricOf(name) {
  const measure = MEASURES.find(({ curves }) => curves.some(({ column }) => column === name));
  const [, part = "", rest = name] = /^(train|test)_(.+)$/.exec(name) ?? [];
  const called = measure && (rest === measure.id || name === measure.id) ? measure.label : upper(rest.replaceAll("_", " "));
  return {
    name,
    label: part ? `${part === "test" ? "Test" : "Train"} ${lower(called)}` : called,
    unit: measure?.unit ?? "",
    log: measure?.log ?? false,
    ends: measure?.ends ?? null,
    format: measure?.format ?? format,
    formatTick: measure?.formatTick ?? short,
  };
}

/** The order in which metrics are offered: those of the curves' measures first, each on test examples first. */
const ORDER = MEASURES.flatMap(({ curves }) => curves.map(({ column }) => column).reverse());
const LOSSES = ["test_loss", "train_loss", "test_accuracy", "train_accuracy"];

/** The metrics that are fields themselves, by their paths: compared with such a field, one is drawn against itself. @type {{[name: string]: string}} */
const FIELDS = { learning_rate: "optimizer.lr" };

/** The metrics that are offered where fields vary. @param {readonly string[]} names @param {readonly string[]} paths  of the fields */
export const offered = (names, paths) => inOrder(names.filter((name) => !paths.includes(FIELDS[name] ?? "")));

/** Metrics in the order in which they are offered: losses and accuracies first. @param {readonly string[]} names */
export function inOrder(names) {
  const known = [...new Set([...LOSSES, ...ORDER])];
  const rank = (/** @type {string} */ name) => (known.includes(name) ? known.indexOf(name) : known.length);
  return [...names].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
