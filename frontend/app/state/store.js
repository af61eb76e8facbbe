/**
 * The state of the page that belongs to no run, as signals; a run's own is in run-state.js. Components read
 * these and call the functions of actions.js; nothing else writes here.
 */
import { signal } from "@preact/signals-core";

/**
 * @typedef {import("../types/api.js").Catalogue} Catalogue
 * @typedef {import("../types/api.js").Me} Me
 * @typedef {import("./run-state.js").Written} Written
 * @typedef {{
 *   id: string, name: string, note: string, written: Written,
 *   loss: number | null, part?: "test" | "train", step: number, at: number,
 *   ownership?: import("./ownership.js").Ownership, owner?: string, made?: boolean, link?: Written | null,
 * }} Remembered  One run of this browser; "own" is the default of `ownership`. `part` is the examples of
 *   the loss: older entries lack it. `made` is whether a page of this browser made the run, `link` the
 *   settings of the link that it was made from.
 * @typedef {{
 *   key: number, text: string, tone: "plain" | "bad", topic: string,
 *   action: {label: string, act: () => void} | null,
 * }} Notice
 */

/** @type {import("@preact/signals-core").Signal<Catalogue | null>} */
export const catalogue = signal(null);

/** The user of this browser. @type {import("@preact/signals-core").Signal<Me | null>} */
export const me = signal(null);

/** @type {import("@preact/signals-core").Signal<"light" | "dark">} */
export const theme = signal("light");

/**
 * Runs of this browser, newest first.
 * @type {import("@preact/signals-core").Signal<Remembered[]>}
 */
export const runs = signal([]);

/** Short messages shown for a while. @type {import("@preact/signals-core").Signal<Notice[]>} */
export const notices = signal([]);

/** Whether a new run is being made. @type {import("@preact/signals-core").Signal<boolean>} */
export const starting = signal(false);

/** What the server's workers wait for while that run is made. @type {import("@preact/signals-core").Signal<string | null>} */
export const preparing = signal(null);

/**
 * Whether room is being made for another run.
 * @type {import("@preact/signals-core").Signal<boolean>}
 */
export const makingRoom = signal(false);

/** Whether large type for a projector is on. @type {import("@preact/signals-core").Signal<boolean>} */
export const presenting = signal(false);
