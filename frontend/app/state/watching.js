/** Handles a run that belongs to another person: it can be watched and forked, but not commanded. */

import { fork } from "./forking.js";
import { notify } from "./notices.js";
import { oncePerRun } from "./transitions.js";
import { reopen } from "./reopening.js";
import { shown } from "./shown.js";
import { isGoing } from "./statuses.js";
import { isWatched } from "./ownership.js";

/** Why a control is inactive. */
export const REASON = "This run belongs to someone else. Fork it to control a copy.";
const FORK = "Fork this run";

/**
 * Whether a command must not be sent; if so, shows a message that offers a fork.
 * @returns {boolean}
 */
export function refuseIfWatched() {
  if (isWatched()) notifyWatched();
  return isWatched();
}

export function notifyWatched() {
  const id = shown.run.value?.id ?? "";
  // The message may outlast the run that it is about.
  const act = () => void (shown.run.value?.id === id ? forkWatched() : reopen(id));
  notify("This run belongs to someone else, so you can only watch it.", {
    topic: "ownership",
    action: { label: FORK, act },
  });
}

/** Forks the watched run at the viewed step: the fork plays if the watched run does. */
export function forkWatched() {
  return oncePerRun(async () => {
    const { viewedStep, progress } = shown;
    const past = viewedStep.value;
    const start = past === null && isGoing(progress.value?.status);
    return (await fork(past, { changes: shown.pending.value, start })) !== null;
  });
}
