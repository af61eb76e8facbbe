/** Sizes a canvas to the network, sharp at the screen's resolution. */

// Every browser supports canvases of 16 million pixels; a network of 32 layers is wide.
const MAX_PIXELS = 16e6;

/**
 * Sets the canvas's size in CSS pixels, and scales its context to them.
 * @param {HTMLCanvasElement} canvas @param {number} width @param {number} height
 */
export function resizeCanvas(canvas, width, height) {
  const wanted = globalThis.devicePixelRatio || 1;
  const ratio = Math.min(wanted, Math.sqrt(MAX_PIXELS / Math.max(1, width * height)));
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
