/** The table of what each z of a recurrent cell is made of, at the unit that is worked out. */

import { element, setText } from "../../../panels/element.js";
import { cellText } from "../../../panels/equation/numerals.js";
import { spoken } from "../../../panels/equation/spoken.js";
import { setFormula, setMixed } from "../../../panels/equation/typeset.js";
import { valueColor } from "../number-chips.js";

/** @typedef {import("./reading.js").Cell} Cell */
/** @typedef {import("./reading.js").State} State */
/** @typedef {{name: string, latex: string, z: string, value: string, gate: boolean}} Row `z` and `value` are the stages that compute them */

const gate = (/** @type {string} */ name) => ({ name, latex: `${name}_t = \\sigma(z)`, z: name, value: name, gate: true });
const candidate = (/** @type {string} */ name, /** @type {string} */ latex, /** @type {string} */ stage) => ({ name, latex: `${latex}_t = \\tanh z`, z: stage, value: stage, gate: false });

/** Of every kind of cell. @type {{[kind in import("./plans.js").Kind]: Row[]}} */
const ROWS = {
  lstm: [gate("f"), gate("i"), candidate("C̃", "\\tilde C", "candidate"), gate("o")],
  gru: [gate("r"), gate("z"), candidate("n", "n", "n")],
  rnn: [{ name: "h", latex: "h_t = \\sigma(z)", z: "z", value: "h", gate: false }],
};
const COLUMNS = /** @type {const} */ (["x", "h", "b", "z", "value"]);
const HEADS = ["W_x x_t", "W_h h_{t-1}", "b", "z"];

export class CellTable {
  #unit = element("span", { class: "caption" });
  #rows = element("tbody", {});
  #note = element("p", { class: "caption" });
  element = element(
    "section",
    { class: "steps-part cell-table", hidden: true },
    element("header", { class: "steps-part-head" }, mixed("h3", "What each $z$ is made of"), this.#unit),
    element(
      "table",
      { class: "number" },
      element("thead", {}, element("tr", {}, element("td", {}), ...HEADS.map((latex) => mixed("th", `$${latex}$`)), element("th", {}, element("span", { class: "unseen" }, "value")))),
      this.#rows,
    ),
    this.#note,
  );

  /** @param {Cell | null} cell */
  show(cell) {
    this.element.hidden = cell === null;
    if (!cell) return;
    const { kind, unit, gates, stateOf, activation } = cell;
    const rows = ROWS[kind];
    setText(this.#unit, `unit ${unit + 1}`);
    setMixed(this.#note, kind === "gru" ? "Of $n$, the second is $r_t$ times $W_h h_{t-1}$." : "");
    this.#note.hidden = kind !== "gru";
    while (this.#rows.children.length > rows.length) this.#rows.lastElementChild?.remove();
    while (this.#rows.children.length < rows.length) {
      this.#rows.append(element("tr", {}, element("th", { scope: "row" }, element("span", { "aria-hidden": "true" }), element("span", { class: "unseen" })), ...COLUMNS.map(() => element("td", {}))));
    }
    rows.forEach((row, i) => {
      const [head, ...found] = /** @type {HTMLElement[]} */ ([...(this.#rows.children[i]?.children ?? [])]);
      const latex = kind === "rnn" ? `h_t = \\operatorname{${activation}} z` : row.latex;
      const [formula, said] = /** @type {HTMLElement[]} */ ([...(head?.children ?? [])]);
      if (formula) setFormula(formula, latex);
      if (said) setText(said, spoken(latex));
      COLUMNS.forEach((column, at) => {
        const cellOf = found[at];
        if (cellOf) fill(cellOf, gates[row.name]?.[column] ?? NaN, stateOf(column === "value" ? row.value : row.z), column === "value" ? row : null);
      });
    });
  }
}

/** @param {HTMLElement} cell @param {number} value @param {State} state @param {Row | null} row of a value that has a colour */
function fill(cell, value, state, row) {
  const later = state === "later";
  setText(cell, later ? "" : cellText(value) || "–");
  cell.dataset["state"] = state;
  if (later) cell.setAttribute("aria-label", "not computed yet");
  else cell.removeAttribute("aria-label");
  cell.style.backgroundColor = row && !later ? valueColor(value, 1, row.gate ? "sequential" : "diverging") : "";
}

/** @param {"h3" | "th"} name @param {string} text with LaTeX between dollar signs */
function mixed(name, text) {
  const shown = element("span", { "aria-hidden": name === "th" && "true" });
  setMixed(shown, text);
  return name === "th" ? element(name, { scope: "col" }, shown, element("span", { class: "unseen" }, spoken(text))) : element(name, {}, shown);
}
