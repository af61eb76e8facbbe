/**
 * Lines over the strip of a sequence, from the chosen query to the places that it looks at, as thick as their shares:
 * of the chosen head, or faint of all heads of the layer, with one of them clear under the pointer.
 */

import { effect, signal } from "@preact/signals-core";
import { percent } from "../../marks/scales.js";
import { watchSize } from "../../marks/watch-size.js";
import { element } from "../../panels/element.js";
import { headsOf, sharesOf } from "./heads-facts.js";

/** The head under the pointer or with the focus, as layer.head. */
export const pointedHead = signal(/** @type {string | null} */ (null));

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 40;
/** The width of a line with a share of 1, in CSS pixels, and the least share that has a line. */
const THICK = 7;
const LEAST = 0.02;
/** Places that are read aloud. */
const SPOKEN = 3;

export class TokenLines {
  #svg = document.createElementNS(SVG, "svg");
  #one = element("button", { type: "button" }, "This head");
  #all = element("button", { type: "button" }, "All of the layer");
  #every = signal(false);
  element = element(
    "div",
    { class: "token-lines", hidden: true },
    element("div", { class: "token-lines-head" }, element("span", { class: "caption" }, "Where the query looks"), element("div", { class: "segmented", role: "group", "aria-label": "Lines of which heads" }, this.#one, this.#all)),
    this.#svg,
  );
  /** @type {import("../../types/pictures.js").Picture | null} */
  #picture = null;
  #strip;
  #stops;

  /** @param {HTMLElement} strip whose children are the places */
  constructor(strip) {
    this.#strip = strip;
    this.#svg.setAttribute("role", "img");
    this.#svg.setAttribute("class", "token-lines-drawn");
    this.#one.addEventListener("click", () => (this.#every.value = false));
    this.#all.addEventListener("click", () => (this.#every.value = true));
    const drawn = () => this.#draw();
    strip.addEventListener("scroll", drawn, { passive: true });
    this.#stops = [
      watchSize(strip, drawn),
      effect(() => {
        this.#one.setAttribute("aria-pressed", String(!this.#every.value));
        this.#all.setAttribute("aria-pressed", String(this.#every.value));
        void pointedHead.value;
        this.#draw();
      }),
      () => strip.removeEventListener("scroll", drawn),
    ];
  }

  close() {
    for (const stop of this.#stops) stop();
  }

  /** @param {import("../../types/pictures.js").Picture} picture */
  show(picture) {
    this.#picture = picture;
    this.#draw();
  }

  #draw() {
    const heads = this.#picture && headsOf(this.#picture);
    this.element.hidden = !heads;
    if (!heads) return;
    const { layer, head, query, matrix, first, maps, firstOfAll } = heads;
    const own = sharesOf(matrix, first, query);
    this.#svg.setAttribute("aria-label", spoken(layer, head, query, own));
    const left = this.#svg.getBoundingClientRect().left;
    const middle = (/** @type {number} */ place) => {
      const box = this.#strip.children[place]?.getBoundingClientRect();
      return box ? box.left + box.width / 2 - left : null;
    };
    const drawn = this.#every.peek() ? maps.filter(({ name }) => name.startsWith(`${layer}.`)) : [{ name: `${layer}.${head}`, matrix: null }];
    const pointed = pointedHead.peek();
    const groups = drawn.map(({ name, matrix: small }) => {
      const group = document.createElementNS(SVG, "g");
      const clear = drawn.length === 1 || name === pointed;
      group.setAttribute("class", clear ? "clear" : "faint");
      group.dataset["head"] = name;
      const title = document.createElementNS(SVG, "title");
      title.textContent = `Head ${name}`;
      group.append(title);
      for (const { place, share } of small ? sharesOf(small, firstOfAll, query) : own) {
        const [from, to] = [middle(query), middle(place)];
        if (share < LEAST || from === null || to === null) continue;
        const line = document.createElementNS(SVG, "path");
        line.setAttribute("d", arc(from, to));
        line.setAttribute("stroke-width", (THICK * share).toFixed(2));
        line.dataset["place"] = String(place);
        group.append(line);
      }
      return group;
    });
    this.#svg.replaceChildren(...groups);
  }
}

/** From above one place to above another, and over the place itself. @param {number} from @param {number} to */
export function arc(from, to) {
  if (from === to) return `M${from - 6} ${HEIGHT}C${from - 10} ${HEIGHT - 22} ${from + 10} ${HEIGHT - 22} ${from + 6} ${HEIGHT}`;
  const top = HEIGHT - Math.min(HEIGHT * 1.25, 14 + Math.abs(to - from) / 5);
  return `M${from} ${HEIGHT}C${from} ${top} ${to} ${top} ${to} ${HEIGHT}`;
}

/** @param {number} layer @param {number} head @param {number} query @param {{place: number, share: number}[]} shares */
export function spoken(layer, head, query, shares) {
  const most = [...shares].sort((one, other) => other.share - one.share).slice(0, SPOKEN);
  const places = most.filter(({ share }) => share >= LEAST).map(({ place, share }) => `place ${place + 1} (${percent(share)})`);
  return `Layer ${layer}, head ${head} looks from place ${query + 1} at ${places.join(", ")}`;
}
