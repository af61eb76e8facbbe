/**
 * Marks of a run's changes along an axis of steps: changes that would lie on one another become one mark,
 * as those of a slider that was dragged. Pure.
 */

import { count, short } from "../marks/scales.js";

/**
 * A live change of the spec in words: "η" from "0.01" to "0.03". The name is "" where the values say it
 * all, as of a schedule; `from` is null where there was no value before.
 * @typedef {{kind: "set", step: number, key: string, name: string, from: string | null, to: string}} SetChange
 */
/** @typedef {{kind: "edit", step: number, key: string, name: string, part: string, to: number}} EditChange */
/** @typedef {{kind: "fork", step: number, key: string}} ForkChange */
/** Changes of the same value have the same key. @typedef {SetChange | EditChange | ForkChange} Change */

/**
 * @typedef {object} Mark
 * @property {number} first step
 * @property {number} last step, at which all of its changes are in force
 * @property {number} x
 * @property {string} label a few words beside the mark
 * @property {string} text all of its changes, with the steps
 */

/** Changes whose places are less than this apart become one mark, in CSS pixels. */
export const MERGED_WITHIN = 6;

/**
 * Changes of the same value are one drag of a slider within this many steps, a third of a second at the usual pace,
 * or within this many times the distance.
 */
const SAME_DRAG = { steps: 40, times: 2 };

/** A mark is pointed at within this distance, in CSS pixels. */
export const POINTED_WITHIN = 7;

/**
 * @param {readonly Change[]} changes by step
 * @param {(step: number) => number} place of a step on the axis
 * @param {number} [within] the distance between two marks
 * @returns {Mark[]} from left to right
 */
export function marksOf(changes, place, within = MERGED_WITHIN) {
  /** @type {Change[][]} */
  const groups = [];
  let end = NaN;
  /** @param {Change[]} group @param {Change} change */
  const isSameDrag = (group, { key, step }) => {
    const before = group.findLast((one) => one.key === key)?.step ?? NaN;
    return step - before <= SAME_DRAG.steps || place(step) - place(before) < SAME_DRAG.times * within;
  };
  for (const change of changes) {
    const x = place(change.step);
    const group = groups.at(-1);
    if (group && (x - end < within || isSameDrag(group, change))) group.push(change);
    else groups.push([change]);
    end = x;
  }
  return groups.flatMap((group) => markOf(group, place) ?? []);
}

/** @param {Change[]} group @param {(step: number) => number} place @returns {Mark | null} null if nothing has changed */
function markOf(group, place) {
  const merged = mergedByKey(group);
  const parts = [...partsOf(merged, "fork"), ...partsOf(merged, "set"), ...partsOf(merged, "edit")];
  const [part] = parts;
  if (!part) return null;
  const first = group[0]?.step ?? NaN;
  const last = group.at(-1)?.step ?? NaN;
  const steps = first === last ? `step ${count(first)}` : `steps ${count(first)}–${count(last)}`;
  const more = parts.length > 1 ? ` +${parts.length - 1}` : "";
  const text = `${steps}: ${parts.map((one) => one.text).join(", ")}`;
  return { first, last, x: place(last), label: part.label + more, text };
}

/**
 * Each value's first and last change as one; a value that is again what it was has none.
 * @param {Change[]} group
 * @returns {Change[]}
 */
function mergedByKey(group) {
  /** @type {Map<string, Change>} */
  const found = new Map();
  for (const change of group) {
    const before = found.get(change.key);
    const from = before?.kind === "set" ? { from: before.from } : {};
    found.set(change.key, { ...change, ...from });
  }
  return [...found.values()].filter((one) => one.kind !== "set" || one.from !== one.to);
}

/**
 * The changes of one kind in words.
 * @param {Change[]} merged
 * @param {Change["kind"]} kind
 * @returns {{label: string, text: string}[]}
 */
function partsOf(merged, kind) {
  const own = merged.filter((change) => change.kind === kind);
  if (kind === "edit" && own.length > 1) return [editsPart(/** @type {EditChange[]} */ (own))];
  return own.map((change) => {
    if (change.kind === "fork") return { label: "fork", text: "continues from another run" };
    if (change.kind === "edit") {
      const value = short(change.to);
      return { label: `${change.name} ${value}`, text: `${change.name} set to ${value}` };
    }
    const { name, from, to } = change;
    const values = from === null ? to : `${from} → ${to}`;
    return { label: `${name} ${to}`.trim(), text: `${name} ${values}`.trim() };
  });
}

const PLURALS = new Map([["weight", "weights"], ["bias", "biases"]]);

/** @param {EditChange[]} edits of several numbers */
function editsPart(edits) {
  const [part, ...others] = new Set(edits.map((one) => one.part));
  const words = (others.length === 0 && PLURALS.get(part ?? "")) || "parameters";
  const text = `${count(edits.length)} ${words} set`;
  return { label: text, text };
}

/**
 * The mark at a place, if one is near.
 * @param {readonly Mark[]} marks
 * @param {number} x
 * @param {number} [within]
 */
export function markAt(marks, x, within = POINTED_WITHIN) {
  let best = null;
  for (const mark of marks) {
    const far = Math.abs(mark.x - x);
    if (far <= within && far <= Math.abs((best?.x ?? Infinity) - x)) best = mark;
  }
  return best;
}

/**
 * Places labels beside their marks, to the right or else to the left; one without room there is left out.
 * The last mark comes first: its settings are in force.
 * @param {readonly Mark[]} marks from left to right
 * @param {(label: string) => number} widthOf
 * @param {{left: number, right: number}} room
 * @param {{gap: number, taken?: readonly {left: number, right: number}[]}} how the gap beside a mark, and the
 *   spans of other labels
 * @returns {{label: string, left: number}[]}
 */
export function placeLabels(marks, widthOf, { left: low, right: high }, { gap, taken = [] }) {
  const spans = [...taken];
  /** @type {{label: string, left: number}[]} */
  const found = [];
  for (const mark of [...marks].reverse()) {
    const width = widthOf(mark.label);
    for (const left of [mark.x + gap, mark.x - gap - width]) {
      const right = left + width;
      if (left < low || right > high) continue;
      if (marks.some(({ x }) => x !== mark.x && x > left - gap && x < right + gap)) continue;
      if (spans.some((span) => left < span.right + gap && span.left - gap < right)) continue;
      spans.push({ left, right });
      found.push({ label: mark.label, left });
      break;
    }
  }
  return found;
}
