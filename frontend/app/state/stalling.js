/** Detects that the run on the page is reported as training but sends no progress. */

import { computed, effect } from "@preact/signals-core";
import { shown } from "./shown.js";

/** A run that trains advances ten times a second, or as often as its pace allows. */
const PATIENCE = 2000; // ms

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

// A report of the same step is no progress: the server repeats the last one for a run at rest.
const step = computed(() => shown.progress.value?.step);
const status = computed(() => shown.progress.value?.status);

effect(() => {
  step.value;
  // No progress is expected while the page is hidden.
  const awake = shown.connection.value !== "resting";
  const running = status.value === "running" && awake;
  const pace = shown.pace.value;
  clearTimeout(timer);
  shown.stalled.value = false;
  if (!running) return;
  // At a slow pace, steps are further apart.
  const pause = pace === null ? 0 : 1000 / pace;
  timer = setTimeout(() => {
    shown.stalled.value = true;
  }, Math.min(PATIENCE + pause, 2 ** 31 - 1));
});
