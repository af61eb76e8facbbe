/** Handles pointing at a map: hover, click, drag and zoom, by mouse, touch and keyboard alike. */

import { valueAt } from "../marks/scales.js";
import { moved, zoomed } from "./window.js";

/** @typedef {import("../marks/plot.js").PlotCanvas} PlotCanvas */
/** @typedef {import("./window.js").Window} Window */

/**
 * @typedef {object} Pointing
 * @property {() => Window} window the window shown now
 * @property {(window: Window | null) => void} look shows a window; null is all
 * @property {(point: {x: number, y: number} | null) => void} hover
 * @property {(point: {x: number, y: number}) => void} choose
 */

const ARROWS = new Map([
  ["ArrowLeft", [-1, 0]],
  ["ArrowRight", [1, 0]],
  ["ArrowDown", [0, -1]],
  ["ArrowUp", [0, 1]],
]);
/** Pixels that a pointer may move during a click. */
const STRAY = 4;
const CLOSER = 1 / 1.5;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {PlotCanvas} plot
 * @param {Pointing} to
 * @returns {{zoom: (factor: number) => void}}
 */
export function point(canvas, plot, to) {
  /** @type {{x: number, y: number} | null} */
  let cursor = null;
  /** @type {{x: number, y: number, window: Window, strayed: boolean} | null} */
  let grip = null;

  /** @param {{x: number, y: number} | null} at */
  const hover = (at) => to.hover((cursor = at));

  /** @param {number} factor */
  const zoom = (factor) => {
    const shown = to.window();
    const middle = [0, 2].map((i) => ((shown[i] ?? 0) + (shown[i + 1] ?? 0)) / 2);
    to.look(zoomed(shown, cursor ? [cursor.x, cursor.y] : middle, factor));
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    grip = { x: event.offsetX, y: event.offsetY, window: to.window(), strayed: false };
  });
  canvas.addEventListener("pointermove", (event) => {
    hover(plot.valuesAt(event));
    const { view } = plot;
    // A finger that moves over the map scrolls the page.
    if (!grip || !view || event.pointerType === "touch") return;
    const right = event.offsetX - grip.x;
    const down = event.offsetY - grip.y;
    if (!grip.strayed && Math.hypot(right, down) > STRAY) {
      grip.strayed = true;
      canvas.setPointerCapture(event.pointerId);
    }
    if (!grip.strayed) return;
    const [left = 0, end = 1, low = 0, high = 1] = grip.window;
    const across = (-right / view.width) * (end - left);
    const up = (down / view.height) * (high - low);
    to.look(moved(grip.window, [across, up]));
  });
  canvas.addEventListener("pointerup", (event) => {
    const at = plot.valuesAt(event);
    if (grip && !grip.strayed && at) to.choose(at);
    grip = null;
  });
  canvas.addEventListener("pointercancel", () => (grip = null));
  canvas.addEventListener("pointerleave", () => hover(null));
  canvas.addEventListener("dblclick", () => to.look(null));
  canvas.addEventListener(
    "wheel",
    (event) => {
      // Without the key or the focus, the wheel scrolls the panels.
      if (!event.ctrlKey && !event.metaKey && document.activeElement !== canvas) return;
      event.preventDefault();
      zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 200));
    },
    { passive: false },
  );
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS.get(event.key);
    const { view } = plot;
    if (arrow && view) {
      const step = event.shiftKey ? 0.1 : 0.02;
      const x = cursor?.x ?? valueAt(view.xAxis, 0.5);
      const y = cursor?.y ?? valueAt(view.yAxis, 0.5);
      const across = (view.xAxis.high - view.xAxis.low) * step * (arrow[0] ?? 0);
      const up = (view.yAxis.high - view.yAxis.low) * step * (arrow[1] ?? 0);
      hover({
        x: clamp(x + across, view.xAxis.low, view.xAxis.high),
        y: clamp(y + up, view.yAxis.low, view.yAxis.high),
      });
    } else if (event.key === "Enter" && cursor) to.choose(cursor);
    else if (event.key === "+" || event.key === "=") zoom(CLOSER);
    else if (event.key === "-") zoom(1 / CLOSER);
    else if (event.key === "0") to.look(null);
    else if (event.key === "Escape") {
      hover(null);
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  canvas.addEventListener("blur", () => hover(null));
  return { zoom: (factor) => zoom(factor) };
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
