/** The changes of a mark in words, beside it: for the pointer, the keyboard and touch alike. */

import { element, setText } from "./element.js";

export class ChangeNote {
  element = element("p", { class: "change-note", "aria-live": "polite" });

  /**
   * @param {import("./change-marks.js").Mark | null} mark its place is in CSS pixels
   * @param {{left: number, width: number}} room of the note, in its offset parent
   */
  show(mark, { left, width }) {
    setText(this.element, mark?.text ?? "");
    if (!mark) return;
    const own = this.element.offsetWidth;
    const middle = left + mark.x - own / 2;
    this.element.style.left = `${Math.max(left, Math.min(left + width - own, middle))}px`;
  }
}
