/** Reports the missing parts of a picture, in the server's text. */

import { element, setText } from "./element.js";

/** @typedef {import("../types/pictures.js").Facts} Facts */

/**
 * The missing parts of a picture with these facts.
 * @param {Facts | null | undefined} facts
 * @returns {string} empty if the picture is complete
 */
export function missingOf(facts) {
  const words = facts?.["incomplete"];
  return typeof words === "string" ? words : "";
}

/** A line shown only below an incomplete picture. */
export class Incomplete {
  element = element("p", { class: "caption incomplete", role: "status", hidden: true });

  /** @param {Facts | null | undefined} facts */
  show(facts) {
    const words = missingOf(facts);
    setText(this.element, words);
    this.element.hidden = !words;
  }
}
