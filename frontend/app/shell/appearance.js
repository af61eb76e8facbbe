/** Switches between light and dark, and to large type for a projector. */

import { effect } from "@preact/signals-core";
import { recall, remember } from "../state/memory.js";
import { presenting, theme } from "../state/store.js";

/** @returns {() => void} */
export function followAppearance() {
  const root = document.documentElement;
  theme.value = root.dataset["theme"] === "dark" ? "dark" : "light";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    if (recall("theme", null) === null) theme.value = system.matches ? "dark" : "light";
  };
  system.addEventListener("change", follow);
  const stops = [
    effect(() => {
      root.dataset["theme"] = theme.value;
    }),
    effect(() => {
      root.toggleAttribute("data-presentation", presenting.value);
      // Canvases resize to their boxes on a resize event of the window.
      requestAnimationFrame(() => dispatchEvent(new Event("resize")));
    }),
    () => system.removeEventListener("change", follow),
  ];
  return () => stops.forEach((stop) => stop());
}

export function toggleTheme() {
  // Set the attribute first: listeners of the signal read the page's colours at once.
  const next = theme.value === "dark" ? "light" : "dark";
  document.documentElement.dataset["theme"] = next;
  theme.value = next;
  remember("theme", next);
}

export function togglePresentation() {
  document.documentElement.toggleAttribute("data-presentation", !presenting.value);
  presenting.value = !presenting.value;
}
