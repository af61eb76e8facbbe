/** What is missing of a picture, in the server's words. */

import { element, say } from "./element.js";

/** @typedef {import("../types/pictures.js").Facts} Facts */

/**
 * What is missing of a picture with these facts.
 * @param {Facts | null | undefined} facts
 * @returns {string} empty where it is whole
 */
export function missingOf(facts) {
  const words = facts?.["incomplete"];
  return typeof words === "string" ? words : "";
}

/** A line that is there only below a picture that is not whole. */
export class Incomplete {
  element = element("p", { class: "caption incomplete", role: "status", hidden: true });

  /** @param {Facts | null | undefined} facts */
  show(facts) {
    const words = missingOf(facts);
    say(this.element, words);
    this.element.hidden = !words;
  }
}
