/** Computes the places of units, and of what is written beside them, in the picture of a perceptron's step. Pure. */

/**
 * Where the numbers flow: into a layer from the one before, back into a layer from the one after, or nowhere.
 * @typedef {{layer: number | null, way: "forward" | "backward" | "update"}} Focus
 * @typedef {{width: number, height: number, scale: number, coarse: boolean}} Room
 * @typedef {{left: number, right: number, middles: number[], chips: number}} Column `chips` is where numbers beside
 *   its units begin
 * @typedef {{width: number, height: number, head: number, card: {width: number, height: number, map: number},
 *   named: boolean, columns: Column[]}} Layout
 */

const HEAD = 42;
const FOOT = 10;
/** Below the products there is the bias. */
const BIAS = 30;
const PITCH = { least: 27, touch: 48, most: 60, named: 64 };
/** From this distance between units on, each has its symbol over it. */
const NAMED_FROM = 46;
const SYMBOL = 16;
const VALUE = 82;
const MARGIN = 16;
/** The widths of what stands beside a unit: weight and product, or δ. */
export const CHIP = { forward: 176, backward: 106 };
/** The least way of an edge. */
const EDGE = 64;
const LABELLED_EDGE = 136;
/** A wider way would only be longer. */
const WIDEST = 150;

/**
 * @param {readonly number[]} counts shown units of each layer, input features first
 * @param {Room} room
 * @param {Focus} focus
 * @returns {Layout}
 */
export function networkLayout(counts, room, focus) {
  const { scale } = room;
  const most = Math.max(1, ...counts);
  const forward = focus.way === "forward";
  const foot = FOOT + (forward ? BIAS : 0);
  const least = room.coarse ? PITCH.touch : PITCH.least;
  const free = (room.height / scale - HEAD - foot) / most;
  const pitch = Math.max(least, Math.min(room.coarse ? PITCH.named : PITCH.most, free));
  const named = pitch >= (room.coarse ? PITCH.named : NAMED_FROM);
  const high = Math.floor(Math.min(pitch - (named ? SYMBOL + 4 : 4), 44));
  const map = high - 8;
  const card = { width: map + VALUE, height: high, map };

  const last = counts.length - 1;
  const gaps = counts.slice(1).map((_, before) => gapAfter(before, focus));
  const end = focus.way === "backward" && focus.layer === last ? CHIP.backward : 0;
  const needed = 2 * MARGIN + counts.length * card.width + gaps.reduce((sum, gap) => sum + gap, 0) + end;
  const spare = Math.max(0, room.width / scale - needed);
  const more = gaps.length ? Math.min(WIDEST - EDGE, spare / gaps.length) : 0;
  const rest = Math.max(0, spare - more * gaps.length);

  const height = HEAD + most * pitch + foot;
  const center = HEAD + (most * pitch) / 2 + (named ? SYMBOL / 2 : 0);
  let left = MARGIN + rest / 2;
  const columns = counts.map((count, layer) => {
    const right = left + card.width;
    const middles = Array.from({ length: count }, (_, unit) => scale * (center + (unit - (count - 1) / 2) * pitch));
    const column = { left: scale * left, right: scale * right, middles, chips: scale * (right + 6) };
    left = right + (gaps[layer] ?? 0) + more;
    return column;
  });
  return {
    width: scale * Math.max(needed, room.width / scale),
    height: scale * height,
    head: scale * HEAD,
    card: { width: scale * card.width, height: scale * card.height, map: scale * card.map },
    named,
    columns,
  };
}

/** The least way from a layer to the next. @param {number} before the layer @param {Focus} focus */
function gapAfter(before, { layer, way }) {
  if (layer === null) return EDGE;
  if (way === "forward") return before === layer - 1 ? CHIP.forward + EDGE : EDGE;
  if (way === "backward" && before === layer) return CHIP.backward + EDGE;
  return before === layer - 1 ? LABELLED_EDGE : EDGE;
}
