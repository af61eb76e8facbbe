/**
 * The picture of a recurrent cell at a stage of a step, at the unit that is worked out: each value on its wire, and
 * on the way back the derivatives beside them.
 */

import { onTheme, palette } from "../../../marks/colors.js";
import { watchSize } from "../../../marks/watch-size.js";
import { element, setText } from "../../../panels/element.js";
import { cellText } from "../../../panels/equation/numerals.js";
import { NumberChips, valueColor } from "../number-chips.js";
import { chipsOf, peaksOf, titleOf, wordsOf } from "./chips.js";
import { cellLayout } from "./layout.js";
import { canvas, paint } from "./painting.js";
import { cellOf } from "./reading.js";
import { CellTable } from "./table.js";
import { UnitStrip } from "./units.js";

/** @typedef {import("../../../types/pictures.js").Facts} Facts */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./reading.js").Cell} Cell */

/** Beside a chip that is scrolled into sight, for its symbol. */
const ROOM = 80;

export class CellPicture {
  #title = element("h3", {});
  #note = element("p", { class: "caption" });
  #drawing = canvas();
  #chips = new NumberChips("steps-cell-chip");
  #legend = element("div", { class: "steps-cell-legend caption", "aria-hidden": "true" });
  #content = element("div", { class: "steps-cell-content", role: "img" }, this.#drawing, this.#chips.element, this.#legend);
  #scroller = element("div", { class: "steps-cell-scroller", role: "group", "aria-label": "The cell with the numbers of this unit" }, this.#content);
  element = element("section", { class: "steps-cell", hidden: true }, element("header", { class: "steps-part-head" }, this.#title, this.#note), this.#scroller);
  /** What stands beside the equations. */
  #table = new CellTable();
  #units = new UnitStrip();
  beside = [this.#table.element, this.#units.element];
  /** @type {Cell | null} */
  #cell = null;
  #width = 0;
  /** The stage that the picture was scrolled to. */
  #revealed = "";
  #stops = [
    watchSize(this.#scroller, ({ width }) => {
      // Not rounded up: a picture that is wider by a fraction would scroll.
      if (Math.floor(width) === this.#width) return;
      this.#width = Math.floor(width);
      this.#draw();
    }),
    onTheme(() => this.#draw()),
  ];

  close() {
    for (const stop of this.#stops) stop();
    this.element.remove();
  }

  /** @param {Facts} facts of a stage */
  show(facts) {
    this.#cell = cellOf(facts);
    this.element.hidden = this.#cell === null;
    this.#draw();
  }

  #draw() {
    const cell = this.#cell;
    this.#table.show(cell);
    this.#units.show(cell);
    if (!cell) return;
    setText(this.#title, titleOf(cell));
    setText(this.#note, noteOf(cell));
    this.#content.setAttribute("aria-label", wordsOf(cell));
    if (this.#width < 24) return;
    const { scale } = palette();
    const layout = cellLayout(cell.plan, this.#width / scale);
    this.#content.style.width = `${scale * layout.width}px`;
    this.#content.style.height = `${scale * layout.height}px`;
    this.#scroller.tabIndex = scale * layout.width > this.#width + 1 ? 0 : -1;
    paint(this.#drawing, cell, layout);
    this.#chips.show(chipsOf(cell, layout, scale));
    const { x, y } = layout.at(cell.plan.legend);
    this.#legend.style.left = `${scale * x}px`;
    this.#legend.style.top = `${scale * y}px`;
    this.#showLegend(cell);
    this.#reveal(cell, layout, scale);
  }

  /** @param {Cell} cell */
  #showLegend(cell) {
    const hues = new Set(cell.values.map(({ value }) => value.hue));
    const { C, derivative } = peaksOf(cell);
    this.#legend.replaceChildren(
      ...(hues.has("gate") ? scaleOf("gate 0", "1", "sequential") : []),
      ...scaleOf("state", "±1"),
      ...(hues.has("C") ? scaleOf("C", `±${cellText(C)}`) : []),
      ...(cell.derivatives.length ? scaleOf("derivative", `±${cellText(derivative)}`) : []),
    );
  }

  /** Scrolls a narrow picture to what a new stage computes. @param {Cell} cell @param {Layout} layout @param {number} scale */
  #reveal(cell, layout, scale) {
    const now = [...cell.values, ...cell.derivatives].filter(({ state }) => state === "now").map(({ value }) => scale * layout.at(value.at).x);
    const stage = `${cell.kind} ${cell.stage}`;
    if (stage === this.#revealed || now.length === 0) return;
    this.#revealed = stage;
    const { scrollLeft, clientWidth } = this.#scroller;
    const [left, right] = [Math.min(...now) - ROOM * scale, Math.max(...now) + ROOM * scale];
    if (left < scrollLeft || right > scrollLeft + clientWidth) this.#scroller.scrollLeft = Math.max(right - clientWidth, Math.min(left, (left + right - clientWidth) / 2));
  }
}

/** @param {string} low name of the scale, and its lower end @param {string} high @param {"diverging" | "sequential"} [colors] */
function scaleOf(low, high, colors = "diverging") {
  const ramp = element("span", { class: "ramp" });
  const stops = [...(colors === "diverging" ? [-1] : []), 0, 1];
  ramp.style.backgroundImage = `linear-gradient(90deg, ${stops.map((stop) => valueColor(stop, 1, colors)).join(", ")})`;
  return [element("span", { class: "number" }, low), ramp, element("span", { class: "number" }, high)];
}

/** @param {Cell} cell */
const noteOf = ({ units, kind }) => (units < 2 ? "" : kind === "rnn" ? "Wₕ reads h of all units" : "each gate reads h of all units");
