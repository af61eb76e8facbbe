/** One watch's subscription: what the server was asked for last, and when it may be asked again. */

import { wait } from "./backoff.js";

/** @typedef {import("./watch.js").Order} Order */

/** A subscription that waits for its first frame is not changed again before so many ms. */
const PATIENCE = 400;
/**
 * Nor is one of the past, while the past is looked at, before so many: what it takes to get there is
 * lost when it is dropped, and whoever drags along the timeline of a large net would see nothing.
 */
const PAST_PATIENCE = 2500;
/** After so many refusals in a row the panel says why, and the picture is asked for seldom. */
const TRIES = 6;
const SELDOM = 30_000; // ms
/** A picture that came for so long was sound: the next failure is the first again. */
const STEADY = 10_000; // ms

export class Subscription {
  seen = false;
  /** What the server was last asked for; empty if nothing. */
  told = "";
  channel = "";
  refused = false;
  /** When the server was asked last. */
  asked = -Infinity;
  /** Whether the first frame is yet to come. */
  awaited = false;
  /** @type {import("./frame.js").Envelope | null} */
  pending = null;
  /** What was refused last with a refusal that passes; empty if nothing. */
  #failed = "";
  #failures = 0;
  /** Whether it was a past step that was asked for last. */
  #past = false;
  #retryAt = 0;

  /** @param {Order} order */
  constructor(order) {
    this.order = order;
    /** @type {object} */
    this.options = order.options ?? {};
  }

  /** Nothing is asked for. */
  reset() {
    this.told = "";
    this.channel = "";
    this.refused = false;
    this.awaited = false;
    this.pending = null;
  }

  /** Nothing is asked for, and what was refused before does not count: the stream is another one. */
  renew() {
    this.reset();
    this.#failed = "";
    this.#failures = 0;
  }

  /**
   * When something may be asked for.
   * @param {string} wish
   * @param {number} now
   * @param {boolean} past  whether it is of a past step
   */
  ready(wish, now, past) {
    if (wish === this.#failed) return this.#retryAt;
    // Dragging along the timeline asks for many steps a second, each of which costs a replay.
    return this.awaited ? this.asked + (past && this.#past ? PAST_PATIENCE : PATIENCE) : now;
  }

  /** @param {string} wish @param {number} now @param {boolean} past */
  ask(wish, now, past) {
    this.reset();
    this.#past = past;
    this.told = wish;
    this.asked = now;
    this.awaited = true;
  }

  /** A refusal that stays: nothing is asked for until something else is wished. */
  refuse() {
    this.refused = true;
    this.awaited = false;
  }

  /**
   * A refusal that passes: the same is asked for again, each time after a longer pause.
   * @param {number} now
   * @returns {boolean} whether that has happened so often that the panel is to say why
   */
  postpone(now) {
    this.#failures = this.#failed === this.told ? this.#failures + 1 : 1;
    this.#failed = this.told;
    this.reset();
    this.asked = now;
    this.awaited = true; // what is wished meanwhile waits as well
    const tired = this.#failures >= TRIES;
    this.#retryAt = now + (tired ? SELDOM * (0.5 + 0.5 * Math.random()) : wait(this.#failures));
    return tired;
  }

  /** @param {number} now */
  painted(now) {
    this.pending = null;
    this.awaited = false;
    if (now - this.asked > STEADY) this.#failures = 0;
  }
}
