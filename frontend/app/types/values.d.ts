/** Types of the page's own: how it holds the values of what the server sends. */

import type { Mark, Picture } from "./pictures.js";
import type { Spec } from "./specs.js";

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

export type Numbers =
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float16Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** An array in row-major order; with `lo` and `hi`, a stored u means lo + (hi − lo)·u/255. */
export interface Tensor {
  data: Numbers;
  shape: number[];
  lo?: number;
  hi?: number;
}

export type MarkKind = Mark["kind"];

/** A spec as a person writes it: any part of one. */
export type PartialSpec = { [section: string]: Json | Partial<Spec[keyof Spec]> };

/** A frame off the wire. */
export interface Frame {
  channel: string;
  seq: number;
  picture: Picture;
}
