/** What a stage computes, of all units of a recurrent layer: a button each, which works that unit out. */

import { element, setText } from "../../../panels/element.js";
import { cellText } from "../../../panels/equation/numerals.js";
import { setMixed } from "../../../panels/equation/typeset.js";
import { valueColor } from "../number-chips.js";
import * as walk from "../walk.js";

/** @typedef {import("./reading.js").Cell} Cell */

/** LaTeX of what is shown, by its name in the fact `across`. @type {{[name: string]: string}} */
const SYMBOLS = { h_before: "h_{t-1}", "C̃": "\\tilde C_t" };
const GATES = new Set(["f", "i", "o", "r"]);

export class UnitStrip {
  #title = element("h3", {});
  #buttons = element("div", { class: "cell-units", role: "group", "aria-label": "Units of the layer" });
  element = element(
    "section",
    { class: "steps-part", hidden: true },
    element("header", { class: "steps-part-head" }, this.#title, element("span", { class: "caption" }, "choose one to follow it")),
    this.#buttons,
  );

  /** @param {Cell | null} cell */
  show(cell) {
    this.element.hidden = cell === null;
    if (!cell) return;
    const { kind, unit, across } = cell;
    const { of, derivative, values } = across;
    const symbol = SYMBOLS[of] ?? `${of}_t`;
    setMixed(this.#title, `$${derivative ? `\\partial\\ell/\\partial ${symbol}` : symbol}$ of all ${values.length} units`);
    const gate = !derivative && (GATES.has(of) || (of === "z" && kind === "gru"));
    const least = derivative ? 1e-12 : 1;
    const peak = derivative || of === "C" ? Math.max(least, ...values.map((value) => Math.abs(value ?? 0))) : 1;
    while (this.#buttons.children.length > values.length) this.#buttons.lastElementChild?.remove();
    while (this.#buttons.children.length < values.length) this.#buttons.append(this.#button(this.#buttons.children.length));
    values.forEach((value, i) => {
      const button = /** @type {HTMLElement} */ (this.#buttons.children[i]);
      const text = cellText(value ?? NaN) || "–";
      setText(button, text);
      button.setAttribute("aria-label", `Unit ${i + 1}: ${text}`);
      button.setAttribute("aria-pressed", String(i === unit));
      button.style.backgroundColor = value === null ? "" : valueColor(value, peak, gate ? "sequential" : "diverging");
    });
  }

  /** @param {number} unit */
  #button(unit) {
    const button = element("button", { type: "button", class: "cell-unit number" });
    button.addEventListener("click", () => (walk.entry.value = { ...walk.entryNow(), row: unit }));
    return button;
  }
}
