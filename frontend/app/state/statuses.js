/** What a run's status means on the page. */

/** @typedef {import("../types/api.js").Status} Status */

/** The page's word for a status. @param {string} status */
export const statusWord = (status) => (status === "queued" ? "waiting" : status);

/** Whether a run trains, or starts by itself: such a run can be paused. @param {string | undefined} status */
export const isGoing = (status) => status === "running" || status === "queued";

/** Why a run that waits takes no single steps. */
export const STEP_REASON = "This run waits for its turn to train: pause it to take single steps.";
