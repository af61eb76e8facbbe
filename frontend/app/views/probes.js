/** The main view for any family: every probe that fits the run, one at a time, under tabs. */

import { effect } from "@preact/signals-core";
import { element, setText } from "../panels/element.js";
import { PictureView } from "../panels/picture.js";
import { Tabs } from "../panels/tabs.js";
import { PROBE as STEPS } from "./steps/walk.js";

/** @typedef {import("../panels/context.js").Context} Context */
/** @typedef {import("../types/api.js").Catalogue} Catalogue */

/**
 * @param {HTMLElement} host
 * @param {Context} context
 * @returns {() => void}
 */
export function mountProbes(host, context) {
  /** @type {PictureView | null} */
  let view = null;
  let wanted = "";
  let shown = "";
  const explain = element("p", { class: "caption" });
  const place = element("div", { class: "middle-body" });
  const tabs = new Tabs("What is shown", (id) => {
    wanted = id;
    draw();
  });
  const root = element(
    "div",
    { class: "middle" },
    element("header", { class: "middle-head" }, tabs.element, explain),
    place,
  );
  host.append(root);

  function draw() {
    const { catalogue, run } = context.state;
    // The step taken apart has a tab of its own.
    const rows = fittingProbes(catalogue.peek(), run.peek()).filter(({ kind }) => kind !== STEPS);
    const row = rows.find(({ kind }) => kind === wanted) ?? rows[0];
    tabs.show(
      rows.map(({ kind, label }) => ({ id: kind, label })),
      row?.kind ?? "",
    );
    setText(explain, row?.explain ?? (run.peek() ? "There is no probe for this model yet." : ""));
    if (row?.kind === shown) return;
    shown = row?.kind ?? "";
    view?.close();
    view = row
      ? new PictureView(place, context, { id: "middle", probe: row.kind, height: 420 })
      : null;
  }

  const stop = effect(() => {
    void context.state.catalogue.value;
    void context.state.run.value?.probes;
    draw();
  });
  return () => {
    stop();
    view?.close();
    root.remove();
  };
}

/**
 * The catalogue's rows of the probes that fit a run.
 * @param {Catalogue | null} catalogue
 * @param {import("../types/api.js").Run | null} run
 */
export function fittingProbes(catalogue, run) {
  return catalogue?.probes.filter(({ kind }) => run?.probes.includes(kind)) ?? [];
}
