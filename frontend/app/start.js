/** Puts the page together and opens the run that its address names. */

import { effect } from "@preact/signals-core";
import { mount as mountControls } from "./controls/mount.js";
import { mount as mountNetwork } from "./network/mount.js";
import { mount as mountCurves } from "./panels/curves.js";
import { mount as mountOutput } from "./panels/output.js";
import { mount as mountRegions } from "./panels/regions.js";
import { mount as mountWeights } from "./panels/weights.js";
import { followAppearance } from "./shell/appearance.js";
import { watchDrawer } from "./shell/drawer.js";
import { mountMessages } from "./shell/messages.js";
import { mountMore } from "./shell/more.js";
import { mountNotices } from "./shell/notices.js";
import { mountRuns } from "./shell/runs.js";
import { mountTimeline } from "./shell/timeline.js";
import { mountTooltip } from "./shell/tooltip.js";
import { mountTop } from "./shell/top.js";
import { listenToKeys } from "./shortcuts.js";
import { newRun, openRun } from "./state/actions.js";
import { loadHistory } from "./state/history.js";
import { recall } from "./state/memory.js";
import { notify } from "./state/notices.js";
import { pictures, series } from "./state/session.js";
import * as state from "./state/store.js";
import { nameOf } from "./state/words.js";
import { asApiError } from "./stream/api-error.js";
import { api } from "./stream/api.js";
import { wait } from "./stream/backoff.js";
import { readHash, writeHash } from "./url.js";

/** @param {string} id */
const host = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

function mountAll() {
  followAppearance();
  watchDrawer();
  mountTooltip();
  listenToKeys();
  mountNotices(host("notices"));
  mountMessages(host("messages"));
  mountTop(host("top"));
  mountControls(host("controls"));
  mountTimeline(host("timeline"));
  mountRuns(host("runs"));
  mountMore(host("more"));
  const context = { pictures, series, state };
  mountNetwork(host("network"), context);
  mountOutput(host("panel-output"), context);
  mountCurves(host("panel-curves"), context);
  mountRegions(host("panel-regions"), context);
  mountWeights(host("panel-weights"), context);
}

/** The catalogue, however long the server takes to come up. */
async function fetchCatalogue() {
  for (let failures = 1; ; failures++) {
    try {
      state.catalogue.value = await api.catalogue();
      state.failure.value = null;
      return;
    } catch (thrown) {
      const { code, message, path, hint } = asApiError(thrown);
      state.failure.value = { code, message, path, hint };
      await new Promise((resolve) => setTimeout(resolve, wait(failures)));
    }
  }
}

/** Opens what the address names, or a new run with the default settings. */
async function openAddress() {
  const { run, spec, error } = readHash(location.hash);
  if (error) notify(error, { tone: "bad" });
  if (spec) state.written.value = spec;
  if (run) await openRun(run);
  else await newRun(spec ?? {});
}

/** The address follows the run, so that a reload finds it again. */
function followAddress() {
  let own = location.hash;
  effect(() => {
    const run = state.run.value?.id ?? null;
    if (!run) return;
    own = writeHash({ run, spec: state.written.value });
    if (own !== location.hash) history.replaceState(null, "", own);
  });
  addEventListener("hashchange", () => {
    if (location.hash !== own) void openAddress();
  });
}

/** The tab is told apart from others by its run. */
function followTitle() {
  effect(() => {
    const { catalogue, spec } = state;
    const name = catalogue.value && spec.value ? nameOf(catalogue.value, spec.value) : "";
    document.title = name ? `${name} · Livenet` : "Livenet";
  });
}

function recallPace() {
  const stored = recall("pace", /** @type {unknown} */ (undefined));
  if (stored === null || (typeof stored === "number" && stored > 0)) state.pace.value = stored;
}

async function start() {
  loadHistory();
  recallPace();
  mountAll();
  followTitle();
  await fetchCatalogue();
  await openAddress();
  followAddress();
}

void start();
