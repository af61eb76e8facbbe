/** Draws one mark into a known place, and says what was painted. */

import "../screen.js";
import { onTheme, palette } from "../../../../frontend/app/marks/colors.js";
import { RENDERERS } from "../../../../frontend/app/marks/draw.js";
import { axis } from "../tensors.js";
import { canvasOf, ink, setTheme } from "../screen.js";

/** @typedef {import("../../../../frontend/app/types/pictures.js").Mark} Mark */
/** @typedef {import("../../../../frontend/app/marks/view.js").View} View */
/** @typedef {{[what: string]: () => void}} Cases what is expected of a renderer, in words */

/** The kinds of marks that have been drawn. @type {Set<string>} */
export const kinds = new Set();

/**
 * 200 × 100 pixels at (10, 20). x from −1 to 3 goes 50 pixels a unit to the right, y from 0 to 10
 * goes 10 pixels a unit up: (x, y) lies at (60 + 50·x, 120 − 10·y). Both differ, so that nothing
 * that is swapped looks right.
 */
export const PLACE = { left: 10, top: 20, width: 200, height: 100 };

/**
 * What the renderer of each mark paints, one after the other, on one canvas.
 * @param {Mark[]} marks
 * @param {Partial<View> & {caches?: import("../../../../frontend/app/marks/view.js").Cache[]}} [more]
 */
export function drawn(marks, { caches = [], ...more } = {}) {
  const { fake, context } = canvasOf(220, 140);
  marks.forEach((mark, i) => {
    if (mark.kind === "graph" || mark.kind === "equation") throw new TypeError(`${mark.kind} has no renderer`);
    kinds.add(mark.kind);
    const view = {
      canvas: context, ...PLACE, ratio: 1, xAxis: axis(-1, 3), yAxis: axis(0, 10),
      palette: palette(), tinted: false, key: "here", ...more,
    }; // prettier-ignore
    const renderer = /** @type {(mark: Mark, view: View, cache: object) => void} */ (RENDERERS[mark.kind]);
    renderer(mark, view, (caches[i] ??= {}));
  });
  return fake.recording.painted;
}

onTheme(() => {}); // as every canvas of the page does: from then on the palette follows the theme

/** What is drawn in the other theme. @template T @param {() => T} draw @returns {T} */
export function inTheDark(draw) {
  setTheme("dark");
  try {
    return draw();
  } finally {
    setTheme("light");
  }
}

/** @param {string} color #rrggbb */
const channels = (color) => [1, 3, 5].map((i) => Number.parseInt(color.slice(i, i + 2), 16));

/**
 * The colour at a share of the way from one to another.
 * @param {string} from @param {string} to @param {number} part
 */
export function between(from, to, part) {
  const ends = channels(to);
  const mixed = channels(from).map((value, i) => Math.round(value + ((ends[i] ?? 0) - value) * part));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** Level 0 to 255 of the scale from paper to full. @param {number} level */
export const sequential = (level) => between(ink("zero"), ink("accent"), level / 255);

/** The stops of the scale from negative by paper to positive, at quarters of it. */
const STOPS = ["negative", "negative-half", "zero", "positive-half", "positive"];

/** Level 0 to 255 of the scale from negative by paper to positive. @param {number} level */
export function diverging(level) {
  const stop = Math.min(3, Math.floor(level / 63.75));
  const [from = "", to = ""] = STOPS.slice(stop, stop + 2);
  return between(ink(from), ink(to), level / 63.75 - stop);
}
