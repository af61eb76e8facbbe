/**
 * Computes the places of the network's tiles from its columns and the room, in CSS pixels. Pure.
 *
 * @typedef {{x: number, y: number, size: number}} Box the middle of a tile, and its side
 * @typedef {{x: number, boxes: Box[], top: number, bottom: number}} Place a column's middle
 * @typedef {{width: number, height: number, places: Place[], head: number, tile: number,
 *   pitch: number}} Layout
 * @typedef {{width: number, height: number, coarse: boolean, scale: number}} Room
 *   `coarse` asks for touch targets, `scale` is that of the type (1.5 on a projector)
 * @typedef {{role: string, cells: {unit: number | null}[], total: number}} Shape
 */
import { isPaged } from "./layer-pages.js";

const MAX_PITCH = 66; // a column of two units should not look lost and should not fill the page
const MAX_PITCH_SHARE = 0.125; // of the height: on a large screen tiles may be larger
const MIN_PITCH = 20;
const MAX_COLUMN_GAP = 300; // between two columns
const OUTPUT_SCALE = 1.55; // the output's tiles are larger than the others
const OFF_SCALE = 0.56; // an input feature that is switched off is smaller than one that is on

/**
 * @param {Shape[]} columns @param {Room} room
 * @returns {Layout}
 */
export function layout(columns, room) {
  const head = Math.round((room.coarse ? 148 : 86) * room.scale);
  // Touch needs room for the buttons below a large layer.
  const foot = Math.round((room.coarse && columns.some(isPaged) ? 58 : 26) * room.scale);
  const inner = columns.filter(({ role }) => role !== "output");
  const most = Math.max(1, ...inner.map(({ cells }) => cells.length));
  const least = room.coarse ? 44 : MIN_PITCH;
  const free = room.height - head - foot;
  const pitch = clamp(free / most, least, Math.max(MAX_PITCH * room.scale, MAX_PITCH_SHARE * free));
  const gap = clamp(pitch * 0.18, 3, 10);
  const tile = Math.floor(pitch - gap);
  const height = Math.max(room.height, Math.ceil(head + foot + most * pitch));
  const middle = head + (height - head - foot) / 2;

  const outputs = columns.at(-1)?.cells.length ?? 1;
  const large = Math.floor(clamp((height - head - foot) / outputs - gap, tile, tile * OUTPUT_SCALE));

  const left = Math.round(64 * room.scale) + tile / 2; // room for the features' names
  const right = Math.max(Math.round(28 * room.scale) + large / 2, Math.round(60 * room.scale));
  const steps = Math.max(1, columns.length - 1);
  const narrowest = (room.coarse ? 148 : 104) * room.scale;
  const between = clamp((room.width - left - right) / steps, narrowest, MAX_COLUMN_GAP * room.scale);
  const width = Math.max(room.width, Math.ceil(left + right + between * steps));
  const first = left + (width - left - right - between * steps) / 2;

  const places = columns.map((column, index) => {
    const x = Math.round(first + index * between);
    const on = column.role === "output" ? large : tile;
    const sizes = column.cells.map(({ unit }) => (unit === null ? Math.round(tile * OFF_SCALE) : on));
    const steps = sizes.map((size) => Math.max(size + gap, size === on ? pitch : least));
    let y = middle - steps.reduce((sum, step) => sum + step, 0) / 2;
    const boxes = sizes.map((size, i) => {
      const step = steps[i] ?? pitch;
      y += step;
      return { x, y: Math.round(y - step / 2), size };
    });
    const top = (boxes[0]?.y ?? middle) - (sizes[0] ?? 0) / 2;
    const bottom = (boxes.at(-1)?.y ?? middle) + (sizes.at(-1) ?? 0) / 2;
    return { x, boxes, top, bottom };
  });
  return { width, height, places, head, tile, pitch };
}

/** @param {number} value @param {number} low @param {number} high */
function clamp(value, low, high) {
  return Math.max(low, Math.min(high, value));
}
