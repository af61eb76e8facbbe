/**
 * The heads of a transformer beside the equations of attention: the chosen one large, with what its row looks at, and
 * all of them small. A click on a cell chooses query and key; a click on a head shows the same cell there.
 */

import { onTheme, palette } from "../../marks/colors.js";
import { cellAt } from "../../marks/matrix.js";
import { format } from "../../marks/scales.js";
import { watchSize } from "../../marks/watch-size.js";
import { element, setText } from "../../panels/element.js";
import { FactsRow } from "../../panels/facts-row.js";
import { Ablation } from "./ablation.js";
import { drawHead } from "./head-map.js";
import { headsOf, leftOut, stageOfLayer } from "./heads-facts.js";
import { pointedHead } from "./token-lines.js";
import * as walk from "./walk.js";

/** @typedef {import("../../types/pictures.js").Picture} Picture */

/** Sides of a cell of the large map, in CSS pixels at normal type. */
const CELL = { least: 11, most: 34 };
/** The side of the large map that leaves room for the small ones. */
const SIDE = 256;
/** Labels stand at cells of at least this width; else at every second, fourth, … */
const LABEL = 13;
/** The room for the labels of rows. */
const MARGIN = 34;
const LEAST_MAP = 44;
/** Heads in a row of small maps. */
const ACROSS = 8;
const MOVES = /** @type {{[key: string]: [number, number] | undefined}} */ ({ ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] });

export class HeadsPanel {
  #title = element("h3", { "aria-level": "2" });
  #ideal = element("span", { class: "heads-key ideal" }, "the task’s ideal");
  #canvas = element("canvas", {});
  #map = element("div", { class: "head-cells", tabindex: "0", role: "application", "aria-roledescription": "map of attention" }, this.#canvas);
  #rows = element("div", { class: "head-rows caption", "aria-hidden": "true" });
  #columns = element("div", { class: "head-columns caption", "aria-hidden": "true" });
  #scroll = element("div", { class: "head-scroll" }, this.#rows, this.#map, element("span", {}), this.#columns);
  #range = element("p", { class: "caption", hidden: true });
  #facts = new FactsRow();
  #ablation = new Ablation();
  #all = element("div", { class: "head-maps", role: "group", "aria-label": "Heads, layer by layer" });
  #rangeOfAll = element("p", { class: "caption", hidden: true });
  element = element(
    "section",
    { class: "steps-part heads-part", "aria-label": "Heads", hidden: true },
    element("div", { class: "steps-part-head" }, this.#title, element("span", { class: "heads-legend caption" }, element("span", { class: "heads-key chosen" }, "chosen"), this.#ideal)),
    this.#scroll,
    element("p", { class: "caption heads-axes" }, "rows: query; columns: key, where it may look"),
    this.#range,
    this.#facts.element,
    this.#ablation.element,
    element("div", { class: "steps-part-head heads-all" }, element("h3", { "aria-level": "2" }, "Heads"), element("span", { class: "caption" }, "layer.head; click to see this cell there")),
    this.#all,
    this.#rangeOfAll,
  );
  /** @type {Picture | null} */
  #picture = null;
  /** @type {import("../../marks/view.js").Cache} */
  #cache = {};
  /** @type {import("../../marks/view.js").Cache[]} */
  #caches = [];
  #width = 0;
  #revealed = "";
  #stops;

  constructor() {
    this.#canvas.addEventListener("click", (event) => this.#click(event));
    this.#map.addEventListener("keydown", (event) => this.#press(event));
    this.#stops = [
      onTheme(() => this.#draw()),
      watchSize(this.element, ({ width }) => {
        this.#width = width;
        this.#draw();
      }),
    ];
  }

  close() {
    for (const stop of this.#stops) stop();
    pointedHead.value = null;
  }

  /** @param {Picture} picture */
  show(picture) {
    this.#picture = picture;
    this.#draw();
  }

  get #heads() {
    return this.#picture && headsOf(this.#picture);
  }

  /** @param {MouseEvent} event */
  #click({ offsetX, offsetY }) {
    const heads = this.#heads;
    if (!heads) return;
    const side = this.#canvas.clientWidth;
    const cell = cellAt(heads.matrix, { left: 0, top: 0, width: side, height: side }, offsetX, offsetY);
    if (cell) walk.chooseOthers({ place: heads.first + cell.row, key: heads.first + cell.column });
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const heads = this.#heads;
    const by = MOVES[event.key];
    if (!heads || !by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const within = (/** @type {number} */ place) => Math.max(0, Math.min(heads.steps - 1, place));
    walk.chooseOthers({ place: within(heads.query + by[0]), key: within(heads.key + by[1]) });
  }

  #draw() {
    const heads = this.#heads;
    this.element.hidden = !heads;
    if (!heads || !this.#picture) return;
    const { facts } = this.#picture;
    const { layer, head, query, key, matrix, first } = heads;
    setText(this.#title, `Layer ${layer}, head ${head}`);
    this.#ideal.hidden = !matrix.outlined;
    const number = (/** @type {string} */ name) => (typeof facts[name] === "number" ? format(Number(facts[name])) : "–");
    this.#facts.show([
      { label: "This cell", value: number("share"), tip: "The share of this key in what the query looks at." },
      { label: "Row entropy", value: number("entropy"), tip: "In nats, of the chosen query. At 0 it looks at one place only." },
      ...(typeof facts["on_ideal"] === "number" ? [{ label: "On ideal", value: number("on_ideal"), tip: "The share of the head’s weights on the outlined cells." }] : []),
      { label: "Width d", value: String(facts["d"] ?? "–"), tip: "Numbers in each query, key and value." },
    ]);
    const [row, column] = [matrix.row_labels[query - first] ?? "", matrix.column_labels[key - first] ?? ""];
    this.#map.setAttribute("aria-label", `Layer ${layer}, head ${head}: the query at place ${query + 1}, ${row}, gives the key at place ${key + 1}, ${column}, a share of ${number("share")}. Arrow keys choose another cell.`);
    this.#ablation.show(facts, [layer, head]);
    tellRange(this.#range, first, matrix.row_labels.length, heads.steps);
    if (this.#width < 60) return;
    this.#drawOne(heads);
    this.#drawAll(heads);
  }

  /** @param {import("./heads-facts.js").Heads} heads */
  #drawOne({ matrix, query, key, first, layer, head }) {
    const { scale } = palette();
    const count = matrix.values.shape[0] ?? 1;
    const cell = Math.max(CELL.least, Math.min(CELL.most, Math.floor(Math.min(SIDE, this.#width / scale - MARGIN) / count))) * scale;
    const side = cell * count;
    drawHead(this.#canvas, matrix, { row: query - first, column: key - first }, { side, cache: this.#cache, framed: true });
    label(this.#rows, matrix.row_labels, cell, query - first, scale);
    label(this.#columns, matrix.column_labels, cell, key - first, scale);
    const revealed = JSON.stringify([layer, head, query, key, count]);
    if (revealed === this.#revealed) return;
    this.#revealed = revealed;
    const middle = (/** @type {number} */ place, /** @type {number} */ room) => (place - first + 0.5) * cell - (room - MARGIN * scale) / 2;
    const { clientWidth, clientHeight } = this.#scroll;
    this.#scroll.scrollTo({ left: middle(key, clientWidth), top: middle(query, clientHeight), behavior: "instant" });
  }

  /** @param {import("./heads-facts.js").Heads} heads */
  #drawAll({ maps, query, key, layer, head, firstOfAll, steps }) {
    const perLayer = Number(this.#picture?.facts["heads"] ?? 1);
    const across = Math.min(perLayer, ACROSS, Math.max(1, Math.floor(this.#width / (LEAST_MAP + 6))));
    this.#all.style.setProperty("--across", String(Math.max(across, 4)));
    const side = Math.floor(Math.min(84, this.#width / Math.max(across, 4) - 14));
    while (this.#all.children.length > maps.length) this.#all.lastElementChild?.remove();
    while (this.#all.children.length < maps.length) this.#all.append(this.#smallMap(this.#all.children.length));
    const out = new Set(leftOut(this.#picture?.facts ?? {}).map((one) => one.join(".")));
    maps.forEach(({ name, matrix }, i) => {
      const button = this.#all.children[i];
      const canvas = button?.firstElementChild;
      if (!(button instanceof HTMLElement) || !(canvas instanceof HTMLCanvasElement)) return;
      const cache = (this.#caches[i] ??= {});
      drawHead(canvas, matrix, { row: query - firstOfAll, column: key - firstOfAll }, { side, cache, framed: false });
      button.dataset["head"] = name;
      button.setAttribute("aria-pressed", String(name === `${layer}.${head}`));
      button.classList.toggle("left-out", out.has(name));
      button.setAttribute("aria-label", `Head ${name}${out.has(name) ? ", left out" : ""}`);
      if (button.lastElementChild) setText(button.lastElementChild, out.has(name) ? `${name} out` : name);
    });
    tellRange(this.#rangeOfAll, firstOfAll, maps[0]?.matrix.row_labels.length ?? 0, steps);
  }

  /** @param {number} at */
  #smallMap(at) {
    const button = element("button", { type: "button", class: "head-small" }, element("canvas", { "aria-hidden": "true" }), element("span", { class: "caption number" }));
    button.addEventListener("click", () => this.#choose(at));
    const point = (/** @type {boolean} */ on) => () => (pointedHead.value = on ? (button.dataset["head"] ?? null) : null);
    for (const type of ["pointerenter", "focus"]) button.addEventListener(type, point(true));
    for (const type of ["pointerleave", "blur"]) button.addEventListener(type, point(false));
    return button;
  }

  /** Shows the same cell in another head, at the same stage of its layer. @param {number} at */
  #choose(at) {
    const heads = this.#heads;
    const [layer = 1, head = 1] = (heads?.maps[at]?.name ?? "").split(".").map(Number);
    if (!heads) return;
    walk.chooseOthers({ head, place: heads.query, key: heads.key });
    const wanted = stageOfLayer(String(this.#picture?.facts["stage"]), layer);
    if (walk.stages.peek().some(({ id }) => id === wanted)) walk.goTo(wanted);
  }
}

/** Says which places are shown of a long sequence. @param {HTMLElement} line @param {number} first @param {number} count @param {number} steps */
function tellRange(line, first, count, steps) {
  line.hidden = count >= steps;
  setText(line, `Places ${first + 1} to ${first + count} of ${steps}, around the query.`);
}

/** @param {HTMLElement} strip @param {readonly string[]} names @param {number} cell @param {number} chosen @param {number} scale */
function label(strip, names, cell, chosen, scale) {
  const every = 2 ** Math.ceil(Math.log2(Math.max(1, (LABEL * scale) / cell)));
  while (strip.children.length > names.length) strip.lastElementChild?.remove();
  while (strip.children.length < names.length) strip.append(element("span"));
  strip.style.setProperty("--cell", `${cell}px`);
  names.forEach((name, i) => {
    const span = strip.children[i];
    if (!span) return;
    setText(span, i % every === 0 || i === chosen ? name : "");
    span.classList.toggle("chosen", i === chosen);
  });
}
