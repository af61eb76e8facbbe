/** Chooses the example of the walk: a member of the next minibatch, any example of the data, a sequence of one's own. */

import { effect } from "@preact/signals-core";
import { count, format } from "../../marks/scales.js";
import { IndexStepper } from "../../inputs/index-stepper.js";
import { element, setText } from "../../panels/element.js";
import { TypedSequence } from "../sequences/typed-sequence.js";
import * as walk from "./walk.js";

/** @typedef {import("./walk.js").Part} Part */
/** @typedef {import("../../types/pictures.js").Facts} Facts */

/** @type {[Part, string][]} */
const PARTS = [
  ["batch", "Next batch"],
  ["train", "Training"],
  ["test", "Test"],
];
/** Members of a minibatch with a button each; of a larger one, these and the number of the others. */
const MOST_MEMBERS = 64;
const STEPPER = { batch: "Example of the batch", train: "Training example", test: "Test example" };

export class ExampleCard {
  #title = element("h3", { "aria-level": "2" });
  #target = element("span", { class: "caption number" });
  #parts;
  #stepper = new IndexStepper({
    label: "Example",
    count: 1,
    first: 1,
    onChange: (number) => walk.chooseExample({ number }),
  });
  #members = element("div", { class: "batch-members", role: "group", "aria-label": "Examples of the next batch" });
  #typed = new TypedSequence((text) => (walk.typed.value = text));
  #note = element("p", { class: "caption" });
  element;
  #stop;
  #key = "";
  #stepperKey = "";

  constructor() {
    this.#parts = PARTS.map(([part, label]) => {
      const button = element("button", { type: "button" }, label);
      button.addEventListener("click", () => walk.chooseExample({ part }));
      return { part, button };
    });
    const choice = element("div", { class: "segmented", role: "group", "aria-label": "Where the example is from" });
    choice.append(...this.#parts.map(({ button }) => button));
    this.element = element(
      "section",
      { class: "steps-part example-card", "aria-label": "Example" },
      element("header", { class: "steps-part-head" }, this.#title, this.#target),
      element("div", { class: "example-choice" }, choice, this.#stepper.element),
      this.#members,
      this.#note,
      this.#typed.element,
    );
    this.#stop = effect(() => {
      const part = walk.typed.value === null ? walk.example.value.part : "typed";
      for (const one of this.#parts) one.button.setAttribute("aria-pressed", String(one.part === part));
    });
  }

  close() {
    this.#stop();
  }

  /**
   * @param {Facts} facts
   * @param {{train: number, test: number}} counts of the examples of the data
   */
  show(facts, counts) {
    const part = /** @type {Part | "typed"} */ (facts["part"]);
    const number = Number(facts["example"]);
    const batch = /** @type {number[]} */ (facts["batch"] ?? []);
    const target = facts["y"];
    setText(this.#target, typeof target === "number" ? `y = ${Number.isInteger(target) ? target : format(target)}` : "");
    this.#stepper.element.hidden = part === "typed";
    if (part === "typed") setText(this.#title, "Typed sequence");
    else this.#showNumber(part, number, part === "batch" ? batch.length : counts[part]);
    this.#showMembers(batch, part === "batch" ? number : -1);
    this.#typed.element.hidden = !Array.isArray(facts["symbols"]);
    if (!this.#typed.element.hidden) this.#typed.show(facts, facts["input"], walk.typed.peek());
    const row = count(Number(facts["row"]) + 1);
    const alone = "Computed alone, as in testing: without dropout and noise.";
    setText(
      this.#note,
      part === "batch"
        ? `The batch of step ${count(Number(facts["step"]))}, by their numbers in the training data; this is number ${row}.`
        : typeof facts["unscored"] === "string" ? `${alone} ${facts["unscored"]}` : alone,
    );
  }

  /** @param {Part} part @param {number} number @param {number} size */
  #showNumber(part, number, size) {
    setText(this.#title, titleOf(part, number, size));
    const stepper = { label: STEPPER[part], count: size, value: number };
    // While it trains pictures keep coming: a number that is being typed stays.
    if (JSON.stringify(stepper) !== this.#stepperKey) this.#stepper.set(stepper);
    this.#stepperKey = JSON.stringify(stepper);
  }

  /** @param {number[]} batch rows of the data @param {number} chosen −1 for none */
  #showMembers(batch, chosen) {
    this.#members.hidden = chosen < 0;
    const key = JSON.stringify(batch);
    if (key !== this.#key) {
      this.#key = key;
      const shown = batch.slice(0, MOST_MEMBERS).map((row, number) => {
        const name = count(row + 1);
        const button = element("button", { type: "button", class: "batch-member number", "aria-label": `Training example ${name}` }, name);
        button.addEventListener("click", () => walk.chooseExample({ part: "batch", number }));
        return button;
      });
      const others = batch.length - shown.length;
      const more = others > 0 ? [element("span", { class: "caption" }, `and ${count(others)} more`)] : [];
      this.#members.replaceChildren(...shown, ...more);
    }
    [...this.#members.children].forEach((member, i) => {
      if (member instanceof HTMLButtonElement) member.setAttribute("aria-pressed", String(i === chosen));
    });
  }
}

/** @param {Part} part @param {number} number @param {number} size */
export function titleOf(part, number, size) {
  const place = `${count(number + 1)} of ${count(size)}`;
  return part === "batch" ? `Example ${place} in the next batch` : part === "train" ? `Training example ${place}` : `Test example ${place}`;
}
