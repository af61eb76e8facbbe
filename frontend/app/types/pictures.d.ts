/** A picture as the page has it: the wire's header with every array put in as a Tensor. */

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

export type Colors = "diverging" | "sequential" | "classes";

export interface Axis {
  label: string;
  low: number;
  high: number;
  unit: string;
  scale: "linear" | "log";
  /** Whether it counts something: its ticks are whole numbers. */
  whole?: boolean;
}

export interface LineMark {
  kind: "line";
  x: Tensor;
  y: Tensor;
  color: string;
  label: string;
  width: number;
  dashed: boolean;
}

export interface AreaMark {
  kind: "area";
  x: Tensor;
  low: Tensor;
  high: Tensor;
  color: string;
  label: string;
}

export interface HeatmapMark {
  kind: "heatmap";
  /** (H, W); row 0 is the lowest y. */
  values: Tensor;
  lo: number;
  hi: number;
  colors: Colors;
  opacity: Tensor | null;
  label: string;
}

export interface PolygonsMark {
  kind: "polygons";
  /** (V, 2) */
  vertices: Tensor;
  corners: Tensor;
  offsets: Tensor;
  values: Tensor | null;
  groups: Tensor | null;
  lo: number;
  hi: number;
  colors: Colors;
}

export interface PointsMark {
  kind: "points";
  x: Tensor;
  y: Tensor;
  values: Tensor;
  colors: Colors;
  lo: number;
  hi: number;
  hollow: boolean;
  label: string;
  /** (N, 3): half axes in units of the axes, and the first one's angle in radians. */
  ellipses: Tensor | null;
}

export interface BarsMark {
  kind: "bars";
  values: Tensor;
  labels: string[];
  color: string;
  horizontal: boolean;
}

export interface TilesMark {
  kind: "tiles";
  /** (N, H, W) in −1 .. 1: a unit's value over its peak; row 0 is the lowest. */
  values: Tensor;
  peak: Tensor;
  /** "l.j": layer l (0: input features), unit j. */
  ids: string[];
  labels: string[];
  lo: number;
  hi: number;
  colors: Colors;
}

export interface ImagesMark {
  kind: "images";
  /** (N, H, W), row 0 of an image on top. */
  values: Tensor;
  /** One each, or none at all. */
  labels: string[];
  /** Images a row; null is as many as there is room for. */
  columns: number | null;
  lo: number;
  hi: number;
  colors: Colors;
  /** (N,): 1 right, 0 wrong, −1 no frame. */
  right: Tensor | null;
  ids: string[];
}

export interface MatrixMark {
  kind: "matrix";
  /** (R, C), row 0 on top. */
  values: Tensor;
  /** Diverging colours run from −peak, sequential ones from 0. */
  peak: number;
  rows: string;
  columns: string;
  colors: Colors;
  row_labels: string[];
  column_labels: string[];
  /** (M, 2): row, column. */
  outlined: Tensor | null;
}

export interface GraphLayer {
  label: string;
  note: string;
  units: string[];
  total: number;
  /** The number of the first unit that is shown. */
  first: number;
  activation: string;
  formula: string;
  residual: boolean;
}

export interface GraphMark {
  kind: "graph";
  layers: GraphLayer[];
  /** weights[l] (D(l+1), D(l)) joins layer l to layer l + 1. */
  weights: Tensor[];
  biases: Tensor[];
}

export interface TextMark {
  kind: "text";
  x: number;
  y: number;
  text: string;
}

export type Mark =
  | LineMark
  | AreaMark
  | HeatmapMark
  | PolygonsMark
  | PointsMark
  | BarsMark
  | TilesMark
  | ImagesMark
  | MatrixMark
  | GraphMark
  | TextMark;

export type MarkKind = Mark["kind"];

export interface Plot {
  id: string;
  marks: Mark[];
  title: string;
  note: string;
  x: Axis | null;
  y: Axis | null;
  equal: boolean;
}

export interface Picture {
  step: number;
  plots: Plot[];
  facts: Facts;
}

export interface Facts {
  [name: string]: Fact;
}
export type Fact = string | number | boolean | null | Fact[] | { [name: string]: Fact };

/** A frame off the wire. */
export interface Frame {
  channel: string;
  seq: number;
  picture: Picture;
}
