/** The subscription of one watch: its last request, and when the next one may be sent. */

import { wait } from "./backoff.js";

/** @typedef {import("./watch.js").Order} Order */

/** A subscription that waits for its first frame is not changed before this time, in ms. */
const PATIENCE = 400;
/**
 * The same for a past step while past steps are viewed, in ms: dropping a subscription discards its
 * replay, and dragging along the timeline of a large network would show nothing.
 */
const PAST_PATIENCE = 2500;
/** After this many refusals in a row the panel shows why, and requests become rare. */
const TRIES = 6;
const SELDOM = 30_000; // ms
/** A picture sent for this long is stable: the next failure counts as the first. */
const STEADY = 10_000; // ms

export class Subscription {
  seen = false;
  /** The last request sent to the server; empty if none. */
  told = "";
  channel = "";
  refused = false;
  /** When the last request was sent. */
  asked = -Infinity;
  /** Whether the first frame is yet to come. */
  awaited = false;
  /** @type {import("./frame.js").Envelope | null} */
  pending = null;
  /** The last request refused for a reason that passes; empty if none. */
  #failed = "";
  #failures = 0;
  /** Whether the last request was for a past step. */
  #past = false;
  #retryAt = 0;

  /** @param {Order} order */
  constructor(order) {
    this.order = order;
    /** @type {object} */
    this.options = order.options ?? {};
  }

  /** Marks that nothing is requested. */
  reset() {
    this.told = "";
    this.channel = "";
    this.refused = false;
    this.awaited = false;
    this.pending = null;
  }

  /** Marks that nothing is requested and clears earlier refusals, for another stream. */
  renew() {
    this.reset();
    this.#failed = "";
    this.#failures = 0;
  }

  /**
   * When a request may be sent.
   * @param {string} wish
   * @param {number} now
   * @param {boolean} past  whether it is for a past step
   */
  ready(wish, now, past) {
    if (wish === this.#failed) return this.#retryAt;
    // Dragging along the timeline requests many steps a second, each of which costs a replay.
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

  /** Records a refusal that stays: nothing is requested until the wish changes. */
  refuse() {
    this.refused = true;
    this.awaited = false;
  }

  /**
   * Records a refusal that passes: the request is repeated, each time after a longer pause.
   * @param {number} now
   * @returns {boolean} whether this has happened so often that the panel shows why
   */
  postpone(now) {
    this.#failures = this.#failed === this.told ? this.#failures + 1 : 1;
    this.#failed = this.told;
    this.reset();
    this.asked = now;
    this.awaited = true; // a wish made meanwhile waits as well
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
