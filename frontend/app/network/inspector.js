/**
 * Tracks the inspected unit, edge or bias, and updates the parts that depend on it: the emphasised edges,
 * the large map, the text beside the pointer and the formula below.
 *
 * @typedef {import("../state/run-state.js").RunState} RunState
 * @typedef {import("./drawing.js").Drawing} Drawing
 * @typedef {import("./edges.js").Edge} Edge
 * @typedef {import("./words.js").Net} Net
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("./pointer.js").Point} Point
 * @typedef {{layer: number, unit: number}} Unit
 * @typedef {{net: Net, layout: Layout}} Scene
 */
import { format } from "../marks/scales.js";
import { FormulaBar } from "./bar.js";
import { Editor } from "./editor.js";
import { inks } from "./inks.js";
import { isPaged } from "./pages.js";
import { Popover } from "./popover.js";
import { WeightRow } from "./row.js";
import { Tip } from "./tip.js";
import { cellsByUnit } from "./topology.js";
import { edgeWords, layerLine, sourceNames, unitLine, unitNote, unitTitle } from "./words.js";

const OPENS_AFTER = 120; // ms: a pointer that only passes opens nothing
const MOST_TERMS = 3;
const PAST = "The past stands still: go back to live to change it.";

export class Inspector {
  /** @type {Scene | null} */ #scene = null;
  /** @type {Edge | null} */ #edge = null;
  /** @type {Unit | null} */ #bias = null;
  #point = { x: 0, y: 0 };
  #timer = 0;
  #layer = 1;

  /**
   * @param {{floats: HTMLElement, bar: HTMLElement, stage: HTMLElement}} parts
   * @param {Drawing} drawing @param {import("../stream/watch.js").Pictures} pictures
   * @param {{state: RunState, verbs: import("../panels/context.js").Verbs,
   *   activationLabel: (kind: string) => string}} run
   */
  constructor(parts, drawing, pictures, { state, verbs, activationLabel }) {
    this.stage = parts.stage;
    this.drawing = drawing;
    this.state = state;
    this.verbs = verbs;
    this.activationLabel = activationLabel;
    this.bar = new FormulaBar(parts.bar);
    this.tip = new Tip(parts.floats);
    this.row = new WeightRow(parts.floats, pictures, (row) => {
      drawing.numbers.take(row);
      this.update();
    });
    this.editor = new Editor(parts.floats, verbs.setNumber);
    this.popover = new Popover(parts.floats, pictures, {
      incoming: (unit) => drawing.numbers.incoming(unit),
      bias: (unit) => drawing.numbers.bias(unit),
      inks,
      close: () => this.#letGo(),
      set: verbs.setNumber,
    });
  }

  /** Sets the columns and their places. @param {Scene} scene */
  place(scene) {
    this.#scene = scene;
    if (this.#edge && !this.drawing.shows(this.#edge)) this.#edge = null;
    if (this.#bias && !this.#placeOf(this.#bias)) this.#bias = null;
    this.#showTip();
    const { hovered, selected } = this.state;
    for (const signal of [hovered, selected]) {
      const at = signal.peek();
      if (at && !this.#placeOf(at)) signal.value = null;
    }
    this.follow();
  }

  /** @param {Unit | null} unit */
  hover(unit) {
    const now = this.state.hovered.peek();
    if (now?.layer === unit?.layer && now?.unit === unit?.unit) return;
    this.state.hovered.value = unit;
  }

  /** Shows a whole layer, when its head is pointed at. @param {number} layer */
  layer(layer) {
    this.#layer = layer;
    this.#line();
  }

  /** Keeps a unit's numbers open; pinning it again closes them. @param {Unit | null} unit */
  pin(unit) {
    const now = this.state.selected.peek();
    const same = unit && now?.layer === unit.layer && now.unit === unit.unit;
    this.state.selected.value = same ? null : unit;
  }

  /** Closes the pinned unit and returns the focus to its tile. */
  #letGo() {
    const unit = this.state.selected.peek();
    const column = unit && this.#scene?.net.columns[unit.layer];
    const cell = column ? cellsByUnit(column)[unit.unit] : undefined;
    this.pin(null);
    const button = this.stage.querySelector(`.net-unit[data-at="${unit?.layer}.${cell}"]`);
    if (button instanceof HTMLElement) button.focus({ preventScroll: true });
    // The focus shows the unit again; hide it, so that it stays closed.
    this.hover(null);
  }

  /** @param {Edge | null} edge @param {Unit | null} bias @param {Point} point */
  look(edge, bias, point) {
    this.#edge = edge;
    this.#bias = bias;
    this.#point = this.#inView(point);
    this.#showTip();
    this.#focus();
  }

  /** Follows the run: the hovered or selected unit, and the viewed step. */
  follow() {
    const { hovered, selected } = this.state;
    const unit = hovered.value ?? selected.value;
    this.state.viewedStep.value;
    if (unit) this.#layer = unit.layer;
    this.row.ask(unit && this.#hasMore(unit) ? unit : null);
    this.#focus();
    this.#line();
    clearTimeout(this.#timer);
    const pinned = selected.value;
    if (pinned && (!hovered.value || same(hovered.value, pinned))) this.#open(pinned, true);
    else if (hovered.value && !pinned) {
      const at = hovered.value;
      this.#timer = window.setTimeout(() => this.#open(at, false), OPENS_AFTER);
    } else if (!pinned) this.popover.show(null);
  }

  /** Whether a unit has more inputs than are shown. @param {Unit} unit */
  #hasMore({ layer }) {
    const before = this.#scene?.net.columns[layer - 1];
    return before !== undefined && isPaged(before);
  }

  /** Updates the numbers after new pictures are painted. */
  update() {
    this.#line();
    this.popover.update();
    if (this.#edge ?? this.#bias) this.#sayTip();
  }

  /** @param {Edge} edge @param {Point} point */
  editEdge(edge, point) {
    const { layer, from, to } = edge;
    this.#edit({
      parameter: `layers.${layer - 1}.weight`,
      index: [to, from],
      value: this.drawing.numbers.weight(edge) ?? 0,
      latex: `W^{(${layer})}_{${to + 1},${from + 1}}`,
      note: this.#scene ? edgeWords(this.#scene.net, edge) : "",
      ...this.#inView(point),
    });
  }

  /** @param {Unit} unit @param {Point} point */
  editBias(unit, point) {
    this.#edit({
      parameter: `layers.${unit.layer - 1}.bias`,
      index: [unit.unit],
      value: this.drawing.numbers.bias(unit) ?? 0,
      latex: `b^{(${unit.layer})}_{${unit.unit + 1}}`,
      note: `Bias of ${this.#title(unit).toLowerCase()}`,
      ...this.#inView(point),
    });
  }

  close() {
    clearTimeout(this.#timer);
    this.popover.show(null);
    this.row.close();
    this.editor.dispose();
  }

  /** @param {import("./editor.js").Field} field */
  #edit(field) {
    if (this.#fixed()) {
      if (this.state.viewedStep.peek() === null) this.verbs.refuseIfWatched();
      return;
    }
    this.tip.show(null);
    this.hover(null);
    this.editor.open(field);
  }

  /** Why numbers cannot be changed; "" if they can. */
  #fixed() {
    const { viewedStep, run } = this.state;
    if (!run.peek()) return "There is no run.";
    if (viewedStep.peek() !== null) return PAST;
    return this.verbs.isWatched() ? this.verbs.REASON : "";
  }

  /** @param {Unit} unit */
  #title({ layer, unit }) {
    const column = this.#scene?.net.columns[layer];
    return column ? unitTitle(column, unit) : "";
  }

  /** A place of the content in visible coordinates, after scrolling. @param {Point} point */
  #inView({ x, y }) {
    return { x: x - this.stage.scrollLeft, y: y - this.stage.scrollTop };
  }

  /** @param {Unit} unit */
  #placeOf({ layer, unit }) {
    const column = this.#scene?.net.columns[layer];
    const cell = column ? cellsByUnit(column)[unit] : undefined;
    return cell === undefined ? undefined : this.#scene?.layout.places[layer]?.boxes[cell];
  }

  /** @param {Unit} unit @param {boolean} pinned */
  #open(unit, pinned) {
    const box = this.#placeOf(unit);
    const column = this.#scene?.net.columns[unit.layer];
    if (!box || !column || !this.#scene) return this.popover.show(null);
    this.popover.show({
      unit,
      title: this.#title(unit),
      note: unitNote(this.#scene.net, unit.layer, this.activationLabel),
      pinned,
      fixed: this.#fixed(),
      names: sourceNames(this.#scene.net, unit.layer),
      place: { ...this.#inView(box), size: box.size },
    });
  }

  #focus() {
    const { hovered, selected } = this.state;
    const edge = this.#edge;
    this.drawing.look(edge ? null : (hovered.peek() ?? selected.peek()), edge);
  }

  #line() {
    const scene = this.#scene;
    if (!scene) return;
    const unit = this.state.hovered.peek() ?? this.state.selected.peek();
    if (unit && this.#placeOf(unit)) {
      const weights = this.drawing.numbers.incoming(unit);
      const bias = this.drawing.numbers.bias(unit);
      const state = this.drawing.numbers.state(unit);
      this.bar.show(unitLine(scene.net, unit, { weights, bias, most: MOST_TERMS, state }));
      return;
    }
    const layer = Math.max(1, Math.min(this.#layer, scene.net.columns.length - 1));
    this.bar.show(layerLine(scene.net, layer, this.drawing.numbers.silent(layer)));
  }

  #showTip() {
    if (!(this.#edge ?? this.#bias)) return this.tip.show(null);
    this.#sayTip();
    this.tip.show(this.#point);
  }

  #sayTip() {
    const net = this.#scene?.net;
    if (!net) return;
    const change = this.#fixed() ? "" : "click to change";
    if (this.#edge) {
      this.tip.say(format(this.drawing.numbers.weight(this.#edge)), edgeWords(net, this.#edge), change);
    } else if (this.#bias) {
      const words = `bias of ${this.#title(this.#bias).toLowerCase()}`;
      this.tip.say(format(this.drawing.numbers.bias(this.#bias)), words, change);
    }
  }
}

/** @param {Unit} a @param {Unit} b */
const same = (a, b) => a.layer === b.layer && a.unit === b.unit;
