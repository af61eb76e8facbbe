/** Handles the keys of the page. A control that uses a key itself keeps it. */

import { KEYS } from "./keys.js";
import { openHelp } from "./shell/help.js";
import { togglePresentation, toggleTheme } from "./shell/appearance.js";
import { openRunTable } from "./shell/run-table.js";
import * as actions from "./state/actions.js";
import * as walk from "./views/steps/walk.js";
import { leaveTab } from "./views/view-tabs.js";

/** @typedef {import("./keys.js").Key} Key */
/** @typedef {import("./keys.js").Verb} Verb */

/** @type {Record<Verb, () => unknown>} */
const VERBS = {
  play: () => actions.toggle(),
  step: () => actions.step({ steps: 1 }),
  epoch: () => actions.step({ epochs: 1 }),
  reset: () => actions.reset(),
  seed: () => actions.newSeed(),
  live: () => actions.viewStep(null),
  theme: toggleTheme,
  present: togglePresentation,
  runs: openRunTable,
  help: openHelp,
  nextStage: () => walk.moveByHand(1),
  previousStage: () => walk.moveByHand(-1),
  leave: leaveTab,
};

const TYPING = "input, textarea, select, [contenteditable]";
const PRESSING = "button, a, summary, label";
const STAGED = '#tab-step_by_step, .equation [role="gridcell"], .equation .term';
const MOVING = '[role="slider"], [role="radio"], [role="tab"], [role="grid"], [role="gridcell"]';

/**
 * The key of the page that an event means, or null if the focused element uses it itself.
 * @param {Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">} event
 * @param {(selector: string) => boolean} inside  whether the focus is in such an element
 * @param {string} [view]  what the middle shows
 * @returns {Key | null}
 */
export function keyFor(event, inside, view) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (inside("dialog")) return null;
  const range = inside('input[type="range"]');
  if (inside(TYPING) && !(range && !event.key.startsWith("Arrow"))) return null;
  if (event.key === " " && inside(PRESSING)) return null;
  if (event.key.startsWith("Arrow") && inside(MOVING)) return null;
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const fits = (/** @type {Key} */ { key, shift }) =>
    key === name && (name.startsWith("Arrow") ? Boolean(shift) === event.shiftKey : true);
  const found = KEYS.filter(fits);
  return found.find((one) => one.view === view && view !== undefined) ?? found.find((one) => !one.view) ?? null;
}

/**
 * Space after a click on a button means play, not the button again: an element focused by a pointer does
 * not keep these keys; an element focused by Tab does.
 * @param {Pick<KeyboardEvent, "key">} event
 * @param {(selector: string) => boolean} inside
 */
export function leavesFocus({ key }, inside) {
  if (key === " ") return inside("button, summary");
  if (key.startsWith("Arrow") && inside('[role="radio"]')) return true;
  // Between stages, whatever has been clicked in one, or to come there.
  return (key === "ArrowLeft" || key === "ArrowRight") && inside(STAGED);
}

/** The keys that were pressed before this module was there: early.js has kept them. */
function earlyKeys() {
  const { takeEarlyKeys } = /** @type {{takeEarlyKeys?: () => KeyboardEvent[]}} */ (globalThis);
  return takeEarlyKeys?.() ?? [];
}

/** @returns {() => void} */
export function listenToKeys() {
  let byPointer = false;
  const pointed = () => {
    byPointer = true;
  };
  // Before any control receives the key: remove a focus that must not keep it.
  const early = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Tab") byPointer = false;
    const focus = document.activeElement;
    if (!byPointer || !(focus instanceof HTMLElement)) return;
    const inside = (/** @type {string} */ selector) => Boolean(focus.closest(selector));
    if (!leavesFocus(event, inside) || inside("dialog")) return;
    focus.blur();
    event.stopPropagation();
    pressed(event);
  };
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    if (event.defaultPrevented) return;
    const target = document.activeElement;
    const { view } = document.documentElement.dataset;
    const key = keyFor(event, (selector) => Boolean(target?.closest(selector)), view);
    if (!key || (event.repeat && key.key !== "ArrowRight")) return;
    event.preventDefault();
    VERBS[key.verb]();
  };
  document.addEventListener("pointerdown", pointed, true);
  document.addEventListener("keydown", early, true);
  document.addEventListener("keydown", pressed);
  earlyKeys().forEach(pressed);
  return () => {
    document.removeEventListener("pointerdown", pointed, true);
    document.removeEventListener("keydown", early, true);
    document.removeEventListener("keydown", pressed);
  };
}
