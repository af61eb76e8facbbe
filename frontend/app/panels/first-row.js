/** The text shown until a run has curves. Pure. */

import { count } from "../marks/scales.js";
import { specOf } from "./context.js";

/**
 * A curve needs two rows. Step 0 has the first; the others are at multiples of the interval, which grows with the
 * step if none is given, and at the last step (spec/training.py: row_interval, training/trainer.py: row_due).
 * @param {import("./context.js").Context} context
 */
export function messageBeforeCurves(context) {
  const { run, progress } = context.state;
  if (run.value?.status === "finished" || run.value?.error) return "The run ended before there was a curve.";
  const training = specOf(context)?.training;
  if (!training) return "Curves appear after the first steps.";
  const step = progress.value?.step ?? run.value?.step ?? 0;
  const measured = context.series.value("step") || 0;
  const least = Math.max(step, measured + 1);
  const every = training.series_every ?? 10 ** Math.max(1, String(least - 1).length - 3);
  const next = Math.ceil(least / every) * every;
  const first = Math.min(next, training.steps ?? Infinity);
  const now = step > 0 ? ` The run is at step ${count(step)}.` : "";
  return `Curves appear at step ${count(first)}.${now}`;
}
