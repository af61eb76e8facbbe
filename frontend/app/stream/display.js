/** Reports which elements are visible, and when to paint: the browser's side of Pictures. */

import { presence } from "./presence.js";

/**
 * @typedef {object} Display
 * @property {() => boolean} isAwake whether the tab may be visible
 * @property {(listener: () => void) => void} onAwake calls when that changes
 * @property {(host: Element, listener: (visible: boolean) => void) => () => void} onVisibility
 *   called when the host enters or leaves the screen; returns a function that stops it
 * @property {(paint: () => void) => void} nextFrame
 * @property {() => number} now milliseconds
 * @property {(host: Element, detail: {id: string, seq: number, step: number}) => void} painted
 *   notifies measurements by a "painted" event on the host
 */

/** @typedef {{visible: boolean, listeners: Set<(visible: boolean) => void>}} ObservedHost */

/** The observed hosts: several watches may share one. @type {Map<Element, ObservedHost>} */
const observedHosts = new Map();

/** @type {IntersectionObserver | undefined} */
let observer;

/** @returns {IntersectionObserver} one for all hosts */
function hostObserver() {
  return (observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const observed = observedHosts.get(target);
        if (!observed) continue;
        observed.visible = isIntersecting;
        for (const listener of observed.listeners) listener(isIntersecting);
      }
    },
    { rootMargin: "64px" },
  ));
}

/** @type {Display} */
export const pageDisplay = {
  isAwake: () => presence().awake,
  onAwake: (listener) => presence().listen(listener),
  onVisibility(host, listener) {
    const observed = observedHosts.get(host) ?? { visible: false, listeners: new Set() };
    observed.listeners.add(listener);
    observedHosts.set(host, observed);
    // The observer reports a host's state only once; later listeners are notified here.
    if (observed.visible) listener(true);
    hostObserver().observe(host);
    return () => {
      observed.listeners.delete(listener);
      if (observed.listeners.size > 0) return;
      hostObserver().unobserve(host);
      observedHosts.delete(host);
    };
  },
  nextFrame: (paint) => void requestAnimationFrame(paint),
  now: () => performance.now(),
  painted: (host, detail) =>
    void host.dispatchEvent(new CustomEvent("painted", { detail, bubbles: true })),
};
