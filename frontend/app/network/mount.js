/**
 * Mounts the network in the middle of the page. From the run's state and stream, it keeps the columns, the
 * two canvases, the floating elements and the formula below consistent.
 *
 *   topology, layout, stage         the columns and tiles, and their positions
 *   layer-pages                     the pages of large layers
 *   layer-headers, model-changes    the header over a column, and the changes of the spec that it makes
 *   drawing                         the two canvases: latest-values (the newest weights, biases and maps),
 *                                   map-atlas (all maps), paint-edges, paint-tiles, paint-curve,
 *                                   probability-map, colors, canvas-size
 *   unit-buttons, pointer           the tiles as buttons; the actions of the pointer and the keys
 *   inspector                       the inspected unit: popover (with large-map), number-editor, tooltip,
 *                                   weight-row, formula-bar, descriptions, formula
 *
 * The path of a frame: mount receives the pictures of the probes network and neurons, drawing takes their
 * numbers, and at the next animation frame paints the edges below and the tiles above.
 *
 * @typedef {import("../state/run-state.js").RunState} RunState
 * @typedef {import("../stream/watch.js").Pictures} Pictures
 * @typedef {import("../types/pictures.js").Picture} Picture
 */
import { computed, effect, signal } from "@preact/signals-core";
import { onTheme } from "../marks/colors.js";
import { mlpOf } from "../state/mlp.js";
import { sentences } from "../stream/api-error.js";
import { toggleFeature } from "./model-changes.js";
import { Drawing } from "./drawing.js";
import { drawLayerHeaders } from "./layer-headers.js";
import { networkColors } from "./colors.js";
import { layout } from "./layout.js";
import { Inspector } from "./inspector.js";
import { pageAt, pageOptions } from "./layer-pages.js";
import { listen } from "./pointer.js";
import { watchStage } from "./stage.js";
import { createElements } from "./elements.js";
import { netOf } from "./topology.js";
import { drawUnitButtons } from "./unit-buttons.js";

/** The fields of a spec that are set here: their refusals are shown here. */
const OWN = ["model.hidden", "model.features", "model.activation", "model.residual"];

/**
 * @param {HTMLElement} host
 * @param {import("../panels/context.js").Context} context
 * @returns {() => void} unmounts it
 */
export function mount(host, { pictures, state, verbs }) {
  const parts = createElements(host);
  const stop = new AbortController();
  const { room, close: closeStage } = watchStage(parts.stage);
  const drawing = new Drawing(parts.edgeCanvas, parts.mapCanvas, networkColors());

  // The first shown unit of each layer: large layers are shown page by page.
  const firsts = signal(/** @type {number[]} */ ([]));
  const net = computed(() =>
    netOf(state.catalogue.value, state.run.value, state.described.value, firsts.value),
  );
  /** @type {import("./unit-buttons.js").Units["turnPage"]} */
  const turnPage = (column, by) => {
    const first = pageAt(column, by);
    const columns = net.peek()?.columns ?? [];
    if (first === null) return;
    firsts.value = columns.map((one) => (one.layer === column.layer ? first : one.first));
  };
  const scene = computed(() =>
    net.value ? { net: net.value, layout: layout(net.value.columns, room.value) } : null,
  );

  /** @param {string} kind */
  const activationLabel = (kind) =>
    state.catalogue.peek()?.activations.find((row) => row.kind === kind)?.label ?? kind;

  const inspector = new Inspector(parts, drawing, pictures, { state, verbs, activationLabel });

  /** @param {import("./model-changes.js").Changes | null} changes */
  const apply = (changes) => {
    if (changes) void verbs.changeMany(changes);
  };

  const run = computed(() => state.run.value?.id);
  const stops = [
    effect(() => {
      // A number being typed belongs to the run before.
      void run.value;
      inspector.editor.close();
    }),
    effect(() => {
      parts.root.classList.toggle("waiting", !scene.value);
      if (!scene.value) return;
      const { net, layout } = scene.value;
      parts.content.style.width = `${layout.width}px`;
      parts.content.style.height = `${layout.height}px`;
      drawing.setLayout(net.columns, layout, net.logits);
      inspector.place(scene.value);
    }),
    effect(() => {
      const catalogue = state.catalogue.value;
      const model = mlpOf(state.spec.value);
      if (!scene.value || !catalogue || !model) return;
      const { net, layout } = scene.value;
      const output = net.link.label;
      const refused = (/** @type {string} */ path) => state.errors.value.has(path);
      drawLayerHeaders(parts.headers, { columns: net.columns, layout, model, output, catalogue, apply, refused, verbs });
    }),
    effect(() => {
      if (!scene.value) return;
      const { net, layout } = scene.value;
      drawUnitButtons(parts.units, { columns: net.columns, layout, selected: state.selected.value, turnPage });
    }),
    effect(() => inspector.follow()),
    effect(() => {
      // A run that replaces another starts without refusals.
      void net.value;
      const own = (/** @type {string} */ path) => OWN.some((field) => path.startsWith(field));
      const found = [...state.errors.value].find(([path]) => own(path));
      parts.message.textContent = found ? sentences(found[1]) : "";
      parts.message.classList.toggle("refused", Boolean(found));
    }),
    onTheme(() => {
      drawing.setColors(networkColors());
      inspector.popover.repaint();
    }),
  ];

  /** @param {import("../types/api.js").Problem} problem */
  const fail = (problem) => {
    parts.message.textContent = sentences(problem);
  };
  // Each canvas is the host of its own watch: both are on screen or neither is.
  const watches = [
    pictures.watch({
      id: "network",
      probe: "network",
      host: parts.edgeCanvas,
      paint(picture) {
        drawing.setGraph(markOf(picture, "graph"));
        inspector.update();
      },
      fail,
    }),
    pictures.watch({
      id: "neurons",
      probe: "neurons",
      host: parts.mapCanvas,
      paint(picture) {
        drawing.setTiles(markOf(picture, "tiles"));
        inspector.update();
      },
      fail,
    }),
  ];

  const activity = pictures.watch({
    id: "activity",
    probe: "activity",
    fps: 1,
    host: parts.mapCanvas,
    paint({ facts }) {
      drawing.values.setActivity(facts);
      inspector.update();
    },
    fail() {}, // the layer's line omits it
  });

  stops.push(
    effect(() => {
      const options = pageOptions(net.value?.columns ?? []);
      for (const watch of watches) watch.set(options);
    }),
  );

  listen(
    parts.content,
    {
      columns: () => net.peek()?.columns ?? [],
      layout: () => scene.peek()?.layout ?? null,
      edgeAt: (x, y, reach) => drawing.edgeAt(x, y, reach),
      biasAt: (x, y, reach) => drawing.biasAt(x, y, reach),
      hover: (unit) => inspector.hover(unit),
      layer: (layer) => inspector.showLayer(layer),
      pin: (unit) => inspector.pin(unit),
      turnPage,
      toggle(feature) {
        const model = mlpOf(state.spec.peek());
        const order = net.peek()?.columns[0]?.cells.map((cell) => cell.key) ?? [];
        if (model) apply(toggleFeature(model, feature, order));
      },
      point: (edge, bias, point) => inspector.showPointed(edge, bias, point),
      editEdge: (edge, point) => inspector.editEdge(edge, point),
      editBias: (unit, point) => inspector.editBias(unit, point),
    },
    stop.signal,
  );
  const scrolled = () => {
    const { scrollLeft, scrollWidth, clientWidth } = parts.stage;
    drawing.setVisibleRange(scrollLeft, clientWidth);
    parts.root.classList.toggle("more-left", scrollLeft > 4);
    parts.root.classList.toggle("more-right", scrollLeft + clientWidth < scrollWidth - 4);
  };
  stops.push(effect(() => void (scene.value && scrolled())));
  parts.stage.addEventListener(
    "scroll",
    () => {
      scrolled();
      inspector.follow();
    },
    { signal: stop.signal, passive: true },
  );

  return () => {
    for (const close of stops) close();
    for (const watch of [...watches, activity]) watch.close();
    stop.abort();
    closeStage();
    inspector.close();
    parts.root.remove();
  };
}

/**
 * @template {import("../types/pictures.js").MarkKind} K
 * @param {Picture} picture @param {K} kind
 */
function markOf(picture, kind) {
  for (const plot of picture.plots) {
    for (const mark of plot.marks) {
      if (mark.kind === kind) {
        return /** @type {Extract<import("../types/pictures.js").Mark, {kind: K}>} */ (mark);
      }
    }
  }
  return null;
}
