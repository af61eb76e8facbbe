/** Requests and paints the pictures of a run: only those on screen, and only the newest frames. */

import { open } from "./frame.js";
import { passes, PROBE_FAILED } from "./passing.js";
import { page } from "./scene.js";
import { Subscription } from "./subscription.js";

/** @typedef {import("./connection.js").Connection} Connection */
/** @typedef {import("../types/pictures.js").Picture} Picture */
/** @typedef {import("../types/api.js").Problem} Problem */

/**
 * @typedef {object} Order
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
const SLOT = 25; // ms
const AT_ONCE = 12 * SLOT;

/** The channel of a picture that is not requested, as it is known to fail. */
const NONE = "none";

/** All watches of the page. They outlive a run: `attach` moves them to the stream of the next. */
export class Pictures {
  /** @type {Map<string, Subscription>} */
  #entries = new Map();
  /** @type {Connection | null} */
  #connection = null;
  /** @type {number | null} */
  #step = null;
  /** Pictures of this run that the server cannot make, by request. @type {Map<string, Problem>} */
  #impossible = new Map();
  #scheduled = false;
  /** When all taken slots have passed. */
  #free = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #scene;
  #following = false;

  /** @param {import("./scene.js").Scene} [scene] */
  constructor(scene = page) {
    this.#scene = scene;
  }

  /** Follows whether the tab is visible, from the first watch on. */
  #followScene() {
    if (this.#following) return;
    this.#following = true;
    this.#scene.onAwake(() => this.#syncAll());
  }

  /**
   * Takes all pictures from this stream from now on, at the present step.
   * @param {Connection | null} connection
   */
  attach(connection) {
    if (this.#connection && this.#connection !== connection) this.#connection.listen(null);
    this.#connection = connection;
    this.#step = null;
    this.#impossible.clear();
    for (const entry of this.#entries.values()) entry.renew();
    connection?.listen({
      opened: () => this.#opened(),
      subscribed: (id, channel) => this.#subscribed(id, channel),
      frame: (buffer) => this.#frame(buffer),
      refused: (id, error) => this.#refused(id, error),
    });
  }

  /**
   * @param {Order} order
   * @returns {Watch}
   */
  watch(order) {
    this.#followScene();
    const before = this.#entries.get(order.id);
    if (before) this.#forget(before);
    const entry = new Subscription(order);
    this.#entries.set(order.id, entry);
    const unseen = this.#scene.onSeen(order.host, (seen) => {
      entry.seen = seen;
      this.#sync(entry);
    });
    return {
      set: (options) => {
        entry.options = options;
        this.#sync(entry);
      },
      close: () => {
        unseen();
        if (this.#entries.get(order.id) === entry) this.#forget(entry);
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
    for (const entry of this.#entries.values()) entry.renew();
    this.#syncAll();
  }

  #syncAll() {
    for (const entry of this.#entries.values()) this.#quit(entry);
    this.#ask();
  }

  /** @param {Subscription} entry */
  #sync(entry) {
    this.#quit(entry);
    this.#ask();
  }

  /** The request to send to the server; empty if none. @param {Subscription} entry */
  #wish({ seen, options }) {
    return seen && this.#scene.awake() ? JSON.stringify([options, this.#step]) : "";
  }

  /** @param {Subscription} entry */
  #quit(entry) {
    if (entry.told && !this.#wish(entry) && this.#connection?.state === "open") this.#leave(entry);
  }

  /** Sends the requests that are wanted but not sent yet, the longest-waiting first. */
  #ask() {
    clearTimeout(this.#timer);
    if (this.#connection?.state !== "open") return;
    const now = this.#scene.now();
    let next = Infinity;
    const all = [...this.#entries.values()].sort((one, other) => one.asked - other.asked);
    for (const entry of all) {
      const wish = this.#wish(entry);
      if (!wish || wish === entry.told) continue;
      const at = Math.max(entry.ready(wish, now, this.#step !== null), this.#free - AT_ONCE);
      if (at > now) next = Math.min(next, at);
      else this.#subscribe(entry, wish, now);
    }
    if (next < Infinity) this.#timer = setTimeout(() => this.#ask(), next - now);
  }

  /** @param {Subscription} entry @param {string} wish @param {number} now */
  #subscribe(entry, wish, now) {
    const known = this.#impossible.get(keyOf(entry, wish));
    if (known) {
      this.#leave(entry);
      Object.assign(entry, { told: wish, channel: NONE });
      return this.#fail(entry, known);
    }
    this.#free = Math.max(this.#free, now) + SLOT;
    // It replaces the one before, which has the same name.
    entry.ask(wish, now, this.#step !== null);
    const { id, probe, fps = 30 } = entry.order;
    const options = /** @type {import("../types/api.js").Subscribe["options"]} */ (entry.options);
    this.#connection?.send({ kind: "subscribe", id, probe, options, fps, step: this.#step });
  }

  /** @param {Subscription} entry */
  #leave(entry) {
    if (entry.told && !entry.refused) this.#connection?.send({ kind: "unsubscribe", id: entry.order.id });
    entry.reset();
  }

  /** @param {Subscription} entry */
  #forget(entry) {
    if (entry.told) this.#leave(entry);
    this.#entries.delete(entry.order.id);
    entry.reset();
    entry.seen = false;
  }

  /**
   * @param {string} id
   * @param {string} channel
   */
  #subscribed(id, channel) {
    const entry = this.#entries.get(id);
    if (!entry) return;
    if (entry.refused && entry.channel === "") {
      // The refusal was of the earlier request: a refusal of this one would come after this message.
      entry.refused = false;
      this.#impossible.delete(keyOf(entry, entry.told));
    }
    entry.channel = channel;
  }

  /**
   * @param {string} id
   * @param {Problem} error
   */
  #refused(id, error) {
    const entry = this.#entries.get(id);
    if (!entry || !entry.told) return;
    if (!passes(error.code)) {
      if (error.code === PROBE_FAILED) this.#impossible.set(keyOf(entry, entry.told), error);
      this.#fail(entry, error);
    } else if (entry.postpone(this.#scene.now())) entry.order.fail?.(error);
    this.#sync(entry);
  }

  /** @param {Subscription} entry @param {Problem} error */
  #fail(entry, error) {
    entry.refuse();
    entry.order.fail?.(error);
  }

  /** @param {ArrayBuffer} buffer */
  #frame(buffer) {
    const frame = open(buffer);
    for (const entry of this.#entries.values()) {
      if (entry.told && entry.channel === frame.channel) entry.pending = frame;
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#scene.nextFrame(() => this.#paint());
  }

  /** Paints the received frames, then acknowledges them to the server in one message. */
  #paint() {
    this.#scheduled = false;
    /** @type {{[id: string]: number}} */
    const seqs = {};
    let any = false;
    const runId = this.#connection?.runId ?? "";
    for (const entry of this.#entries.values()) {
      const frame = entry.pending;
      if (!frame) continue;
      entry.painted(this.#scene.now());
      const { id, host, paint } = entry.order;
      try {
        const picture = frame.picture();
        paint(picture, runId);
        this.#scene.painted(host, { id, seq: frame.seq, step: picture.step });
      } catch (error) {
        // One panel's error must not stop the others, nor the acknowledgement of their frames.
        console.error(error);
      }
      // Options changed while painting make a new subscription, which counts from the start.
      if (entry.channel !== frame.channel) continue;
      seqs[id] = frame.seq;
      any = true;
    }
    if (any) this.#connection?.send({ kind: "ack", seqs });
    this.#syncAll();
  }
}

/** Identifies a request, whichever panel sent it. @param {Subscription} entry @param {string} wish */
const keyOf = ({ order }, wish) => `${order.probe} ${wish}`;
