/** Shows one derivative by three ways, with the digits in which they agree. */

import { short } from "../../marks/scales.js";
import { element } from "../../panels/element.js";
import { agreeingDigits, digitsOf } from "../../panels/equation/numerals.js";
import { setFormula } from "../../panels/equation/typeset.js";
import { derivative } from "./parameter-name.js";

/**
 * @typedef {object} Check
 * @property {string} parameter
 * @property {number[]} index
 * @property {number | null} written null if it is not finite
 * @property {number | null} autograd
 * @property {number | null} difference
 * @property {number} width
 * @property {boolean} kink
 */

const WAYS = /** @type {const} */ ([
  ["written", "written out"],
  ["autograd", "autograd"],
  ["difference", "central difference"],
]);
/** Digits of double precision, in which all of them are. */
const DIGITS = 15;
const KINK = "An activation has its kink within ±h: the difference mixes the slopes of both sides.";

export class Checks {
  #body = element("div", {});
  element = element(
    "section",
    { class: "steps-part checks", "aria-label": "Check" },
    element("h3", { "aria-level": "2" }, "Check: three ways to one number"),
    this.#body,
  );

  /** @param {import("../../types/pictures.js").Facts} facts */
  show({ checks }) {
    const found = Array.isArray(checks) ? /** @type {Check[]} */ (/** @type {unknown} */ (checks)) : [];
    this.element.hidden = found.length === 0;
    const width = Math.max(0, ...found.map((check) => check.width));
    const note = `In double precision, with h = ${short(width)}; the equations are in the run's single precision. Grey digits differ from autograd's.`;
    this.#body.replaceChildren(...found.map(oneCheck), element("p", { class: "caption check-note" }, note));
  }
}

/** @param {Check} check */
function oneCheck(check) {
  const symbol = element("span", { class: "check-symbol" });
  const { latex, where } = derivative(check.parameter, check.index);
  setFormula(symbol, latex);
  const rows = WAYS.map(([way, label]) => {
    const value = check[way];
    const text = digitsOf(value ?? NaN, DIGITS);
    const [same, other] = agreeingDigits(text, value ?? NaN, check.autograd ?? NaN);
    const number = element("dd", { class: "number" }, same, element("span", { class: "differs" }, other));
    return [element("dt", {}, label), number];
  });
  return element(
    "div",
    { class: "check" },
    element("p", { class: "check-head" }, symbol, element("span", { class: "caption" }, where)),
    element("dl", {}, ...rows.flat()),
    ...(check.kink ? [element("p", { class: "caption kink" }, KINK)] : []),
  );
}
