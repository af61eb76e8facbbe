/** A server that answers at once, for tests of the page's verbs: REST, and a stream that a test speaks for. */

// First of all: lit-html looks for a document once, when it is loaded, and does without one.
import "../../../frontend/app/controls/features.js";
import { catalogue } from "./catalogue.js";

/** @typedef {{method: string, path: string, body: any}} Call */

const setTimer = globalThis.setTimeout;
/** Notices go by themselves after seconds, which no test is kept waiting for. */
Object.assign(globalThis, {
  setTimeout: (/** @type {() => void} */ act, /** @type {number} */ ms) => {
    const timer = setTimer(act, ms);
    if (ms > 1000) timer.unref();
    return timer;
  },
});

export class FakeServer {
  /** @type {Call[]} */
  calls = [];
  /** @type {Map<string, any>} */
  runs = new Map();
  /** Refuses a new run with this, if so. @type {any} */
  full = null;
  me = { id: "me", administrator: false };
  /** The stream that was opened last. @type {{onmessage: (event: {data: string}) => void} | null} */
  stream = null;
  #last = 0;

  install() {
    const opened = (/** @type {any} */ stream) => (this.stream = stream);
    Object.assign(globalThis, {
      fetch: (/** @type {string} */ path, /** @type {RequestInit} */ options = {}) =>
        this.#answer(path, options),
      WebSocket: class {
        readyState = 0;
        constructor() {
          opened(this);
        }
        send() {}
        close() {}
      },
      location: { protocol: "http:", host: "test" },
      document: { addEventListener() {}, visibilityState: "visible" },
    });
  }

  /** Says something on the stream. @param {object} message */
  tell(message) {
    this.stream?.onmessage({ data: JSON.stringify(message) });
  }

  /** The calls of one kind: "POST /api/runs". @param {string} kind */
  made(kind) {
    return this.calls.filter(({ method, path }) => `${method} ${path}` === kind);
  }

  /** @param {string} path @param {RequestInit} options */
  async #answer(path, { method = "GET", body }) {
    const call = { method, path, body: typeof body === "string" ? JSON.parse(body) : null };
    this.calls.push(call);
    await null;
    try {
      return Response.json(this.#document(call));
    } catch (thrown) {
      const { status, ...error } = /** @type {any} */ (thrown);
      return Response.json({ error }, { status });
    }
  }

  /** @param {Call} call @returns {unknown} */
  #document({ method, path, body }) {
    const [, id = "", rest = ""] = /^\/api\/runs\/([^/]+)\/?(.*)$/.exec(path) ?? [];
    if (path === "/api/specs/describe") return { spec: fill(body.spec), parameters: 1, layers: [] };
    if (path === "/api/runs" && method === "GET") return { runs: [...this.runs.values()] };
    if (path === "/api/runs") return this.#make(fill(body.spec), body.start);
    const run = this.runs.get(id);
    if (path === "/api/me") return this.me;
    if (!run) throw { status: 404, code: "unknown_run", message: "There is no such run", path: "", hint: "" };
    if (rest === "snapshots") return { steps: [0] };
    if (rest === "forks") {
      const then = body.step === 0 ? run.spec : run.spec_in_force;
      return this.#make(put(then, body.changes), body.start);
    }
    if (rest === "commands" || method === "DELETE") {
      if (run.owner !== this.me.id) throw { status: 403, code: "not_yours", message: "Not yours", path: "", hint: "" };
    }
    if (rest === "commands") {
      if (body.kind === "set") run.spec_in_force = put(run.spec_in_force, body.changes);
      if (body.kind === "resume") run.status = "running";
      return { step: run.step, run };
    }
    if (method === "DELETE") this.runs.delete(id);
    return run;
  }

  /** @param {any} spec @param {boolean} start */
  #make(spec, start) {
    if (this.full) throw this.full;
    const id = `run${++this.#last}`;
    const status = start ? "running" : "paused";
    const run = {
      id, name: id, owner: this.me.id, status, step: 0, epoch: 0, spec, spec_in_force: spec, journal: [], parent: null,
      metrics: {}, pace: 120, steps_per_second: null, error: null, parameters: 1, layers: [],
    }; // prettier-ignore
    this.runs.set(id, run);
    return run;
  }
}

/** The defaults below what was written, section by section. @param {any} written */
function fill(written) {
  const spec = structuredClone(/** @type {any} */ (catalogue.default));
  for (const [section, value] of Object.entries(written)) {
    spec[section] = typeof value === "object" ? { ...spec[section], ...value } : value;
  }
  check(spec);
  return spec;
}

/** @param {any} spec @param {object} changes */
function put(spec, changes) {
  const result = structuredClone(spec);
  for (const [path, value] of Object.entries(changes)) {
    const [section = "", name = ""] = path.split(".");
    result[section][name] = value;
  }
  check(result);
  return result;
}

/** @param {any} spec */
function check(spec) {
  const problem = { status: 422, code: "spec", hint: "Give less." };
  if (spec.model.hidden.some((/** @type {number} */ width) => width > 512)) {
    throw { ...problem, message: "too wide", path: "model.hidden.0" };
  }
  if (spec.optimizer.lr > 1e6) throw { ...problem, message: "too fast", path: "optimizer.lr" };
}
