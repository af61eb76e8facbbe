/** The inputs of a tool: the convolution, the kernel, the place, the shift. */

import { IndexStepper } from "../../inputs/index-stepper.js";
import { element, setText } from "../../panels/element.js";

/** @typedef {(changes: {[option: string]: unknown}) => void} SetOptions */

const SHIFT = { least: -8, most: 8 };

/**
 * A choice among the convolutions within a residual block.
 * @param {number} count
 * @param {number} chosen from 0
 * @param {(part: number) => void} choose
 */
export function partChoice(count, chosen, choose) {
  const group = element("div", { class: "segmented", role: "group", "aria-label": "Convolution within the block" });
  for (let part = 0; part < count; part++) {
    const button = element("button", { type: "button", "aria-pressed": String(part === chosen) }, String(part + 1));
    button.setAttribute("aria-label", `Convolution ${part + 1} of ${count}`);
    button.addEventListener("click", () => choose(part));
    group.append(button);
  }
  return element("div", { class: "cnn-part" }, element("span", { class: "caption" }, "Convolution"), group);
}

/**
 * A stepper for an index that is an option of the probe.
 * @param {string} label
 * @param {number} count
 * @param {string} option
 * @param {SetOptions} set
 */
export function indexChoice(label, count, option, set) {
  return new IndexStepper({ label, count, onChange: (value) => set({ [option]: value }) }).element;
}

/** @param {SetOptions} set */
export const shiftChoice = (set) => [
  slider("right", "dx", 1, set),
  slider("down", "dy", 0, set),
];

/**
 * @param {string} label
 * @param {string} option
 * @param {number} value
 * @param {SetOptions} set
 */
function slider(label, option, value, set) {
  const range = element("input", {
    type: "range",
    min: String(SHIFT.least),
    max: String(SHIFT.most),
    step: "1",
    value: String(value),
    "aria-label": `Pixels ${label}`,
  });
  const shown = element("output", { class: "number" }, String(value));
  range.addEventListener("input", () => {
    setText(shown, range.value.replace("-", "−"));
    set({ [option]: Number(range.value) });
  });
  return element("label", { class: "cnn-shift" }, element("span", { class: "caption" }, label), range, shown);
}
