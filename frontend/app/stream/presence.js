/**
 * Detects whether the page may be visible, and when its connections can no longer be trusted.
 * A tab that has been hidden for a while is asleep: nothing is sent to it.
 */

/** A short visit to another tab changes nothing. */
const HIDE_DELAY = 4000; // ms
const CLOCK_INTERVAL = 5000; // ms
/** A clock jump of at least this shows that the computer was asleep. */
const SLEEP_JUMP = 4 * CLOCK_INTERVAL;

/**
 * "asleep": the page is hidden; "awake": it is visible; "stale": earlier connections may be dead without
 * notice, as after a network change or the sleep of a laptop.
 * @typedef {"asleep" | "awake" | "stale"} News
 */

export class Presence {
  awake = true;
  /** @type {Set<(news: News) => void>} */
  #listeners = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #page;

  /**
   * @param {Pick<Document, "visibilityState" | "addEventListener">} page
   * @param {Pick<Window, "addEventListener">} view
   */
  constructor(page, view) {
    this.#page = page;
    page.addEventListener("visibilitychange", () => this.#updateVisibility());
    // A page with an open connection is not kept for the browser's back button.
    view.addEventListener("pagehide", () => this.#sleep());
    view.addEventListener("pageshow", () => this.#updateVisibility());
    view.addEventListener("online", () => this.#notify("stale"));
  }

  /** Also watches the clock. @param {() => number} [now] @returns {() => void} stops watching */
  watchClock(now = Date.now) {
    let last = now();
    const ticking = setInterval(() => {
      const jump = now() - last;
      last = now();
      if (jump > SLEEP_JUMP) this.#notify("stale");
    }, CLOCK_INTERVAL);
    return () => clearInterval(ticking);
  }

  /** @param {(news: News) => void} listener */
  listen(listener) {
    this.#listeners.add(listener);
  }

  #updateVisibility() {
    clearTimeout(this.#timer);
    if (this.#page.visibilityState === "visible") this.#wake();
    else this.#timer = setTimeout(() => this.#sleep(), HIDE_DELAY);
  }

  #sleep() {
    clearTimeout(this.#timer);
    if (!this.awake) return;
    this.awake = false;
    this.#notify("asleep");
  }

  /** Notifies each time, so that a lost connection is retried at once on return. */
  #wake() {
    this.awake = true;
    this.#notify("awake");
  }

  /** @param {News} news */
  #notify(news) {
    if (news === "stale" && !this.awake) return;
    for (const listener of this.#listeners) listener(news);
  }
}

/** @type {Presence | null} */
let shared = null;

/** @returns {Presence} the one of this page */
export function presence() {
  shared ??= new Presence(document, globalThis.window ?? { addEventListener() {} });
  return shared;
}
