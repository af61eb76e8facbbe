/** Computes the shown window of the plane or line. */

/** [x_min, x_max, y_min, y_max], or [x_min, x_max] on the line. @typedef {number[]} Window */

const MAX_SPAN = 60;
const MIN_SPAN = 0.01;

/**
 * Zooms about a fixed point.
 * @param {Window} window
 * @param {number[]} centre [x, y] or [x]
 * @param {number} factor below 1 zooms in
 * @returns {Window}
 */
export function zoomWindow(window, centre, factor) {
  const span = (window[1] ?? 0) - (window[0] ?? 0);
  const clampedFactor = Math.min(Math.max(span * factor, MIN_SPAN), MAX_SPAN) / span;
  return window.map((end, i) => {
    const middle = centre[i >> 1] ?? 0;
    return round(middle + (end - middle) * clampedFactor, span * clampedFactor);
  });
}

/**
 * @param {Window} window
 * @param {number[]} by [x, y] or [x]
 * @returns {Window}
 */
export function panWindow(window, by) {
  const span = (window[1] ?? 0) - (window[0] ?? 0);
  return window.map((end, i) => round(end + (by[i >> 1] ?? 0), span));
}

/**
 * Rounds ends to a thousandth of the span: messages are shorter, and similar views share a picture.
 * @param {number} value
 * @param {number} span
 */
function round(value, span) {
  const unit = 10 ** Math.floor(Math.log10(span) - 3);
  return Number((Math.round(value / unit) * unit).toPrecision(10));
}
