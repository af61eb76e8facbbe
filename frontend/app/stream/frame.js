/** Decodes frames: safetensors blobs with a picture's header as metadata. */

/** @typedef {import("../types/pictures.js").Picture} Picture */
/** @typedef {import("../types/pictures.js").Tensor} Tensor */
/** @typedef {import("../types/pictures.js").Numbers} Numbers */
/** @typedef {{dtype: string, shape: number[], data_offsets: [number, number]}} Entry */
/** @typedef {{tensor: string, shape: number[], lo?: number, hi?: number}} Reference */

/**
 * A frame with an undecoded picture, so that a frame replaced by a newer one is never decoded.
 * @typedef {{channel: string, seq: number, picture: () => Picture}} Envelope
 */

const text = new TextDecoder();

/**
 * Reads the envelope of a frame.
 * @param {ArrayBuffer} buffer
 * @returns {Envelope}
 */
export function open(buffer) {
  // 64-bit by the format; headers never exceed 4 GB.
  const size = new DataView(buffer).getUint32(0, true);
  /** @type {{__metadata__: {channel: string, seq: string, picture: string}, [name: string]: unknown}} */
  const header = JSON.parse(text.decode(new Uint8Array(buffer, 8, size)));
  const { channel, seq, picture } = header.__metadata__;
  return {
    channel,
    seq: Number(seq),
    picture: () => restore(JSON.parse(picture), header, buffer, 8 + size),
  };
}

/**
 * Decodes a whole frame; its arrays are mapped onto the buffer, not copied.
 * @param {ArrayBuffer} buffer
 * @returns {import("../types/pictures.js").Frame}
 */
export function decode(buffer) {
  const { channel, seq, picture } = open(buffer);
  return { channel, seq, picture: picture() };
}

/**
 * @param {any} value
 * @param {{[name: string]: unknown}} header
 * @param {ArrayBuffer} buffer
 * @param {number} start
 * @returns {any} the value, with each reference replaced by its tensor
 */
function restore(value, header, buffer, start) {
  if (value === null || typeof value !== "object") return value;
  if (typeof value.tensor === "string" && Array.isArray(value.shape)) {
    return tensor(value, /** @type {Entry} */ (header[value.tensor]), buffer, start);
  }
  for (const name of Object.keys(value)) {
    const part = value[name];
    if (part !== null && typeof part === "object") {
      value[name] = restore(part, header, buffer, start);
    }
  }
  return value;
}

/**
 * @param {Reference} reference
 * @param {Entry} entry
 * @param {ArrayBuffer} buffer
 * @param {number} start
 * @returns {Tensor}
 */
function tensor(reference, entry, buffer, start) {
  const [from, to] = entry.data_offsets;
  const data = numbers(entry.dtype, buffer, start + from, to - from);
  const { shape, lo, hi } = reference;
  return lo === undefined ? { data, shape } : { data, shape, lo, hi };
}

/**
 * @param {string} dtype
 * @param {ArrayBuffer} buffer
 * @param {number} start
 * @param {number} bytes
 * @returns {Numbers}
 */
function numbers(dtype, buffer, start, bytes) {
  switch (dtype) {
    case "U8":
      return new Uint8Array(buffer, start, bytes);
    case "I8":
      return new Int8Array(buffer, start, bytes);
    case "U16":
      return new Uint16Array(buffer, start, bytes / 2);
    case "U32":
      return new Uint32Array(buffer, start, bytes / 4);
    case "F32":
      return new Float32Array(buffer, start, bytes / 4);
    case "F16":
      return typeof Float16Array === "function"
        ? new Float16Array(buffer, start, bytes / 2)
        : halves(new Uint16Array(buffer, start, bytes / 2));
    default:
      throw new TypeError(`A frame holds a tensor of type ${dtype}, which this page cannot read`);
  }
}

/** @type {Float32Array<ArrayBuffer> | null} */
let table = null;

/**
 * Half-precision numbers for browsers without Float16Array, from a table of all 65,536 values.
 * @param {Uint16Array<ArrayBuffer>} bits
 * @returns {Float32Array<ArrayBuffer>}
 */
export function halves(bits) {
  table ??= Float32Array.from({ length: 65536 }, (_, half) => single(half));
  const found = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) found[i] = /** @type {number} */ (table[bits[i] ?? 0]);
  return found;
}

/**
 * @param {number} half the 16 bits of a half-precision number
 * @returns {number} its value
 */
function single(half) {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * Element i of a tensor, dequantised.
 * @param {Tensor} tensor
 * @param {number} i
 * @returns {number}
 */
export function at({ data, lo, hi }, i) {
  const stored = data[i] ?? NaN;
  return lo === undefined || hi === undefined ? stored : lo + ((hi - lo) * stored) / 255;
}
