/** Why a stream ended: what is to be said of it, and whether it is of use to try again. */

/**
 * "lost", "restarting" and "slow" come back by themselves; "signed-out" and "refused" when somebody
 * has done something about it; "gone" never: there is no such run.
 * @typedef {"lost" | "restarting" | "slow" | "crowded" | "signed-out" | "refused" | "gone"} Ending
 */

/** What the server says in closing. @type {Map<number, Ending>} */
export const CLOSED = new Map([
  [1009, "lost"],
  [1012, "restarting"],
  [1013, "slow"],
  [4401, "signed-out"],
  [4403, "refused"],
  [4404, "gone"],
  [4429, "crowded"],
]);

/** @type {Map<number, Ending>} */
const ANSWERED = new Map([
  [401, "signed-out"],
  [403, "refused"],
  [404, "gone"],
]);

/** @param {number} status of an answer about the run @returns {Ending | null} */
export const verdictOf = (status) => ANSWERED.get(status) ?? null;

/** Whether trying again by itself is of no use. @param {string} state */
export const isOver = (state) => ["signed-out", "refused", "gone"].includes(state);
