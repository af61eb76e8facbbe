/** Assembles the page and opens the run that its address names. */

import { batch, effect } from "@preact/signals-core";
import { mount as mountControls } from "./controls/mount.js";
import { mountQuickSettings } from "./controls/quick-settings.js";
import { mountMiddle } from "./views/mount.js";
import { mount as mountCurves } from "./panels/curves.js";
import { followAppearance } from "./shell/appearance.js";
import { greet, isNewcomer } from "./shell/gallery.js";
import { watchDrawer } from "./shell/drawer.js";
import { drawerHead } from "./shell/drawer-head.js";
import { mountGroup } from "./shell/group.js";
import { mountMessages } from "./shell/messages.js";
import { openQuickSettings } from "./shell/quick-settings-dialog.js";
import { mountNotices } from "./shell/notices.js";
import { mountRuns } from "./shell/runs.js";
import { mountTimeline } from "./shell/timeline.js";
import { mountTooltip } from "./shell/tooltip.js";
import { mountQuota } from "./shell/quota.js";
import { mountTop } from "./shell/top.js";
import { mountWatching } from "./shell/watching.js";
import { listenToKeys } from "./shortcuts.js";
import { changesIn } from "./state/changes.js";
import { groupShown, isDeleted } from "./state/groups.js";
import { loadHistory } from "./state/history.js";
import { sendDeletionsOnLeave } from "./state/deletions.js";
import { recall } from "./state/memory.js";
import * as verbs from "./state/verbs.js";
import { deleteLeftovers } from "./state/quota.js";
import { openAddress, replaceUntouched } from "./state/opening.js";
import { session } from "./state/session.js";
import { shown } from "./state/shown.js";
import { catalogue, me, presenting } from "./state/store.js";
import { pending } from "./state/transitions.js";
import { nameOf } from "./state/words.js";
import { asApiError } from "./stream/api-error.js";
import { api } from "./stream/api.js";
import { wait } from "./stream/backoff.js";
import { presence } from "./stream/presence.js";
import { isSupported } from "./supported.js";
import { isStep, readHash, writeHash } from "./url.js";

/** @param {string} id */
const host = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

function mountAll() {
  followAppearance();
  watchDrawer();
  mountTooltip();
  listenToKeys();
  listenToSkipLink();
  mountNotices(host("notices"));
  mountMessages(host("messages"));
  mountTop(host("top"));
  mountWatching(host("top"));
  mountQuota();
  mountGroup();
  mountControls(host("controls"), drawerHead);
  mountQuickSettings(host("quick-settings"), openQuickSettings);
  const changes = changesIn(shown);
  mountTimeline(host("timeline"), changes);
  mountRuns(host("runs"));
  const { pictures, series } = shown;
  const context = { pictures, series, state: shown, verbs, presenting, changes };
  const hosts = { middle: host("network"), output: host("panel-output"), tabs: host("views") };
  mountMiddle(hosts, context);
  mountCurves(host("panel-curves"), context);
}

/** The skip link moves the focus only: its fragment, as an address, would open another run. */
function listenToSkipLink() {
  document.querySelector(".skip-link")?.addEventListener("click", (event) => {
    event.preventDefault();
    host("title").focus();
  });
}

/** Fetches the user and the catalogue, however long the server takes to start. */
async function askTheServer() {
  for (let failures = 1; ; failures++) {
    try {
      [me.value, catalogue.value] = await Promise.all([api.me(), api.catalogue()]);
      shown.failure.value = null;
      return;
    } catch (thrown) {
      shown.failure.value = asApiError(thrown).problem;
      await new Promise((resolve) => setTimeout(resolve, wait(failures)));
    }
  }
}

/**
 * Opens the address, and from then on keeps it up to date with the run, so that a reload finds it again. An address that the viewer has gone to
 * is opened first: the run that is left does not overwrite it.
 */
function followAddress() {
  let known = location.hash; // the last address that was written or opened
  /** @type {import("./state/transitions.js").Transition | null} */
  let opening = null;
  const write = () => {
    const run = shown.run.value?.id;
    if (!run) return;
    const own = writeHash({ run, spec: shown.written.value, group: groupShown.value });
    if (location.hash !== known || opening?.current || own === known) return;
    // The way back leads to a group that was left, unless it was deleted.
    if (isStep(known, own) && !isDeleted(readHash(known).group)) history.pushState(null, "", own);
    else history.replaceState(null, "", own);
    known = location.hash;
  };
  const open = async () => {
    // Without a run, the same address is tried again.
    if (location.hash === known && shown.run.value) return;
    known = location.hash;
    await batch(() => {
      const opened = openAddress();
      opening = pending();
      return opened;
    });
    write();
  };
  effect(write);
  addEventListener("hashchange", () => void open());
  return open();
}

/** Keeps the tab's title up to date with the run. */
function followTitle() {
  effect(() => {
    const { spec } = shown;
    const name = catalogue.value && spec.value ? nameOf(catalogue.value, spec.value) : "";
    document.title = name ? `${name} · Livenet` : "Livenet";
  });
}

function recallPace() {
  const stored = recall("pace", /** @type {unknown} */ (undefined));
  if (stored === null || (typeof stored === "number" && stored > 0)) shown.pace.value = stored;
}

async function start() {
  presence().listen((news) => session.followPresence(news));
  presence().watchClock();
  loadHistory();
  recallPace();
  sendDeletionsOnLeave();
  replaceUntouched();
  mountAll();
  if (isSupported()) host("needs").remove();
  followTitle();
  await askTheServer();
  const newcomer = isNewcomer();
  await followAddress();
  if (newcomer) greet();
  await deleteLeftovers();
}

void start();
