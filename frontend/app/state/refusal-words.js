/** Rewrites a refusal of the server in the page's terms: control labels and values as the controls show them. */

import { formatNumber } from "../controls/numbers.js";
import { knobsOf } from "./knobs.js";

/**
 * @typedef {import("../types/api.js").Catalogue} Catalogue
 * @typedef {import("../types/api.js").Knob} Knob
 * @typedef {import("../types/api.js").Problem} Problem
 * @typedef {import("./run-state.js").Written} Written
 * @typedef {{path: string, label: string, share: boolean}} Named
 */

const SECTIONS = ["data", "model", "objective", "optimizer", "optimizer.schedule"];
/** A value as the server writes it: a number, or none. */
const VALUE = "( is (-?\\d[\\d.]*(?:e[-+]?\\d+)?|None|null)(?![\\w.]*\\w))?";

/**
 * @param {Catalogue} catalogue
 * @param {Written} spec
 * @param {Problem} problem
 * @returns {Problem}
 */
export function inPageWords(catalogue, spec, problem) {
  const names = namesOf(catalogue, spec);
  const message = words(names, problem.message);
  return { ...problem, message, hint: words(names, problem.hint) };
}

/** @param {Named[]} names @param {string} text */
function words(names, text) {
  for (const { path, label, share } of names) {
    const found = new RegExp(`(?<![\\w.])${path.replaceAll(".", "\\.")}(\\.\\d+)?(?![\\w]|\\.\\w)${VALUE}`, "g");
    text = text.replace(found, (_, place, is, value) => {
      const where = place ? ` (number ${Number(place.slice(1)) + 1})` : "";
      return `${label}${where}${is ? ` is ${valueWords(value, share)}` : ""}`;
    });
  }
  return text;
}

/** @param {string} value @param {boolean} share */
function valueWords(value, share) {
  const number = Number(value);
  return Number.isNaN(number) || value === "null" ? "none" : formatNumber(number, { share });
}

/**
 * The page's name for each field of a spec, the longest path first.
 * @param {Catalogue} catalogue
 * @param {Written} spec
 * @returns {Named[]}
 */
function namesOf(catalogue, spec) {
  const knobs = knobsOf(catalogue, spec).map(named);
  const kinds = SECTIONS.map((section) => ({
    path: `${section}.kind`,
    label: `Kind of ${section.split(".").at(-1)}`,
    share: false,
  }));
  /** @type {{kind: string}[]} */
  const blocks = spec["model"]?.["blocks"] ?? [];
  const inside = blocks.flatMap((block, at) =>
    (catalogue.blocks.find(({ kind }) => kind === block.kind)?.knobs ?? []).map((knob) => ({
      ...named(knob),
      path: `model.blocks.${at}.${knob.name}`,
      label: `${knob.label} of block ${at + 1}`,
    })),
  );
  return [...knobs, ...kinds, ...inside].sort((a, b) => b.path.length - a.path.length);
}

/** @param {Knob} knob @returns {Named} */
const named = ({ path, label, unit }) => ({ path, label, share: unit === "share" });
