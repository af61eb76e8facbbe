/** The metrics of a paused run at its present step, if the series has no row for it. Pure. */

/** @typedef {import("../types/api.js").Metrics} Metrics */
/** @typedef {Pick<import("./context.js").Context, "state" | "series">} MetricsContext */

/**
 * A paused run is measured at its present step: between two rows, or at a row after which a weight was
 * edited. While a run trains, its metrics are those of its last row.
 * @param {MetricsContext} context
 * @returns {{step: number, metrics: Metrics} | null} null if the last row has the same numbers
 */
export function currentMetrics({ state, series }) {
  const now = state.progress.value;
  if (!now?.metrics || now.status === "running" || series.length === 0) return null;
  const { step, metrics } = now;
  if (step < series.value("step")) return null;
  const differs = Object.keys(metrics).some((name) => !Object.is(metrics[name] ?? NaN, series.value(name)));
  return differs ? { step, metrics } : null;
}

/**
 * @param {MetricsContext} context
 * @param {string} name
 * @param {number | null} step null is the present
 * @returns {number} of the present, else of the last row at or before the step; NaN if there is none
 */
export function metricAt(context, name, step) {
  const present = currentMetrics(context);
  if (!present || (step !== null && step < present.step)) return context.series.value(name, step);
  return name === "step" ? present.step : (present.metrics[name] ?? NaN);
}

/**
 * A column of the series up to the present.
 * @param {MetricsContext} context
 * @param {string} name
 * @returns {Float64Array<ArrayBuffer> | null} null if there is none
 */
export function columnWithCurrent(context, name) {
  const column = context.series.column(name);
  if (!column || !currentMetrics(context)) return column;
  const longer = new Float64Array(column.length + 1);
  longer.set(column);
  longer[column.length] = metricAt(context, name, null);
  return longer;
}
