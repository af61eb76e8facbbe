/**
 * Shows where the example lies among the data, over what the network, or the present unit, says about each point. A
 * click on a point chooses it as the example.
 */

import { computed, effect } from "@preact/signals-core";
import { onTheme, palette } from "../../marks/colors.js";
import { plotSize } from "../../marks/plot-size.js";
import { watchSize } from "../../marks/watch-size.js";
import { fits } from "../../panels/context.js";
import { element } from "../../panels/element.js";
import { PlotFigure } from "../../panels/figure.js";
import { missingOf } from "../../panels/incomplete.js";
import { outputLayers } from "../../panels/output-layers.js";
import { setMixed } from "../../panels/equation/typeset.js";
import { ringExample } from "./ring.js";
import * as walk from "./walk.js";

/** @typedef {import("../../panels/context.js").Context} Context */
/** @typedef {import("../../types/pictures.js").Picture} Picture */
/** @typedef {import("../../types/pictures.js").Plot} Plot */
/** @typedef {import("../../types/pictures.js").Mark} Mark */

const FPS = 3;
const RESOLUTION = 40;
/** The largest height, in CSS pixels of normal type. */
const HEIGHT = 250;
const OUTPUT = "Background: what the network says about each point.";
const CURVE = "Curve: what the network says.";
const POINTS = " Hollow points are test examples.";

export class ExampleMap {
  #figure;
  #note = element("p", { class: "caption" });
  element = element("section", { class: "steps-part example-map", "aria-label": "The example among the data", hidden: true });
  /** @type {Plot | null} */
  #decision = null;
  /** The map of the present unit, of a hidden layer. @type {{unit: string, mark: Mark} | null} */
  #unit = null;
  /** @type {{layer: number, unit: number} | null} */
  #wanted = null;
  /** @type {number[] | null} */
  #point = null;
  #width = 0;
  #context;
  /** @type {import("../../stream/watch.js").Watch[]} */
  #watches = [];
  /** @type {import("../../stream/watch.js").Watch | null} */
  #unitWatch = null;
  #stops;

  /** @param {Context} context */
  constructor(context) {
    this.#context = context;
    this.#figure = new PlotFigure({
      tinted: true,
      over: (view) => ringExample(view, this.#point),
      onPick: (pick) => this.#choose(pick),
      describe: (hit) => this.#describe(hit),
    });
    this.#figure.canvas.setAttribute("aria-label", "Waiting for the map of the data");
    this.element.append(this.#figure.element, this.#note);
    const possible = computed(() => fits(context, "decision"));
    this.#stops = [
      watchSize(this.element, ({ width }) => {
        if (Math.round(width) === this.#width) return;
        this.#width = Math.round(width);
        this.#draw();
      }),
      onTheme(() => this.#draw()),
      effect(() => this.#watch(possible.value)),
    ];
  }

  close() {
    for (const stop of this.#stops) stop();
    this.#watch(false);
    this.#figure.close();
    this.element.remove();
  }

  /** @param {Picture} picture of a stage: at those of the forward pass, the map shows where the example lies */
  show({ facts }) {
    const stages = /** @type {{id: string, group: string}[]} */ (facts["stages"] ?? []);
    const forward = stages.find(({ id }) => id === facts["stage"])?.group === "forward";
    const x = /** @type {number[] | undefined} */ (facts["x"]);
    // On the line the second axis is y.
    this.#point = x?.length === 1 && typeof facts["y"] === "number" ? [...x, facts["y"]] : (x ?? null);
    this.element.hidden = !forward || !this.#watches.length || this.#point === null;
    if (this.element.hidden) return;
    const units = /** @type {{values: number[][]} | undefined} */ (facts["network"]);
    const layer = Number(facts["layer"]);
    const hidden = units && layer > 0 && layer < units.values.length - 1 && fits(this.#context, "neurons");
    const total = this.#context.state.run.peek()?.layers[layer - 1]?.weight?.[0] ?? 1;
    this.#want(hidden ? { layer, unit: Math.min(walk.entryNow().row, total - 1) } : null);
    this.#draw();
  }

  /** @param {boolean} possible whether the data are points */
  #watch(possible) {
    for (const watch of [...this.#watches, this.#unitWatch]) watch?.close();
    this.#watches = [];
    this.#unitWatch = null;
    this.#wanted = null;
    this.#unit = null;
    if (!possible) return;
    this.#watches = [
      this.#context.pictures.watch({
        id: "steps-decision",
        probe: "decision",
        options: { resolution: RESOLUTION, points: true },
        fps: FPS,
        host: this.element,
        paint: ({ plots, facts }) => {
          this.#decision = plots[0] ?? null;
          this.#note.title = missingOf(facts);
          this.#draw();
        },
        fail: () => {},
      }),
    ];
  }

  /** Requests the map of a unit; null of none. @param {{layer: number, unit: number} | null} wanted */
  #want(wanted) {
    if (JSON.stringify(wanted) === JSON.stringify(this.#wanted)) return;
    this.#wanted = wanted;
    this.#unit = null;
    if (!wanted) {
      this.#unitWatch?.close();
      this.#unitWatch = null;
      return;
    }
    const options = { ...wanted, resolution: RESOLUTION };
    if (this.#unitWatch) return this.#unitWatch.set(options);
    this.#unitWatch = this.#context.pictures.watch({
      id: "steps-unit",
      probe: "neurons",
      options,
      fps: FPS,
      host: this.element,
      paint: ({ plots }) => {
        this.#unit = unitMap(plots[0]);
        this.#draw();
      },
      fail: () => {},
    });
  }

  #draw() {
    if (!this.#decision || this.#width < 24 || this.element.hidden) return;
    const { scale } = palette();
    const wanted = this.#wanted;
    const own = wanted && this.#unit?.unit === `${wanted.layer}.${wanted.unit}` && this.#decision.equal ? this.#unit.mark : null;
    const points = this.#decision.marks.filter(({ kind }) => kind === "points");
    const others = outputLayers(this.#decision, points);
    const marks = own ? [own, ...points] : others.marks;
    const plot = { ...others, title: "Where it lies", note: "", marks };
    const room = this.#width - 32 * scale;
    this.#figure.show(plot, plotSize(plot, room, scale, HEIGHT * scale), [], room);
    setMixed(this.#note, own && wanted ? `Background: $h^{(${wanted.layer})}_{${wanted.unit + 1}}$ of each point.${POINTS}` : (this.#decision.equal ? OUTPUT : CURVE) + POINTS);
  }

  /** @param {import("../../panels/figure.js").Pick} pick */
  #choose({ index }) {
    const mark = this.#hit?.mark;
    const label = mark === undefined ? "" : this.#labelOf(mark);
    if (index !== undefined && (label === "train" || label === "test")) walk.chooseExample({ part: label, number: index });
  }

  /** What is under the cursor. @type {import("../../marks/hit-test.js").Hit | null} */
  #hit = null;

  /** @param {import("../../marks/hit-test.js").Hit} hit */
  #describe(hit) {
    this.#hit = hit;
    const label = this.#labelOf(hit.mark);
    return hit.index === undefined || !label ? "" : `${label === "test" ? "test" : "training"} example ${hit.index + 1}`;
  }

  /** @param {number} at of a mark */
  #labelOf(at) {
    const mark = this.#figure.shown?.marks[at];
    return mark?.kind === "points" ? mark.label : "";
  }
}

/**
 * The map of one unit as a heatmap.
 * @param {Plot | undefined} plot of the probe `neurons`
 * @returns {{unit: string, mark: Mark} | null}
 */
export function unitMap(plot) {
  const mark = plot?.marks[0];
  if (mark?.kind !== "tiles") return null;
  const [, height = 1, width = 1] = mark.values.shape;
  const peak = mark.peak.data[0] ?? 1;
  const size = height * width;
  const data = Float32Array.from({ length: size }, (_, i) => ((mark.values.data[i] ?? 127.5) / 127.5 - 1) * peak);
  const values = { data, shape: [height, width] };
  return {
    unit: mark.ids[0] ?? "",
    mark: { kind: "heatmap", values, lo: -peak, hi: peak, colors: "diverging", opacity: null, label: "" },
  };
}
