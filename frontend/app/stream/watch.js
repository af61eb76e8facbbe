/** Pictures of a run, painted as they come: only for what is on screen, and only the newest. */

import { open } from "./frame.js";
import { page } from "./scene.js";

/** @typedef {import("./connection.js").Connection} Connection */
/** @typedef {import("../types/pictures.js").Picture} Picture */
/** @typedef {import("../types/api.js").Problem} Problem */

/**
 * @typedef {object} Order
 * @property {string} id a name of one's own, one a watch
 * @property {string} probe
 * @property {object} [options]
 * @property {number} [fps] at most so many a second
 * @property {Element} host nothing is sent while it is off screen
 * @property {(picture: Picture, runId: string) => void} paint once an animation frame at most
 * @property {(error: Problem) => void} [fail] the probe does not fit this run, or its options do not
 */

/**
 * @typedef {object} Watch
 * @property {(options: object) => void} set other options for the probe
 * @property {() => void} close
 */

/**
 * @typedef {object} Entry
 * @property {Order} order
 * @property {object} options
 * @property {boolean} seen
 * @property {string} told what the server was last asked for; empty if nothing
 * @property {string} channel
 * @property {boolean} refused
 * @property {number} since when it was asked for, while its first frame is awaited; else −1
 * @property {import("./frame.js").Envelope | null} pending
 * @property {() => void} forget
 */

/** A subscription that waits for its first frame is not changed again before so many ms. */
const PATIENCE = 400;

/** All watches of the page. They outlive a run: `attach` moves them to the next one's stream. */
export class Pictures {
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  /** @type {Connection | null} */
  #connection = null;
  /** @type {number | null} */
  #step = null;
  #scheduled = false;
  #scene;

  /** @param {import("./scene.js").Scene} [scene] */
  constructor(scene = page) {
    this.#scene = scene;
    scene.onAwake(() => this.#syncAll());
  }

  /**
   * Takes all pictures from this stream from now on, of the present step.
   * @param {Connection | null} connection
   */
  attach(connection) {
    if (this.#connection && this.#connection !== connection) this.#connection.listen(null);
    this.#connection = connection;
    this.#step = null;
    for (const entry of this.#entries.values()) this.#reset(entry);
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
    this.#entries.get(order.id)?.forget();
    /** @type {Entry} */
    const entry = {
      order,
      options: order.options ?? {},
      seen: false,
      told: "",
      channel: "",
      refused: false,
      since: -1,
      pending: null,
      forget: () => this.#forget(entry),
    };
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
        if (this.#entries.get(order.id) === entry) entry.forget();
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
    for (const entry of this.#entries.values()) this.#reset(entry);
    this.#syncAll();
  }

  #syncAll() {
    for (const entry of this.#entries.values()) this.#sync(entry);
  }

  /** @param {Entry} entry */
  #reset(entry) {
    entry.told = "";
    entry.channel = "";
    entry.refused = false;
    entry.since = -1;
    entry.pending = null;
  }

  /**
   * Asks the server for what is wanted now, if that is not what it was asked for.
   * @param {Entry} entry
   */
  #sync(entry) {
    const connection = this.#connection;
    if (!connection || connection.state !== "open") return;
    const { id, probe, fps = 30 } = entry.order;
    const wanted = entry.seen && this.#scene.awake();
    const { options } = entry;
    const key = wanted ? JSON.stringify([options, this.#step]) : "";
    if (key === entry.told) return;
    // Dragging along the timeline asks for many steps a second, each of which costs a replay.
    if (wanted && entry.since >= 0) {
      const left = entry.since + PATIENCE - this.#scene.now();
      if (left > 0) return void setTimeout(() => this.#sync(entry), left);
    }
    if (entry.told && !entry.refused) connection.send({ kind: "unsubscribe", id });
    this.#reset(entry);
    if (!wanted) return;
    entry.told = key;
    entry.since = this.#scene.now();
    connection.send({ kind: "subscribe", id, probe, options, fps, step: this.#step });
  }

  /** @param {Entry} entry */
  #forget(entry) {
    if (entry.told && !entry.refused) {
      this.#connection?.send({ kind: "unsubscribe", id: entry.order.id });
    }
    this.#entries.delete(entry.order.id);
    this.#reset(entry);
    entry.seen = false;
  }

  /**
   * @param {string} id
   * @param {string} channel
   */
  #subscribed(id, channel) {
    const entry = this.#entries.get(id);
    if (entry) entry.channel = channel;
  }

  /**
   * @param {string} id
   * @param {Problem} error
   */
  #refused(id, error) {
    const entry = this.#entries.get(id);
    if (!entry || !entry.told) return;
    entry.refused = true;
    entry.since = -1;
    entry.order.fail?.(error);
    this.#sync(entry);
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

  /** Paints what has come, then tells the server in one message what was painted. */
  #paint() {
    this.#scheduled = false;
    /** @type {{[id: string]: number}} */
    const seqs = {};
    let any = false;
    const runId = this.#connection?.runId ?? "";
    for (const entry of this.#entries.values()) {
      const frame = entry.pending;
      if (!frame) continue;
      entry.pending = null;
      entry.since = -1;
      const { id, host, paint } = entry.order;
      try {
        const picture = frame.picture();
        paint(picture, runId);
        this.#scene.painted(host, { id, seq: frame.seq, step: picture.step });
      } catch (error) {
        // One panel's fault must not stop the others, nor the acknowledgement of their frames.
        console.error(error);
      }
      // Whoever chose other options while painting has a new subscription, which counts anew.
      if (entry.channel !== frame.channel) continue;
      seqs[id] = frame.seq;
      any = true;
    }
    if (any) this.#connection?.send({ kind: "ack", seqs });
    this.#syncAll();
  }
}
