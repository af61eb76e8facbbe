/**
 * A server for tests of the page's verbs: REST, and a stream that a test speaks for. It answers at once,
 * unless it is told to be slow.
 */

// First of all: lit-html looks for a document once, when it is loaded, and does without one.
import "../../../frontend/app/controls/features.js";
import { catalogue } from "./catalogue.js";

/** @typedef {{method: string, path: string, body: any, obeyed: boolean}} Call */

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
  /** Groups by id: what each of their addresses answers. @type {Map<string, {group: any, summary: any, table: any}>} */
  groups = new Map();
  me = { id: "me", administrator: false };
  /** What its workers wait for. @type {string | null} */
  preparing = null;
  /** Whether there is no place for a run that is started. */
  keepsWaiting = false;
  /** The stream that was opened last. @type {{onmessage: (event: {data: string}) => void} | null} */
  stream = null;
  #last = 0;
  /** What is asked while the server is slow, in order. @type {(() => void)[] | null} */
  #held = null;
  /** Whether the answer is slow, to what was done at once. */
  #late = false;
  /** What the next calls but those for its health are refused with, in order; null lets one pass. @type {any[]} */
  refusals = [];

  /** Which calls are slow. */
  #slow = /^/;

  /**
   * Answers nothing until `hurry`.
   * @param {{late?: boolean, only?: RegExp}} [how] whether all is done at once, and only the answers are
   *   late; and which calls are slow
   */
  dawdle({ late = false, only = /^/ } = {}) {
    this.#held = [];
    this.#late = late;
    this.#slow = only;
  }

  /**
   * Answers what was asked meanwhile, in the order in which it came or the other way round, and is fast again.
   * @param {{reversed?: boolean}} [how]
   */
  hurry({ reversed = false } = {}) {
    const held = this.#held ?? [];
    this.#held = null;
    this.#late = false;
    for (const go of reversed ? held.reverse() : held) go();
  }

  /** Resolves when it is time to answer. */
  async #turn(/** @type {Call} */ { method, path }) {
    const held = this.#slow.test(`${method} ${path}`) ? this.#held : null;
    if (held) await new Promise((go) => held.push(() => go(null)));
  }

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
      location: { protocol: "http:", host: "test", pathname: "/" },
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
    const call = { method, path, body: typeof body === "string" ? JSON.parse(body) : null, obeyed: false };
    this.calls.push(call);
    const late = this.#late;
    if (!late) await this.#turn(call);
    const refusal = path === "/api/health" ? null : this.refusals.shift();
    /** @type {() => Response} */
    let answer;
    try {
      if (refusal) throw refusal;
      const document = JSON.stringify(this.#document(call));
      call.obeyed = true;
      answer = () => new Response(document, { headers: { "Content-Type": "application/json" } });
    } catch (thrown) {
      const { status, ...error } = /** @type {any} */ (thrown);
      answer = () => Response.json({ error }, { status });
    }
    if (late) await this.#turn(call);
    await null;
    return answer();
  }

  /** @param {Call} call @returns {unknown} */
  #document({ method, path, body }) {
    const [, id = "", rest = ""] = /^\/api\/runs\/([^/]+)\/?(.*)$/.exec(path) ?? [];
    if (path === "/api/specs/describe") return { spec: fill(body.spec), parameters: 1, layers: [] };
    const [place, query = ""] = path.split("?");
    const parameters = new URLSearchParams(query);
    if (place === "/api/runs" && query) {
      const found = this.#matching(parameters);
      if (method === "DELETE") return this.#deleted(found, parameters.get("pinned") === "true");
      return page(found, parameters);
    }
    if (place === "/api/runs/curves") {
      const curves = parameters.getAll("id").map((one) => [one, this.runs.get(one)?.curve ?? []]);
      return { curves: Object.fromEntries(curves) };
    }
    if (place === "/api/runs/commands") {
      const given = parameters.has("status");
      const running = this.#matching(parameters).filter(({ status }) => given || status === "running");
      for (const one of running) command(one, body);
      return { steps: Object.fromEntries(running.map(({ id: one, step }) => [one, step])), errors: {} };
    }
    if (place?.startsWith("/api/groups")) return this.#group(method, place, parameters, body);
    if (path === "/api/runs") return this.#make(fill(body.spec), body.start, body.pace);
    const run = this.runs.get(id);
    if (path === "/api/me") return this.me;
    if (path === "/api/health") return { status: "starting", preparing: this.preparing };
    if (!run) throw { status: 404, code: "unknown_run", message: "There is no such run", path: "", hint: "" };
    if (rest === "forks") {
      const then = body.step === 0 ? run.spec : run.spec_in_force;
      return Object.assign(this.#make(put(then, body.changes), body.start, body.pace), {
        step: body.step ?? run.step,
        parent: { id, step: body.step ?? run.step },
      });
    }
    if (rest === "retention") {
      const most = { max_pinned: 5, max_runs: 200, max_bytes: 2 ** 29 };
      return { pinned: run.pinned, expires_at: run.pinned ? null : 1.8e9, idle_seconds: 604800, ...most };
    }
    if (method === "PATCH") return Object.assign(run, body);
    if (rest === "commands" || method === "DELETE") {
      if (run.owner !== this.me.id) throw { status: 403, code: "not_yours", message: "Not yours", path: "", hint: "" };
    }
    if (rest === "commands") {
      command(run, body);
      if (this.keepsWaiting && body.kind === "resume") run.status = "queued";
      return { step: run.step, run };
    }
    if (method === "DELETE") this.runs.delete(id);
    return run;
  }

  /** @param {string} method @param {string} place @param {URLSearchParams} asked @param {any} body */
  #group(method, place, asked, body) {
    const [, , , id = "", part = "group"] = place.split("/");
    if (!id && method === "POST") return { id: "made", ...body };
    if (!id) return { groups: [...this.groups.values()].map(({ group }) => group), next: null };
    const found = this.groups.get(id);
    if (!found) throw { status: 404, code: "unknown_group", message: "There is no such group", path: "id", hint: "" };
    if (method === "DELETE") return { deleted: this.groups.delete(id) };
    const answer = /** @type {any} */ (found)[part];
    return part === "summary" ? { ...answer, metric: asked.get("metric") } : answer;
  }

  /** Runs that match what a list of runs may ask for. @param {URLSearchParams} asked @returns {any[]} */
  #matching(asked) {
    const { owner, family, name, group } = Object.fromEntries(asked);
    const statuses = asked.getAll("status");
    const who = owner === "me" ? this.me.id : owner;
    return [...this.runs.values()].filter(
      (run) =>
        (!asked.has("id") || asked.getAll("id").includes(run.id)) &&
        (!who || run.owner === who) &&
        (!statuses.length || statuses.includes(run.status)) &&
        (!group || run.group === group) &&
        (!family || run.family === family) &&
        (!name || run.name.toLowerCase().includes(name.toLowerCase())) &&
        asked.getAll("tag").every((tag) => run.tags.includes(tag)),
    );
  }

  /** @param {any[]} found @param {boolean} pinned */
  #deleted(found, pinned) {
    const gone = found.filter((run) => run.pinned === pinned);
    for (const { id } of gone) this.runs.delete(id);
    return { ids: gone.map(({ id }) => id), more: false };
  }

  /** @param {any} spec @param {boolean} start @param {number | null} [pace] */
  #make(spec, start, pace = 120) {
    if (this.full) throw this.full;
    const id = `run${++this.#last}`;
    const status = start ? "running" : "paused";
    const run = {
      id, name: id, owner: this.me.id, status, step: 0, epoch: 0, spec, spec_in_force: spec, journal: [], journal_version: 0, parent: null, pinned: false, group: null,
      metrics: {}, pace, steps_per_second: null, error: null, parameters: 1,
      family: spec.model.kind, data: spec.data.kind, tags: [], created_at: this.#last, ended_at: null, seconds: 0, rows: 1, changes: {}, layers: [], probes: [],
    }; // prettier-ignore
    this.runs.set(id, run);
    return run;
  }
}

/** A page of runs, in the order that is asked for. @param {any[]} found @param {URLSearchParams} asked */
function page(found, asked) {
  const order = asked.get("order") ?? "-created_at";
  const name = order.replace(/^-/, "");
  const sign = order.startsWith("-") ? -1 : 1;
  const key = (/** @type {any} */ run) => (name.startsWith("metrics.") ? run.metrics[name.slice(8)] : run[name]);
  const sorted = found.toSorted((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  const start = Number(asked.get("cursor") ?? 0);
  const end = start + Number(asked.get("limit") ?? 100);
  return { runs: sorted.slice(start, end), next: end < sorted.length ? String(end) : null, total: sorted.length };
}

/** Does as a run's session does. @param {any} run @param {any} message */
function command(run, message) {
  const { kind } = message;
  const running = run.status === "running";
  const waits = run.status === "queued";
  if ({ pause: !running && !waits, resume: running, step: running || waits }[/** @type {string} */ (kind)]) {
    throw { status: 409, code: "wrong_state", message: `no ${kind} now`, path: "kind", hint: "" };
  }
  if (kind === "pause") run.status = "paused";
  if (kind === "resume") run.status = "running";
  if (kind === "step") run.step += message.steps ?? 10 * message.epochs;
  if (kind === "pace") run.pace = message.steps_per_second;
  if (kind === "set") run.spec_in_force = put(run.spec_in_force, message.changes);
  if (kind !== "set" && kind !== "edit") return;
  run.journal = [...run.journal, { step: run.step, command: message }];
  run.journal_version += 1;
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
