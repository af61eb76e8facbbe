/**
 * The state of the page, as signals. Components read these and call the functions of actions.js; nothing
 * else writes here. Streamed arrays are not stored here: they go directly to the canvases.
 */
import { signal } from "@preact/signals-core";

/**
 * @typedef {import("../types/api.js").Catalogue} Catalogue
 * @typedef {import("../types/api.js").Described} Described
 * @typedef {import("../types/api.js").Me} Me
 * @typedef {import("../types/api.js").Problem} Problem
 * @typedef {import("../types/api.js").Progress} Progress
 * @typedef {import("../types/api.js").Run} Run
 * @typedef {import("../types/api.js").Spec} Spec
 * @typedef {{[section: string]: any}} Written  A spec as a person writes it: any part of one.
 * @typedef {{layer: number, unit: number}} UnitAt
 * @typedef {{
 *   id: string, name: string, note: string, written: Written,
 *   loss: number | null, part?: "test" | "train", step: number, at: number,
 *   whose?: import("./whose.js").Whose,
 * }} Remembered  One run of this browser; "own" is the default of `whose`. `part` is the examples of
 *   the loss: older entries lack it.
 * @typedef {{
 *   key: number, text: string, tone: "plain" | "bad", topic: string,
 *   action: {label: string, act: () => void} | null,
 * }} Notice
 */

/** @type {import("@preact/signals-core").Signal<Catalogue | null>} */
export const catalogue = signal(null);

/** The user of this browser. @type {import("@preact/signals-core").Signal<Me | null>} */
export const me = signal(null);

/**
 * The run on the page, as last reported by the server.
 * @type {import("@preact/signals-core").Signal<Run | null>}
 */
export const run = signal(null);

/** The run's present progress. @type {import("@preact/signals-core").Signal<Progress | null>} */
export const progress = signal(null);

/**
 * Whether the run is reported as training but has sent no progress for a while.
 * @type {import("@preact/signals-core").Signal<boolean>}
 */
export const stalled = signal(false);

/**
 * The filled spec that the form shows.
 * @type {import("@preact/signals-core").Signal<Spec | null>}
 */
export const spec = signal(null);

/**
 * The chosen part of the spec; the rest are defaults.
 * @type {import("@preact/signals-core").Signal<Written>}
 */
export const written = signal({});

/**
 * The spec in numbers: layers, parameters.
 * @type {import("@preact/signals-core").Signal<Described | null>}
 */
export const described = signal(null);

/**
 * The viewed step; null is live.
 * @type {import("@preact/signals-core").Signal<number | null>}
 */
export const viewedStep = signal(null);

/**
 * Live changes made while a past step is viewed: they apply when training continues from there.
 * @type {import("@preact/signals-core").Signal<{[path: string]: any}>}
 */
export const pending = signal({});

/** @type {import("@preact/signals-core").Signal<import("../stream/connection.js").State>} */
export const connection = signal("connecting");

/**
 * Whether changes are being sent: the server's values are then older than those of the form.
 * @type {import("@preact/signals-core").Signal<boolean>}
 */
export const changing = signal(false);

/** @type {import("@preact/signals-core").Signal<"light" | "dark">} */
export const theme = signal("light");

/** @type {import("@preact/signals-core").Signal<UnitAt | null>} */
export const hovered = signal(null);

/** @type {import("@preact/signals-core").Signal<UnitAt | null>} */
export const selected = signal(null);

/**
 * Refusals, by the spec's path.
 * @type {import("@preact/signals-core").Signal<Map<string, Problem>>}
 */
export const errors = signal(new Map());

/**
 * Steps a second at most; null is unlimited.
 * @type {import("@preact/signals-core").Signal<number | null>}
 */
export const pace = signal(120);

/**
 * Steps that have a snapshot, ascending.
 * @type {import("@preact/signals-core").Signal<number[]>}
 */
export const steps = signal([]);

/**
 * Runs of this browser, newest first.
 * @type {import("@preact/signals-core").Signal<Remembered[]>}
 */
export const runs = signal([]);

/** Short messages shown for a while. @type {import("@preact/signals-core").Signal<Notice[]>} */
export const notices = signal([]);

/**
 * Why there is no run to show; null if there is one.
 * @type {import("@preact/signals-core").Signal<Problem | null>}
 */
export const failure = signal(null);

/** Whether a new run is being made. @type {import("@preact/signals-core").Signal<boolean>} */
export const starting = signal(false);

/**
 * Whether room is being made for another run.
 * @type {import("@preact/signals-core").Signal<boolean>}
 */
export const making = signal(false);

/** Whether large type for a projector is on. @type {import("@preact/signals-core").Signal<boolean>} */
export const presenting = signal(false);

/**
 * Whether the linear regions are drawn over the output.
 * @type {import("@preact/signals-core").Signal<boolean>}
 */
export const showRegions = signal(true);
