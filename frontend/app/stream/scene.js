/** Reports which elements are visible, and when to paint: the browser's side of Pictures. */

import { presence } from "./presence.js";

/**
 * @typedef {object} Scene
 * @property {() => boolean} awake whether the tab may be visible
 * @property {(listener: () => void) => void} onAwake calls when that changes
 * @property {(host: Element, listener: (seen: boolean) => void) => () => void} onSeen
 *   called when the host enters or leaves the screen; returns a function that stops it
 * @property {(paint: () => void) => void} nextFrame
 * @property {() => number} now milliseconds
 * @property {(host: Element, detail: {id: string, seq: number, step: number}) => void} painted
 *   notifies measurements by a "painted" event on the host
 */

/** @typedef {{seen: boolean, listeners: Set<(seen: boolean) => void>}} Place */

/** The observed hosts: several watches may share one. @type {Map<Element, Place>} */
const places = new Map();

/** @type {IntersectionObserver | undefined} */
let observer;

/** @returns {IntersectionObserver} one for all hosts */
function shared() {
  return (observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const place = places.get(target);
        if (!place) continue;
        place.seen = isIntersecting;
        for (const listener of place.listeners) listener(isIntersecting);
      }
    },
    { rootMargin: "64px" },
  ));
}

/** @type {Scene} */
export const page = {
  awake: () => presence().awake,
  onAwake: (listener) => presence().listen(listener),
  onSeen(host, listener) {
    const place = places.get(host) ?? { seen: false, listeners: new Set() };
    place.listeners.add(listener);
    places.set(host, place);
    // The observer reports a host's state only once; later listeners are notified here.
    if (place.seen) listener(true);
    shared().observe(host);
    return () => {
      place.listeners.delete(listener);
      if (place.listeners.size > 0) return;
      shared().unobserve(host);
      places.delete(host);
    };
  },
  nextFrame: (paint) => void requestAnimationFrame(paint),
  now: () => performance.now(),
  painted: (host, detail) =>
    void host.dispatchEvent(new CustomEvent("painted", { detail, bubbles: true })),
};
