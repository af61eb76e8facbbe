/**
 * The sequence step by step: the input, and below it the predictions, filled by their probability. It is
 * placed over a picture of the states, column over column.
 */

import { visibleSymbol } from "../../inputs/sequence-field.js";
import { element, setText } from "../../panels/element.js";

/** @typedef {import("../../types/pictures.js").Facts} Facts */

/** Least widths of a step, in CSS pixels, at which its probability and its symbol can be read. */
const MIN_STEP = { probability: 26, symbol: 8 };

const ABOUT_READ = "The input, and below it the predictions. A fuller cell has a higher probability.";
const ABOUT_FORCED =
  "The input with the right answer (teacher forcing), and below it the predictions";
const ABOUT_TYPED =
  "The input with the typed answer, and below it the predictions";

export class SequenceStrip {
  #read = element("div", { class: "sequence-strip-row" });
  #predicted = element("div", { class: "sequence-strip-row" });
  #about = element("p", { class: "caption" });
  /** The model's answer when it reads its own symbols. */
  #greedy = element("div", { class: "sequence-strip-row" });
  #greedyAbout = element("p", { class: "caption" }, "The model's own answer, from its own predictions (greedy decoding)");
  element = element(
    "div",
    { class: "sequence-strip", role: "img", "aria-label": "Sequence" },
    this.#about,
    this.#read,
    this.#predicted,
    this.#greedyAbout,
    this.#greedy,
  );
  #count = 0;

  /** @param {Facts} facts of the probe `states` */
  show(facts) {
    const read = listOf(facts["input"]);
    const predicted = listOf(facts["predicted"]);
    const probability = listOf(facts["probability"]);
    const target = listOf(facts["target"]);
    this.element.hidden = !probability.some((value) => value !== null);
    if (this.element.hidden) return;
    this.#fill(read.length);
    const scored = target.some((value) => value !== null);
    const forced = facts["forced"] === true;
    setText(this.#about, aboutOf(facts));
    const own = forced ? listOf(facts["greedy"]) : [];
    this.#greedy.hidden = this.#greedyAbout.hidden = !own.length;
    if (this.#greedy.children.length !== own.length) {
      this.#greedy.replaceChildren(...own.map(() => element("span", { class: "sequence-strip-cell number" })));
    }
    own.forEach((symbol, t) => {
      const cell = this.#greedy.children[t];
      if (!(cell instanceof HTMLElement)) return;
      setText(cell, symbol === null ? "" : visibleSymbol(symbol));
      const wanted = target[t] ?? null;
      cell.dataset["state"] =
        symbol === null || wanted === null ? "unscored" : wanted === symbol ? "right" : "wrong";
    });
    read.forEach((symbol, t) => {
      const above = this.#read.children[t];
      const below = this.#predicted.children[t];
      if (!above || !(below instanceof HTMLElement)) return;
      setText(above, visibleSymbol(symbol));
      const share = Number(probability[t]);
      const [word, number] = below.children;
      if (word) setText(word, visibleSymbol(predicted[t]));
      if (number) setText(number, probabilityText(share));
      below.style.setProperty("--share", share.toFixed(2));
      const wanted = target[t] ?? null;
      below.dataset["state"] =
        wanted !== null ? (wanted === predicted[t] ? "right" : "wrong") : scored ? "unscored" : "asked";
    });
    this.element.setAttribute("aria-label", stripText(read, predicted, target, scored));
    this.#size();
  }

  /** Aligns the steps with the columns. @param {{left: number, width: number}} box in CSS pixels */
  align({ left, width }) {
    this.element.style.setProperty("--left", `${left}px`);
    this.element.style.setProperty("--width", `${width}px`);
    this.#size(width);
  }

  /** @param {number} [width] */
  #size(width = this.#read.clientWidth) {
    const step = width / Math.max(1, this.#count);
    this.element.dataset["size"] =
      step >= MIN_STEP.probability ? "large" : step >= MIN_STEP.symbol ? "small" : "tiny";
  }

  /** @param {number} count */
  #fill(count) {
    if (count === this.#count) return;
    this.#count = count;
    const cell = () => element("span", { class: "sequence-strip-cell number" });
    this.#read.replaceChildren(...Array.from({ length: count }, cell));
    this.#predicted.replaceChildren(
      ...Array.from({ length: count }, () => {
        const made = cell();
        made.append(element("b"), element("small"));
        return made;
      }),
    );
  }
}

/**
 * The text above the strip. A model is given a whole answer, or the beginning of one; a typed answer may
 * be wrong.
 * @param {Facts} facts
 */
export function aboutOf(facts) {
  if (facts["forced"] !== true) return ABOUT_READ;
  const read = listOf(facts["input"]);
  const target = listOf(facts["target"]);
  const first = target.findIndex((symbol) => symbol !== null);
  const right = first >= 0 && read.slice(first + 1).every((symbol, i) => symbol === target[first + i]);
  return right ? ABOUT_FORCED : ABOUT_TYPED;
}

/** @param {unknown} fact @returns {unknown[]} */
const listOf = (fact) => (Array.isArray(fact) ? fact : []);

/** A probability in three characters. @param {number} share */
const probabilityText = (share) => (share > 0.995 ? "1.0" : share.toFixed(2).replace(/^0/, ""));

/**
 * @param {unknown[]} read
 * @param {unknown[]} predicted
 * @param {unknown[]} target
 * @param {boolean} scored
 */
function stripText(read, predicted, target, scored) {
  const counted = target.map((value, t) => ({ value, t })).filter(({ value }) => value !== null);
  const right = counted.filter(({ value, t }) => value === predicted[t]).length;
  const end = scored ? ` ${right} of ${counted.length} scored predictions are right.` : "";
  return `Input: ${read.map(visibleSymbol).join(" ")}. Predictions: ${predicted.map(visibleSymbol).join(" ")}.${end}`;
}
