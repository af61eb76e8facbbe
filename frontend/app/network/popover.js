/**
 * The popover of a unit: its map large with axes and range, its bias, and, once pinned by a click, its
 * incoming weights, which can be changed unless there is a `readOnlyReason`.
 *
 * @typedef {{layer: number, unit: number}} Unit
 * @typedef {{unit: Unit, title: string, note: string, pinned: boolean, readOnlyReason: string,
 *   names: string[], place: {x: number, y: number, size: number}}} View
 * @typedef {{incoming: (unit: Unit) => ArrayLike<number> | null, bias: (unit: Unit) => number | null,
 *   colors: () => import("./colors.js").NetworkColors, close: () => void,
 *   set: (parameter: string, index: number[], value: number) => Promise<unknown>}} Source
 * @typedef {import("../stream/watch.js").Pictures} Pictures
 */
import { html, nothing, render } from "lit-html";
import { format as steady } from "../marks/scales.js";
import { ApiError } from "../stream/api-error.js";
import { parseNumber, parseError } from "../controls/numbers.js";
import { format } from "./number-editor.js";
import { placeBeside } from "./floating.js";
import { LargeMap } from "./large-map.js";
import { sentences } from "../stream/api-error.js";

const RESOLUTION = 64;
const FPS = 15;
const UPDATE_INTERVAL = 200;

export class Popover {
  #host = document.createElement("div");
  #body = document.createElement("div");
  #canvas = document.createElement("canvas");
  #map = new LargeMap(this.#canvas);
  /** @type {View | null} */ #view = null;
  /** @type {import("../stream/watch.js").Watch | null} */ #watch = null;
  #peak = NaN;
  #problem = "";
  #drawnAt = 0;
  #timer = 0;

  /** @param {HTMLElement} over @param {Pictures} pictures @param {Source} source */
  constructor(over, pictures, source) {
    this.over = over;
    this.pictures = pictures;
    this.source = source;
    this.#host.className = "net-popover floating";
    this.#host.hidden = true;
    this.#canvas.setAttribute("aria-hidden", "true");
    const head = document.createElement("div");
    this.head = head;
    this.#host.append(head, this.#canvas, this.#body);
    over.append(this.#host);
    this.#host.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      source.close();
    });
  }

  /** @param {View | null} view */
  show(view) {
    const before = this.#view;
    this.#view = view;
    this.#host.hidden = view === null;
    if (!view) {
      this.#watch?.close();
      this.#watch = null;
      return;
    }
    if (before?.unit.layer !== view.unit.layer || before.unit.unit !== view.unit.unit) {
      this.#problem = "";
      this.#peak = NaN;
      this.#map.paint(null, this.source.colors());
      this.#request(view.unit);
    }
    this.#host.classList.toggle("pinned", view.pinned);
    this.#host.setAttribute("role", view.pinned ? "dialog" : "tooltip");
    this.#host.setAttribute("aria-label", view.title);
    this.#draw();
    placeBeside(this.#host, this.over, view.place);
  }

  /** Shows new numbers a few times a second, and always the last ones. */
  update() {
    if (!this.#view || this.#timer) return;
    const delay = this.#drawnAt + UPDATE_INTERVAL - performance.now();
    this.#timer = window.setTimeout(() => this.#draw(), Math.max(0, delay));
  }

  repaint() {
    if (this.#view) this.#map.repaint(this.source.colors());
  }

  /** @param {Unit} unit */
  #request({ layer, unit }) {
    const options = { layer, unit, resolution: RESOLUTION };
    if (this.#watch) {
      this.#watch.set(options);
      return;
    }
    this.#watch = this.pictures.watch({
      id: "unit",
      probe: "neurons",
      options,
      fps: FPS,
      host: this.#canvas,
      paint: (picture) => {
        const mark = picture.plots[0]?.marks.find((one) => one.kind === "tiles");
        const at = this.#view?.unit;
        // The last frame may be of the unit before.
        if (!mark || !at || mark.ids[0] !== `${at.layer}.${at.unit}`) return;
        this.#peak = mark.peak.data[0] ?? NaN;
        this.#map.paint(picture, this.source.colors());
        this.update();
      },
    });
  }

  #draw() {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    const view = this.#view;
    if (!view) return;
    this.#drawnAt = performance.now();
    const bias = this.source.bias(view.unit);
    const peak = Number.isFinite(this.#peak) ? steady(this.#peak) : "…";
    render(
      html`<header>
        <b>${view.title}</b><span>${view.note}</span>
        ${view.pinned
          ? html`<button type="button" aria-label="Close" @click=${this.source.close}>×</button>`
          : nothing}
      </header>`,
      this.head,
    );
    render(
      html`<div class="net-range">
          <span>−${peak}</span><i aria-hidden="true"></i><span>${peak}</span>
        </div>
        ${view.unit.layer === 0 ? nothing : view.pinned ? this.#numbers(view) : this.#hoverHint(view, bias)}`,
      this.#body,
    );
    if (view.pinned) this.#fill(view);
  }

  /** @param {View} view @param {number | null} bias */
  #hoverHint({ readOnlyReason: fixed }, bias) {
    return html`<p class="net-hint">
      ${bias === null ? nothing : html`<span>bias <b>${steady(bias)}</b></span>`}
      <span>click to pin${fixed ? "" : " and edit"}</span>
    </p>`;
  }

  /** @param {View} view */
  #numbers(view) {
    const { layer, unit } = view.unit;
    const why = view.readOnlyReason || nothing;
    /** @param {string} name @param {string} parameter @param {number[]} index */
    const field = (name, parameter, index) => html`<label
      ><span>${name}</span
      ><input
        inputmode="decimal"
        data-index=${index.length === 1 ? -1 : (index[1] ?? 0)}
        ?readonly=${view.readOnlyReason !== ""}
        data-tip=${why}
        aria-description=${why}
        @change=${(/** @type {Event} */ event) => this.#set(event, parameter, index)}
    /></label>`;
    return html`<div class="net-numbers" role="group" aria-label="Weights and bias">
        ${this.source.bias(view.unit) === null
          ? nothing
          : field("bias", `layers.${layer - 1}.bias`, [unit])}
        ${Array.from(this.source.incoming(view.unit) ?? [], (_, from) =>
          field(view.names[from] ?? "", `layers.${layer - 1}.weight`, [unit, from]),
        )}
      </div>
      ${this.#problem ? html`<p class="refused" role="alert">${this.#problem}</p>` : nothing}`;
  }

  /** Writes the present numbers into the fields, except the one being typed in.
   * @param {View} view */
  #fill({ unit }) {
    const weights = this.source.incoming(unit);
    for (const field of this.#body.querySelectorAll("input")) {
      const from = Number(field.dataset["index"]);
      const value = from < 0 ? this.source.bias(unit) : weights?.[from];
      field.classList.toggle("negative", (value ?? 0) < 0);
      if (field !== document.activeElement) field.value = format(value ?? 0);
    }
  }

  /** @param {Event} event @param {string} parameter @param {number[]} index */
  async #set(event, parameter, index) {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const value = parseNumber(field.value);
    try {
      if (value === null) this.#problem = `${parseError(field.value)}. Give a number such as 0.5 or 1e-3.`;
      else {
        await this.source.set(parameter, index, value);
        this.#problem = "";
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#problem = sentences(error);
    }
    this.#draw();
  }
}
