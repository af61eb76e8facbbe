/** Opens what the address of the page names. */

import { readHash } from "../url.js";
import { newRun, openRun } from "./actions.js";
import { notify } from "./notices.js";

/** The run, or a new one with the settings that are there, or with the default ones. */
export async function openAddress() {
  const { run, spec, error } = readHash(location.hash);
  if (error) notify(error, { tone: "bad" });
  if (run) await openRun(run, spec);
  else await newRun(spec ?? {});
}
