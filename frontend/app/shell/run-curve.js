/** Draws the loss of a run as a small curve in SVG: a list has hundreds of them, and no canvas each. */

import { html, nothing } from "lit-html";

const WIDTH = 88;
const HEIGHT = 28;
const MARGIN = 2;

/**
 * The path through the points `[step, loss]`, on a logarithmic scale if all losses are positive, as the
 * timeline has it; "" for fewer than two.
 * @param {number[][]} points
 */
export function curvePath(points) {
  if (points.length < 2) return "";
  const map = points.every(([, loss = 0]) => loss > 0) ? Math.log : (/** @type {number} */ loss) => loss;
  const losses = points.map(([, loss = 0]) => map(loss));
  const low = Math.min(...losses);
  const range = Math.max(...losses) - low || 1;
  const [first = 0, last = 1] = [points[0]?.[0], points.at(-1)?.[0]];
  const across = WIDTH - 2 * MARGIN;
  const down = HEIGHT - 2 * MARGIN;
  const places = points.map(([step = 0], at) => {
    const x = MARGIN + (across * (step - first)) / (last - first || 1);
    const y = MARGIN + down * (1 - ((losses[at] ?? low) - low) / range);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return `M${places.join("L")}`;
}

/** @param {import("../state/run-pages.js").Curve | undefined} curve */
export function runCurve(curve) {
  const path = curvePath(curve?.points ?? []);
  return html`<svg class="run-curve" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
    <path d=${path || nothing} />
  </svg>`;
}
