/** Maps the end of a stream to its reason, and says whether a retry can help. */

/**
 * "lost", "restarting" and "slow" recover by themselves; "signed-out" and "refused" after somebody acts;
 * "gone" and "deleted" never: there is no such run, or it was deleted while the stream was open.
 * @typedef {"lost" | "restarting" | "slow" | "crowded" | "signed-out" | "refused" | "gone" | "deleted"} CloseReason
 */

/** The reasons by the server's close code. @type {Map<number, CloseReason>} */
export const REASONS_BY_CLOSE_CODE = new Map([
  [1009, "lost"],
  [1012, "restarting"],
  [1013, "slow"],
  [4401, "signed-out"],
  [4403, "refused"],
  [4404, "gone"],
  [4429, "crowded"],
]);

/** @type {Map<number, CloseReason>} */
const REASONS_BY_STATUS = new Map([
  [401, "signed-out"],
  [403, "refused"],
  [404, "gone"],
]);

/** @param {number} status of an answer about the run @returns {CloseReason | null} */
export const reasonForStatus = (status) => REASONS_BY_STATUS.get(status) ?? null;

/** Whether an automatic retry cannot help. @param {string} state */
export const needsAction = (state) => ["signed-out", "refused", "gone", "deleted"].includes(state);

/** Whether there is no such run any more. @param {string} state */
export const isGone = (state) => state === "gone" || state === "deleted";
