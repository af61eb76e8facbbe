/** The stream of one run: reconnects by itself, and loses no row of the series over it. */

import { ApiError, api } from "./api.js";
import { wait } from "./backoff.js";

/** @typedef {import("../types/api.js").Outbound} Outbound */
/** @typedef {import("../types/api.js").Inbound} Inbound */
/** @typedef {import("../types/api.js").Problem} Problem */
/** @typedef {"connecting" | "open" | "lost" | "gone"} State */

/**
 * @typedef {object} Handlers
 * @property {(run: import("../types/api.js").Run) => void} [run]
 * @property {(progress: import("../types/api.js").Progress) => void} [progress]
 * @property {(columns: string[], rows: (number | null)[][]) => void} [rows]
 * @property {(command: import("../types/api.js").Command, step: number) => void} [applied]
 * @property {(error: Problem, command: import("../types/api.js").Command | null) => void} [error]
 *   a refused command; what was said of a subscription goes to its watch
 * @property {(state: State) => void} [state] "gone": there is no such run
 */

/**
 * Who takes what belongs to subscriptions: see Pictures.
 * @typedef {object} Listener
 * @property {() => void} opened the stream is there, anew: nothing is subscribed
 * @property {(id: string, channel: string) => void} subscribed
 * @property {(buffer: ArrayBuffer) => void} frame
 * @property {(id: string, error: Problem) => void} refused
 */

/** The close code of a run that is not there, or was deleted. */
const NO_SUCH_RUN = 4404;

/** The stream of one run. Its state changes by its own: handlers hear of all that comes. */
export class Connection {
  /** @type {State} */
  state = "connecting";
  /** Number of the last row of the series that came. */
  cursor = 0;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Listener | null} */
  #listener = null;
  #handlers;
  #failures = 0;
  #closed = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #now = () => this.#retryNow();

  /**
   * @param {string} runId
   * @param {Handlers} handlers
   */
  constructor(runId, handlers) {
    this.runId = runId;
    this.#handlers = handlers;
    globalThis.addEventListener?.("online", this.#now);
    this.#connect();
  }

  /** @param {Listener | null} listener */
  listen(listener) {
    this.#listener = listener;
    if (listener && this.state === "open") listener.opened();
  }

  /**
   * @param {Inbound} message
   * @returns {boolean} whether it went out: nothing is kept for later
   */
  send(message) {
    if (this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  close() {
    this.#closed = true;
    this.#listener = null;
    clearTimeout(this.#timer);
    globalThis.removeEventListener?.("online", this.#now);
    this.#socket?.close();
  }

  #connect() {
    const { protocol, host } = globalThis.location;
    const scheme = protocol === "https:" ? "wss:" : "ws:";
    const run = encodeURIComponent(this.runId);
    const socket = new WebSocket(`${scheme}//${host}/api/runs/${run}/stream`);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = ({ data }) => this.#received(data);
    socket.onclose = ({ code }) => {
      if (!this.#closed && this.#socket === socket) void this.#lost(code);
    };
  }

  #opened() {
    if (this.#closed) return;
    this.#failures = 0;
    this.#enter("open");
    this.send({ kind: "series", after: this.cursor });
    this.#listener?.opened();
  }

  /** @param {string | ArrayBuffer} data */
  #received(data) {
    if (this.#closed) return;
    if (typeof data !== "string") this.#listener?.frame(data);
    else this.#told(JSON.parse(data));
  }

  /** @param {Outbound} message */
  #told(message) {
    const to = this.#handlers;
    switch (message.kind) {
      case "run":
        return to.run?.(message.run);
      case "progress":
        return to.progress?.(message);
      case "series":
        this.cursor = Math.max(this.cursor, message.rows.at(-1)?.[0] ?? 0);
        return to.rows?.(message.columns, message.rows);
      case "subscribed":
        return this.#listener?.subscribed(message.id, message.channel);
      case "applied":
        return to.applied?.(message.command, message.step);
      case "error":
        if (message.id) return this.#listener?.refused(message.id, message.error);
        return to.error?.(message.error, message.command);
    }
  }

  /** @param {number} code why the socket closed */
  async #lost(code) {
    this.#socket = null;
    this.#failures += 1;
    if (code === NO_SUCH_RUN) return this.#enter("gone");
    this.#enter("lost");
    // A refused handshake does not say why to a page, so the run itself is asked for.
    if (await this.#isGone()) return this.#enter("gone");
    if (this.#closed || this.#socket) return;
    this.#timer = setTimeout(() => this.#connect(), wait(this.#failures));
  }

  async #isGone() {
    try {
      await api.run(this.runId);
    } catch (error) {
      return error instanceof ApiError && error.status === 404;
    }
    return false;
  }

  #retryNow() {
    if (this.#closed || this.#socket || this.state === "gone") return;
    clearTimeout(this.#timer);
    this.#connect();
  }

  /** @param {State} state */
  #enter(state) {
    if (this.#closed || this.state === state) return;
    this.state = state;
    this.#handlers.state?.(state);
  }
}
