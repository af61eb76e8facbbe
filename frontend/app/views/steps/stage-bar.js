/** The row of stages, and the buttons that move through them. */

import { effect } from "@preact/signals-core";
import { element, setText } from "../../panels/element.js";
import { spoken } from "../../panels/equation/spoken.js";
import { setMixed } from "../../panels/equation/typeset.js";
import * as walk from "./walk.js";

/** @typedef {import("./walk.js").Stage} Stage */

const GROUPS = { forward: "Forward", backward: "Backward", update: "Then" };
/** How long a stage stands while the walk is played, in milliseconds. */
const PACE = 2600;

/**
 * The stages in runs of one group, each with its number.
 * @param {readonly Stage[]} stages
 */
export function groupsOf(stages) {
  /** @type {{group: Stage["group"], stages: {stage: Stage, at: number}[]}[]} */
  const found = [];
  stages.forEach((stage, at) => {
    const last = found.at(-1);
    if (last?.group === stage.group) last.stages.push({ stage, at });
    else found.push({ group: stage.group, stages: [{ stage, at }] });
  });
  return found;
}

export class StageBar {
  #row = element("ol", { class: "stage-groups", "aria-label": "Stages" });
  #place = element("span", { class: "caption number stage-place" });
  #back = element("button", { type: "button", class: "button stage-back" }, element("kbd", {}, "←"), " Back");
  #next = element("button", { type: "button", class: "button primary stage-next" }, "Next ", element("kbd", {}, "→"));
  #play = element("button", { type: "button", class: "icon-button stage-play", "data-tip": "Play all stages" });
  #leave = element("button", { type: "button", class: "button quiet stage-leave" }, "Leave ", element("kbd", {}, "Esc"));
  element = element(
    "header",
    { class: "stage-bar" },
    this.#row,
    element("div", { class: "stage-moves" }, this.#place, this.#play, this.#back, this.#next, this.#leave),
  );
  /** @type {HTMLButtonElement[]} */
  #buttons = [];
  #key = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #stops;

  /** @param {() => void} leave */
  constructor(leave) {
    this.#back.addEventListener("click", () => walk.moveByHand(-1));
    this.#next.addEventListener("click", () => walk.moveByHand(1));
    this.#leave.addEventListener("click", leave);
    this.#play.addEventListener("click", () => this.#toggle());
    this.#stops = [effect(() => this.#draw()), effect(() => this.#run())];
  }

  close() {
    for (const stop of this.#stops) stop();
    clearTimeout(this.#timer);
    walk.playing.value = false;
  }

  /** From the last stage, the walk begins again. */
  #toggle() {
    const { at, stages, playing } = walk;
    const [first] = stages.peek();
    if (!playing.peek() && first && at.peek() === stages.peek().length - 1) walk.goTo(first.id);
    playing.value = !playing.peek();
  }

  #run() {
    clearTimeout(this.#timer);
    const { playing, at, stages } = walk;
    if (!playing.value) return;
    if (at.value >= stages.value.length - 1) playing.value = false;
    else this.#timer = setTimeout(() => walk.move(1), PACE);
  }

  #draw() {
    const stages = walk.stages.value;
    const at = walk.at.value;
    this.#build(stages);
    this.#buttons.forEach((button, i) => {
      button.dataset["state"] = i < at ? "passed" : i > at ? "ahead" : "present";
      if (i === at) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    });
    setText(this.#place, stages.length ? `${at + 1} of ${stages.length}` : "");
    // An inert button keeps the focus, so that the keys go on working.
    this.#back.setAttribute("aria-disabled", String(at === 0));
    this.#next.setAttribute("aria-disabled", String(at >= stages.length - 1));
    const playing = walk.playing.value;
    this.#play.setAttribute("aria-label", playing ? "Stop playing the stages" : "Play all stages");
    this.#play.setAttribute("aria-pressed", String(playing));
    setText(this.#play, playing ? "❚❚" : "▶");
    this.#reveal(at);
  }

  /** @param {readonly Stage[]} stages */
  #build(stages) {
    const key = JSON.stringify(stages);
    if (key === this.#key) return;
    this.#key = key;
    this.#buttons = [];
    const groups = groupsOf(stages).map(({ group, stages }) => {
      const buttons = stages.map(({ stage }) => {
        const button = element("button", { type: "button", class: "stage" });
        const written = element("span", {});
        setMixed(written, stage.label);
        button.append(written);
        if (stage.label.includes("$")) {
          written.setAttribute("aria-hidden", "true");
          button.append(element("span", { class: "unseen" }, spoken(stage.label)));
        }
        button.addEventListener("click", () => walk.goTo(stage.id));
        this.#buttons.push(button);
        return element("li", {}, button);
      });
      const name = GROUPS[group] ?? group;
      const list = element("ol", { "aria-label": name }, ...buttons);
      return element("li", { class: "stage-group" }, element("span", { class: "caption" }, name), list);
    });
    this.#row.replaceChildren(...groups);
  }

  /** Scrolls the row to the present stage and its neighbours. @param {number} at */
  #reveal(at) {
    const button = this.#buttons[at];
    if (!button) return;
    const room = this.#row.getBoundingClientRect();
    const box = button.getBoundingClientRect();
    const middle = box.left + box.width / 2 - (room.left + room.width / 2);
    this.#row.scrollTo({ left: this.#row.scrollLeft + middle, behavior: "instant" });
  }
}
