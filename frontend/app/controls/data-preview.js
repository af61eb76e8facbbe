/** Draws a dataset at the size of a tile: its points, in the same colours as elsewhere. */

/** @typedef {import("../types/api.js").DataKind} DataKind */

const MARGIN = 0.1;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {DataKind} data
 * @param {number} size  CSS pixels a side
 */
export function drawPreview(canvas, data, size) {
  const ratio = globalThis.devicePixelRatio || 1;
  canvas.width = canvas.height = Math.round(size * ratio);
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(ratio, ratio);
  const color = paletteOf(canvas);
  const radius = Math.max(1, size / 34);
  const { inputs, target, preview } = data;
  if (!preview) return;
  for (const [x, y, fill] of previewDots({ inputs, target, preview })) {
    context.fillStyle = color(fill);
    context.beginPath();
    context.arc(x * size, y * size, radius, 0, 2 * Math.PI);
    context.fill();
  }
}

/**
 * Dots in the unit square, y downwards, each with its class or its value from −1 to 1 for the colour.
 * @param {Pick<DataKind, "inputs" | "target"> & {preview: NonNullable<DataKind["preview"]>}} data
 * @returns {[number, number, {class: number} | {value: number}][]}
 */
export function previewDots({ inputs, target, preview: { x, y } }) {
  const across = normalizer(x.map((point) => point[0] ?? 0));
  const up = normalizer(inputs === 2 ? x.map((point) => point[1] ?? 0) : y);
  const most = Math.max(...y.map(Math.abs), 1e-9);
  return x.map((point, index) => {
    const goal = y[index] ?? 0;
    const height = inputs === 2 ? (point[1] ?? 0) : goal;
    const fill = target === "classes" ? { class: goal } : { value: goal / most };
    return [across(point[0] ?? 0), 1 - up(height), fill];
  });
}

/** @param {number[]} values @returns {(value: number) => number} */
function normalizer(values) {
  const low = Math.min(...values);
  const range = Math.max(...values) - low || 1;
  return (value) => MARGIN + ((value - low) / range) * (1 - 2 * MARGIN);
}

/** @param {Element} element */
function paletteOf(element) {
  const style = getComputedStyle(element);
  const token = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return (/** @type {{class: number} | {value: number}} */ fill) => {
    if ("class" in fill) return token(`--class-${fill.class}`);
    const share = Math.round(25 + 75 * Math.min(1, Math.abs(fill.value)));
    const end = token(fill.value < 0 ? "--negative" : "--positive");
    return `color-mix(in srgb, ${end} ${share}%, ${token("--third")})`;
  };
}
