/** Whether the run on the page trains, by the server's word, and yet nothing comes of it. */

import { effect } from "@preact/signals-core";
import * as store from "./store.js";

/** The server tells of progress ten times a second. */
const PATIENCE = 2000; // ms

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

// Every word of how the run stands is a new object.
effect(() => {
  // Nothing is to come while nobody looks.
  const awake = store.connection.value !== "resting";
  const running = store.progress.value?.status === "running" && awake;
  const pace = store.pace.value;
  clearTimeout(timer);
  store.stalled.value = false;
  if (!running) return;
  // In slow motion a step is due after a while only.
  const pause = pace === null ? 0 : 1000 / pace;
  timer = setTimeout(() => {
    store.stalled.value = true;
  }, Math.min(PATIENCE + pause, 2 ** 31 - 1));
});
