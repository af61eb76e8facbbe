/**
 * The picture of one head at one query, in three steps on one grid of columns: how the query matches a key, the row's
 * shares, and the values that they weigh. What a stage has not computed yet is dashed and has no numbers.
 */

import { onTheme, palette } from "../../../marks/colors.js";
import { watchSize } from "../../../marks/watch-size.js";
import { element, setText } from "../../../panels/element.js";
import * as walk from "../walk.js";
import { gridOf, partOf, placesShown } from "./layout.js";
import { besides, headOf } from "./reading.js";
import { longest, matchLines, outputLine, shareLines, sumsOf, valueLines } from "./lines.js";
import { Step } from "./step.js";

/** @typedef {import("../../../types/pictures.js").Picture} Picture */
/** @typedef {import("../../../types/pictures.js").Plot} Plot */
/** @typedef {import("./reading.js").Head} Head */
/** @typedef {import("./layout.js").Grid} Grid */

const STEPS = /** @type {const} */ (["match", "shares", "values"]);

export class AttentionPicture {
  #match = new Step(1, "How well query and key match", "Numbers", (first) => this.#move({ number: first }));
  #shares = new Step(2, "Scores become shares", "Places", (first) => this.#move({ place: first }));
  #values = new Step(3, "The values, weighed by the shares", "Numbers", (first) => this.#move({ number: first }));
  #more = element("button", { type: "button", class: "button quiet head-more", "aria-expanded": "false" });
  element = element(
    "section",
    { class: "steps-head-picture", "aria-label": "The head at the chosen place", hidden: true },
    this.#match.element,
    this.#shares.element,
    this.#values.element,
    this.#more,
  );
  /** Whether the equations in matrices are shown below. */
  #open = false;
  /** @type {Head | null} */
  #head = null;
  /** The first shown number and place, where the viewer has moved them; and what was chosen then. */
  #moved = { number: /** @type {number | null} */ (null), place: /** @type {number | null} */ (null) };
  #chosen = "";
  #width = 0;
  /** Whether it is to be revealed when its width is known. */
  #awaited = false;
  #key = { name: "Key", choose: (/** @type {number} */ at) => walk.chooseOther("key", at), stop: true };
  #number = { name: "Number of the output", choose: (/** @type {number} */ row) => (walk.entry.value = { row, column: 0 }), stop: true };
  #coarse = matchMedia("(pointer: coarse), (max-width: 760px)");
  #equations;
  #stops;

  /** @param {HTMLElement} equations that the picture replaces until they are asked for */
  constructor(equations) {
    this.#equations = equations;
    this.#more.addEventListener("click", () => {
      this.#open = !this.#open;
      this.#fold();
    });
    this.#stops = [
      watchSize(this.element, ({ width }) => {
        // Hidden, it has none.
        if (width < 24 || Math.round(width) === this.#width) return;
        this.#width = Math.round(width);
        this.#draw();
        if (this.#awaited) this.reveal();
      }),
      onTheme(() => this.#draw()),
    ];
  }

  close() {
    for (const stop of this.#stops) stop();
    this.element.remove();
  }

  /** @param {Picture} picture @returns {Picture} without the plots that this one shows */
  show(picture) {
    this.#head = headOf(picture);
    this.element.hidden = this.#head === null;
    this.#fold();
    const { parentElement: main } = this.element;
    main?.classList.toggle("with-head", this.#head !== null);
    if (!this.#head) return picture;
    const chosen = JSON.stringify([this.#head.key, this.#head.sums.d, walk.entryNow().row, this.#head.reads.length]);
    if (chosen !== this.#chosen) this.#moved = { number: null, place: null };
    this.#chosen = chosen;
    this.#draw();
    return { ...picture, plots: besides(picture.plots) };
  }

  /** Brings the step of the stage into view. */
  reveal() {
    this.#awaited = this.#width === 0 && !this.element.hidden;
    if (this.element.hidden || this.#awaited || this.#coarse.matches) return;
    const step = [this.#match, this.#shares, this.#values][STEPS.indexOf(this.#head?.sums.step ?? "match")];
    step?.element.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  #fold() {
    const folded = this.#head !== null && !this.#open;
    this.#equations.classList.toggle("folded", folded);
    this.#more.setAttribute("aria-expanded", String(!folded));
    setText(this.#more, folded ? "Show the matrices of all places" : "Hide the matrices");
  }

  /** @param {{number?: number, place?: number}} to */
  #move(to) {
    this.#moved = { ...this.#moved, ...to };
    this.#draw();
  }

  #draw() {
    const head = this.#head;
    if (!head || this.#width === 0) return;
    const places = head.reads.length;
    const room = { width: this.#width, scale: palette().scale, coarse: this.#coarse.matches };
    const grid = gridOf(room, { d: head.sums.d, places, characters: longest(head) });
    const part = (/** @type {import("./reading.js").Operand} */ { row, values }, /** @type {number} */ count, /** @type {number} */ most, /** @type {number} */ chosen, /** @type {number | null} */ moved) =>
      partOf(count, most, chosen, moved, { low: row, high: row + (values.shape[0] ?? 0) });
    const number = Math.min(walk.entryNow().row, head.sums.d - 1);
    const numbers = part(head.q, head.sums.d, grid.columns, number, this.#moved.number);
    const shown = part(head.scores, places, placesShown(grid, places), head.key, this.#moved.place);
    this.#arrange(grid, places);
    this.#match.window.show(numbers, head.sums.d);
    this.#values.window.show(numbers, head.sums.d);
    this.#shares.window.show(shown, places);
    const present = STEPS.indexOf(head.sums.step);
    const state = (/** @type {number} */ at) => (at < present ? "done" : at > present ? "later" : "present");
    const [match, shares, values] = sumsOf(head, number);
    this.#match.show(state(0), `s_{ij} = q_i \\cdot k_j / \\sqrt{d}`);
    for (const [id, line] of matchLines(head, numbers)) this.#match.line(id, line, grid);
    this.#match.sums(match);
    this.#shares.show(state(1), `a_{ij} = e^{s_{ij}} / \\textstyle\\sum_m e^{s_{im}}`);
    for (const [id, line] of shareLines(head, shown)) this.#shares.line(id, line, grid, id === "places" || id === "dropped" ? undefined : { ...this.#key, stop: id === "scores" });
    this.#shares.sums(shares);
    this.#values.show(state(2), `o_i = \\textstyle\\sum_j ${head.weights ? "\\hat a" : "a"}_{ij} v_j`);
    this.#showValues(head, grid, numbers, shown, number);
    this.#values.sums(values);
  }

  /** @param {Head} head @param {Grid} grid @param {import("./step.js").Part} numbers @param {import("./step.js").Part} shown @param {number} number */
  #showValues(head, grid, numbers, shown, number) {
    const lines = valueLines(head, shown, numbers);
    this.#values.only("value", new Set(lines.map(([id]) => id)));
    for (const [id, line, place] of lines) this.#values.line(id, line, grid, { ...this.#number, stop: false }, () => walk.chooseOther("key", place));
    this.#values.line("output", outputLine(head, numbers, number), grid, this.#number);
    this.#values.order([...lines.map(([id]) => id), "output"]);
  }

  /** Gives the strip of places the columns of the grid, where all places stand in it. @param {Grid} grid @param {number} places */
  #arrange(grid, places) {
    const host = this.element.parentElement ?? this.element;
    for (const [name, value] of Object.entries({ labels: grid.labels, cell: grid.cell })) host.style.setProperty(`--head-${name}`, `${value}px`);
    host.style.setProperty("--head-columns", String(grid.columns));
    host.style.setProperty("--head-text", `${grid.text}px`);
    host.classList.toggle("head-strip", !grid.narrow && places <= grid.columns);
    this.element.classList.toggle("narrow", grid.narrow);
    this.element.classList.toggle("beside", grid.beside);
  }
}
