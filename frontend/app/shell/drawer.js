/** The drawer that holds the form on small screens and slides in from the side. */

let back = /** @type {HTMLElement | null} */ (null);

const form = () => /** @type {HTMLElement} */ (document.getElementById("controls"));

export function openDrawer() {
  back = /** @type {HTMLElement | null} */ (document.activeElement);
  document.body.dataset["drawer"] = "open";
  form().focus();
}

export function closeDrawer() {
  if (!("drawer" in document.body.dataset)) return;
  delete document.body.dataset["drawer"];
  back?.focus();
}

/** A press outside closes it, and so does Escape. @returns {() => void} */
export function watchDrawer() {
  const pressed = (/** @type {PointerEvent} */ event) => {
    const open = "drawer" in document.body.dataset;
    if (!open || form().contains(/** @type {Node} */ (event.target))) return;
    if (/** @type {Element} */ (event.target).closest("dialog, #notices")) return;
    event.preventDefault();
    closeDrawer();
  };
  const keyed = (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && closeDrawer();
  document.addEventListener("pointerdown", pressed, true);
  document.addEventListener("keydown", keyed);
  return () => {
    document.removeEventListener("pointerdown", pressed, true);
    document.removeEventListener("keydown", keyed);
  };
}
