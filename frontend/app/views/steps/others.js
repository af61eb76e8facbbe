/**
 * What else can be chosen of a stage, as its facts say: the place in a sequence, which stands symbol by symbol over
 * the equations; a layer, a head, the place that it looks at, a channel.
 */

import { IndexStepper } from "../../inputs/index-stepper.js";
import { element, setText } from "../../panels/element.js";
import { TokenLines } from "./token-lines.js";
import * as walk from "./walk.js";

/** @typedef {import("../../types/pictures.js").Facts} Facts */

/**
 * A numbered choice: its option and name, the facts with its number and with how many there are, and what the server
 * calls the first; the page counts all from 1.
 * @typedef {{option: string, label: string, value: string, count: string, from: 0 | 1, needs?: string}} Choice
 * @type {Choice[]}
 */
const CHOICES = [
  { option: "layer", label: "Layer", value: "layer", count: "layers", from: 1, needs: "cell" },
  { option: "head", label: "Head", value: "head", count: "heads", from: 1 },
  { option: "key", label: "Looks at place", value: "key", count: "steps", from: 0 },
  { option: "channel", label: "Channel", value: "channel", count: "channels", from: 0 },
  { option: "input", label: "Channel of the input", value: "input_channel", count: "inputs", from: 0 },
];

/**
 * The choices of a stage with more than one possibility.
 * @param {Facts} facts
 * @returns {{choice: Choice, count: number, value: number}[]} `value` from 0
 */
export function choicesOf(facts) {
  return CHOICES.flatMap((choice) => {
    const count = facts[choice.count];
    if (typeof count !== "number" || count < 2 || (choice.needs && !(choice.needs in facts))) return [];
    // Of what has a number in no fact, the first is shown unless another was asked for.
    const given = facts[choice.value] ?? (choice.option in facts ? null : walk.others.peek()[choice.option]);
    if (choice.option === "key" && typeof given !== "number") return [];
    const value = typeof given === "number" ? given - choice.from : 0;
    return [{ choice, count, value: Math.min(value, count - 1) }];
  });
}

/**
 * The symbols of a sequence by place, and what is asked for there.
 * @param {Facts} facts
 * @returns {{reads: string[], asked: string[], place: number, key: number | null} | null} null if it is no sequence
 */
export function sequenceOf({ input, target, place, key }) {
  if (!Array.isArray(input) || typeof place !== "number") return null;
  const text = (/** @type {unknown} */ one) =>
    typeof one === "number" ? String(Number(one.toPrecision(3))).replace("-", "−") : one === null || one === undefined ? "" : String(one).replace(/^ $/, "␣");
  const asked = Array.isArray(target) ? target.map(text) : [];
  return { reads: input.map(text), asked, place, key: typeof key === "number" ? key : null };
}

export class Others {
  #strip = element("div", { class: "place-strip", role: "group", "aria-label": "Places of the sequence" });
  #sequence = element(
    "div",
    { class: "place-rows" },
    element("div", { class: "place-names caption", "aria-hidden": "true" }, ...["place", "reads", "answer"].map((name) => element("span", {}, name))),
    this.#strip,
  );
  #steppers = element("div", { class: "other-choices" });
  /** Lines from a query to what it looks at, over the strip. */
  lines = new TokenLines(this.#strip);
  element = element("div", { class: "steps-others", hidden: true }, this.lines.element, this.#sequence, this.#steppers);
  /** @type {Map<string, IndexStepper>} */
  #made = new Map();
  #key = "";
  /** The place that the strip was scrolled to, and of how many. */
  #revealed = "";

  /** @param {Facts} facts */
  show(facts) {
    const sequence = sequenceOf(facts);
    const choices = choicesOf(facts);
    this.element.hidden = !sequence && choices.length === 0;
    this.#showSequence(sequence);
    const key = JSON.stringify(choices.map(({ choice, count, value }) => [choice.option, count, value]));
    // A number that is being typed stays while pictures keep coming.
    if (key === this.#key) return;
    this.#key = key;
    const steppers = choices.map(({ choice, count, value }) => {
      const { option, label, from } = choice;
      let stepper = this.#made.get(option);
      if (!stepper) {
        stepper = new IndexStepper({ label, count, first: 1, onChange: (chosen) => walk.chooseOther(option, chosen + from) });
        this.#made.set(option, stepper);
      }
      stepper.set({ count, value });
      return stepper.element;
    });
    if (steppers.some((one, i) => this.#steppers.children[i] !== one) || steppers.length !== this.#steppers.children.length) {
      this.#steppers.replaceChildren(...steppers);
    }
  }

  /** @param {ReturnType<typeof sequenceOf>} sequence */
  #showSequence(sequence) {
    this.#sequence.hidden = sequence === null;
    if (!sequence) return;
    const { reads, asked, place, key } = sequence;
    while (this.#strip.children.length > reads.length) this.#strip.lastElementChild?.remove();
    while (this.#strip.children.length < reads.length) {
      const at = this.#strip.children.length;
      const button = element(
        "button",
        { type: "button", class: "place" },
        element("span", { class: "caption" }, String(at + 1)),
        element("span", { class: "place-reads number" }),
        element("span", { class: "place-asked number" }),
      );
      button.addEventListener("click", () => walk.chooseOther("place", at));
      this.#strip.append(button);
    }
    [...this.#strip.children].forEach((button, i) => {
      const [, read, answer] = button.children;
      if (!read || !answer) return;
      setText(read, reads[i] ?? "");
      setText(answer, asked[i] || "·");
      button.setAttribute("aria-pressed", String(i === place));
      button.classList.toggle("key", i === key);
    });
    this.#reveal(place, reads.length);
  }

  /** Scrolls a new place to the middle of the strip; what the viewer scrolls to stays. @param {number} place @param {number} count */
  #reveal(place, count) {
    const revealed = `${place} of ${count}`;
    const button = this.#strip.children[place];
    if (!button || revealed === this.#revealed) return;
    this.#revealed = revealed;
    const room = this.#strip.getBoundingClientRect();
    const box = button.getBoundingClientRect();
    const middle = box.left + box.width / 2 - (room.left + room.width / 2);
    this.#strip.scrollTo({ left: this.#strip.scrollLeft + middle, behavior: "instant" });
  }
}
