/** Handles pointing at a map: hover, click, drag and zoom, by mouse, touch and keyboard alike. */

import { valueAt } from "../marks/scales.js";
import { panWindow, zoomWindow } from "./plot-window.js";

/** @typedef {import("../marks/plot.js").PlotCanvas} PlotCanvas */
/** @typedef {import("./plot-window.js").Window} Window */

/**
 * @typedef {object} PointerHandlers
 * @property {() => Window} window the window shown now
 * @property {(window: Window | null) => void} setWindow shows a window; null is all
 * @property {(point: {x: number, y: number} | null) => void} hover
 * @property {(point: {x: number, y: number}) => void} select
 */

const ARROWS = new Map([
  ["ArrowLeft", [-1, 0]],
  ["ArrowRight", [1, 0]],
  ["ArrowDown", [0, -1]],
  ["ArrowUp", [0, 1]],
]);
/** Pixels that a pointer may move during a click. */
const CLICK_TOLERANCE = 4;
const ZOOM_FACTOR = 1 / 1.5;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {PlotCanvas} plot
 * @param {PointerHandlers} handlers
 * @returns {{zoom: (factor: number) => void}}
 */
export function listenToPointer(canvas, plot, handlers) {
  /** @type {{x: number, y: number} | null} */
  let cursor = null;
  /** @type {{x: number, y: number, window: Window, dragging: boolean} | null} */
  let drag = null;

  /** @param {{x: number, y: number} | null} at */
  const hover = (at) => handlers.hover((cursor = at));

  /** @param {number} factor */
  const zoom = (factor) => {
    const shown = handlers.window();
    const middle = [0, 2].map((i) => ((shown[i] ?? 0) + (shown[i + 1] ?? 0)) / 2);
    handlers.setWindow(zoomWindow(shown, cursor ? [cursor.x, cursor.y] : middle, factor));
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    drag = { x: event.offsetX, y: event.offsetY, window: handlers.window(), dragging: false };
  });
  canvas.addEventListener("pointermove", (event) => {
    hover(plot.valuesAt(event));
    const { view } = plot;
    // A finger that moves over the map scrolls the page.
    if (!drag || !view || event.pointerType === "touch") return;
    const right = event.offsetX - drag.x;
    const down = event.offsetY - drag.y;
    if (!drag.dragging && Math.hypot(right, down) > CLICK_TOLERANCE) {
      drag.dragging = true;
      canvas.setPointerCapture(event.pointerId);
    }
    if (!drag.dragging) return;
    const [left = 0, end = 1, low = 0, high = 1] = drag.window;
    const across = (-right / view.width) * (end - left);
    const up = (down / view.height) * (high - low);
    handlers.setWindow(panWindow(drag.window, [across, up]));
  });
  canvas.addEventListener("pointerup", (event) => {
    const at = plot.valuesAt(event);
    if (drag && !drag.dragging && at) handlers.select(at);
    drag = null;
  });
  canvas.addEventListener("pointercancel", () => (drag = null));
  canvas.addEventListener("pointerleave", () => hover(null));
  canvas.addEventListener("dblclick", () => handlers.setWindow(null));
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
    } else if (event.key === "Enter" && cursor) handlers.select(cursor);
    else if (event.key === "+" || event.key === "=") zoom(ZOOM_FACTOR);
    else if (event.key === "-") zoom(1 / ZOOM_FACTOR);
    else if (event.key === "0") handlers.setWindow(null);
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
