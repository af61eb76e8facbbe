/** Classifies the server's refusals by code: which ones are retried, and which ones are final. */

/** The worker is about to be replaced, or there were too many requests. */
const TRANSIENT = new Set(["engine_failure", "too_many"]);

/** Sent after the server has tried: a retry would end another worker. */
const FINAL = new Set(["out_of_memory", "probe_failed"]);

/** The same picture of the same run fails again for every viewer. */
export const PROBE_FAILED = "probe_failed";

/** @param {string} code */
export const isTransient = (code) => TRANSIENT.has(code);

/** Whether a retry cannot help, for any HTTP status. @param {string} code */
export const isFinal = (code) => FINAL.has(code);
