/**
 * Made pictures on a real page, for tests/e2e/test_drawing.py: each by the page's own modules, at a
 * known size, so that what was painted can be read from the canvas.
 */

import { imageBox, imageGrid } from "../../../frontend/app/marks/images.js";
import { palette } from "../../../frontend/app/marks/colors.js";
import { PlotCanvas } from "../../../frontend/app/marks/plot.js";
import { chart } from "../../../frontend/app/panels/chart.js";
import { Legend } from "../../../frontend/app/panels/legend.js";
import { LOSS } from "../../../frontend/app/panels/measures.js";
import { images, matrix, plot, points } from "../marks/plots.js";
import { axis, indices, tensor } from "../marks/tensors.js";

/** @typedef {import("../../../frontend/app/types/pictures.js").Plot} Plot */
/** @typedef {import("../../../frontend/app/types/pictures.js").LineMark} LineMark */

const SIZE = { width: 600, height: 400 };
const AXES = { x: axis(0, 4), y: axis(0, 3) };

/** Colours that pictures give to lines. @type {import("../../../frontend/app/types/pictures.js").Role[]} */
const ROLES = ["ink", "second", "third", "accent", "positive", "negative", "train", "test"];

/** @param {LineMark["color"]} color @param {number[]} x @param {number[]} y @param {Partial<LineMark>} [more] @returns {LineMark} */
const line = (color, x, y, more = {}) => ({
  kind: "line", x: tensor(x), y: tensor(y), color, label: color, width: 3, dashed: false, ...more,
}); // prettier-ignore

/** Pixel (0, 0) of the first image and (1, 1) of the second have ink. */
const pictures = images(2, {
  values: { data: Uint8Array.from([255, 0, 0, 0, 0, 0, 0, 255]), shape: [2, 2, 2], lo: 0, hi: 1 },
  columns: 2,
});

/** @type {{[id: string]: Plot}} */
const PLOTS = {
  heatmap: plot(
    [{ kind: "heatmap", values: tensor([0, 1, 0.5, 0.25], [2, 2]), lo: 0, hi: 1, colors: "sequential", opacity: null, label: "" }],
    AXES,
  ),
  points: plot(
    [
      points([1, 3], [1, 0.5], { values: tensor([0, 1]), ellipses: tensor([0.2, 1, 0, 0, 0, 0], [2, 3]) }),
      points([3], [2.5], { values: tensor([4]), hollow: true }),
    ],
    AXES,
  ),
  polygons: plot(
    [
      {
        kind: "polygons", vertices: tensor([0, 0, 4, 0, 4, 3, 0, 3], [4, 2]), corners: indices([0, 1, 3, 1, 2, 3]),
        offsets: indices([0, 3, 6]), values: tensor([-1, 1]), groups: null, lo: -1, hi: 1, colors: "diverging",
      }, // prettier-ignore
    ],
    AXES,
  ),
  images: plot([pictures]),
  matrix: plot([matrix([[1, 0, 0.5], [0, 0, 1]])]),
  curves: plot([line("accent", [0, 1, 4], [0, 2.5, 2.5]), line("positive", [0, 4], [0.5, 0.5], { dashed: true })], AXES),
  roles: plot(ROLES.map((role, i) => line(role, [0, 4], [0.3 + 0.3 * i, 0.3 + 0.3 * i])), AXES),
};

const host = document.createElement("div");
Object.assign(host.style, { position: "absolute", left: "0", top: "0", width: `${SIZE.width}px` });
document.body.append(host);

/** @type {Map<string, HTMLCanvasElement>} */
const canvases = new Map();
/** @type {Map<string, PlotCanvas>} */
const drawn = new Map();
for (const [id, made] of Object.entries(PLOTS)) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas.style, { display: "block", width: `${SIZE.width}px`, height: `${SIZE.height}px` });
  host.append(canvas);
  canvases.set(id, canvas);
  const one = new PlotCanvas(canvas);
  one.draw(made);
  drawn.set(id, one);
}
const legend = new Legend();
legend.show(/** @type {Plot} */ (PLOTS["roles"]));
const classes = new Legend();
classes.show(plot([points([0], [0], { values: tensor([9]) })]));
host.append(legend.element, classes.element);

/** Losses over steps 0 to 4, of which step 1 is looked at. */
function mountChart() {
  const place = document.createElement("div");
  host.append(place);
  const rows = [[0, 1, 2, 3, 4], [0, 2.25, 2.25, 2.25, 2.25], [0.75, 0.75, 0.75, 0.75, 2]].map((row) => Float64Array.from(row));
  const made = chart(place, LOSS, false, SIZE, {
    shown: () => ({ axis: { low: 0, high: 3, scale: "linear" }, rows, now: [2.25, 0.75], changes: [] }),
    cursor() {},
    zoomed() {},
    viewedStep: () => 1,
  });
  made.setData(/** @type {any} */ (rows.map((row) => Array.from(row))));
  canvases.set("chart", made.ctx.canvas);
  return made;
}
let curves = mountChart();

/** The colour of an element's background. @param {Element} key */
const background = (key) => getComputedStyle(key).backgroundColor;

Object.assign(globalThis, {
  drawing: {
    /** Whether all canvases have been measured and drawn. */
    ready: () => [...drawn.values()].every(({ view }) => view),

    /** @param {string} theme */
    async setTheme(theme) {
      document.documentElement.dataset["theme"] = theme;
      await null; // the page's observer of the theme is told first
      curves.root.parentElement?.remove();
      curves = mountChart();
    },

    /** Where a plot's values lie, in CSS pixels. @param {string} id */
    box(id) {
      if (id === "chart") {
        const { left, top, width, height } = curves.bbox;
        const ratio = devicePixelRatio;
        return { left: left / ratio, top: top / ratio, width: width / ratio, height: height / ratio };
      }
      const { left, top, width, height } = drawn.get(id)?.view ?? { left: NaN, top: NaN, width: NaN, height: NaN };
      return { left, top, width, height };
    },

    /** Where an image lies. @param {number} i */
    imageBox(i) {
      const view = drawn.get("images")?.view;
      return view && imageBox(imageGrid(pictures, view, palette().scale, view.ratio), view, i);
    },

    /** Red, green, blue and opacity at places of a canvas in CSS pixels. @param {string} id @param {[number, number][]} places */
    read(id, places) {
      const canvas = canvases.get(id);
      const context = canvas?.getContext("2d");
      return places.map(([x, y]) => Array.from(context?.getImageData(Math.floor(x * devicePixelRatio), Math.floor(y * devicePixelRatio), 1, 1).data ?? []));
    },

    /** The legend's colours, by label. */
    legend: () =>
      Object.fromEntries(
        [legend, classes].flatMap(({ element }) =>
          Array.from(element.querySelectorAll(".entry"), (entry) => [entry.textContent, background(/** @type {Element} */ (entry.querySelector(".key")))]),
        ),
      ),
  },
});
