/** A canvas as large as the network, sharp at the screen's own resolution. */

// 16 million pixels is what every browser still gives a canvas; a net of 32 layers is wide.
const MOST_PIXELS = 16e6;

/**
 * Gives the canvas so many CSS pixels, and a context scaled to them.
 * @param {HTMLCanvasElement} canvas @param {number} width @param {number} height
 */
export function fit(canvas, width, height) {
  const wanted = globalThis.devicePixelRatio || 1;
  const ratio = Math.min(wanted, Math.sqrt(MOST_PIXELS / Math.max(1, width * height)));
  const across = Math.round(width * ratio);
  const down = Math.round(height * ratio);
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
