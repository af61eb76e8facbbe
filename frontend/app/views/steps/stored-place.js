/** Reads the place in the walk that this browser has stored, which may have been edited by hand. Pure. */

/** @typedef {import("./walk.js").Part} Part */
/** @typedef {import("./walk.js").Entry} Entry */

/**
 * @typedef {object} Place
 * @property {string | null} stage
 * @property {{part: Part, number: number}} example
 * @property {string | null} typed
 * @property {Entry | null} entry
 * @property {string | null} parameter
 * @property {{[option: string]: import("./walk.js").Other}} others numbers are kept, lists are not
 */

/**
 * Each part as it was stored, or else as it is at the start. Whatever a run has not, it refuses, and is taken back.
 * @param {unknown} stored
 * @returns {Place}
 */
export function storedPlace(stored) {
  const { stage, example, typed, entry, parameter, others } = fieldsOf(stored);
  const { part, number } = fieldsOf(example);
  const { row, column } = fieldsOf(entry);
  const [at, across] = [countOf(row), countOf(column)];
  const text = (/** @type {unknown} */ value) => (typeof value === "string" && value !== "" ? value : null);
  const known = part === "batch" || part === "train" || part === "test";
  return {
    stage: text(stage),
    example: known ? { part, number: countOf(number) ?? 0 } : { part: "batch", number: 0 },
    typed: text(typed),
    entry: at !== null && across !== null ? { row: at, column: across } : null,
    parameter: text(parameter),
    others: Object.fromEntries(
      Object.entries(fieldsOf(others)).flatMap(([option, value]) => {
        const found = countOf(value);
        return found === null ? [] : [[option, found]];
      }),
    ),
  };
}

/** @param {unknown} value @returns {{[field: string]: unknown}} */
const fieldsOf = (value) => (typeof value === "object" && value !== null ? { ...value } : {});

/** @param {unknown} value */
const countOf = (value) => (typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null);
