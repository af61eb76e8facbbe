/** Repeats requests that the server refused because it was busy: only those that are safe to repeat. */

import { ApiError } from "./api-error.js";
import { wait } from "./backoff.js";
import { isFinal } from "./refusals.js";

const MAX_ATTEMPTS = 4;

/**
 * Which refusals are retried. A wait of more than `longest` seconds is reported instead, and the viewer
 * decides.
 * @typedef {{statuses: number[], longest: number}} RetryPolicy
 */

/** For requests that change nothing, and for idempotent ones. @type {RetryPolicy} */
export const SAFE = { statuses: [429, 503], longest: 10 };

/** For requests that make something: a limit is checked before anything is done. @type {RetryPolicy} */
export const CREATING = { statuses: [429], longest: 2 };

/** @param {number} ms @returns {Promise<unknown>} */
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @template T
 * @param {() => Promise<T>} request
 * @param {RetryPolicy} policy
 * @param {(ms: number) => Promise<unknown>} [sleepFor]
 * @returns {Promise<T>} the first answer that is not such a refusal
 */
export async function retry(request, policy, sleepFor = sleep) {
  for (let failures = 1; ; failures++) {
    try {
      return await request();
    } catch (thrown) {
      const delay = failures < MAX_ATTEMPTS ? retryDelay(thrown, failures, policy) : null;
      if (delay === null) throw thrown;
      await sleepFor(delay);
    }
  }
}

/**
 * How long to wait after a refusal; null if a retry cannot help.
 * @param {unknown} thrown
 * @param {number} failures from 1
 * @param {RetryPolicy} policy
 * @returns {number | null} milliseconds
 */
export function retryDelay(thrown, failures, { statuses, longest }) {
  if (!(thrown instanceof ApiError) || !statuses.includes(thrown.status)) return null;
  if (isFinal(thrown.code)) return null;
  if (thrown.retryAfter === null) return wait(failures);
  // Never earlier than the server requires: jitter only adds.
  return thrown.retryAfter > longest ? null : 1000 * thrown.retryAfter + wait(failures);
}
