/** Opens the run that the page's address names. */

import { effect } from "@preact/signals-core";
import { readHash } from "../url.js";
import { newRun, openLast, openRun } from "./choosing.js";
import { pending } from "./transitions.js";
import { groupShown } from "./groups.js";
import { isUntouched } from "./forking.js";
import { notify } from "./notices.js";
import { shown } from "./shown.js";

/**
 * Replaces a run that was deleted before anything had happened to it, as by another tab that left it: the
 * page shows an equal one.
 */
export function replaceUntouched() {
  return effect(() => {
    const gone = ["gone", "deleted"].includes(shown.failure.value?.code ?? "");
    if (gone && isUntouched()) queueMicrotask(() => void newRun(shown.written.value));
  });
}

/**
 * Opens the run of the address, or one with the address's settings; without either, the viewer's last run. The
 * address's group is shown over it; if it names nothing else, the run on the page stays.
 */
export async function openAddress() {
  const { run, spec, group, error } = readHash(location.hash);
  groupShown.value = group;
  if (group && !run && !spec && !error && shown.run.value) return;
  if (error) notify(error, { tone: "bad" });
  // The way back from a group, say, leads to the run that is there.
  if (run && run === shown.run.value?.id && !pending() && !shown.failure.value) return;
  if (run) await openRun(run, spec);
  else if (error) await newRun({});
  else await openLast(spec);
}
