/** The documents that the server speaks in: REST and the text messages of the stream. */

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** A row of a table by its name, or by its name with knobs. */
export type Choice = string | { kind: string; [knob: string]: string | number };

export interface DataSpec {
  kind: string;
  samples: number;
  noise: number;
  test_fraction: number;
  seed: number;
  [knob: string]: Json;
}

/** A model of any family; its knobs are what the catalogue lists for its kind. */
export interface ModelSpec {
  kind: string;
  [knob: string]: Json;
}

export interface MlpSpec extends ModelSpec {
  kind: "mlp";
  features: string[];
  hidden: number[];
  activation: Choice | Choice[];
  initializer: Choice;
  bias: boolean;
  residual: boolean;
}

/** A block of a convolutional network. */
export interface BlockSpec {
  kind: string;
  [knob: string]: string | number | boolean | null;
}

export interface ScheduleSpec {
  kind: string;
  [knob: string]: Json;
}

export interface OptimizerSpec {
  kind: string;
  lr: number;
  schedule: ScheduleSpec;
  [knob: string]: Json | ScheduleSpec;
}

/** A run spec with all its defaults filled in. */
export interface Spec {
  seed: number;
  data: DataSpec;
  model: ModelSpec;
  objective: { kind: string; [knob: string]: Json };
  optimizer: OptimizerSpec;
  regularization: { l1: number; l2: number; dropout: number; [knob: string]: Json };
  training: {
    batch_size: number | null;
    steps: number | null;
    series_every: number;
    [knob: string]: Json;
  };
}

/** A spec as a person writes it: any part of one. */
export type PartialSpec = { [section: string]: Json | Partial<Spec[keyof Spec]> };

export type Status = "queued" | "running" | "paused" | "finished" | "failed" | "stopped";

/** Of these some are there: losses always, accuracy for classes, r2 and mse for real targets. */
export interface Metrics {
  train_loss?: number | null;
  test_loss?: number | null;
  train_accuracy?: number | null;
  test_accuracy?: number | null;
  train_r2?: number | null;
  test_r2?: number | null;
  train_mse?: number | null;
  test_mse?: number | null;
  penalty?: number | null;
  gradient_norm?: number | null;
  [name: string]: number | null | undefined;
}

/** What the server says when it refuses; `path` is the spec's field ("model.features.0"). */
export interface Problem {
  code: string;
  message: string;
  path: string;
  hint: string;
}

export interface Layer {
  /** The parameters' prefix, "layers.0". */
  name: string;
  label: string;
  /** "dense", "conv", "max_pool", ... */
  kind: string;
  /** Of one example. */
  output: number[];
  /** Shapes of its parameters, by name. */
  tensors: { [name: string]: number[] };
  /** [D_out, D_in] of a dense layer; null where it has none. */
  weight: number[] | null;
  bias: number[] | null;
  activation: Choice;
  formula: string;
  /** LaTeX, how the output's size comes about; "" where there is nothing to say. */
  size: string;
  /** LaTeX, how the parameters are counted, "3\\cdot3\\cdot1\\cdot16+16"; "" where there are none. */
  terms: string;
  residual: boolean;
  parameters: number;
}

export interface Described {
  spec: Spec;
  layers: Layer[];
  parameters: number;
  formula: string;
  train_count: number;
  test_count: number;
  step_seconds: number;
}

/** Who this browser is to the server. */
export interface Me {
  id: string;
  /** Whose commands every run obeys. */
  administrator: boolean;
}

/** A run in a list. */
export interface Summary {
  id: string;
  name: string;
  status: Status;
  step: number;
  owner: string;
}

export interface Run {
  id: string;
  name: string;
  /** The identity that it obeys. */
  owner: string;
  status: Status;
  step: number;
  epoch: number;
  /** As started. */
  spec: Spec;
  /** With the live changes applied. */
  spec_in_force: Spec;
  journal: { step: number; command: Command }[];
  parent: { id: string; step: number } | null;
  metrics: Metrics;
  /** Steps a second at most; null is as fast as it goes. */
  pace: number | null;
  steps_per_second: number | null;
  error: Problem | null;
  parameters: number;
  layers: Layer[];
  /** The kinds of the probes that have something to show of it. */
  probes: string[];
}

export type Command =
  | { kind: "pause" }
  | { kind: "resume" }
  | { kind: "stop" }
  | { kind: "step"; steps?: number; epochs?: number }
  | { kind: "set"; changes: { [path: string]: Json } }
  | { kind: "edit"; edits: { parameter: string; index: number[]; value: number }[] }
  | { kind: "pace"; steps_per_second: number | null };

/** Where a run stands, about ten times a second. */
export interface Progress {
  status: Status;
  step: number;
  epoch: number;
  steps_per_second: number | null;
  metrics: Metrics;
}

export type Inbound =
  | Command
  | { kind: "subscribe"; id: string; probe: string; options: object; fps: number; step: number | null }
  | { kind: "unsubscribe"; id: string }
  | { kind: "series"; after: number }
  | { kind: "ack"; seqs: { [id: string]: number } };

export type Outbound =
  | { kind: "run"; incarnation: string; run: Run }
  | ({ kind: "progress" } & Progress)
  | { kind: "series"; columns: string[]; rows: (number | null)[][] }
  | { kind: "snapshots"; steps: number[] }
  | { kind: "subscribed"; id: string; channel: string }
  | { kind: "applied"; command: Command; step: number }
  | { kind: "error"; error: Problem; id: string | null; command: Command | null };

/** A field that a person may turn, as the catalogue lists it. */
export interface Knob {
  path: string;
  name: string;
  type:
    | "integer"
    | "number"
    | "boolean"
    | "text"
    | "choice"
    | "layers"
    | "blocks"
    | "features"
    | "activations"
    | "initializers"
    | "schedules";
  /** What a choice is between. */
  choices: string[] | null;
  nullable: boolean;
  label: string;
  symbol: string;
  explain: string;
  unit: string;
  default: Json;
  min: number | null;
  max: number | null;
  exclusive_min: boolean;
  exclusive_max: boolean;
  /** What a slider spans; nulls where it is no number. */
  shown: [number, number] | [null, null];
  step: number | null;
  scale: "linear" | "log";
  restart: boolean;
  /** Fields beside it, and the values of each under which it has an effect. */
  when: { [name: string]: string[] };
}

/** A knob of a row of a table, such as the α of a leaky ReLU. */
export interface RowKnob {
  name: string;
  default: number;
  min: number;
  max: number;
  symbol: string;
  explain: string;
}

export interface Kind {
  kind: string;
  label: string;
  explain: string;
  formula: string;
  knobs: Knob[];
  schema: Json;
}

export interface DataKind extends Kind {
  family: DataFamily;
  /** The kind of model that learns it where nobody chose one. */
  model: string;
  target: Target;
  /** Coordinates of a point; null where examples are none. */
  inputs: 1 | 2 | null;
  /** What an image's classes are called. */
  class_names: string[] | null;
  preview: { x: number[][]; y: number[] } | null;
}

export type DataFamily = "points" | "images" | "sequences";
export type Target = "classes" | "real" | "tokens";

export interface ModelKind extends Kind {
  families: DataFamily[];
  /** By the data's kind, the usual one first. */
  objectives: { [data: string]: string[] };
}

/** A run to begin with. */
export interface Preset {
  kind: string;
  label: string;
  explain: string;
  spec: PartialSpec;
  /** A tab below the curves that its lesson is in. */
  panel: string | null;
}

/** An objective, and what a prediction of it is. */
export interface Objective extends Kind {
  /** The targets that it is a distribution of. */
  targets: Target[];
  /** LaTeX: what the net's output is called, "f" or "\\mu". */
  symbol: string;
  prediction: string;
  /** What the likelihood makes of the output; its formula is "" where that is the identity. */
  link: { label: string; formula: string };
  /** LaTeX of −log p(x | z) over an image's pixels; "" where images do not have it. */
  pixels: string;
}

export interface Catalogue {
  version: string;
  default: Spec;
  seed: Knob;
  data: DataKind[];
  models: ModelKind[];
  blocks: Kind[];
  presets: Preset[];
  features: { kind: string; label: string; formula: string; inputs: 1 | 2; linear: boolean }[];
  activations: {
    kind: string;
    label: string;
    formula: string;
    derivative: string;
    explain: string;
    piecewise_linear: boolean;
    knobs: RowKnob[];
  }[];
  initializers: { kind: string; label: string; formula: string; explain: string; knobs: RowKnob[] }[];
  objectives: Objective[];
  optimizers: Kind[];
  schedules: Kind[];
  regularization: Knob[];
  training: Knob[];
  probes: {
    kind: string;
    label: string;
    explain: string;
    fits: string;
    models: string[];
    families: DataFamily[];
    options: Json;
  }[];
  limits: {
    max_samples: number;
    max_layers: number;
    max_width: number;
    max_parameters: number;
    max_batch: number;
    max_step_seconds: number;
    max_faces: number;
    max_resolution: number;
  };
  schema: Json;
}
