/** Maps the end of a stream to its reason, and says whether a retry can help. */

/**
 * "lost", "restarting" and "slow" recover by themselves; "signed-out" and "refused" after somebody acts;
 * "gone" never: there is no such run.
 * @typedef {"lost" | "restarting" | "slow" | "crowded" | "signed-out" | "refused" | "gone"} CloseReason
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
export const needsAction = (state) => ["signed-out", "refused", "gone"].includes(state);
