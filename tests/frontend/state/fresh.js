/** A page that has just made its first run, for tests of its verbs: the same for each of them. */

import { catalogue } from "./catalogue.js";
import { FakeServer } from "./server.js";

new FakeServer().install(); // the page's modules look for a document when they are loaded
export const actions = await import("../../../frontend/app/state/actions.js");
export const { shown } = await import("../../../frontend/app/state/shown.js");
export const store = await import("../../../frontend/app/state/store.js");

const { sendDeletions } = await import("../../../frontend/app/state/deletions.js");

/** What the page holds is as it was on loading. @returns the server that it then made a run on */
export async function fresh() {
  await sendDeletions(); // those of the test before
  const server = new FakeServer();
  server.install();
  store.catalogue.value = catalogue;
  store.me.value = server.me;
  shown.run.value = null;
  shown.progress.value = null;
  shown.failure.value = null;
  store.runs.value = [];
  store.notices.value = [];
  shown.pace.value = 120;
  await actions.newRun({});
  server.calls = [];
  return server;
}
