/** The stream of one run: reconnects by itself, and loses no row of the series over it. */

import { addressOf } from "./address.js";
import { ApiError, api } from "./api.js";
import { wait } from "./backoff.js";
import { CLOSED, isOver, verdictOf } from "./ending.js";

/** @typedef {import("../types/api.js").Outbound} Outbound */
/** @typedef {import("../types/api.js").Inbound} Inbound */
/** @typedef {import("../types/api.js").Problem} Problem */
/** @typedef {import("./ending.js").Ending} Ending */
/** @typedef {"connecting" | "open" | "resting" | Ending} State "resting": nobody looks */

/**
 * @typedef {object} Handlers
 * @property {(run: import("../types/api.js").Run) => void} [run]
 * @property {(run: import("../types/api.js").Run) => number} [reborn] the run came back with the server:
 *   rows beyond its step are to be dropped; the number of the last that is left
 * @property {(progress: import("../types/api.js").Progress) => void} [progress]
 * @property {(columns: string[], rows: (number | null)[][]) => void} [rows]
 * @property {(steps: number[]) => void} [snapshots] the steps that have a snapshot, ascending
 * @property {(command: import("../types/api.js").Command, step: number) => void} [applied]
 * @property {(error: Problem, command: import("../types/api.js").Refused["command"]) => void} [error]
 *   a refused command; what was said of a subscription goes to its watch
 * @property {(state: State) => void} [state]
 */

/**
 * Who takes what belongs to subscriptions: see Pictures.
 * @typedef {object} Listener
 * @property {() => void} opened the stream is there, anew: nothing is subscribed
 * @property {(id: string, channel: string) => void} subscribed
 * @property {(buffer: ArrayBuffer) => void} frame
 * @property {(id: string, error: Problem) => void} refused
 */

/** A stream that held for so long was sound: the next failure is the first again. */
const STEADY = 10_000; // ms
/** After so many failures a restart that was announced is a server that is not there. */
const RESTARTS_WITHIN = 12;

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
  /** Which life of the server the rows are of. @type {string | null} */
  #incarnation = null;
  #failures = 0;
  #openedAt = Infinity;
  #closed = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {string} runId
   * @param {Handlers} handlers
   */
  constructor(runId, handlers) {
    this.runId = runId;
    this.#handlers = handlers;
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
    this.#drop();
  }

  /** Nobody looks: nothing shall come until `wake`. */
  rest() {
    if (this.#closed || this.state === "gone") return;
    this.#drop();
    this.#enter("resting");
  }

  /** Somebody looks again: what was lost is tried again at once. */
  wake() {
    if (!this.#socket) this.renew();
  }

  /** Connects anew although the stream seems to be there: it may be dead without a word. */
  renew() {
    if (this.#closed || this.state === "gone") return;
    this.#drop();
    // Why it was away stands until it is back.
    if (this.state === "open" || this.state === "resting") this.#enter("connecting");
    this.#connect();
  }

  #drop() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #connect() {
    const { protocol, host } = globalThis.location;
    const scheme = protocol === "https:" ? "wss:" : "ws:";
    const path = addressOf(`/api/runs/${encodeURIComponent(this.runId)}/stream`);
    const socket = new WebSocket(`${scheme}//${host}${path}`);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    // A socket that was dropped may have a last word, unheard.
    const current = () => this.#socket === socket;
    socket.onopen = () => current() && this.#opened();
    socket.onmessage = ({ data }) => current() && this.#received(data);
    socket.onclose = ({ code }) => void (current() && this.#lost(code));
  }

  #opened() {
    this.#openedAt = performance.now();
    this.#enter("open");
    this.send({ kind: "series", after: this.cursor });
    this.#listener?.opened();
  }

  /** @param {string | ArrayBuffer} data */
  #received(data) {
    if (typeof data !== "string") this.#listener?.frame(data);
    else this.#told(JSON.parse(data));
  }

  /** @param {Outbound} message */
  #told(message) {
    const to = this.#handlers;
    switch (message.kind) {
      case "run":
        this.#lives(message);
        return to.run?.(message.run);
      case "progress":
        return to.progress?.(message);
      case "series":
        // Rows beyond a gap were on their way when those before them had to be asked for again.
        if ((message.rows[0]?.[0] ?? 0) > this.cursor + 1) return undefined;
        this.cursor = Math.max(this.cursor, message.rows.at(-1)?.[0] ?? 0);
        return to.rows?.(message.columns, message.rows);
      case "snapshots":
        return to.snapshots?.(message.steps);
      case "subscribed":
        return this.#listener?.subscribed(message.id, message.channel);
      case "applied":
        return to.applied?.(message.command, message.step);
      case "error":
        if (message.id) return this.#listener?.refused(message.id, message.error);
        return to.error?.(message.error, message.command);
      default:
        return /** @satisfies {never} */ (message);
    }
  }

  /**
   * The run's own word comes before any row of a stream.
   * @param {{incarnation: string, run: import("../types/api.js").Run}} message
   */
  #lives({ incarnation, run }) {
    const before = this.#incarnation;
    this.#incarnation = incarnation;
    if (before === null || before === incarnation) return;
    const left = this.#handlers.reborn?.(run) ?? this.cursor;
    if (left === this.cursor) return;
    this.cursor = left;
    this.send({ kind: "series", after: left });
  }

  /** @param {number} code why the socket closed */
  async #lost(code) {
    this.#socket = null;
    const refused = this.#openedAt === Infinity;
    this.#failures = performance.now() - this.#openedAt > STEADY ? 1 : this.#failures + 1;
    this.#openedAt = Infinity;
    const said = CLOSED.get(code);
    this.#enter(said ?? this.#silent());
    // A refused handshake does not say why to a page, so the run itself is asked for. A stream that was
    // open and is lost says nothing of the run, and all viewers lose theirs at once.
    if (!said && refused) await this.#ask();
    if (this.#closed || this.#socket || this.state === "resting" || isOver(this.state)) return;
    // After a restart or a jam all are to return, but not all at once.
    const failures = this.#failures + (said ? 2 : 0);
    this.#timer = setTimeout(() => this.#connect(), wait(failures));
  }

  /** Without a word: the server that said it would restart may still be on its way. */
  #silent() {
    return this.state === "restarting" && this.#failures < RESTARTS_WITHIN ? "restarting" : "lost";
  }

  async #ask() {
    try {
      await api.run(this.runId);
    } catch (error) {
      const verdict = error instanceof ApiError ? verdictOf(error.status) : null;
      if (verdict && !this.#socket && this.state !== "resting") this.#enter(verdict);
    }
  }

  /** @param {State} state */
  #enter(state) {
    if (this.#closed || this.state === state) return;
    this.state = state;
    this.#handlers.state?.(state);
  }
}
