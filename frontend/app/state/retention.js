/** How long the server keeps the run on the page, and the command that keeps it longer. */

import { signal } from "@preact/signals-core";
import { api } from "../stream/api.js";
import { asApiError } from "../stream/api-error.js";
import { notifyProblem } from "./notices.js";
import { shown } from "./shown.js";

/** @typedef {import("../types/api.js").Retention} Retention */

/** That of the run on the page as last requested; null while unknown. @type {import("@preact/signals-core").Signal<Retention | null>} */
export const retention = signal(null);

export async function loadRetention() {
  retention.value = null;
  const id = shown.run.value?.id;
  if (!id) return;
  try {
    const found = await api.retention(id);
    if (shown.run.value?.id === id) retention.value = found;
  } catch {
    // The stream reports it if the run or the server is gone.
  }
}

/** Keeps the run on the page although nobody uses it, or no longer. @param {boolean} pinned */
export async function pin(pinned) {
  const id = shown.run.value?.id;
  if (!id) return;
  try {
    await api.pin(id, pinned);
  } catch (thrown) {
    return notifyProblem(asApiError(thrown).problem);
  }
  await loadRetention();
}

/**
 * When the server deletes a run, in a sentence.
 * @param {Retention} found
 * @param {string} [zone]  a time zone; the browser's by default
 */
export function retentionWords({ expires_at, idle_seconds, max_runs }, zone) {
  if (expires_at === null) return "This server keeps the run until somebody deletes it.";
  const date = new Date(1000 * expires_at).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
    ...(zone ? { timeZone: zone } : {}),
  });
  const words = `This server deletes the run on ${date}, unless somebody opens it before: it keeps a run that nobody uses for ${span(idle_seconds)}.`;
  if (max_runs === null) return words;
  return `${words} Of a person it keeps ${max_runs.toLocaleString("en")} runs: for more, those that were unused for longest go first.`;
}

/** @param {number} seconds */
function span(seconds) {
  const [count, unit] =
    seconds >= 2 * 86_400
      ? [seconds / 86_400, "days"]
      : seconds >= 2 * 3600
        ? [seconds / 3600, "hours"]
        : [seconds / 60, "minutes"];
  return `${Math.round(count)} ${unit}`;
}
