/** The row of stages, and the buttons that move through them. */

import { effect } from "@preact/signals-core";
import { element, setText } from "../../panels/element.js";
import { spoken } from "../../panels/equation/spoken.js";
import { setMixed } from "../../panels/equation/typeset.js";
import { ambiguous, shownSections } from "./stage-sections.js";
import * as walk from "./walk.js";

/** @typedef {import("./stage-sections.js").Shown} Shown */

/** How long a stage stands while the walk is played, in milliseconds. */
const PACE = 2600;

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
  /** With the numbers of the stages that it stands for. @type {{button: HTMLButtonElement, from: number, to: number}[]} */
  #buttons = [];
  #key = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #stops;

  /** @param {() => void} leave */
  constructor(leave) {
    this.#back.addEventListener("click", () => walk.moveByHand(-1));
    this.#row.addEventListener("scroll", () => this.#fade(), { passive: true });
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
    this.#build(shownSections(stages, at), at);
    for (const { button, from, to } of this.#buttons) {
      button.dataset["state"] = to < at ? "passed" : from > at ? "ahead" : "present";
      if (from === at) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    }
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

  /** @param {Shown[]} shown @param {number} at */
  #build(shown, at) {
    const key = JSON.stringify(shown);
    if (key === this.#key) return;
    this.#key = key;
    this.#buttons = [];
    const focused = this.#row.contains(document.activeElement);
    const twice = ambiguous(shown);
    const sections = shown.map(({ group, caption, label, name, open, short, continues, stages }) => {
      const head = element("span", { class: "caption" });
      setMixed(head, caption);
      if (!open) return element("li", { class: continues ? "stage-group continues" : "stage-group" }, head, this.#folded(label, name, stages, short));
      const buttons = stages.map(({ stage, at }) => {
        const button = this.#button(stage.label, at, at);
        if (twice.has(stage.label) && group === "backward") button.append(element("span", { class: "unseen" }, ", backward"));
        return element("li", {}, button);
      });
      return element("li", { class: "stage-group" }, head, element("ol", { "aria-label": spoken(name) }, ...buttons));
    });
    this.#row.replaceChildren(...sections);
    // The button that had it may be folded away.
    if (focused) this.#buttons.find(({ from }) => from === at)?.button.focus({ preventScroll: true });
  }

  /** A section as one button, which leads to its first stage. @param {string} label @param {string} name
   * @param {Shown["stages"]} stages @param {boolean} short */
  #folded(label, name, stages, short) {
    const button = this.#button(label, stages[0]?.at ?? 0, stages.at(-1)?.at ?? 0);
    button.classList.add("folded");
    button.setAttribute("data-tip", spoken(name));
    if (!short) button.append(element("span", { class: "stage-count number" }, String(stages.length)));
    for (const seen of button.children) seen.setAttribute("aria-hidden", "true");
    button.append(element("span", { class: "unseen" }, spoken(name)));
    return button;
  }

  /** @param {string} label @param {number} from the stage that it leads to @param {number} to */
  #button(label, from, to) {
    const button = element("button", { type: "button", class: "stage" });
    const written = element("span", {});
    setMixed(written, label);
    button.append(written);
    if (label.includes("$")) {
      written.setAttribute("aria-hidden", "true");
      button.append(element("span", { class: "unseen" }, spoken(label)));
    }
    button.addEventListener("click", () => {
      const stage = walk.stages.peek()[from];
      if (stage) walk.goTo(stage.id);
    });
    this.#buttons.push({ button, from, to });
    return button;
  }

  /** Scrolls the row to the present stage and its neighbours. @param {number} at */
  #reveal(at) {
    const button = this.#buttons.find(({ from }) => from === at)?.button;
    if (!button) return;
    const room = this.#row.getBoundingClientRect();
    const box = button.getBoundingClientRect();
    const middle = box.left + box.width / 2 - (room.left + room.width / 2);
    this.#row.scrollTo({ left: this.#row.scrollLeft + middle, behavior: "instant" });
    this.#fade();
  }

  /** Fades the sides that the row goes on at. */
  #fade() {
    const { scrollLeft, scrollWidth, clientWidth, classList } = this.#row;
    classList.toggle("more-before", scrollLeft > 2);
    classList.toggle("more-after", scrollLeft + clientWidth < scrollWidth - 2);
  }
}
