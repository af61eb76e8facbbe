/** The subscription of one watch: its last request, and when the next one may be sent. */

import { wait } from "./backoff.js";

/** @typedef {import("./watch.js").WatchConfig} WatchConfig */

/** A subscription that waits for its first frame is not changed before this time, in ms. */
const FIRST_FRAME_TIMEOUT = 400;
/**
 * The same for a past step while past steps are viewed, in ms: dropping a subscription discards its
 * replay, and dragging along the timeline of a large network would show nothing.
 */
const PAST_FRAME_TIMEOUT = 2500;
/** After this many refusals in a row the panel shows why, and requests become rare. */
const MAX_SILENT_FAILURES = 6;
const RARE_INTERVAL = 30_000; // ms
/** A picture that has been sent for this long is stable: the next failure counts as the first. */
const STABLE_AFTER = 10_000; // ms

export class Subscription {
  visible = false;
  /** The last request sent to the server; empty if none. */
  request = "";
  channel = "";
  rejected = false;
  /** When the last request was sent. */
  requestedAt = -Infinity;
  /** Whether the first frame is yet to come. */
  awaitingFrame = false;
  /** @type {import("./frame.js").Envelope | null} */
  pendingFrame = null;
  /** The last request refused for a temporary reason; empty if none. */
  #failedRequest = "";
  #failures = 0;
  /** Whether the last request was for a past step. */
  #pastStep = false;
  #retryAt = 0;

  /** @param {WatchConfig} config */
  constructor(config) {
    this.config = config;
    /** @type {object} */
    this.options = config.options ?? {};
  }

  /** Marks that nothing is requested. */
  reset() {
    this.request = "";
    this.channel = "";
    this.rejected = false;
    this.awaitingFrame = false;
    this.pendingFrame = null;
  }

  /** Marks that nothing is requested and clears earlier refusals, for another stream. */
  renew() {
    this.reset();
    this.#failedRequest = "";
    this.#failures = 0;
  }

  /**
   * When a request may be sent.
   * @param {string} request
   * @param {number} now
   * @param {boolean} past  whether it is for a past step
   */
  readyAt(request, now, past) {
    if (request === this.#failedRequest) return this.#retryAt;
    // Dragging along the timeline requests many steps a second, each of which costs a replay.
    if (!this.awaitingFrame) return now;
    return this.requestedAt + (past && this.#pastStep ? PAST_FRAME_TIMEOUT : FIRST_FRAME_TIMEOUT);
  }

  /** @param {string} request @param {number} now @param {boolean} past */
  markRequested(request, now, past) {
    this.reset();
    this.#pastStep = past;
    this.request = request;
    this.requestedAt = now;
    this.awaitingFrame = true;
  }

  /** Records a permanent refusal: nothing is sent until another request is wanted. */
  markRejected() {
    this.rejected = true;
    this.awaitingFrame = false;
  }

  /**
   * Records a temporary refusal: the request is repeated, each time after a longer pause.
   * @param {number} now
   * @returns {boolean} whether this has happened so often that the panel shows why
   */
  postpone(now) {
    this.#failures = this.#failedRequest === this.request ? this.#failures + 1 : 1;
    this.#failedRequest = this.request;
    this.reset();
    this.requestedAt = now;
    this.awaitingFrame = true; // a request made meanwhile waits as well
    const exhausted = this.#failures >= MAX_SILENT_FAILURES;
    this.#retryAt = now + (exhausted ? RARE_INTERVAL * (0.5 + 0.5 * Math.random()) : wait(this.#failures));
    return exhausted;
  }

  /** @param {number} now */
  markPainted(now) {
    this.pendingFrame = null;
    this.awaitingFrame = false;
    if (now - this.requestedAt > STABLE_AFTER) this.#failures = 0;
  }
}
