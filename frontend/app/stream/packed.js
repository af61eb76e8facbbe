/** Reads packed frames: compressed ones, which say what differs from the frame before. See docs/stream.md. */

const FIRST = 1;
const LAST = 2;
const ALONE = 0;
const DIFFERENCES = 2;
const RUN_BYTES = 7;
/** DEFLATE reaches back so far, in bytes. */
const DICTIONARY_SIZE = 32_768;

/** Neighbouring tensors with items of one size, in bytes. @typedef {{size: number, stride: number, items: number}} Run */

const text = new TextDecoder();

/** Whether this browser has raw DEFLATE. */
export const canUnpack = () => {
  try {
    return Boolean(new DecompressionStream("deflate-raw"));
  } catch {
    return false;
  }
};

/** Reads all binary messages of one stream. */
export class Unpacker {
  /** The bytes of all messages, which an acknowledgement reports. */
  received = 0;
  /** @type {Map<string, Uint8Array<ArrayBuffer>[]>} */
  #parts = new Map();
  /** The last frame of each subscription, as the next one builds on it. @type {Map<string, Promise<ArrayBuffer>>} */
  #references = new Map();

  /**
   * @param {ArrayBuffer} message
   * @returns {ArrayBuffer | Promise<ArrayBuffer> | null} the frame that the message completes; null if
   *   more parts follow. The frames of a subscription are ready in their order.
   */
  read(message) {
    this.received += message.byteLength;
    const kind = new Uint8Array(message)[0] ?? 0;
    if (kind % 8 === 0) return message;
    const nameEnd = 3 + new DataView(message).getUint16(1, true);
    const name = text.decode(new Uint8Array(message, 3, nameEnd - 3));
    const parts = kind & FIRST ? [] : (this.#parts.get(name) ?? []);
    parts.push(new Uint8Array(message, nameEnd));
    if (!(kind & LAST)) {
      this.#parts.set(name, parts);
      return null;
    }
    this.#parts.delete(name);
    const frame = unpack(parts, this.#references.get(name));
    this.#references.set(name, frame);
    return frame;
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>[]} parts of the data
 * @param {Promise<ArrayBuffer>} [reference] the frame before
 * @returns {Promise<ArrayBuffer>}
 */
async function unpack([first, ...rest], reference) {
  const [form = 0, count = 0] = first ?? [];
  const runsEnd = 2 + count * RUN_BYTES;
  const runs = runsOf(/** @type {Uint8Array} */ (first).subarray(2, runsEnd));
  const data = [/** @type {Uint8Array<ArrayBuffer>} */ (first).subarray(runsEnd), ...rest];
  const before = form === ALONE ? null : await reference;
  if (before === undefined) throw new Error("A packed frame has come without the one before it");
  const frame = before ? await inflateAfter(headerOf(before), data) : await inflate(data);
  let at = tensorsStart(frame);
  let old = before && form === DIFFERENCES ? tensorsStart(before) : -1;
  for (const run of runs) {
    const items = joinPlanes(frame, at, run);
    for (let i = run.stride; run.stride && i < run.items; i++) add(items, i, items[i - run.stride]);
    if (before && old >= 0) {
      const others = itemsOf(before, old, run);
      for (let i = 0; i < run.items; i++) add(items, i, others[i]);
      old += run.size * run.items;
    }
    at += run.size * run.items;
  }
  return frame;
}

/** Modulo the size of an item. @param {Items} items @param {number} i @param {number | undefined} more */
const add = (items, i, more) => void (items[i] = /** @type {number} */ (items[i]) + /** @type {number} */ (more));

/** @param {Uint8Array} bytes @returns {Run[]} */
function runsOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / RUN_BYTES }, (_, i) => ({
    size: view.getUint8(i * RUN_BYTES),
    stride: view.getUint16(i * RUN_BYTES + 1, true),
    items: view.getUint32(i * RUN_BYTES + 3, true),
  }));
}

/** @typedef {Uint8Array | Uint16Array | Uint32Array} Items */

/**
 * @param {ArrayBuffer} frame
 * @param {number} start
 * @param {Run} run
 * @returns {Items}
 */
function itemsOf(frame, start, { size, items }) {
  if (size === 1) return new Uint8Array(frame, start, items);
  return size === 2 ? new Uint16Array(frame, start, items) : new Uint32Array(frame, start, items);
}

/**
 * The items of a run, of which the frame has all lowest bytes first, then all second bytes, and so on.
 * @param {ArrayBuffer} frame
 * @param {number} start
 * @param {Run} run
 */
function joinPlanes(frame, start, run) {
  const { size, items } = run;
  if (size > 1) {
    const planes = new Uint8Array(frame.slice(start, start + size * items));
    const bytes = new Uint8Array(frame, start, size * items);
    for (let place = 0; place < size; place++)
      for (let i = 0; i < items; i++) bytes[i * size + place] = /** @type {number} */ (planes[place * items + i]);
  }
  return itemsOf(frame, start, run);
}

/** @param {ArrayBuffer} frame */
const tensorsStart = (frame) => 8 + new DataView(frame).getUint32(0, true);

/** @param {ArrayBuffer} frame */
const headerOf = (frame) => new Uint8Array(frame, 0, tensorsStart(frame)).subarray(-DICTIONARY_SIZE);

/**
 * Inflates with a preset dictionary. DecompressionStream has none, so the dictionary goes before, as a
 * block that is stored (RFC 1951, 3.2.4).
 * @param {Uint8Array<ArrayBuffer>} dictionary
 * @param {Uint8Array<ArrayBuffer>[]} parts
 */
async function inflateAfter(dictionary, parts) {
  const { length } = dictionary;
  const block = Uint8Array.of(0, length, length >> 8, ~length, ~length >> 8);
  return (await inflate([block, dictionary, ...parts])).slice(length);
}

/**
 * @param {Uint8Array<ArrayBuffer>[]} parts of raw DEFLATE
 * @returns {Promise<ArrayBuffer>}
 */
function inflate(parts) {
  const stream = new DecompressionStream("deflate-raw");
  const writer = stream.writable.getWriter();
  // The reader gets the error.
  for (const part of parts) writer.write(part).catch(() => {});
  writer.close().catch(() => {});
  return new Response(stream.readable).arrayBuffer();
}
