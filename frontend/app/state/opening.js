/** Opens the run that the page's address names. */

import { readHash } from "../url.js";
import { newRun, openRun } from "./actions.js";
import { notify } from "./notices.js";

/** Opens the run of the address, or a new one with the address's settings or the defaults. */
export async function openAddress() {
  const { run, spec, error } = readHash(location.hash);
  if (error) notify(error, { tone: "bad" });
  if (run) await openRun(run, spec);
  else await newRun(spec ?? {});
}
