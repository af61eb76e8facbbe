/**
 * What the page knows about one run, as signals; panels are given one (panels/context.js). A Session
 * (session.js) fills it from the run's stream, and the actions (actions.js) change it in advance of the server.
 */

import { signal } from "@preact/signals-core";
import { SeriesStore } from "../stream/series.js";
import { Pictures } from "../stream/watch.js";

/**
 * @typedef {import("../types/api.js").Catalogue} Catalogue
 * @typedef {import("../types/api.js").Described} Described
 * @typedef {import("../types/api.js").Problem} Problem
 * @typedef {import("../types/api.js").Progress} Progress
 * @typedef {import("../types/api.js").Run} Run
 * @typedef {import("../types/api.js").Spec} Spec
 * @typedef {{[section: string]: any}} Written  A spec as a person writes it: any part of one.
 * @typedef {{layer: number, unit: number}} UnitAt
 */

/**
 * @template T
 * @typedef {import("@preact/signals-core").Signal<T>} Signal
 */

export class RunState {
  /** The run as last reported by the server. @type {Signal<Run | null>} */
  run = signal(null);

  /** The run's present progress. @type {Signal<Progress | null>} */
  progress = signal(null);

  /** Whether the run is reported as training but has sent no progress for a while. @type {Signal<boolean>} */
  stalled = signal(false);

  /** For how many seconds the server has sent nothing; 0 below three. @type {Signal<number>} */
  silence = signal(0);
  /** Why the server cannot save changes; null while it does. */
  unsaved = signal(/** @type {string | null} */ (null));

  /** The filled spec that the form shows. @type {Signal<Spec | null>} */
  spec = signal(null);

  /** The chosen part of the spec; the rest are defaults. @type {Signal<Written>} */
  written = signal({});

  /** The spec in numbers: layers, parameters. @type {Signal<Described | null>} */
  described = signal(null);

  /** The viewed step; null is live. @type {Signal<number | null>} */
  viewedStep = signal(null);

  /**
   * Live changes made while a past step is viewed: they apply when training continues from there.
   * @type {Signal<{[path: string]: any}>}
   */
  pending = signal({});

  /** @type {Signal<import("../stream/connection.js").State>} */
  connection = signal("connecting");

  /**
   * Whether changes are being sent: the server's values are then older than those of the form.
   * @type {Signal<boolean>}
   */
  changing = signal(false);

  /** @type {Signal<UnitAt | null>} */
  hovered = signal(null);

  /** @type {Signal<UnitAt | null>} */
  selected = signal(null);

  /** Refusals, by the spec's path. @type {Signal<Map<string, Problem>>} */
  errors = signal(new Map());

  /** Steps a second at most; null is unlimited. @type {Signal<number | null>} */
  pace = signal(120);

  /** Steps that have a snapshot, ascending. @type {Signal<number[]>} */
  steps = signal([]);

  /** Why there is no run to show; null if there is one. @type {Signal<Problem | null>} */
  failure = signal(null);

  /** Whether the linear regions are drawn over the output. @type {Signal<boolean>} */
  showRegions = signal(true);

  /** The measured rows. */
  series = new SeriesStore();

  /** The streamed pictures: their arrays go directly to the canvases. */
  pictures = new Pictures();

  /** @param {Signal<Catalogue | null>} catalogue  what the server offers, the same for all runs */
  constructor(catalogue) {
    this.catalogue = catalogue;
  }
}
