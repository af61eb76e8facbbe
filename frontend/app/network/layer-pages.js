/**
 * Divides large layers into pages: the units of a page, and the way to the next. Pure.
 *
 * @typedef {import("./topology.js").Column} Column
 */
import { UNITS_PER_PAGE } from "./topology.js";

/** Whether a column has more units than it shows.
 * @param {Pick<import("./layout.js").Shape, "role" | "cells" | "total">} column */
export const isPaged = ({ role, cells, total }) => role !== "input" && cells.length < total;

/** "1–16 of 64" @param {Column} column */
export function pageText({ first, cells, total }) {
  const last = first + cells.length;
  return `${count(first + 1)}–${count(last)} of ${count(total)}`;
}

/**
 * The first unit of the page `by` pages ahead; null if there is none.
 * @param {Column} column @param {number} by @returns {number | null}
 */
export function pageAt({ role, first, total }, by) {
  const next = first + by * UNITS_PER_PAGE;
  return role !== "input" && by !== 0 && next >= 0 && next < total ? next : null;
}

/** The option of a probe request: none if every layer begins with its first unit.
 * @param {Column[]} columns @returns {{first?: number[]}} */
export function pageOptions(columns) {
  const firsts = columns.map(({ first }) => first);
  while (firsts.at(-1) === 0) firsts.pop();
  return firsts.length ? { first: firsts } : {};
}

/** @param {number} number */
const count = (number) => number.toLocaleString("en");
