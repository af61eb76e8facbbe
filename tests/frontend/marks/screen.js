/** What a page has and Node has not, as far as drawing needs it. To be imported before what draws. */

import { readFileSync } from "node:fs";

import { FakeCanvas, FakePath2D } from "./recording.js";

const css = readFileSync(new URL("../../../frontend/styles/tokens.css", import.meta.url), "utf8");
const root = { dataset: { theme: "light" } };

/** @typedef {"light" | "dark"} Theme */

/** @param {Theme} theme @param {string} name "--ink" */
function token(theme, name) {
  const rule = css.slice(css.indexOf(`:root[data-theme="${theme}"]`));
  const found = [rule.slice(0, rule.indexOf("}")), css].map((part) => new RegExp(`${name}:\\s*([^;]+);`).exec(part)?.[1]);
  return found[0] ?? found[1] ?? "";
}

/** The colour of a role in a theme, as tokens.css has it. @param {string} role @param {Theme} [theme] */
export const ink = (role, theme = "light") => {
  const found = token(theme, `--${role}`);
  if (!/^#[0-9a-f]{6}$/.test(found)) throw new RangeError(`${role} is no colour: ${found}`);
  return found;
};

/** @type {(() => void)[]} */
const watching = [];

/** Changes the page's theme, as its button does. @param {Theme} theme */
export function setTheme(theme) {
  root.dataset.theme = theme;
  for (const changed of watching) changed();
}

/** What a CSS pixel is. @param {number} ratio */
export function setRatio(ratio) {
  Object.assign(globalThis, { devicePixelRatio: ratio });
}

class ThemeObserver {
  /** @param {() => void} changed */
  constructor(changed) {
    watching.push(changed);
  }

  observe() {}
}

/** Tells at once how large a canvas is. */
class SizeObserver {
  /** @param {(entries: {contentRect: {width: number, height: number}}[]) => void} resized */
  constructor(resized) {
    this.resized = resized;
  }

  /** @param {FakeCanvas} canvas */
  observe({ clientWidth, clientHeight }) {
    this.resized([{ contentRect: { width: clientWidth, height: clientHeight } }]);
  }

  disconnect() {}
}

/** The pixels of a fine map. */
class FakeImageData {
  /** @param {Uint8ClampedArray} data @param {number} width @param {number} height */
  constructor(data, width, height) {
    Object.assign(this, { data, width, height });
  }
}

Object.assign(globalThis, {
  document: { createElement: () => new FakeCanvas(), documentElement: root },
  getComputedStyle: () => ({
    getPropertyValue: (/** @type {string} */ name) => token(/** @type {Theme} */ (root.dataset.theme), name),
  }),
  MutationObserver: ThemeObserver,
  ResizeObserver: SizeObserver,
  Path2D: FakePath2D,
  ImageData: FakeImageData,
  devicePixelRatio: 1,
});

/** A canvas of this size in CSS pixels. @param {number} width @param {number} height */
export function canvasOf(width, height) {
  const fake = Object.assign(new FakeCanvas(), { clientWidth: width, clientHeight: height });
  return { fake, canvas: /** @type {HTMLCanvasElement} */ (/** @type {unknown} */ (fake)), context: fake.getContext() };
}
