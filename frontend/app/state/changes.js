/** The changes of a run in words, from its journal: live changes of the spec, edits of parameters, a fork. */

import { computed } from "@preact/signals-core";
import { differences, withValue } from "./spec-edits.js";
import { changeWords } from "./words.js";

/**
 * @typedef {import("../panels/change-marks.js").Change} Change
 * @typedef {import("../types/api.js").Catalogue} Catalogue
 * @typedef {import("../types/api.js").Run} Run
 * @typedef {import("../types/api.js").Spec} Spec
 */

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

/**
 * The changes of the run that a state holds, up to date.
 * @param {import("./run-state.js").RunState} state
 */
export function changesIn({ catalogue, run }) {
  return computed(() => (catalogue.value && run.value ? changesOf(catalogue.value, run.value) : []));
}

/**
 * All changes, by step. A run forked at step 0 is as good as new: its start is no change.
 * @param {Catalogue} catalogue
 * @param {Pick<Run, "spec" | "journal" | "parent">} run
 * @returns {Change[]}
 */
export function changesOf(catalogue, { spec, journal, parent }) {
  /** @type {Change[]} */
  const found = [];
  if (parent && parent.step > 0) found.push({ kind: "fork", step: parent.step, key: "fork" });
  let now = spec;
  for (const { step, command } of journal) {
    if (command.kind === "set") {
      const before = now;
      now = Object.entries(command.changes).reduce(
        (all, [path, value]) => /** @type {Spec} */ (withValue(all, path, value)),
        now,
      );
      for (const difference of differences(before, now)) {
        found.push({ kind: "set", step, key: difference.path, ...wordsOf(catalogue, before, now, difference) });
      }
    } else {
      for (const { parameter, index, value } of command.edits) {
        const key = `${parameter}[${index.join(", ")}]`;
        found.push({ kind: "edit", step, key, name: parameterName(parameter, index), part: partOf(parameter), to: value });
      }
    }
  }
  return found.sort((a, b) => a.step - b.step);
}

/**
 * @param {Catalogue} catalogue
 * @param {Spec} before
 * @param {Spec} after
 * @param {import("./words.js").Difference} difference
 */
function wordsOf(catalogue, before, after, { path, from, to }) {
  const now = nameAndValue(changeWords(catalogue, after, { path, from, to }));
  if (from === undefined) return { ...now, from: null, to: now.value };
  const old = nameAndValue(changeWords(catalogue, before, { path, from: to, to: from }));
  return { name: now.name, from: old.value, to: now.value };
}

/** "η = 0.1", "batch size: the full batch" and "Cosine" in their two parts. @param {string} words */
function nameAndValue(words) {
  const [, name = "", value = words] = /^(.+?)(?: = |: )(.+)$/.exec(words) ?? [];
  return { name, value };
}

/** @param {string} parameter */
const partOf = (parameter) =>
  parameter.endsWith("weight") ? "weight" : parameter.endsWith("bias") ? "bias" : "parameter";

/**
 * One number of a parameter: "W⁽²⁾₃₁" of a dense network's layer, else "blocks.0.weight[1, 0]".
 * @param {string} parameter
 * @param {number[]} index
 */
function parameterName(parameter, index) {
  const [, layer, part] = /^layers\.(\d+)\.(weight|bias)$/.exec(parameter) ?? [];
  if (layer === undefined) return `${parameter}[${index.join(", ")}]`;
  const symbol = `${part === "weight" ? "W" : "b"}⁽${digits(Number(layer) + 1, SUPERSCRIPTS)}⁾`;
  const places = index.map((place) => place + 1);
  // There is no comma among the subscripts, and ₁₁₂ could be (1, 12) or (11, 2).
  if (places.some((place) => place > 9) && places.length > 1) return `${symbol}(${places.join(", ")})`;
  return symbol + places.map((place) => digits(place, SUBSCRIPTS)).join("");
}

/** @param {number} number @param {string} letters of the digits from 0 to 9 */
const digits = (number, letters) => Array.from(String(number), (digit) => letters[Number(digit)]).join("");
