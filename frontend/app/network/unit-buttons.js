/**
 * The tiles as buttons: invisible over their painted maps, so that they can be hovered, focused and
 * navigated with the arrow keys. One of them is in the tab order at a time.
 *
 * @typedef {import("./topology.js").Column} Column
 * @typedef {import("./topology.js").Cell} Cell
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {{layer: number, unit: number}} Unit
 * @typedef {{columns: Column[], layout: Layout, selected: Unit | null,
 *   turnPage: (column: Column, by: number) => void}} Units `turnPage` shows another page of a layer
 */
import { html, nothing, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { isPaged, pageAt, pageText } from "./layer-pages.js";
import { UNITS_PER_PAGE } from "./topology.js";
import { unitTitle } from "./descriptions.js";

/** @param {HTMLElement} host @param {Units} units */
export function drawUnitButtons(host, { columns, layout, selected, turnPage }) {
  const first = firstStop(host);
  render(
    html`${columns.map((column, at) =>
      html`${repeat(
        column.cells,
        (cell) => cell.key,
        (cell, index) => {
          const stop = `${at}.${index}` === first;
          return unit(column, cell, stop, isUnit(selected, column, cell));
        },
      )}
      ${label(column)}`,
    )}
    ${columns.map((column) => html`<div class="net-more">${isPaged(column) ? pager(column, turnPage) : nothing}</div>`)}`,
    host,
  );
  const buttons = host.querySelectorAll(".net-unit");
  const names = host.querySelectorAll(".net-feature");
  const feet = host.querySelectorAll(".net-more");
  let next = 0;
  layout.places.forEach((place, at) => {
    for (const [index, box] of place.boxes.entries()) {
      const button = buttons[next++];
      if (!(button instanceof HTMLElement)) continue;
      button.dataset["at"] = `${at}.${index}`;
      button.style.left = `${box.x - box.size / 2}px`;
      button.style.top = `${box.y - box.size / 2}px`;
      button.style.width = button.style.height = `${box.size}px`;
      const name = at === 0 ? names[index] : undefined;
      if (name instanceof HTMLElement) {
        name.style.left = `${box.x - layout.tile / 2 - 8}px`;
        name.style.top = `${box.y}px`;
      }
    }
    const foot = feet[at];
    if (foot instanceof HTMLElement) {
      foot.style.left = `${place.x}px`;
      foot.style.top = `${place.bottom + 6}px`;
    }
  });
}

/** The range of shown units, and buttons for the other pages. @param {Column} column @param {Units["turnPage"]} turnPage */
function pager(column, turnPage) {
  /** @param {number} by @param {string} sign @param {string} word */
  const button = (by, sign, word) => html`<button
    type="button"
    ?disabled=${pageAt(column, by) === null}
    aria-label="${word} units of ${column.title.toLowerCase()}"
    data-tip="${word} units"
    @click=${() => turnPage(column, by)}
  >
    <span aria-hidden="true">${sign}</span>
  </button>`;
  return html`${button(-1, "‹", "Previous")}<span role="status">${pageText(column)}</span
    >${button(1, "›", "Next")}`;
}

/** The tile in the tab order: the one that had the focus last. @param {HTMLElement} host */
function firstStop(host) {
  const stop = host.querySelector('.net-unit[tabindex="0"]');
  return stop instanceof HTMLElement ? (stop.dataset["at"] ?? "0.0") : "0.0";
}

/** @param {Unit | null} at @param {Column} column @param {Cell} cell */
function isUnit(at, column, cell) {
  return at !== null && at.layer === column.layer && at.unit === cell.unit;
}

/** @param {Column} column @param {Cell} cell @param {boolean} stop @param {boolean} chosen */
function unit(column, cell, stop, chosen) {
  if (column.role === "input") {
    const on = cell.unit !== null;
    const last = on && column.total === 1;
    const tip = on ? nothing : `Add ${cell.label} as an input (restarts)`;
    return html`<button
      type="button"
      class="net-unit"
      role="switch"
      aria-checked=${on ? "true" : "false"}
      aria-disabled=${last ? "true" : nothing}
      aria-label="Input ${cell.label}"
      data-tip=${last ? "The network needs at least one input" : tip}
      tabindex=${stop ? 0 : -1}
    ></button>`;
  }
  return html`<button
    type="button"
    class="net-unit"
    aria-pressed=${chosen ? "true" : "false"}
    aria-label=${unitTitle(column, cell.unit ?? 0)}
    tabindex=${stop ? 0 : -1}
  ></button>`;
}

/** @param {Column} column */
function label(column) {
  if (column.role !== "input") return "";
  return column.cells.map(
    (cell) =>
      html`<span class="net-feature ${cell.unit === null ? "off" : ""}" aria-hidden="true"
        >${cell.label}</span
      >`,
  );
}

/**
 * The page and the tile on it to which a key turns; null if the key turns no page.
 * @param {Column} column @param {number} index @param {string} key
 * @returns {{by: number, index: number} | null}
 */
export function pageTurn(column, index, key) {
  const last = column.cells.length - 1;
  const by =
    key === "PageDown" || (key === "ArrowDown" && index === last)
      ? 1
      : key === "PageUp" || (key === "ArrowUp" && index === 0)
        ? -1
        : 0;
  const first = pageAt(column, by);
  if (first === null) return null;
  const most = Math.min(UNITS_PER_PAGE, column.total - first) - 1;
  if (key.startsWith("Page")) return { by, index: Math.min(index, most) };
  return { by, index: by > 0 ? 0 : most };
}

/**
 * The tile to which an arrow key moves from another.
 * @param {Layout} layout @param {number} column @param {number} index @param {string} key
 * @returns {[number, number] | null}
 */
export function neighbour(layout, column, index, key) {
  const place = layout.places[column];
  const box = place?.boxes[index];
  if (!place || !box) return null;
  if (key === "ArrowUp") return index > 0 ? [column, index - 1] : null;
  if (key === "ArrowDown") return index + 1 < place.boxes.length ? [column, index + 1] : null;
  if (key === "Home") return [column, 0];
  if (key === "End") return [column, place.boxes.length - 1];
  const beside = column + (key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0);
  const boxes = layout.places[beside]?.boxes;
  if (beside === column || !boxes?.length) return null;
  let best = 0;
  boxes.forEach((other, at) => {
    if (Math.abs(other.y - box.y) < Math.abs((boxes[best]?.y ?? 0) - box.y)) best = at;
  });
  return [beside, best];
}
