/** The server's REST calls, typed. Each throws ApiError. */

import { ApiError, unreachable } from "./api-error.js";
import { decode } from "./frame.js";

export { ApiError };

/** @typedef {import("../types/api.js").Run} Run */
/** @typedef {import("../types/api.js").Spec} Spec */
/** @typedef {import("../types/api.js").PartialSpec} PartialSpec */
/** @typedef {import("../types/api.js").Command} Command */
/** @typedef {import("../types/api.js").Json} Json */

/** @typedef {{spec?: PartialSpec | Spec, name?: string, start?: boolean, pace?: number | null}} NewRun */

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Response>} an answer that is no refusal
 */
async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw unreachable();
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => null);
  const problem = body?.error ?? {
    code: `http_${response.status}`,
    message: `The server answered ${response.status} ${response.statusText}`.trim(),
  };
  throw new ApiError(response.status, problem);
}

/**
 * @param {string} path
 * @returns {Promise<any>}
 */
async function get(path) {
  return (await ask(path, { headers: { Accept: "application/json" } })).json();
}

/**
 * @param {string} path
 * @param {unknown} body
 * @returns {Promise<any>}
 */
async function post(path, body) {
  const response = await ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  });
  return response.json();
}

/**
 * @param {string} id
 * @returns {string} the run's address
 */
const of = (id) => `/api/runs/${encodeURIComponent(id)}`;

export const api = {
  /** @returns {Promise<import("../types/api.js").Catalogue>} */
  catalogue: () => get("/api/catalogue"),

  /**
   * @param {PartialSpec | Spec} spec
   * @returns {Promise<import("../types/api.js").Described>}
   */
  describe: (spec) => post("/api/specs/describe", { spec }),

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

  /** @returns {Promise<{runs: Run[]}>} */
  runs: () => get("/api/runs"),

  /**
   * @param {string} id
   * @param {{step: number, changes?: {[path: string]: Json}, start?: boolean, name?: string}} fork
   * @returns {Promise<Run>} a new run that goes on from that step
   */
  fork: (id, fork) => post(`${of(id)}/forks`, fork),

  /**
   * @param {string} id
   * @param {Command} command
   * @returns {Promise<any>}
   */
  command: (id, command) => post(`${of(id)}/commands`, command),

  /**
   * @param {string} id
   * @returns {Promise<{steps: number[]}>}
   */
  snapshots: (id) => get(`${of(id)}/snapshots`),

  /**
   * @param {string} id
   * @param {string} probe
   * @param {{step?: number | null, options?: object, signal?: AbortSignal}} [how]
   * @returns {Promise<import("../types/pictures.js").Picture>}
   */
  async probe(id, probe, { step = null, options = {}, signal } = {}) {
    const query = new URLSearchParams({ options: JSON.stringify(options) });
    if (step !== null) query.set("step", String(step));
    const response = await ask(`${of(id)}/probes/${encodeURIComponent(probe)}?${query}`, {
      headers: { Accept: "application/octet-stream" },
      ...(signal && { signal }),
    });
    return decode(await response.arrayBuffer()).picture;
  },

  /**
   * @param {string} id
   * @param {number | null} [step]
   * @returns {string} where the parameters are, as a safetensors file
   */
  weightsUrl: (id, step = null) => `${of(id)}/weights${step === null ? "" : `?step=${step}`}`,

  /** @param {string} id */
  async deleteRun(id) {
    await ask(of(id), { method: "DELETE" });
  },
};
