/**
 * Handles the pointer and the keys on the network: show a unit, an edge or a bias, pin a unit, switch an
 * input feature, open a number to change it, move between tiles.
 *
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("./topology.js").Column} Column
 * @typedef {import("./edges.js").Edge} Edge
 * @typedef {{layer: number, unit: number}} Unit
 * @typedef {{x: number, y: number}} Point in the content's own pixels
 * @typedef {{
 *   columns: () => Column[], layout: () => Layout | null,
 *   edgeAt: (x: number, y: number, reach: number) => Edge | null,
 *   biasAt: (x: number, y: number, reach: number) => Unit | null,
 *   hover: (unit: Unit | null) => void, layer: (layer: number) => void,
 *   pin: (unit: Unit | null) => void, turnPage: (column: Column, by: number) => void,
 *   toggle: (feature: string) => void,
 *   point: (edge: Edge | null, bias: Unit | null, point: Point) => void,
 *   editEdge: (edge: Edge, point: Point) => void, editBias: (unit: Unit, point: Point) => void,
 * }} Handlers
 */
import { neighbour, pageTurn } from "./unit-buttons.js";

const REACH = 6; // the reach of the pointer to an edge or a bias, in pixels
const TOUCH_REACH = 14;
const CONTROLS = ".net-head, .net-add, .net-more"; // elements with their own buttons

/** @param {HTMLElement} content @param {Handlers} handlers @param {AbortSignal} signal */
export function listen(content, handlers, signal) {
  /** @param {EventTarget | null} target */
  const found = (target) => {
    const button = target instanceof Element ? target.closest(".net-unit") : null;
    const place = button instanceof HTMLElement ? (button.dataset["at"] ?? "") : "";
    const [at = -1, index = -1] = place.split(".").map(Number);
    const column = button ? handlers.columns()[at] : undefined;
    const cell = column?.cells[index];
    return column && cell ? { column, cell, at, index } : null;
  };
  /** @param {ReturnType<typeof found>} hit @returns {Unit | null} */
  const unitOf = (hit) =>
    hit && hit.cell.unit !== null ? { layer: hit.column.layer, unit: hit.cell.unit } : null;
  /** @param {MouseEvent} event @returns {Point} */
  const point = (event) => {
    const box = content.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  content.addEventListener(
    "pointermove",
    (event) => {
      if (event.pointerType === "touch") return;
      const at = point(event);
      const hit = found(event.target);
      const bias = handlers.biasAt(at.x, at.y, REACH);
      const onHead = event.target instanceof Element && event.target.closest(CONTROLS);
      const edge = hit || bias || onHead ? null : handlers.edgeAt(at.x, at.y, REACH);
      handlers.hover(bias ? null : unitOf(hit));
      handlers.point(edge, bias, at);
      content.classList.toggle("on-number", Boolean(edge ?? bias));
    },
    { signal },
  );
  content.addEventListener(
    "pointerleave",
    () => {
      handlers.hover(null);
      handlers.point(null, null, { x: 0, y: 0 });
    },
    { signal },
  );
  content.addEventListener(
    "focusin",
    (event) => {
      if (event.target instanceof Element && event.target.matches(":focus-visible")) {
        handlers.hover(unitOf(found(event.target)));
      }
    },
    { signal },
  );
  /** @param {Event} event */
  const head = ({ target }) => {
    const found = target instanceof Element ? target.closest(".net-head") : null;
    if (found instanceof HTMLElement) handlers.layer(Number(found.dataset["layer"]));
  };
  content.addEventListener("pointerover", head, { signal });
  content.addEventListener("focusin", head, { signal });
  content.addEventListener("focusout", () => handlers.hover(null), { signal });

  content.addEventListener(
    "click",
    (event) => {
      const hit = found(event.target);
      const at = point(event);
      // A key also presses a button, without a pointer position.
      const touch = event instanceof PointerEvent && event.pointerType === "touch";
      // A touch on the tile must not hit the bias at its corner.
      const bias = event.detail > 0 && !touch ? handlers.biasAt(at.x, at.y, REACH) : null;
      if (bias) handlers.editBias(bias, at);
      else if (hit?.cell.feature) handlers.toggle(hit.cell.feature);
      else if (hit) handlers.pin(unitOf(hit));
      else if (event.target instanceof Element && !event.target.closest(CONTROLS)) {
        const edge = handlers.edgeAt(at.x, at.y, touch ? TOUCH_REACH : REACH);
        if (edge) handlers.editEdge(edge, at);
        else handlers.pin(null);
      }
    },
    { signal },
  );
  content.addEventListener(
    "keydown",
    (event) => {
      const hit = found(event.target);
      const layout = handlers.layout();
      if (!hit || !layout) return;
      if (event.key === "Escape") {
        handlers.pin(null);
        handlers.hover(null);
      }
      const page = pageTurn(hit.column, hit.index, event.key);
      if (page) handlers.turnPage(hit.column, page.by);
      const next = page ? [hit.at, page.index] : neighbour(layout, hit.at, hit.index, event.key);
      if (!next && !event.key.startsWith("Arrow")) return;
      // An arrow key at the edge does nothing; it must not step the run instead.
      event.preventDefault();
      event.stopPropagation();
      if (!next) return;
      const button = content.querySelector(`.net-unit[data-at="${next.join(".")}"]`);
      if (!(button instanceof HTMLElement)) return;
      content.querySelector('.net-unit[tabindex="0"]')?.setAttribute("tabindex", "-1");
      button.tabIndex = 0;
      button.focus();
    },
    { signal },
  );
}
