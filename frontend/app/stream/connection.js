/** The stream of one run: reconnects by itself without losing a row of the series. */

import { addressOf } from "./address.js";
import { ApiError, api } from "./api.js";
import { wait } from "./backoff.js";
import { REASONS_BY_CLOSE_CODE, isGone, needsAction, reasonForStatus } from "./close-reason.js";
import { Unpacker, canUnpack } from "./packed.js";

/** @typedef {import("../types/api.js").Outbound} Outbound */
/** @typedef {import("../types/api.js").Inbound} Inbound */
/** @typedef {import("../types/api.js").Problem} Problem */
/** @typedef {import("./close-reason.js").CloseReason} CloseReason */
/** @typedef {"connecting" | "open" | "resting" | CloseReason} State "resting": the page is hidden */

/**
 * @typedef {object} Handlers
 * @property {(run: import("../types/api.js").Run) => void} [run]
 * @property {(run: import("../types/api.js").Run) => number} [reborn] the run was restored after a server
 *   restart: drops the rows beyond its step and returns the number of the last one that remains
 * @property {(change: import("../types/api.js").RunChange) => void} [change] what of the run has changed since
 * @property {(progress: import("../types/api.js").Progress) => void} [progress]
 * @property {(columns: string[], rows: (number | null)[][]) => void} [rows]
 * @property {(steps: number[]) => void} [snapshots] the steps that have a snapshot, ascending
 * @property {(command: import("../types/api.js").Command, step: number) => void} [applied]
 * @property {(error: Problem, command: import("../types/api.js").Refused["command"]) => void} [error]
 *   a refused command; the refusal of a subscription goes to its watch
 * @property {(state: State) => void} [state]
 * @property {(seconds: number) => void} [silence] how long an open stream has brought nothing: the server
 *   sends at least every two seconds; 0 once it brings something again
 */

/**
 * Receives the messages that belong to subscriptions: see Pictures.
 * @typedef {object} Listener
 * @property {() => void} opened the stream is open again: nothing is subscribed
 * @property {(id: string, channel: string) => void} subscribed
 * @property {() => void} received a message of pictures has come, which may be a part of a frame
 * @property {(buffer: ArrayBuffer) => void} frame
 * @property {(id: string, error: Problem) => void} refused
 */

/** A stream that stayed open this long was stable: the next failure counts as the first. */
const STABLE_AFTER = 10_000; // ms
/** After this many failures, an announced restart counts as a lost server. */
const MAX_RESTART_FAILURES = 12;

/** An open stream that has brought nothing for so long is silent. */
const SILENT_AFTER = 3; // seconds

let unpacks = canUnpack();

/** The stream of one run. It changes its state by itself and notifies the handlers of every message. */
export class Connection {
  /** @type {State} */
  state = "connecting";
  /** Number of the last row of the series received. */
  cursor = 0;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Listener | null} */
  #listener = null;
  #handlers;
  /** The incarnation of the server that sent the rows. @type {string | null} */
  #incarnation = null;
  /** Whether the socket has described the run. */
  #described = false;
  #failures = 0;
  #openedAt = Infinity;
  #closed = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #clock;
  #unpacker = new Unpacker();
  /** Seconds without a message, counted by this page's own timer: a page that was frozen counts one. */
  #silence = 0;

  /**
   * @param {string} runId
   * @param {Handlers} handlers
   */
  constructor(runId, handlers) {
    this.runId = runId;
    this.#handlers = handlers;
    this.#connect();
  }

  /** Whether pictures may come packed. */
  get unpacks() {
    return unpacks;
  }

  /** The bytes of all messages of pictures since the stream is open. */
  get received() {
    return this.#unpacker.received;
  }

  /** @param {Listener | null} listener */
  listen(listener) {
    this.#listener = listener;
    if (listener && this.state === "open") listener.opened();
  }

  /**
   * @param {Inbound} message
   * @returns {boolean} whether it was sent: nothing is kept for later
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

  /** Disconnects while the page is hidden, until `wake`. */
  rest() {
    if (this.#closed || isGone(this.state)) return;
    this.#drop();
    this.#setState("resting");
  }

  /** Reconnects at once if the stream was lost, when the page is visible again. */
  wake() {
    if (!this.#socket) this.renew();
  }

  /** Reconnects although the stream seems open: it may be dead without notice. */
  renew() {
    if (this.#closed || isGone(this.state)) return;
    this.#drop();
    // The reason of the loss is kept until the stream is open again.
    if (this.state === "open" || this.state === "resting") this.#setState("connecting");
    this.#connect();
  }

  #drop() {
    clearTimeout(this.#timer);
    this.#stopClock();
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
    // Late messages of a dropped socket are ignored.
    const current = () => this.#socket === socket;
    socket.onopen = () => current() && this.#onOpen();
    socket.onmessage = ({ data }) => current() && this.#onMessage(data);
    socket.onclose = ({ code }) => void (current() && this.#onClose(code));
  }

  #startClock() {
    this.#stopClock();
    this.#clock = setInterval(() => {
      this.#silence += 1;
      if (this.#silence >= SILENT_AFTER) this.#handlers.silence?.(this.#silence);
    }, 1000);
  }

  #stopClock() {
    clearInterval(this.#clock);
    this.#heard();
  }

  /** The server has sent something, or nothing is expected from it. */
  #heard() {
    const silent = this.#silence >= SILENT_AFTER;
    this.#silence = 0;
    if (silent) this.#handlers.silence?.(0);
  }

  #onOpen() {
    this.#described = false;
    this.#unpacker = new Unpacker();
    this.#openedAt = performance.now();
    this.#startClock();
    this.#setState("open");
    this.send({ kind: "series", after: this.cursor });
    this.#listener?.opened();
  }

  /** @param {string | ArrayBuffer} data */
  #onMessage(data) {
    this.#heard();
    if (typeof data === "string") this.#handleMessage(JSON.parse(data));
    else this.#handlePicture(data);
  }

  /** @param {ArrayBuffer} data */
  #handlePicture(data) {
    const unpacker = this.#unpacker;
    const frame = unpacker.read(data);
    this.#listener?.received();
    if (frame === data) this.#listener?.frame(data);
    else if (frame instanceof Promise) {
      // Late frames of a lost stream are ignored.
      const current = () => this.#unpacker === unpacker && this.#socket;
      frame.then(
        (whole) => void (current() && this.#listener?.frame(whole)),
        (error) => current() && this.#failToUnpack(error),
      );
    }
  }

  /** Continues with whole frames. @param {unknown} error */
  #failToUnpack(error) {
    console.error(error);
    unpacks = false;
    this.renew();
  }

  /** @param {Outbound} message */
  #handleMessage(message) {
    const to = this.#handlers;
    switch (message.kind) {
      case "run":
        this.#describeRun(message);
        return to.run?.(message.run);
      case "change":
        return to.change?.(message);
      case "progress":
        return to.progress?.(message);
      case "series":
        // Rows after a gap were sent before the missing rows were requested again.
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
   * Handles the description of the run, which comes before any row of a stream.
   * @param {{incarnation: string, run: import("../types/api.js").Run}} message
   */
  #describeRun({ incarnation, run }) {
    this.#described = true;
    const before = this.#incarnation;
    this.#incarnation = incarnation;
    if (before === null || before === incarnation) return;
    const lastRow = this.#handlers.reborn?.(run) ?? this.cursor;
    if (lastRow === this.cursor) return;
    this.cursor = lastRow;
    this.send({ kind: "series", after: lastRow });
  }

  /** @param {number} code why the socket closed */
  async #onClose(code) {
    this.#socket = null;
    this.#stopClock();
    const handshakeFailed = this.#openedAt === Infinity;
    this.#failures = performance.now() - this.#openedAt > STABLE_AFTER ? 1 : this.#failures + 1;
    this.#openedAt = Infinity;
    const found = REASONS_BY_CLOSE_CODE.get(code);
    const reason = found === "gone" && this.#described && !handshakeFailed ? "deleted" : found;
    this.#setState(reason ?? this.#stateWithoutCode());
    // A page does not learn why a handshake is refused, so the run itself is requested. The loss of an
    // open stream implies nothing about the run, and all viewers lose theirs at once.
    if (!reason && handshakeFailed) await this.#checkRun();
    if (this.#closed || this.#socket || this.state === "resting" || needsAction(this.state)) return;
    // After a restart or congestion all viewers reconnect, but not all at once.
    const failures = this.#failures + (reason ? 2 : 0);
    this.#timer = setTimeout(() => this.#connect(), wait(failures));
  }

  /** The state after a loss without a close code: a server that announced a restart may still be starting. */
  #stateWithoutCode() {
    return this.state === "restarting" && this.#failures < MAX_RESTART_FAILURES ? "restarting" : "lost";
  }

  async #checkRun() {
    try {
      await api.run(this.runId);
    } catch (error) {
      const reason = error instanceof ApiError ? reasonForStatus(error.status) : null;
      if (reason && !this.#socket && this.state !== "resting") this.#setState(reason);
    }
  }

  /** @param {State} state */
  #setState(state) {
    if (this.#closed || this.state === state) return;
    this.state = state;
    this.#handlers.state?.(state);
  }
}
