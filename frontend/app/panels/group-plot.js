/**
 * The plot that compares a group of runs: a metric against one field, a line for each value of a second one. Pure:
 * statistics in, marks out.
 */

import { CLASSES } from "../marks/colors.js";
import { logSplits, share, ticks } from "../marks/scales.js";

/**
 * @typedef {import("../marks/scales.js").NamedAxis} NamedAxis
 * @typedef {import("../types/api.js").GroupPlace} GroupPlace
 * @typedef {import("../types/api.js").GroupRun} GroupRun
 * @typedef {import("../types/pictures.js").Mark} Mark
 * @typedef {import("../types/pictures.js").Plot} Plot
 * @typedef {import("../types/pictures.js").Role} Role
 * @typedef {{path: string, label: string, values: unknown[], texts: string[]}} Varied  a field, its values and their texts
 * @typedef {{label: string, unit: string, log: boolean, ends: [number, number] | null, format: (value: number) => string, formatTick: (value: number) => string}} Metric
 * @typedef {{place: GroupPlace, run: GroupRun | null, line: number}} Target  what a point stands for: a run, or the mean
 *   of a place; `line` is its number
 * @typedef {{plot: Plot, targets: Target[][]}} GroupPlot  `targets` has those of each mark's points
 */

/** From this ratio of the largest value to the smallest, the axis is logarithmic. */
const LOG_RATIO = 10 ** 1.5;
/** The room at both ends of a numeric axis, as a share of its length. */
const ROOM = 0.05;
/** Ticks stand at the values themselves, up to so many and if they are not closer than this share. */
const OWN_TICKS = { most: 9, gap: 0.07 };
/** The widest distance of two lines' points at one name, as a share of the distance of two names. */
const DODGE = 0.14;
const SIZES = { run: 0.6, mean: 1.2 };
/** A log scale has room for at least this ratio, and round numbers at powers of ten from a ratio of so much on. */
const LEAST_RATIO = 1.2;
const POWERS_FROM = 10;

/**
 * @param {GroupPlace[]} places
 * @param {Varied | null} across  the field along the axis; null if only seeds differ
 * @param {Varied | null} lines  the field with a line for each value
 * @param {Metric} metric
 * @returns {GroupPlot}
 */
export function groupPlot(places, across, lines, metric) {
  const count = lines?.values.length ?? 1;
  const x = acrossAxis(across);
  const named = !isNumeric(across);
  const rows = Array.from({ length: count }, (_, line) =>
    places
      .filter(({ values }) => !lines || indexOf(lines, values[lines.path]) === line)
      .map((place) => ({ place, x: placeOf(x, across, place, line, count) }))
      .sort((a, b) => a.x - b.x),
  );
  const y = upAxis(places, metric);
  /** @type {Mark[]} */
  const marks = [];
  /** @type {Target[][]} */
  const targets = [];
  const add = (/** @type {Mark | null} */ mark, /** @type {Target[]} */ points = []) => {
    if (!mark) return;
    marks.push(mark);
    targets.push(points);
  };
  rows.forEach((row, line) => (named ? whiskers : bands)(row, line, y, metric).forEach((mark) => add(mark)));
  rows.forEach((row, line) => add(meanLine(row, line, named)));
  for (const hollow of [false, true]) {
    const all = rows.flatMap((row, line) =>
      row.flatMap(({ place, x: at }) =>
        place.runs.filter((run) => run.value !== null && !hasEnded(run) === hollow).map((run) => ({ place, run, line, x: at, y: Number(run.value) })),
      ),
    );
    add(points(all, hollow, SIZES.run), all);
  }
  for (const hollow of [false, true]) {
    const all = rows.flatMap((row, line) =>
      row
        .filter(({ place }) => place.mean !== null && !place.runs.every(hasEnded) === hollow)
        .map(({ place, x: at }) => ({ place, run: null, line, x: at, y: Number(place.mean) })),
    );
    add(points(all, hollow, SIZES.mean), all);
  }
  const title = across ? `${metric.label} by ${lowerLabel(across.label)}` : metric.label;
  return { plot: { id: "group", marks, title, note: "", x, y, equal: false }, targets };
}

/** "L1 penalty" keeps its capital, "Batch size" does not. @param {string} label */
const lowerLabel = (label) => (/^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label);

/** Whether a run's value will not change any more. @param {GroupRun} run */
export const hasEnded = ({ status, error }) =>
  ["finished", "failed", "stopped"].includes(status) || error === "diverged";

/** @param {Varied} field @param {unknown} value */
const indexOf = ({ values }, value) => values.findIndex((one) => JSON.stringify(one) === JSON.stringify(value));

/** Whether its values lie on an axis of numbers; others have a name each. @param {Varied | null} field */
const isNumeric = (field) => field !== null && field.values.every((value) => typeof value === "number");

/** @param {Varied | null} field @returns {NamedAxis} */
function acrossAxis(field) {
  const about = { label: field?.label ?? "", unit: "", whole: false, below: field !== null };
  if (!isNumeric(field)) {
    const names = field?.texts ?? [""];
    return { ...about, low: -0.5, high: names.length - 0.5, scale: "linear", ticks: names.map((_, index) => index), names };
  }
  const values = /** @type {number[]} */ (field?.values);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const log = low > 0 && high / low >= LOG_RATIO;
  const room = log ? (high / low) ** ROOM : ROOM * (high - low) || 0.5 * Math.abs(low) || 0.5;
  const axis = {
    ...about, low: log ? low / room : low - room, high: log ? high * room : high + room,
    scale: /** @type {"log" | "linear"} */ (log ? "log" : "linear"),
  }; // prettier-ignore
  const own = ownTicks(axis, values);
  if (own) return { ...axis, ticks: own, names: own.map((value) => field?.texts[values.indexOf(value)] ?? "") };
  return log ? { ...axis, ticks: logSplits(axis.low, axis.high, 7) } : axis;
}

/** The values themselves, if their names fit. @param {NamedAxis} axis @param {number[]} values */
function ownTicks(axis, values) {
  const sorted = [...values].sort((a, b) => a - b);
  const near = sorted.some((value, i) => i > 0 && share(axis, value) - share(axis, sorted[i - 1] ?? NaN) < OWN_TICKS.gap);
  return sorted.length <= OWN_TICKS.most && !near ? sorted : null;
}

/**
 * @param {NamedAxis} axis
 * @param {Varied | null} across
 * @param {GroupPlace} place
 * @param {number} line
 * @param {number} count of lines
 */
function placeOf(axis, across, place, line, count) {
  const value = across ? place.values[across.path] : null;
  if (isNumeric(across)) return Number(value);
  const at = across ? indexOf(across, value) : (axis.ticks?.[0] ?? 0);
  return at + (line - (count - 1) / 2) * Math.min(DODGE, 0.7 / count);
}

/** @param {GroupPlace[]} places @param {Metric} metric @returns {NamedAxis} */
function upAxis(places, metric) {
  const { label, unit, log, formatTick } = metric;
  const values = places.flatMap(({ runs }) => runs.flatMap(({ value }) => (value === null ? [] : [value])));
  const isLog = log && values.every((value) => value > 0) && values.length > 0;
  const ends = places.flatMap(({ mean, deviation }) =>
    mean === null ? [] : [-1, 1].map((side) => within(mean + side * (deviation ?? 0), metric)),
  );
  const { low, high } = isLog ? logRange(values, ends) : linearRange([...values, ...ends]);
  const at = isLog && high / low > POWERS_FROM ? logSplits(low, high, 6) : ticks(low, high, 5);
  return { label, unit, low, high, scale: isLog ? "log" : "linear", whole: false, ticks: at, names: at.map(formatTick) };
}

/** The range of positive values, and of those ends that a log scale has near them. @param {number[]} values @param {number[]} ends */
function logRange(values, ends) {
  const [least, most] = [Math.min(...values), Math.max(...values, ...ends)];
  const low = Math.min(least, ...ends.filter((end) => end > least / 2));
  const half = Math.max(Math.sqrt(most / low) ** (1 + 2 * ROOM), LEAST_RATIO);
  const middle = Math.sqrt(most * low);
  return { low: middle / half, high: middle * half };
}

/** @param {number[]} values */
function linearRange(values) {
  if (!values.length) return { low: 0, high: 1 };
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = ROOM * (high - low) || 0.1 * Math.abs(low) || 0.5;
  return { low: low - room, high: high + room };
}

/** @typedef {{place: GroupPlace, x: number}} At */

/** A class's colour, which the palette has as it has the roles'. @param {number} line */
const colorOf = (line) => /** @type {Role} */ (`class-${line % CLASSES}`);

/** @param {number[]} values */
const tensor = (values) => ({ data: Float64Array.from(values), shape: [values.length] });

/** A value within the ends of its metric: no share is above 100 %. @param {number} value @param {Metric} metric */
const within = (value, { ends }) => (ends ? Math.min(ends[1], Math.max(ends[0], value)) : value);

/** The ends of ± one standard deviation; on a log scale within the axis. @param {GroupPlace} place @param {NamedAxis} y @param {Metric} metric */
function spread({ mean, deviation }, y, metric) {
  const low = within(Number(mean) - Number(deviation), metric);
  return { low: y.scale === "log" ? Math.max(low, y.low) : low, high: within(Number(mean) + Number(deviation), metric) };
}

/** Whether the statistics of a place will not change any more: those of others say nothing of a trend. @param {At} at */
const isFinal = ({ place }) => place.runs.every(hasEnded);

/** Bands over finished neighbours with a deviation; a place by itself has a whisker. @param {At[]} row @param {number} line @param {NamedAxis} y @param {Metric} metric @returns {Mark[]} */
function bands(row, line, y, metric) {
  /** @type {At[][]} */
  const parts = [[]];
  for (const at of row) {
    if (at.place.deviation === null) parts.push([]);
    else if (!isFinal(at)) parts.push([at], []);
    else parts.at(-1)?.push(at);
  }
  return parts.flatMap((part) => (part.length > 1 ? [band(part, line, y, metric)] : whiskers(part, line, y, metric)));
}

/** @param {At[]} part @param {number} line @param {NamedAxis} y @param {Metric} metric @returns {Mark} */
function band(part, line, y, metric) {
  const ends = part.map(({ place }) => spread(place, y, metric));
  return {
    kind: "area", x: tensor(part.map(({ x }) => x)), low: tensor(ends.map(({ low }) => low)),
    high: tensor(ends.map(({ high }) => high)), color: colorOf(line), label: "",
  }; // prettier-ignore
}

/** @param {At[]} row @param {number} line @param {NamedAxis} y @param {Metric} metric @returns {Mark[]} */
function whiskers(row, line, y, metric) {
  return row
    .filter(({ place }) => place.deviation !== null)
    .map(({ place, x }) => {
      const { low, high } = spread(place, y, metric);
      return {
        kind: "line", x: tensor([x, x]), y: tensor([low, high]), color: colorOf(line), label: "", width: 2, dashed: false,
      }; // prettier-ignore
    });
}

/** The line through the means of finished runs; dashed between names, and for lines whose colour another one has. @param {At[]} row @param {number} line @param {boolean} named @returns {Mark | null} */
function meanLine(row, line, named) {
  const joined = (/** @type {At} */ at) => at.place.mean !== null && isFinal(at);
  if (row.filter(joined).length < 2) return null;
  return {
    kind: "line", x: tensor(row.map(({ x }) => x)), y: tensor(row.map((at) => (joined(at) ? Number(at.place.mean) : NaN))),
    color: colorOf(line), label: "", width: named ? 1 : 2, dashed: named || line >= CLASSES,
  }; // prettier-ignore
}

/** @param {{line: number, x: number, y: number}[]} all @param {boolean} hollow @param {number} size @returns {Mark | null} */
function points(all, hollow, size) {
  if (!all.length) return null;
  const mark = {
    kind: /** @type {const} */ ("points"), x: tensor(all.map(({ x }) => x)), y: tensor(all.map(({ y }) => y)),
    values: tensor(all.map(({ line }) => line % CLASSES)), colors: /** @type {const} */ ("classes"), lo: 0, hi: 0,
    hollow, label: "", ellipses: null, size,
  }; // prettier-ignore
  return mark;
}

/**
 * What a point stands for: "Learning rate 0.01, seed 2: 0.131 at step 400".
 * @param {Target} target
 * @param {(Varied | null)[]} fields
 * @param {Metric} metric
 */
export function targetWords({ place, run }, fields, { format }) {
  const at = fields.flatMap((field) => (field ? [`${field.label} ${field.texts[indexOf(field, place.values[field.path])] ?? ""}`] : []));
  if (run) {
    const where = [...at, `seed ${run.seed}`].join(", ");
    return `${where}: ${format(Number(run.value))} at step ${run.step.toLocaleString("en")}`;
  }
  const spreadWords = place.deviation === null ? "" : ` ± ${format(place.deviation)}`;
  const over = place.count === 1 ? "1 run" : `${place.count} runs`;
  return `${at.length ? `${at.join(", ")}: ` : ""}mean ${format(Number(place.mean))}${spreadWords} over ${over}`;
}

/**
 * Runs without a value, in words: those that will have none, "2 of 9 diverged", and those that have none yet, "3 of 9
 * have no value yet"; "" if there are none.
 * @param {GroupPlace[]} places
 */
export function missingWords(places) {
  const runs = places.flatMap((place) => place.runs);
  const without = runs.filter(({ value }) => value === null);
  const diverged = without.filter(({ error }) => error === "diverged").length;
  const others = without.filter((run) => hasEnded(run)).length - diverged;
  const later = without.length - diverged - others;
  const of = (/** @type {number} */ count, /** @type {string} */ words) =>
    count ? [`${count} of ${runs.length} ${words}`] : [];
  return {
    never: [...of(diverged, "diverged"), ...of(others, "ended without a value")].join(", "),
    later: of(later, later === 1 ? "has no value yet" : "have no value yet").join(""),
  };
}
