/**
 * Whether anyone may be looking at the page, and when its connections cannot be trusted any more.
 * A tab that has been hidden for a while is asleep: nothing shall be sent to it.
 */

/** Who only glances at another tab finds all as it was. */
const GRACE = 4000; // ms
const TICK = 5000; // ms
/** A clock that has jumped by so much: the computer was asleep. */
const SLEPT = 4 * TICK;

/**
 * "asleep": nobody looks; "awake": somebody does; "stale": what was connected before may be dead,
 * although nothing says so, as after a change of the network or the sleep of a laptop.
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
    page.addEventListener("visibilitychange", () => this.#seen());
    // A page with an open connection is not kept for the browser's back button.
    view.addEventListener("pagehide", () => this.#sleep());
    view.addEventListener("pageshow", () => this.#seen());
    view.addEventListener("online", () => this.#tell("stale"));
  }

  /** Watches the clock too. @param {() => number} [now] @returns {() => void} stops that */
  watchClock(now = Date.now) {
    let last = now();
    const ticking = setInterval(() => {
      const jump = now() - last;
      last = now();
      if (jump > SLEPT) this.#tell("stale");
    }, TICK);
    return () => clearInterval(ticking);
  }

  /** @param {(news: News) => void} listener */
  listen(listener) {
    this.#listeners.add(listener);
  }

  #seen() {
    clearTimeout(this.#timer);
    if (this.#page.visibilityState === "visible") this.#wake();
    else this.#timer = setTimeout(() => this.#sleep(), GRACE);
  }

  #sleep() {
    clearTimeout(this.#timer);
    if (!this.awake) return;
    this.awake = false;
    this.#tell("asleep");
  }

  /** Said each time, as who returns wants to see a lost connection tried again at once. */
  #wake() {
    this.awake = true;
    this.#tell("awake");
  }

  /** @param {News} news */
  #tell(news) {
    if (news === "stale" && !this.awake) return;
    for (const listener of this.#listeners) listener(news);
  }
}

/** @type {Presence | null} */
let shared = null;

/** @returns {Presence} that of this page */
export function presence() {
  shared ??= new Presence(document, globalThis.window ?? { addEventListener() {} });
  return shared;
}
