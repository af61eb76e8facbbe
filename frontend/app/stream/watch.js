/** Requests and paints the pictures of a run: only those on screen, and only the newest frames. */

import { open } from "./frame.js";
import { isTransient, PROBE_FAILED } from "./refusals.js";
import { pageDisplay } from "./display.js";
import { Subscription } from "./subscription.js";

/** @typedef {import("./connection.js").Connection} Connection */
/** @typedef {import("../types/pictures.js").Picture} Picture */
/** @typedef {import("../types/api.js").Problem} Problem */

/**
 * @typedef {object} WatchConfig
 * @property {string} id a name, unique to the watch
 * @property {string} probe
 * @property {object} [options]
 * @property {number} [fps] the most frames a second
 * @property {Element} host nothing is sent while it is off screen
 * @property {(picture: Picture, runId: string) => void} paint once an animation frame at most
 * @property {(error: Problem) => void} [fail] the probe does not fit this run, its options do not, or
 *   the server cannot make the picture
 */

/**
 * @typedef {object} Watch
 * @property {(options: object) => void} set sets other options of the probe
 * @property {() => void} close
 */

/**
 * Subscriptions wait for the next slot: dragging a map or the timeline changes all pictures with every
 * move. A few are sent at once, then forty a second.
 */
const SLOT_INTERVAL = 25; // ms
const BURST = 12 * SLOT_INTERVAL;

/** The channel of a picture that is not requested, as it is known to fail. */
const NO_CHANNEL = "none";

/** All watches of the page. They outlive a run: `attach` moves them to the stream of the next. */
export class Pictures {
  /** @type {Map<string, Subscription>} */
  #subscriptions = new Map();
  /** @type {Connection | null} */
  #connection = null;
  /** @type {number | null} */
  #step = null;
  /** Pictures of this run that the server cannot make, by request. @type {Map<string, Problem>} */
  #failedRequests = new Map();
  #scheduled = false;
  /** When all taken slots have passed. */
  #nextSlotAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #display;
  #following = false;

  /** @param {import("./display.js").Display} [display] */
  constructor(display = pageDisplay) {
    this.#display = display;
  }

  /** Follows whether the tab is visible, from the first watch on. */
  #followDisplay() {
    if (this.#following) return;
    this.#following = true;
    this.#display.onAwake(() => this.#syncAll());
  }

  /**
   * Takes all pictures from this stream from now on, at the present step.
   * @param {Connection | null} connection
   */
  attach(connection) {
    if (this.#connection && this.#connection !== connection) this.#connection.listen(null);
    this.#connection = connection;
    this.#step = null;
    this.#failedRequests.clear();
    for (const subscription of this.#subscriptions.values()) subscription.renew();
    connection?.listen({
      opened: () => this.#opened(),
      subscribed: (id, channel) => this.#subscribed(id, channel),
      received: () => this.#schedulePaint(),
      frame: (buffer) => this.#frame(buffer),
      refused: (id, error) => this.#refused(id, error),
    });
  }

  /**
   * @param {WatchConfig} config
   * @returns {Watch}
   */
  watch(config) {
    this.#followDisplay();
    const previous = this.#subscriptions.get(config.id);
    if (previous) this.#remove(previous);
    const subscription = new Subscription(config);
    this.#subscriptions.set(config.id, subscription);
    const stopObserving = this.#display.onVisibility(config.host, (visible) => {
      subscription.visible = visible;
      this.#sync(subscription);
    });
    return {
      set: (options) => {
        subscription.options = options;
        this.#sync(subscription);
      },
      close: () => {
        stopObserving();
        if (this.#subscriptions.get(config.id) === subscription) this.#remove(subscription);
      },
    };
  }

  /**
   * All watches show this step from now on; null is the present.
   * @param {number | null} step
   */
  lookAt(step) {
    this.#step = step;
    this.#syncAll();
  }

  #opened() {
    for (const subscription of this.#subscriptions.values()) subscription.renew();
    this.#syncAll();
  }

  #syncAll() {
    for (const subscription of this.#subscriptions.values()) this.#leaveUnwanted(subscription);
    this.#sendRequests();
  }

  /** @param {Subscription} subscription */
  #sync(subscription) {
    this.#leaveUnwanted(subscription);
    this.#sendRequests();
  }

  /** The request to send to the server; empty if none. @param {Subscription} subscription */
  #wantedRequest({ visible, options }) {
    return visible && this.#display.isAwake() ? JSON.stringify([options, this.#step]) : "";
  }

  /** @param {Subscription} subscription */
  #leaveUnwanted(subscription) {
    if (subscription.request && !this.#wantedRequest(subscription) && this.#connection?.state === "open") this.#unsubscribe(subscription);
  }

  /** Sends the requests that are wanted but not sent yet, the longest-waiting first. */
  #sendRequests() {
    clearTimeout(this.#timer);
    if (this.#connection?.state !== "open") return;
    const now = this.#display.now();
    let next = Infinity;
    const all = [...this.#subscriptions.values()].sort((one, other) => one.requestedAt - other.requestedAt);
    for (const subscription of all) {
      const request = this.#wantedRequest(subscription);
      if (!request || request === subscription.request) continue;
      const at = Math.max(subscription.readyAt(request, now, this.#step !== null), this.#nextSlotAt - BURST);
      if (at > now) next = Math.min(next, at);
      else this.#subscribe(subscription, request, now);
    }
    if (next < Infinity) this.#timer = setTimeout(() => this.#sendRequests(), next - now);
  }

  /** @param {Subscription} subscription @param {string} request @param {number} now */
  #subscribe(subscription, request, now) {
    const knownProblem = this.#failedRequests.get(requestKey(subscription, request));
    if (knownProblem) {
      this.#unsubscribe(subscription);
      Object.assign(subscription, { request, channel: NO_CHANNEL });
      return this.#reject(subscription, knownProblem);
    }
    this.#nextSlotAt = Math.max(this.#nextSlotAt, now) + SLOT_INTERVAL;
    // It replaces the one before, which has the same name.
    subscription.markRequested(request, now, this.#step !== null);
    const { id, probe, fps = 30 } = subscription.config;
    const options = /** @type {import("../types/api.js").Subscribe["options"]} */ (subscription.options);
    const packed = Boolean(this.#connection?.unpacks);
    this.#connection?.send({ kind: "subscribe", id, probe, options, fps, step: this.#step, packed });
  }

  /** @param {Subscription} subscription */
  #unsubscribe(subscription) {
    if (subscription.request && !subscription.rejected) this.#connection?.send({ kind: "unsubscribe", id: subscription.config.id });
    subscription.reset();
  }

  /** @param {Subscription} subscription */
  #remove(subscription) {
    if (subscription.request) this.#unsubscribe(subscription);
    this.#subscriptions.delete(subscription.config.id);
    subscription.reset();
    subscription.visible = false;
  }

  /**
   * @param {string} id
   * @param {string} channel
   */
  #subscribed(id, channel) {
    const subscription = this.#subscriptions.get(id);
    if (!subscription) return;
    if (subscription.rejected && subscription.channel === "") {
      // The refusal was of the earlier request: a refusal of this one would come after this message.
      subscription.rejected = false;
      this.#failedRequests.delete(requestKey(subscription, subscription.request));
    }
    subscription.channel = channel;
  }

  /**
   * @param {string} id
   * @param {Problem} error
   */
  #refused(id, error) {
    const subscription = this.#subscriptions.get(id);
    if (!subscription || !subscription.request) return;
    if (!isTransient(error.code)) {
      if (error.code === PROBE_FAILED) this.#failedRequests.set(requestKey(subscription, subscription.request), error);
      this.#reject(subscription, error);
    } else if (subscription.postpone(this.#display.now())) subscription.config.fail?.(error);
    this.#sync(subscription);
  }

  /** @param {Subscription} subscription @param {Problem} error */
  #reject(subscription, error) {
    subscription.markRejected();
    subscription.config.fail?.(error);
  }

  /** @param {ArrayBuffer} buffer */
  #frame(buffer) {
    const frame = open(buffer);
    for (const subscription of this.#subscriptions.values()) {
      if (subscription.request && subscription.channel === frame.channel) subscription.pendingFrame = frame;
    }
    this.#schedulePaint();
  }

  #schedulePaint() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#display.nextFrame(() => this.#paint());
  }

  /** Paints the received frames, then acknowledges them and all that has come to the server in one message. */
  #paint() {
    this.#scheduled = false;
    /** @type {{[id: string]: number}} */
    const seqs = {};
    const runId = this.#connection?.runId ?? "";
    for (const subscription of this.#subscriptions.values()) {
      const frame = subscription.pendingFrame;
      if (!frame) continue;
      subscription.markPainted(this.#display.now());
      const { id, host, paint } = subscription.config;
      try {
        const picture = frame.picture();
        paint(picture, runId);
        this.#display.painted(host, { id, seq: frame.seq, step: picture.step });
      } catch (error) {
        // One panel's error must not stop the others, nor the acknowledgement of their frames.
        console.error(error);
      }
      // Options changed while painting make a new subscription, which counts from the start.
      if (subscription.channel !== frame.channel) continue;
      seqs[id] = frame.seq;
    }
    this.#connection?.send({ kind: "ack", seqs, received: this.#connection.received });
    this.#syncAll();
  }
}

/** Identifies a request, whichever panel sent it. @param {Subscription} subscription @param {string} request */
const requestKey = ({ config }, request) => `${config.probe} ${request}`;
