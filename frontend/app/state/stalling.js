/** Detects that the run on the page is reported as training but sends no progress. */

import { effect } from "@preact/signals-core";
import { shown } from "./shown.js";

/** The server reports progress ten times a second. */
const PATIENCE = 2000; // ms

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

// Each progress report is a new object.
effect(() => {
  // No progress is expected while the page is hidden.
  const awake = shown.connection.value !== "resting";
  const running = shown.progress.value?.status === "running" && awake;
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
