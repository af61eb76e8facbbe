// Made from the Python types by 'make types'. Change those, and make it again.
/** A picture as the page has it: the wire's header with a Tensor in the place of each array. */

import type { Json, Tensor } from "./values.js";

export type { Frame, MarkKind, Numbers, Tensor } from "./values.js";

/**
 * How values become colours: blue below 0 and orange above it, paper to full colour, or the colour
 * of a class by its number.
 */
export type Colors = "diverging" | "sequential" | "classes";

/** The role of a line, a band or bars, for which a theme has a colour. */
export type Role =
  | "ink"
  | "second"
  | "third"
  | "accent"
  | "train"
  | "test"
  | "positive"
  | "negative";

/** A polyline through (x, y); NaN in y breaks it. */
export interface LineMark {
  /** (N,) */
  x: Tensor;
  /** (N,) */
  y: Tensor;
  color: Role;
  label: string;
  /** In pixels. */
  width: number;
  dashed: boolean;
  kind: "line";
}

/** A band between two curves. */
export interface AreaMark {
  /** (N,) */
  x: Tensor;
  /** (N,) */
  low: Tensor;
  /** (N,) */
  high: Tensor;
  color: Role;
  label: string;
  kind: "area";
}

/**
 * Values on a grid over the plot's axes.
 *
 * Cells are centred: column j is at x_low + (j + ½)·(x_high − x_low)/W. The colour scale runs from
 * `lo` to `hi`; a diverging one is paper half way between them.
 */
export interface HeatmapMark {
  /**
   * (H, W). Row 0 is the lowest y, column 0 the lowest x. With `classes` colours, class numbers.
   */
  values: Tensor;
  lo: number;
  hi: number;
  colors: Colors;
  /** (H, W). 0 to 1: the confidence in the class. */
  opacity: Tensor | null;
  label: string;
  kind: "heatmap";
}

/** Polygons that share vertices: polygon i is `corners[offsets[i]:offsets[i+1]]`. */
export interface PolygonsMark {
  /** (V, 2). x, y of each. */
  vertices: Tensor;
  /** (C,). Row numbers of `vertices`. */
  corners: Tensor;
  /** (F + 1,). The start of each polygon in `corners`; the last is C. */
  offsets: Tensor;
  /**
   * (F,). The fill of each, on the colour scale from `lo` to `hi`; without them only edges are
   * drawn.
   */
  values: Tensor | null;
  /** (F,). Between neighbours of one group there is no edge. */
  groups: Tensor | null;
  lo: number;
  hi: number;
  colors: Colors;
  kind: "polygons";
}

/** Dots; with `ellipses`, a pale ellipse behind each. */
export interface PointsMark {
  /** (N,) */
  x: Tensor;
  /** (N,) */
  y: Tensor;
  /**
   * (N,). Class numbers with `classes` colours; else values on the colour scale from `lo` to `hi`,
   * where these differ.
   */
  values: Tensor;
  colors: Colors;
  lo: number;
  hi: number;
  /** A ring in the dot's colour, as for test examples. */
  hollow: boolean;
  label: string;
  /**
   * (N, 3). Two half axes in units of the axes, and the angle of the first to the x axis in
   * radians.
   */
  ellipses: Tensor | null;
  kind: "points";
}

/**
 * Bars with a name each, from the bottom up along the y axis; or from left to right along the x
 * axis, the first on top, each with its name before and its value behind it.
 */
export interface BarsMark {
  /** (N,) */
  values: Tensor;
  /** One each. */
  labels: string[];
  color: Role;
  horizontal: boolean;
  kind: "bars";
}

/**
 * Small maps of one size, one a unit, in order; each with a colour scale of its own.
 *
 * The scale of tile i runs from −`peak[i]` to `peak[i]`. On the line H is 1, and the tile is a
 * curve.
 */
export interface TilesMark {
  /** (N, H, W). In −1 .. 1: a unit's value over its peak; row 0 is the lowest. */
  values: Tensor;
  /** (N,). The largest size of each unit's value; NaN where it has overflowed. */
  peak: Tensor;
  /** "l.j": layer l (0: input features), unit j. */
  ids: string[];
  /** One each. */
  labels: string[];
  lo: number;
  hi: number;
  colors: Colors;
  kind: "tiles";
}

/** Small images of one size in rows, on one colour scale from lo to hi, each with a caption. */
export interface ImagesMark {
  /** (N, H, W). In lo .. hi; row 0 of an image is on top. */
  values: Tensor;
  /** One per image, or none. */
  labels: string[];
  /** Images in a row; null is as many as fit. */
  columns: number | null;
  lo: number;
  hi: number;
  colors: Colors;
  /** (N,). A frame: 1 right, 0 wrong, −1 no frame. */
  right: Tensor | null;
  /** The value that a click on an image reports; one per image, or none. */
  ids: string[];
  kind: "images";
}

/** A matrix as a grid of cells; `rows` and `columns` are the names of its sides. */
export interface MatrixMark {
  /** (R, C). Row 0 is on top; NaN is no cell. */
  values: Tensor;
  /** Diverging colours run from −peak to peak, sequential ones from 0 to peak. */
  peak: number;
  rows: string;
  columns: string;
  colors: Colors;
  /** One per row, or none. */
  row_labels: string[];
  /** One per column, or none. */
  column_labels: string[];
  /** (M, 2). Row and column of cells with a frame: the ideal pattern of a task. */
  outlined: Tensor | null;
  /** Whether the cells are an image's pixels, with its colours. */
  pixels: boolean;
  kind: "matrix";
}

/** A layer of a network graph: its units, and their connections from the previous layer. */
export interface GraphLayer {
  label: string;
  /** Such as "8 units" or "tanh". */
  note: string;
  /** A label for each shown unit. */
  units: string[];
  /** Units in the layer, of which `units` are shown. */
  total: number;
  /** The number of the first shown unit. */
  first: number;
  activation: string;
  /** LaTeX. */
  formula: string;
  residual: boolean;
}

/**
 * A network as layers of nodes, in a plot without axes.
 *
 * It has only shown units: of large layers the requested number, from `first` on.
 */
export interface GraphMark {
  /** The first has the input features. */
  layers: GraphLayer[];
  /** (D(l+1), D(l)). weights[l] joins layer l to layer l + 1. */
  weights: Tensor[];
  /** (D(l+1),). biases[l] belongs to layer l + 1; empty without biases. */
  biases: Tensor[];
  kind: "graph";
}

/** A text at a position in the plot's coordinates. */
export interface TextMark {
  x: number;
  y: number;
  text: string;
  kind: "text";
}

/** A matrix in an equation; a vector is a matrix of one column, a number one of one cell. */
export interface Operand {
  /** LaTeX. */
  symbol: string;
  /** (R, C). The shown part, row 0 on top; NaN is no cell. */
  values: Tensor;
  /** Rows of the whole matrix. */
  rows: number;
  columns: number;
  /** The number of the first shown row. */
  row: number;
  column: number;
  /** Such as the formula of an elementwise derivative. */
  note: string;
  /** Diverging colours run from −peak to peak, sequential ones from 0 to peak. */
  peak: number;
  colors: Colors;
  /** One per shown row, or none. */
  row_labels: string[];
  /** One per shown column, or none. */
  column_labels: string[];
  /** Whether the cells are an image's pixels: small, and without numbers. */
  pixels: boolean;
  item: "operand";
}

/** What stands between operands: LaTeX, such as "=", "(" or r"\odot". */
export interface Sign {
  latex: string;
  item: "sign";
}

/** One of the parts that a number is made of. */
export interface Term {
  /** LaTeX, such as r"W_{31} h_1". */
  symbols: string;
  /** The same with numbers, LaTeX, such as r"-0.177 \times 0.538"; empty without. */
  numbers: string;
  value: number;
  /**
   * The cells that it takes: the number of the item in the equation, row and column, both of the
   * whole matrix.
   */
  uses: [number, number, number][];
}

/** How one entry of an equation's result came about: terms, joined, are its value. */
export interface Worked {
  /** LaTeX of the entry. */
  symbol: string;
  row: number;
  column: number;
  terms: Term[];
  value: number;
  joined: "+" | "\u00d7";
}

/** A formula with its numbers: the first item is the result; one entry of it is worked out. */
export interface EquationMark {
  /** LaTeX, of whole matrices. */
  formula: string;
  items: (Operand | Sign)[];
  worked: Worked | null;
  /** Whether the items are a result, a column and a row, of whose products it is the table. */
  table: boolean;
  kind: "equation";
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
  | TextMark
  | EquationMark;

/** One axis: its label, and its ends, which are always finite. */
export interface Axis {
  label: string;
  low: number;
  high: number;
  unit: string;
  scale: "linear" | "log";
  /** Whether it shows counts: its ticks are whole numbers. */
  whole: boolean;
}

/** Axes and the marks between them, drawn over one another in their order. */
export interface Plot {
  id: string;
  marks: Mark[];
  title: string;
  note: string;
  x: Axis | null;
  y: Axis | null;
  /** Whether x and y have one scale. */
  equal: boolean;
}

export type Facts = { [name: string]: Json };

/** The result of a probe at one step: named numbers, and a few plots. */
export interface Picture {
  step: number;
  plots: Plot[];
  /** Named values beside the plots, each a JSON value. */
  facts: Facts;
}

/**
 * The reference to an array in a frame's header.
 *
 * With `lo` and `hi` the array is quantised: a stored u means lo + (hi − lo)·u/255.
 */
export interface Reference {
  /** Its name in the blob. */
  tensor: string;
  shape: number[];
  lo?: number;
  hi?: number;
}

/** A frame's metadata; safetensors supports only text. */
export interface Metadata {
  /** The picture as JSON, with a reference in place of each array. */
  picture: string;
  /** The channel of the frame. */
  channel: string;
  /** Its number on the channel, which the viewer acknowledges; increases, not always by one. */
  seq: string;
  /** The Unix time of the picture, in seconds. */
  time: string;
}
