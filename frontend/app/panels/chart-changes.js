/** The changes of a run in words, beside the chart that marks them and in its description. */

import { markAt, marksOf } from "./change-marks.js";
import { ChangeNote } from "./change-note.js";

/** The part of uPlot that is used here. @typedef {Pick<import("uplot"), "over" | "valToPos">} Chart */

export class ChartChanges {
  #changes;
  #note = new ChangeNote();
  element = this.#note.element;

  /** @param {Pick<import("./context.js").Context, "changes">} context */
  constructor({ changes }) {
    this.#changes = changes;
  }

  /**
   * Shows the changes of the mark at the cursor.
   * @param {Chart} chart
   * @param {number | null} x of the cursor in the plot, in CSS pixels
   */
  point(chart, x) {
    const { offsetLeft: left, offsetWidth: width } = chart.over;
    const inside = this.#marks(chart).filter((mark) => mark.x >= 0 && mark.x <= width);
    this.#note.show(x === null ? null : markAt(inside, x), { left, width });
  }

  /**
   * The last change, and the way to read the others; "" if there is none.
   * @param {Chart} chart
   */
  text(chart) {
    const marks = this.#marks(chart);
    const last = marks.at(-1);
    if (!last) return "";
    if (marks.length === 1) return `. Change at ${last.text}`;
    return `. ${marks.length} changes, the last at ${last.text}; arrow keys read the others`;
  }

  /** With places in the plot, in CSS pixels. @param {Chart} chart */
  #marks(chart) {
    return marksOf(this.#changes.peek(), (step) => chart.valToPos(step, "x"));
  }
}
