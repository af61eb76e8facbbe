/** The one tooltip of the page: it explains elements with `data-tip` on hover, focus and long press. */

import { typeset } from "../controls/formula.js";

const DELAY = 350; // ms
const GAP = 8; // px

/** @returns {() => void} */
export function mountTooltip() {
  const tip = document.createElement("div");
  tip.id = "tooltip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  document.body.append(tip);
  /** @type {HTMLElement | null} */
  let owner = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const hide = () => {
    clearTimeout(timer);
    tip.hidden = true;
    owner = null;
  };
  const show = (/** @type {HTMLElement} */ element) => {
    if (!element.isConnected || !element.dataset["tip"]) return;
    // A dialog lies over all else, so its tips belong into it.
    (element.closest("dialog") ?? document.body).append(tip);
    fill(tip, element);
    tip.hidden = false;
    place(tip, element);
  };
  const over = (/** @type {Event} */ event) => {
    const element = /** @type {HTMLElement | null} */ (
      event.target instanceof Element ? event.target.closest("[data-tip]") : null
    );
    if (element === owner) return;
    hide();
    if (!element?.dataset["tip"]) return;
    if (event.type === "focusin" && !element.matches(":focus-visible")) return;
    owner = element;
    timer = setTimeout(() => show(element), DELAY);
  };
  const keyed = (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && hide();
  document.addEventListener("pointerover", over);
  document.addEventListener("focusin", over);
  document.addEventListener("pointerdown", hide);
  document.addEventListener("scroll", hide, true);
  document.addEventListener("keydown", keyed);
  return () => {
    hide();
    tip.remove();
    document.removeEventListener("pointerover", over);
    document.removeEventListener("focusin", over);
    document.removeEventListener("pointerdown", hide);
    document.removeEventListener("scroll", hide, true);
    document.removeEventListener("keydown", keyed);
  };
}

/** @param {HTMLElement} tip @param {HTMLElement} element */
function fill(tip, element) {
  tip.textContent = element.dataset["tip"] ?? "";
  const latex = element.dataset["formula"];
  if (!latex) return;
  const line = document.createElement("div");
  line.className = "tip-formula";
  typeset(line, latex);
  tip.append(line);
}

/**
 * Places the tip below its element, or above if there is no room; never outside the window.
 * @param {HTMLElement} tip
 * @param {HTMLElement} element
 */
function place(tip, element) {
  const box = element.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = tip;
  const below = box.bottom + GAP;
  const top = below + height > innerHeight - GAP ? box.top - GAP - height : below;
  const left = Math.min(innerWidth - width - GAP, Math.max(GAP, box.left + box.width / 2 - width / 2));
  tip.style.left = `${left}px`;
  tip.style.top = `${Math.max(GAP, top)}px`;
}
