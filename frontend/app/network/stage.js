/** Measures the room of the network, as a signal: its stage's size, the pointer, the type's scale. */
import { SMALL } from "../media.js";
import { signal } from "@preact/signals-core";
import { onTheme, palette } from "../marks/colors.js";
import { watchSize } from "../marks/watch-size.js";

// In a one-column page the network is as high as it needs and scrolls with the page.
const ONE_COLUMN_HEIGHT = 440;

/**
 * @param {HTMLElement} stage
 * @returns {{room: import("@preact/signals-core").Signal<import("./layout.js").Room>,
 *   close: () => void}}
 */
export function watchStage(stage) {
  const column = matchMedia(SMALL);
  const coarse = matchMedia("(pointer: coarse)");
  let size = { width: stage.clientWidth, height: stage.clientHeight };
  const measure = () => ({
    width: size.width,
    height: column.matches ? ONE_COLUMN_HEIGHT : size.height,
    coarse: coarse.matches,
    scale: palette().scale,
  });
  const room = signal(measure());
  const update = () => {
    const next = measure();
    const now = room.peek();
    if (JSON.stringify(next) !== JSON.stringify(now)) room.value = next;
  };
  const stopSizing = watchSize(stage, ({ width, height }) => {
    size = { width: Math.floor(width), height: Math.floor(height) };
    update();
  });
  column.addEventListener("change", update);
  coarse.addEventListener("change", update);
  const stopTheme = onTheme(update);
  return {
    room,
    close() {
      stopSizing();
      column.removeEventListener("change", update);
      coarse.removeEventListener("change", update);
      stopTheme();
    },
  };
}
