/** Shows the gradient by lag, and describes in words the longest lag. */

import { format } from "../../marks/scales.js";
import { element, setText } from "../../panels/element.js";
import { PictureView } from "../../panels/picture.js";

/** @typedef {import("../../types/pictures.js").Facts} Facts */

const SLOW_FPS = 4;
/** Shares of the gradient at lag 0 below and above which it counts as vanishing or exploding. */
const VANISHING = 1e-3;
const EXPLODING = 1e3;
/** The smallest share that the probe distinguishes from zero. */
const MIN_RATIO = 1e-12;

export class GradientLag {
  #words = element("p", { class: "gradient-lag-text", role: "status" });
  #place = element("div", { class: "rnn-picture" });
  #view;

  /**
   * @param {HTMLElement} host
   * @param {import("../../panels/context.js").Context} context
   * @param {number | null} layer counted from 1; by default the last
   */
  constructor(host, context, layer) {
    host.append(this.#words, this.#place);
    this.#view = new PictureView(this.#place, context, {
      id: "middle",
      probe: "gradient_lag",
      options: { relative: true, ...(layer !== null && { layer }) },
      fps: SLOW_FPS,
      fit: true,
      facts: endFacts,
      onPaint: ({ facts }) => setText(this.#words, lagText(facts)),
    });
  }

  close() {
    this.#view.close();
    this.#words.remove();
    this.#place.remove();
  }
}

/**
 * @param {Facts} facts
 * @returns {string}
 */
export function lagText({ ratio, lag }) {
  if (typeof ratio !== "number" || typeof lag !== "number" || lag < 1) return "";
  const steps = `${lag} ${lag === 1 ? "step" : "steps"}`;
  if (ratio < VANISHING) {
    return `The gradient vanishes: ${steps} before the end, ${ratioText(ratio)} of it is left. This is too little to learn from.`;
  }
  if (ratio > EXPLODING) {
    return `The gradient explodes: ${steps} before the end, it is ${format(ratio)} times as large as at the end.`;
  }
  return `The gradient is preserved: ${steps} before the end, it is ${format(ratio)} times as large as at the end.`;
}

/** A ratio in words; one below the drawn range is given as "less than". @param {number} ratio */
const ratioText = (ratio) => (ratio <= MIN_RATIO ? `less than ${MIN_RATIO}` : format(ratio));

/** @param {number} ratio */
const shortRatio = (ratio) => (ratio <= MIN_RATIO ? `< ${MIN_RATIO}` : format(ratio));

/** The facts on the ends of all lines. @param {Facts} facts @returns {import("../../panels/facts-row.js").Fact[]} */
function endFacts({ ratio, lag, untrained }) {
  if (typeof ratio !== "number") return [];
  const tip = `The gradient's norm ${String(lag)} steps before the end, divided by its norm at lag 0.`;
  const beside = Object.entries(/** @type {{[label: string]: number}} */ (untrained ?? {}));
  return [
    { label: "This net, longest lag", value: shortRatio(ratio), tip },
    ...beside.map(([label, value]) => ({ label: label.replace(/^u/, "U"), value: shortRatio(value), tip })),
  ];
}
