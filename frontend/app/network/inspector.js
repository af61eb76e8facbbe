/**
 * Tracks the inspected unit, edge or bias, and updates the parts that depend on it: the emphasised edges,
 * the large map, the text beside the pointer and the formula below.
 *
 * @typedef {import("../state/run-state.js").RunState} RunState
 * @typedef {import("./drawing.js").Drawing} Drawing
 * @typedef {import("./edges.js").Edge} Edge
 * @typedef {import("./descriptions.js").Net} Net
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("./pointer.js").Point} Point
 * @typedef {{layer: number, unit: number}} Unit
 * @typedef {{net: Net, layout: Layout}} Scene
 */
import { format } from "../marks/scales.js";
import { FormulaBar } from "./formula-bar.js";
import { NumberEditor } from "./number-editor.js";
import { networkColors } from "./colors.js";
import { isPaged } from "./layer-pages.js";
import { Popover } from "./popover.js";
import { WeightRow } from "./weight-row.js";
import { Tooltip } from "./tooltip.js";
import { cellsByUnit } from "./topology.js";
import { edgeDescription, layerDescription, sourceNames, unitDescription, unitNote, unitTitle } from "./descriptions.js";

const HOVER_DELAY = 120; // ms: a pointer that only crosses a unit does not open its popover
const MAX_TERMS = 3;
const PAST_STEP = "This is a past step. Go back to live to change numbers.";

export class Inspector {
  /** @type {Scene | null} */ #scene = null;
  /** @type {Edge | null} */ #edge = null;
  /** @type {Unit | null} */ #bias = null;
  #point = { x: 0, y: 0 };
  #timer = 0;
  #layer = 1;

  /**
   * @param {{floats: HTMLElement, formulaBar: HTMLElement, stage: HTMLElement}} parts
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
    this.formulaBar = new FormulaBar(parts.formulaBar);
    this.tooltip = new Tooltip(parts.floats);
    this.weightRow = new WeightRow(parts.floats, pictures, (row) => {
      drawing.values.setWeightRow(row);
      this.update();
    });
    this.editor = new NumberEditor(parts.floats, verbs.setNumber);
    this.popover = new Popover(parts.floats, pictures, {
      incoming: (unit) => drawing.values.incoming(unit),
      bias: (unit) => drawing.values.bias(unit),
      colors: networkColors,
      close: () => this.#unpin(),
      set: verbs.setNumber,
    });
  }

  /** Sets the columns and their places. @param {Scene} scene */
  place(scene) {
    this.#scene = scene;
    if (this.#edge && !this.drawing.hasEdge(this.#edge)) this.#edge = null;
    if (this.#bias && !this.#placeOf(this.#bias)) this.#bias = null;
    this.#placeTooltip();
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
  showLayer(layer) {
    this.#layer = layer;
    this.#showFormula();
  }

  /** Keeps a unit's numbers open; pinning it again closes them. @param {Unit | null} unit */
  pin(unit) {
    const now = this.state.selected.peek();
    const same = unit && now?.layer === unit.layer && now.unit === unit.unit;
    this.state.selected.value = same ? null : unit;
  }

  /** Closes the pinned unit and returns the focus to its tile. */
  #unpin() {
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
  showPointed(edge, bias, point) {
    this.#edge = edge;
    this.#bias = bias;
    this.#point = this.#inView(point);
    this.#placeTooltip();
    this.#setFocus();
  }

  /** Follows the run: the hovered or selected unit, and the viewed step. */
  follow() {
    const { hovered, selected } = this.state;
    const unit = hovered.value ?? selected.value;
    this.state.viewedStep.value;
    if (unit) this.#layer = unit.layer;
    this.weightRow.request(unit && this.#hasMore(unit) ? unit : null);
    this.#setFocus();
    this.#showFormula();
    clearTimeout(this.#timer);
    const pinned = selected.value;
    if (pinned && (!hovered.value || same(hovered.value, pinned))) this.#open(pinned, true);
    else if (hovered.value && !pinned) {
      const at = hovered.value;
      this.#timer = window.setTimeout(() => this.#open(at, false), HOVER_DELAY);
    } else if (!pinned) this.popover.show(null);
  }

  /** Whether a unit has more inputs than are shown. @param {Unit} unit */
  #hasMore({ layer }) {
    const before = this.#scene?.net.columns[layer - 1];
    return before !== undefined && isPaged(before);
  }

  /** Updates the numbers after new pictures are painted. */
  update() {
    this.#showFormula();
    this.popover.update();
    if (this.#edge ?? this.#bias) this.#updateTooltip();
  }

  /** @param {Edge} edge @param {Point} point */
  editEdge(edge, point) {
    const { layer, from, to } = edge;
    this.#edit({
      parameter: `layers.${layer - 1}.weight`,
      index: [to, from],
      value: this.drawing.values.weight(edge) ?? 0,
      latex: `W^{(${layer})}_{${to + 1},${from + 1}}`,
      note: this.#scene ? edgeDescription(this.#scene.net, edge) : "",
      ...this.#inView(point),
    });
  }

  /** @param {Unit} unit @param {Point} point */
  editBias(unit, point) {
    this.#edit({
      parameter: `layers.${unit.layer - 1}.bias`,
      index: [unit.unit],
      value: this.drawing.values.bias(unit) ?? 0,
      latex: `b^{(${unit.layer})}_{${unit.unit + 1}}`,
      note: `Bias of ${this.#title(unit).toLowerCase()}`,
      ...this.#inView(point),
    });
  }

  close() {
    clearTimeout(this.#timer);
    this.popover.show(null);
    this.weightRow.close();
    this.editor.dispose();
  }

  /** @param {import("./number-editor.js").Field} field */
  #edit(field) {
    if (this.#readOnlyReason()) {
      if (this.state.viewedStep.peek() === null) this.verbs.refuseIfWatched();
      return;
    }
    this.tooltip.show(null);
    this.hover(null);
    this.editor.open(field);
  }

  /** Why numbers cannot be changed; "" if they can. */
  #readOnlyReason() {
    const { viewedStep, run } = this.state;
    if (!run.peek()) return "There is no run.";
    if (viewedStep.peek() !== null) return PAST_STEP;
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
      readOnlyReason: this.#readOnlyReason(),
      names: sourceNames(this.#scene.net, unit.layer),
      place: { ...this.#inView(box), size: box.size },
    });
  }

  #setFocus() {
    const { hovered, selected } = this.state;
    const edge = this.#edge;
    this.drawing.setFocus(edge ? null : (hovered.peek() ?? selected.peek()), edge);
  }

  #showFormula() {
    const scene = this.#scene;
    if (!scene) return;
    const unit = this.state.hovered.peek() ?? this.state.selected.peek();
    if (unit && this.#placeOf(unit)) {
      const weights = this.drawing.values.incoming(unit);
      const bias = this.drawing.values.bias(unit);
      const state = this.drawing.values.state(unit);
      this.formulaBar.show(unitDescription(scene.net, unit, { weights, bias, most: MAX_TERMS, state }));
      return;
    }
    const layer = Math.max(1, Math.min(this.#layer, scene.net.columns.length - 1));
    this.formulaBar.show(layerDescription(scene.net, layer, this.drawing.values.silentUnits(layer)));
  }

  #placeTooltip() {
    if (!(this.#edge ?? this.#bias)) return this.tooltip.show(null);
    this.#updateTooltip();
    this.tooltip.show(this.#point);
  }

  #updateTooltip() {
    const net = this.#scene?.net;
    if (!net) return;
    const change = this.#readOnlyReason() ? "" : "click to change";
    if (this.#edge) {
      this.tooltip.setText(format(this.drawing.values.weight(this.#edge)), edgeDescription(net, this.#edge), change);
    } else if (this.#bias) {
      const words = `bias of ${this.#title(this.#bias).toLowerCase()}`;
      this.tooltip.setText(format(this.drawing.values.bias(this.#bias)), words, change);
    }
  }
}

/** @param {Unit} a @param {Unit} b */
const same = (a, b) => a.layer === b.layer && a.unit === b.unit;
