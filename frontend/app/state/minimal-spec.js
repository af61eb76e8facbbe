/** Finds the smallest written spec that leads to a given filled spec. */

import { api } from "../stream/api.js";
import { beyond } from "./spec-edits.js";

/** @typedef {import("../types/api.js").Spec} Spec */
/** @typedef {import("./run-state.js").Written} Written */

const MAX_PASSES = 8;

/**
 * Settings missing from the guess are found section by section, from the top: a choice above changes
 * the defaults below.
 * @param {Spec} filled
 * @param {Written} guess
 * @param {typeof api.describe} [describe]
 * @returns {Promise<{written: Written, described: import("../types/api.js").Described}>}
 */
export async function minimalSpec(filled, guess, describe = api.describe) {
  // A guess from an older visit may be refused by now; the search then starts empty.
  let written = await describe(guess).then(
    () => guess,
    () => ({}),
  );
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const described = await describe(written);
    const next = nextSection(beyond(filled, described.spec));
    if (!next) return { written, described };
    written = merged(written, next);
  }
  return { written: filled, described: await describe(filled) };
}

/** @param {Written} rest @returns {Written | null} */
function nextSection(rest) {
  for (const section of ["data", "model"]) {
    if (!rest[section]) continue;
    const { initializer, ...others } = rest[section];
    // The initializer's default depends on the activation, so the activation goes first, alone.
    return { [section]: "activation" in others ? others : rest[section] };
  }
  return Object.keys(rest).length ? rest : null;
}

/** @param {Written} written @param {Written} more */
function merged(written, more) {
  const result = { ...written };
  for (const [section, value] of Object.entries(more)) {
    const plain = typeof value !== "object" || value === null;
    result[section] = plain || value.kind ? value : { ...written[section], ...value };
  }
  return result;
}
