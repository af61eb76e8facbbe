/** Leaves heads out: a switch for the chosen one, what those that are left out cost, and a button that puts all back. */

import { element, setText } from "../../panels/element.js";
import { ablationNote, costOf, leftOut, toggled } from "./heads-facts.js";
import * as walk from "./walk.js";

/** @typedef {import("../../types/pictures.js").Facts} Facts */
/** @typedef {import("./heads-facts.js").Head} Head */

/** @param {readonly Head[]} heads */
const leaveOut = (heads) => walk.chooseOther("ablate", heads.length ? heads : null);

/** The heads that are to be left out; the numbers without them may be on their way. */
const asked = () => /** @type {readonly Head[]} */ (walk.others.peek()["ablate"] ?? []);

/** The switch of the chosen head. */
export class Ablation {
  #name = element("span", { id: "leave-out-name" });
  #switch = element("button", { type: "button", class: "switch", role: "switch", "aria-labelledby": "leave-out-name" });
  #cost = element("div", { class: "ablation-cost", role: "status" });
  element = element("div", { class: "ablation" }, element("label", { class: "ablation-switch" }, this.#switch, this.#name), this.#cost);
  /** @type {Head} */
  #head = [1, 1];
  /** @type {readonly Head[]} */
  #out = [];

  constructor() {
    this.#switch.addEventListener("click", () => {
      leaveOut(toggled(this.#out, this.#head));
      this.#out = asked();
      this.#showSwitch();
    });
  }

  /** @param {Facts} facts @param {Head} head the chosen one */
  show(facts, head) {
    this.#head = head;
    this.#out = asked();
    setText(this.#name, `Leave out head ${head.join(".")}`);
    this.#showSwitch();
    const lines = costOf(facts);
    while (this.#cost.children.length > lines.length) this.#cost.lastElementChild?.remove();
    while (this.#cost.children.length < lines.length) this.#cost.append(element("p"));
    lines.forEach((line, i) => this.#cost.children[i] && setText(/** @type {Element} */ (this.#cost.children[i]), line));
  }

  #showSwitch() {
    this.#switch.setAttribute("aria-checked", String(this.#out.some((one) => one.join() === this.#head.join())));
  }
}

/** A line over the equations while heads are left out. */
export class AblationNote {
  #text = element("span");
  element = element("div", { class: "ablation-note", role: "status", hidden: true }, this.#text);

  constructor() {
    const back = element("button", { type: "button", class: "button" }, "Put all back");
    back.addEventListener("click", () => leaveOut([]));
    this.element.append(back);
  }

  /** @param {Facts} facts @param {string | undefined} group of the stage */
  show(facts, group) {
    this.element.hidden = leftOut(facts).length === 0;
    if (!this.element.hidden) setText(this.#text, ablationNote(facts, group));
  }
}
