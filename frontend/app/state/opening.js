/** Opens the run that the page's address names. */

import { effect } from "@preact/signals-core";
import { readHash } from "../url.js";
import { newRun, openLast, openRun } from "./choosing.js";
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

/** Opens the run of the address, or one with the address's settings; without either, the viewer's last run. */
export async function openAddress() {
  const { run, spec, error } = readHash(location.hash);
  if (error) notify(error, { tone: "bad" });
  if (run) await openRun(run, spec);
  else if (error) await newRun({});
  else await openLast(spec);
}
