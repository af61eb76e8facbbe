/** Makes the server's REST calls, typed. Each throws ApiError. */

import { addressOf } from "./address.js";
import { retry, CREATING, SAFE } from "./retry.js";
import { ApiError, unreachable } from "./api-error.js";
import { decode } from "./frame.js";

export { ApiError };

/** @typedef {import("../types/api.js").Run} Run */
/** @typedef {import("../types/api.js").Spec} Spec */
/** @typedef {import("../types/api.js").PartialSpec} PartialSpec */
/** @typedef {import("../types/api.js").Command} Command */
/** @typedef {import("../types/api.js").Json} Json */

/** @typedef {import("../types/api.js").Summary} Summary */
/** @typedef {import("../types/api.js").RunList} RunList */
/**
 * @typedef {{
 *   spec: PartialSpec, vary: {path: string, values: Json[]}[], seeds: number[], name?: string, parallel?: number,
 * }} NewGroup
 */
/** @typedef {[name: string, value: string][]} Parameters  of a request for several runs: see docs/api.md */
/** @typedef {{spec?: PartialSpec | Spec, name?: string, start?: boolean, pace?: number | null, parent?: string}} NewRun */

/**
 * @typedef {{
 *   step: number | null, changes?: {[path: string]: Json}, start?: boolean, name?: string, pace?: number | null,
 * }} Fork
 */

/** @type {(error: ApiError) => void} */
let signedOut = () => {};

/**
 * Sets the listener called when the server no longer accepts this browser's sign-in.
 * @param {typeof signedOut} listener
 */
export function onSignedOut(listener) {
  signedOut = listener;
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Response>} a successful answer
 */
async function ask(path, options) {
  let response;
  try {
    response = await fetch(addressOf(path), options);
  } catch {
    throw unreachable();
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => null);
  const problem = body?.error ?? {
    code: `http_${response.status}`,
    message: `The server answered ${response.status} ${response.statusText}`.trim(),
  };
  const error = new ApiError(response.status, problem, secondsOf(response.headers.get("Retry-After")));
  if (error.status === 401) signedOut(error);
  throw error;
}

/** @param {string | null} header in seconds; this server does not send dates */
function secondsOf(header) {
  const seconds = header === null ? NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}

/**
 * @param {string} path
 * @returns {Promise<any>}
 */
function get(path) {
  const headers = { Accept: "application/json" };
  return retry(async () => (await ask(path, { headers })).json(), SAFE);
}

/**
 * @param {string} path
 * @param {unknown} body
 * @param {import("./retry.js").RetryPolicy} [policy]
 * @returns {Promise<any>}
 */
function post(path, body, policy = CREATING) {
  const options = {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  };
  return retry(async () => (await ask(path, options)).json(), policy);
}

/** @param {string} id @returns {string} the group's address */
const ofGroup = (id) => `/api/groups/${encodeURIComponent(id)}`;

/** @param {Parameters} parameters */
const several = (parameters) => `/api/runs?${new URLSearchParams(parameters)}`;

/**
 * @param {string} path
 * @param {unknown} body
 * @returns {Promise<any>}
 */
function patch(path, body) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const options = { method: "PATCH", headers, body: JSON.stringify(body) };
  return retry(async () => (await ask(path, options)).json(), SAFE);
}

/**
 * @param {string} id
 * @returns {string} the run's address
 */
const of = (id) => `/api/runs/${encodeURIComponent(id)}`;

export const api = {
  /** @returns {Promise<import("../types/api.js").Me>} */
  me: () => get("/api/me"),

  /**
   * What the server's workers wait for, if so.
   * @returns {Promise<{preparing: string | null}>}
   */
  health: () => get("/api/health"),

  /** @returns {Promise<import("../types/api.js").Catalogue>} */
  catalogue: () => get("/api/catalogue"),

  /**
   * @param {PartialSpec | Spec} spec
   * @returns {Promise<import("../types/api.js").Described>}
   */
  describe: (spec) => post("/api/specs/describe", { spec }, SAFE),

  /**
   * @param {NewRun} run
   * @returns {Promise<Run>}
   */
  createRun: (run) => post("/api/runs", run),

  /**
   * @param {string} id
   * @returns {Promise<Run>}
   */
  run: (id) => get(of(id)),

  /** @returns {Promise<{runs: Summary[]}>} the viewer's own runs, oldest first */
  ownRuns: () => get("/api/runs?owner=me&order=created_at&limit=500"),

  /**
   * @param {Parameters} parameters
   * @returns {Promise<RunList>} a page of the runs that match
   */
  runs: (parameters) => get(several(parameters)),

  /**
   * The losses of runs in a few points each. It is no use of the runs.
   * @param {string[]} ids
   * @returns {Promise<import("../types/api.js").Curves["curves"]>}
   */
  curves: async (ids) =>
    (await get(`/api/runs/curves?${new URLSearchParams(ids.map((id) => ["id", id]))}`)).curves,

  /**
   * Deletes the runs that match, at most 1,000 of them.
   * @param {Parameters} parameters
   * @param {RequestInit} [how]
   * @returns {Promise<import("../types/api.js").Deleted>}
   */
  deleteRuns: (parameters, how) =>
    retry(async () => (await ask(several(parameters), { ...how, method: "DELETE" })).json(), SAFE),

  /**
   * Sends a command to the runs that match and that train.
   * @param {Parameters} parameters
   * @param {Command} command
   * @returns {Promise<import("../types/api.js").Commanded>}
   */
  commandRuns: (parameters, command) =>
    post(`/api/runs/commands?${new URLSearchParams(parameters)}`, command),

  /**
   * @param {string} id
   * @param {Partial<Pick<Run, "name" | "tags" | "pinned">>} changes
   * @returns {Promise<Run>}
   */
  changeRun: (id, changes) => patch(of(id), changes),

  /**
   * @param {string} id
   * @param {Fork} fork
   * @returns {Promise<Run>} a new run that continues from that step; null is the run's present step
   */
  fork: (id, fork) => post(`${of(id)}/forks`, fork),

  /**
   * @param {string} id
   * @param {Command} command
   * @returns {Promise<{step: number, run: Run}>} the step after which it takes effect, and the run at that step
   */
  command: (id, command) => post(`${of(id)}/commands`, command),

  /**
   * @param {string} id
   * @param {string} probe
   * @param {{step?: number | null, options?: object, signal?: AbortSignal}} [how]
   * @returns {Promise<import("../types/pictures.js").Picture>}
   */
  async probe(id, probe, { step = null, options = {}, signal } = {}) {
    const query = new URLSearchParams({ options: JSON.stringify(options) });
    if (step !== null) query.set("step", String(step));
    const path = `${of(id)}/probes/${encodeURIComponent(probe)}?${query}`;
    const headers = { Accept: "application/octet-stream" };
    const response = await retry(() => ask(path, { headers, ...(signal && { signal }) }), SAFE);
    return decode(await response.arrayBuffer()).picture;
  },

  /**
   * @param {string} id
   * @param {number | null} [step]
   * @returns {string} the address of the parameters, as a safetensors file
   */
  weightsUrl: (id, step = null) => addressOf(`${of(id)}/weights${step === null ? "" : `?step=${step}`}`),

  /**
   * @param {string} id
   * @returns {string} the address of the curves, as CSV
   */
  curvesUrl: (id) => addressOf(`${of(id)}/series?after=0&format=csv`),

  /**
   * @param {string} id
   * @returns {Promise<import("../types/api.js").Retention>}
   */
  retention: (id) => get(`${of(id)}/retention`),

  /**
   * Keeps a run although nobody uses it, or no longer.
   * @param {string} id
   * @param {boolean} pinned
   */
  async pin(id, pinned) {
    await patch(of(id), { pinned });
  },

  /** @param {NewGroup} group @returns {Promise<import("../types/api.js").GroupDocument>} */
  createGroup: (group) => post("/api/groups", group),

  /** @param {Parameters} parameters @returns {Promise<import("../types/api.js").GroupList>} newest first */
  groups: (parameters) => get(`/api/groups?${new URLSearchParams(parameters)}`),

  /** @param {string} id @returns {Promise<import("../types/api.js").GroupDocument>} */
  group: (id) => get(ofGroup(id)),

  /** @param {string} id @returns {Promise<import("../types/api.js").GroupTable>} */
  groupTable: (id) => get(`${ofGroup(id)}/table`),

  /** @param {string} id @param {string} metric @returns {Promise<import("../types/api.js").GroupSummary>} */
  groupSummary: (id, metric) => get(`${ofGroup(id)}/summary?${new URLSearchParams({ metric })}`),

  /** @param {string} id @returns {string} the address of its table, as CSV */
  groupTableUrl: (id) => addressOf(`${ofGroup(id)}/table?format=csv`),

  /** Deletes a group and its runs. @param {string} id */
  async deleteGroup(id) {
    await retry(() => ask(ofGroup(id), { method: "DELETE" }), SAFE);
  },

  /** @param {string} id @param {RequestInit} [how] */
  async deleteRun(id, how) {
    await retry(() => ask(of(id), { ...how, method: "DELETE" }), SAFE);
  },
};
