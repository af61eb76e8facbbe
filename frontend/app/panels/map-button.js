/** A small button over a map. */

import { element } from "./element.js";

/**
 * @param {string} label
 * @param {string} text
 * @param {() => void} onClick
 */
export function mapButton(label, text, onClick) {
  const button = element(
    "button",
    { type: "button", class: "map-tool", "aria-label": label, "data-tip": label },
    text,
  );
  button.addEventListener("click", onClick);
  return button;
}
