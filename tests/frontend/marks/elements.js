/** Elements of a page for what makes its own: each may be a canvas, and is told of events. */

import "./screen.js";
import { FakeCanvas } from "./recording.js";

/** Every canvas that has been made, in order. @type {FakeElement[]} */
export const canvases = [];

export class FakeElement extends FakeCanvas {
  textContent = "";
  hidden = false;
  dataset = {};
  classList = { toggle() {}, add() {}, remove() {} };
  /** @type {Map<string, string>} */
  #attributes = new Map();
  /** @type {Map<string, (event: object) => void>} */
  #listeners = new Map();

  /** @param {string} name @param {string} value */
  setAttribute(name, value) {
    this.#attributes.set(name, value);
  }

  /** @param {string} name */
  getAttribute(name) {
    return this.#attributes.get(name) ?? null;
  }

  /** @param {string} name */
  removeAttribute(name) {
    this.#attributes.delete(name);
  }

  append() {}

  replaceChildren() {}

  contains() {
    return false;
  }

  querySelector() {
    return null;
  }

  /** @param {string} type @param {(event: object) => void} listener */
  addEventListener(type, listener) {
    this.#listeners.set(type, listener);
  }

  /** @param {string} type @param {object} event */
  emit(type, event) {
    this.#listeners.get(type)?.(event);
  }
}

/** How large canvases are that are made from now on. */
export const size = { width: 0, height: 0 };

Object.assign(document, {
  activeElement: null,
  createElement(/** @type {string} */ name) {
    const made = Object.assign(new FakeElement(), { clientWidth: size.width, clientHeight: size.height });
    if (name === "canvas") canvases.push(made);
    return made;
  },
});
