/** Mounts the views of the run's family of models, and removes them when a run of another family comes. */

import { computed, effect, untracked } from "@preact/signals-core";
import { familyOf, tabsFor } from "./registry.js";
import { mountViewTabs } from "./view-tabs.js";

/** @typedef {import("../panels/context.js").Context} Context */

/** The family shown before the first run comes. */
const FIRST = "mlp";

/**
 * @param {import("./view-tabs.js").Hosts} hosts
 * @param {Context} context
 * @returns {() => void}
 */
export function mountMiddle(hosts, context) {
  const { run } = context.state;
  const kind = computed(() => run.value?.spec.model.kind ?? null);
  /** @type {string | null} */
  let shown = null;
  let unmount = () => {};
  const stop = effect(() => {
    const next = kind.value ?? shown ?? FIRST;
    if (next === shown) return;
    shown = next;
    untracked(() => {
      unmount();
      unmount = mountFamily(next, hosts, context);
    });
  });
  return () => {
    stop();
    unmount();
  };
}

/**
 * @param {string} kind
 * @param {import("./view-tabs.js").Hosts} hosts
 * @param {Context} context
 */
function mountFamily(kind, hosts, context) {
  const { middle, output } = hosts;
  const family = familyOf(kind);
  const own = contextOf(kind, context);
  document.documentElement.dataset["family"] = kind;
  const { catalogue, run } = own.state;
  const tabs = () => tabsFor(family, catalogue.value, run.value);
  const stops = [
    family.middle(middle, own),
    family.output(output, own),
    mountViewTabs(hosts, family, tabs, own),
  ];
  return () => {
    for (const stop of stops) stop();
    for (const host of [middle, output]) host.replaceChildren();
  };
}

/**
 * A context that never contains a run of another family.
 * @param {string} kind
 * @param {Context} context
 * @returns {Context}
 */
export function contextOf(kind, context) {
  const { state } = context;
  return {
    ...context,
    state: {
      ...state,
      run: keepFitting(state.run, (run) => run.spec.model.kind === kind),
      spec: keepFitting(state.spec, (spec) => spec.model.kind === kind),
      described: keepFitting(state.described, ({ spec }) => spec.model.kind === kind),
    },
  };
}

/**
 * A signal that follows another, and keeps its last value while the other's does not fit.
 * @template T
 * @param {import("@preact/signals-core").ReadonlySignal<T | null>} source
 * @param {(value: T) => boolean} fits
 * @returns {import("@preact/signals-core").Signal<T | null>} read-only
 */
function keepFitting(source, fits) {
  /** @type {T | null} */
  let last = null;
  const found = computed(() => {
    const now = source.value;
    if (now === null || fits(now)) last = now;
    return last;
  });
  return /** @type {any} */ (found);
}
