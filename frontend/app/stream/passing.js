/** Whether a refusal passes by itself, by its code: the one place that says what is asked for again. */

/** The worker is about to be replaced, or too much was asked at once. */
const PASSING = new Set(["engine_failure", "too_many"]);

/** The server says so after it has tried: asking again ends another worker. */
const FINAL = new Set(["out_of_memory", "probe_failed"]);

/** The same picture of the same run will fail again, whoever asks. */
export const PROBE_FAILED = "probe_failed";

/** @param {string} code */
export const passes = (code) => PASSING.has(code);

/** Whether asking again is of no use, whatever the HTTP status says. @param {string} code */
export const isFinal = (code) => FINAL.has(code);
