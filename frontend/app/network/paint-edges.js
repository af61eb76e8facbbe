/**
 * Paints the weights as curves: width and opacity by size, colour by sign, the strong over the faint.
 * Measures no layout: positions are computed before.
 *
 * @typedef {import("./edges.js").Edge} Edge
 * @typedef {{layer: number, unit: number}} Unit
 * @typedef {import("./colors.js").NetworkColors} NetworkColors
 * @typedef {{edges: Edge[][], weights: ArrayLike<number>[], full: number, colors: NetworkColors,
 *   focus: Unit | null, edge: Edge | null, quiet: (layer: number, unit: number) => boolean,
 *   view: {left: number, right: number}, pitch: number}} Scene only edges in the view are
 *   painted, thinner if tiles are closer;
 *   `quiet` units have output 0, and so do the edges from them
 */
import { STYLES, controlPoints, weightLevel, indexOfEdge } from "./edges.js";
import { cellsByUnit } from "./topology.js";

const UNRELATED_OPACITY = 0.1; // opacity left of the edges that are not inspected
const OUTGOING_OPACITY = 0.4; // of those that lead on from the inspected unit
const OTHERS_OPACITY = 0.45; // of all edges while one is inspected
const QUIET_OPACITY = 0.25;
const PITCH = 48; // of tiles at which edges have the width of their style
const MANY_EDGES = 150; // edges between two columns from which on the faintest are omitted

/** @param {CanvasRenderingContext2D} context @param {Scene} scene */
export function paintEdges(context, scene) {
  const groups = groupEdges(scene);
  const thickness = Math.max(0.6, Math.min(1.15, scene.pitch / PITCH));
  context.lineCap = "butt";
  for (const [index, style] of STYLES.entries()) {
    context.lineWidth = style.width * thickness;
    for (const { edges, color, share } of groups[index] ?? []) {
      if (!edges.length) continue;
      context.strokeStyle = color;
      context.globalAlpha = style.alpha * share;
      for (const edge of edges) stroke(context, edge);
    }
  }
  context.globalAlpha = 1;
  const shown = scene.edge && shownEdge(scene, scene.edge);
  if (shown) {
    const { edge, w } = shown;
    context.strokeStyle = w < 0 ? scene.colors.negative : scene.colors.positive;
    context.lineWidth = (STYLES[weightLevel(w, scene.full)]?.width ?? 1) + 2;
    stroke(context, edge);
  }
}

/** Sorts edges by level, sign and emphasis. @param {Scene} scene */
function groupEdges(scene) {
  const { colors, focus, full, quiet } = scene;
  const whole = scene.edge ? OTHERS_OPACITY : 1;
  const shares = focus ? [UNRELATED_OPACITY, OUTGOING_OPACITY, 1] : [whole, whole * QUIET_OPACITY];
  const groups = STYLES.map(() =>
    shares.flatMap((share) => [
      { edges: /** @type {Edge[]} */ ([]), color: colors.negative, share },
      { edges: /** @type {Edge[]} */ ([]), color: colors.positive, share },
    ]),
  );
  scene.edges.forEach((layer, index) => {
    const matrix = scene.weights[index];
    const one = layer[0];
    if (!matrix || !one || one.x1 < scene.view.left || one.x0 > scene.view.right) return;
    for (let i = 0; i < layer.length; i += 1) {
      const edge = layer[i];
      const w = matrix[i] ?? 0;
      const step = weightLevel(w, full);
      if (!edge || w === 0 || !Number.isFinite(w) || (step === 0 && layer.length > MANY_EDGES)) continue;
      let group = 0;
      if (!focus) group = quiet(edge.layer - 1, edge.from) ? 1 : 0;
      else if (edge.layer === focus.layer && edge.to === focus.unit) group = 2;
      else if (edge.layer - 1 === focus.layer && edge.from === focus.unit) group = 1;
      groups[step]?.[group * 2 + (w < 0 ? 0 : 1)]?.edges.push(edge);
    }
  });
  return groups;
}

/** An edge at its present place, with its weight; null if it is not drawn.
 * @param {Scene} scene @param {Edge} wanted */
function shownEdge({ edges, weights }, wanted) {
  const at = indexOfEdge(edges, wanted);
  const edge = edges[wanted.layer - 1]?.[at];
  const w = weights[wanted.layer - 1]?.[at];
  return edge && w !== undefined ? { edge, w } : null;
}

/** @param {CanvasRenderingContext2D} context @param {Edge} edge */
function stroke(context, edge) {
  const [ax = 0, ay = 0, bx = 0, by = 0, x = 0, y = 0] = controlPoints(edge);
  context.beginPath();
  context.moveTo(edge.x0, edge.y0);
  context.bezierCurveTo(ax, ay, bx, by, x, y);
  context.stroke();
}

/**
 * Paints residual connections: an arc over the columns from a layer's input to the place where it is
 * added.
 * @param {CanvasRenderingContext2D} context @param {import("./layout.js").Layout} layout
 * @param {import("./topology.js").Column[]} columns @param {NetworkColors} colors @param {Unit | null} focus
 */
export function paintResiduals(context, layout, columns, colors, focus) {
  context.strokeStyle = colors.second;
  context.fillStyle = colors.page;
  context.lineWidth = 1.5;
  columns.forEach((column, index) => {
    const from = layout.places[index - 1];
    const to = layout.places[index];
    if (!column.residual || !from || !to) return;
    const y = Math.min(from.top, to.top) - 8;
    const left = from.x + layout.tile * 0.2;
    const right = to.x - layout.tile * 0.2;
    if (focus?.layer === index) {
      const [source, target] = [columns[index - 1], column].map(
        (one) => one && cellsByUnit(one)[focus.unit],
      );
      paintIdentity(context, from.boxes[source ?? -1], to.boxes[target ?? -1]);
    }
    context.beginPath();
    context.moveTo(left, from.top - 3);
    context.bezierCurveTo(left + 10, y - 12, right - 24, y - 12, right - 3, y - 2);
    context.stroke();
    context.beginPath();
    context.arc(right, y + 1, 5, 0, 2 * Math.PI);
    context.fill();
    context.moveTo(right - 2.5, y + 1);
    context.lineTo(right + 2.5, y + 1);
    context.moveTo(right, y - 1.5);
    context.lineTo(right, y + 3.5);
    context.stroke();
  });
}

/** Paints the identity input from the same place in the layer before, dashed: it has no weight.
 * @param {CanvasRenderingContext2D} context @param {import("./layout.js").Box | undefined} from
 * @param {import("./layout.js").Box | undefined} to */
function paintIdentity(context, from, to) {
  if (!from || !to) return;
  context.setLineDash([5, 4]);
  context.beginPath();
  context.moveTo(from.x + from.size / 2, from.y + 4);
  context.lineTo(to.x - to.size / 2, to.y + 4);
  context.stroke();
  context.setLineDash([]);
}
