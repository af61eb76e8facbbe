/** The chart of a group, as large as its place, with the value under the cursor and a legend. */

import { CLASSES } from "../marks/colors.js";
import { watchSize } from "../marks/watch-size.js";
import { element } from "../panels/element.js";
import { PlotFigure } from "../panels/figure.js";
import { targetWords } from "../panels/group-plot.js";

/**
 * @typedef {import("../panels/group-plot.js").Metric} Metric
 * @typedef {import("../panels/group-plot.js").Varied} Varied
 * @typedef {import("../panels/group-plot.js").Target} Target
 * @typedef {import("../panels/group-plot.js").GroupPlot & {across: Varied | null, lines: Varied | null, metric: Metric}} Shown
 */

/** The height of the line over the canvas, in pixels. */
const HEAD = 24;
const LEAST = 60; // px

export class GroupChart {
  #place = element("div", { class: "group-canvas" });
  #legend = element("div", { class: "legend caption" });
  element = element("div", { class: "group-chart" }, this.#legend, this.#place);
  /** @type {Shown | null} */
  #shown = null;
  /** What the cursor is on. @type {Target | null} */
  #target = null;
  #size = { width: 0, height: 0 };
  #key = "";
  #figure;
  #stop;

  /** @param {(run: string) => void} open  called with the run whose point is pressed */
  constructor(open) {
    this.#figure = new PlotFigure({
      describe: ({ mark, index = -1 }) => {
        this.#target = this.#shown?.targets[mark]?.[index] ?? null;
        const { across = null, lines = null, metric } = this.#shown ?? {};
        return this.#target && metric ? targetWords(this.#target, [across, lines], metric) : "";
      },
      onPick: () => {
        const { run = null, place } = this.#target ?? {};
        const only = place?.runs.length === 1 ? place.runs[0] : null;
        const picked = run ?? only;
        if (picked) open(picked.run);
      },
    });
    this.#place.append(this.#figure.element);
    this.#stop = watchSize(this.#place, (size) => {
      this.#size = size;
      this.#draw();
    });
  }

  /** @param {Shown} shown */
  show(shown) {
    this.#shown = shown;
    this.#explain(shown);
    this.#draw();
  }

  #draw() {
    const { width, height } = this.#size;
    if (!this.#shown || width < LEAST || height < LEAST + HEAD) return;
    this.#figure.show(this.#shown.plot, { width, height: height - HEAD });
  }

  /** The legend: a line for each value of the second field. @param {Shown} shown */
  #explain({ lines }) {
    const key = JSON.stringify(lines);
    if (key === this.#key) return;
    this.#key = key;
    this.#legend.hidden = lines === null;
    const entries = (lines?.texts ?? []).map((text, line) =>
      element("span", { class: "entry" }, element("span", { class: `key dot class-${line % CLASSES}` }), text),
    );
    this.#legend.replaceChildren(element("span", {}, lines?.label ?? ""), ...entries);
  }

  close() {
    this.#stop();
    this.#figure.close();
  }
}
