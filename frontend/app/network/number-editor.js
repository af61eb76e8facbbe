/**
 * A small form to change one number of the network, a weight or a bias. It floats where the number was
 * clicked; Enter sets the number, Escape closes the form.
 *
 * @typedef {{parameter: string, index: number[], value: number, latex: string, note: string,
 *   x: number, y: number}} Field
 */
import katex from "katex";
import { html, nothing, render } from "lit-html";
import { parseNumber, parseError } from "../controls/numbers.js";
import { ApiError } from "../stream/api-error.js";
import { sentences } from "../stream/api-error.js";
import { placeBeside } from "./floating.js";

export class NumberEditor {
  #host = document.createElement("div");
  /** @type {Field | null} */ #number = null;
  /** @type {Element | null} */ #focusedBefore = null;
  #problem = "";

  /**
   * @param {HTMLElement} over the area in which it floats
   * @param {(parameter: string, index: number[], value: number) => Promise<unknown>} set
   */
  constructor(over, set) {
    this.set = set;
    this.over = over;
    this.#host.className = "net-editor floating";
    this.#host.hidden = true;
    over.append(this.#host);
    this.#host.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") this.close();
    });
    document.addEventListener("pointerdown", this.#outside);
  }

  /** @param {PointerEvent} event */
  #outside = (event) => {
    if (event.target instanceof Node && !this.#host.contains(event.target)) this.close();
  };

  dispose() {
    this.close();
    document.removeEventListener("pointerdown", this.#outside);
  }

  /** @param {Field} number */
  open(number) {
    this.#number = number;
    this.#problem = "";
    this.#focusedBefore = document.activeElement;
    this.#host.hidden = false;
    this.#draw();
    const field = this.#host.querySelector("input");
    if (field) {
      field.value = format(number.value);
      field.select();
      field.focus();
    }
    placeBeside(this.#host, this.over, { x: number.x, y: number.y, size: 16 });
  }

  close() {
    if (this.#host.hidden) return;
    const hadFocus = this.#host.contains(document.activeElement);
    this.#host.hidden = true;
    this.#number = null;
    if (hadFocus && this.#focusedBefore instanceof HTMLElement) this.#focusedBefore.focus();
  }

  #draw() {
    const number = this.#number;
    if (!number) return;
    render(
      html`<form @submit=${this.#submit}>
        <label
          ><span class="net-editor-name"></span
          ><input type="text" inputmode="decimal" size="8" aria-label=${number.note}
        /></label>
        <button type="submit">Set</button>
      </form>
      <p class=${this.#problem ? "refused" : ""} role=${this.#problem ? "alert" : nothing}>
        ${this.#problem || number.note}
      </p>`,
      this.#host,
    );
    const name = this.#host.querySelector(".net-editor-name");
    if (!(name instanceof HTMLElement)) return;
    katex.render(`${number.latex} =`, name, { throwOnError: false });
  }

  /** @param {Event} event */
  #submit = async (event) => {
    event.preventDefault();
    const number = this.#number;
    const text = this.#host.querySelector("input")?.value ?? "";
    const value = parseNumber(text);
    if (!number) return;
    if (value === null) {
      this.#problem = `${parseError(text)}. Give a number such as 0.5 or 1e-3.`;
      this.#draw();
      return;
    }
    try {
      await this.set(number.parameter, number.index, value);
      this.close();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#problem = sentences(error);
      this.#draw();
    }
  };
}

/** A number as it can be typed: three digits, 5.2e-5 if it is small. @param {number} value */
export function format(value) {
  const size = Math.abs(value);
  const text = size > 0 && size < 1e-3 ? value.toExponential(1) : `${Number(value.toPrecision(3))}`;
  return text.replace("-", "−").replace("e−", "e-");
}
