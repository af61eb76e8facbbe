/** A small button over a map. */

import { element } from "./element.js";

/**
 * @param {string} label
 * @param {string} text
 * @param {() => void} act
 */
export function tool(label, text, act) {
  const button = element(
    "button",
    { type: "button", class: "map-tool", "aria-label": label, "data-tip": label },
    text,
  );
  button.addEventListener("click", act);
  return button;
}
