/**
 * What the page knows, as signals. Components read these and call the verbs of actions.js; nothing
 * else writes here. Streamed arrays never come in: they go straight to the canvases.
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
 * }} Remembered  One run of this browser; "own" where it does not say whose. `part` is the examples
 *   that the loss is of: older entries lack it.
 * @typedef {{
 *   key: number, text: string, tone: "plain" | "bad", topic: string,
 *   action: {label: string, act: () => void} | null,
 * }} Notice
 */

/** @type {import("@preact/signals-core").Signal<Catalogue | null>} */
export const catalogue = signal(null);

/** Who this browser is. @type {import("@preact/signals-core").Signal<Me | null>} */
export const me = signal(null);

/**
 * The run on the page, as the server last told it.
 * @type {import("@preact/signals-core").Signal<Run | null>}
 */
export const run = signal(null);

/** Where the run stands now. @type {import("@preact/signals-core").Signal<Progress | null>} */
export const progress = signal(null);

/**
 * Whether the run is said to train, and no progress has come for a while.
 * @type {import("@preact/signals-core").Signal<boolean>}
 */
export const stalled = signal(false);

/**
 * The filled spec that the form shows.
 * @type {import("@preact/signals-core").Signal<Spec | null>}
 */
export const spec = signal(null);

/**
 * What of the spec somebody chose; the rest are defaults.
 * @type {import("@preact/signals-core").Signal<Written>}
 */
export const written = signal({});

/**
 * The spec in numbers: layers, parameters.
 * @type {import("@preact/signals-core").Signal<Described | null>}
 */
export const described = signal(null);

/**
 * The step that is looked at; null is live.
 * @type {import("@preact/signals-core").Signal<number | null>}
 */
export const viewedStep = signal(null);

/**
 * Live changes made while looking back: they apply when one goes on from there.
 * @type {import("@preact/signals-core").Signal<{[path: string]: any}>}
 */
export const pending = signal({});

/** @type {import("@preact/signals-core").Signal<import("../stream/connection.js").State>} */
export const connection = signal("connecting");

/**
 * Whether changes are on their way: what the server says is older than what the form shows.
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
 * What was refused, by the spec's path.
 * @type {import("@preact/signals-core").Signal<Map<string, Problem>>}
 */
export const errors = signal(new Map());

/**
 * Steps a second at most; null is as fast as it goes.
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

/** Short messages that come and go. @type {import("@preact/signals-core").Signal<Notice[]>} */
export const notices = signal([]);

/**
 * Why there is no run to show, if so.
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

/** Large type for a projector. @type {import("@preact/signals-core").Signal<boolean>} */
export const presenting = signal(false);

/**
 * Whether the linear regions are drawn over the output.
 * @type {import("@preact/signals-core").Signal<boolean>}
 */
export const showRegions = signal(true);
