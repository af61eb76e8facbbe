// Made from the Python types by 'make types'. Change those, and make it again.
/** The documents that the server answers with, and the text messages of the stream. */

import type { Choice, DataFamily, ModelSpec, OptimizerSpec, RegularizationSpec, Spec, Target, TrainingSpec } from "./specs.js";
import type { Json } from "./values.js";

export type * from "./specs.js";
export type { Json, PartialSpec } from "./values.js";

export type Status = "queued" | "running" | "paused" | "finished" | "failed" | "stopped";

/**
 * Losses and measures by name: `train_loss` and `test_loss` always, accuracy for classes, R² and
 * mean squared error for real targets.
 */
export type Metrics = { [name: string]: number | null };

export interface Pause {
  kind: "pause";
}

export interface Resume {
  kind: "resume";
}

export interface Stop {
  kind: "stop";
}

/** Train for a number of steps, or to the end of a number of epochs, then pause. */
export interface StepOn {
  kind: "step";
  steps?: number | null;
  epochs?: number | null;
}

/** Change live fields of the spec, by path. */
export interface SetFields {
  kind: "set";
  changes: { [name: string]: Json };
}

/** One number of one parameter. */
export interface Edit {
  parameter: string;
  index: number[];
  value: number;
}

export interface EditParameters {
  kind: "edit";
  edits: Edit[];
}

/** The most steps a second; None is no limit. Does not change the run's numbers. */
export interface Pace {
  kind: "pace";
  steps_per_second?: number | null;
}

export type Command = Pause | Resume | Stop | StepOn | SetFields | EditParameters | Pace;

/**
 * Subscribe to a probe's pictures under the name `id`; with `step` to one of an earlier step.
 */
export interface Subscribe {
  kind: "subscribe";
  id: string;
  probe: string;
  options?: { [name: string]: Json };
  fps?: number;
  step?: number | null;
  /** Whether the viewer reads packed frames: see livenet.wire.packed. */
  packed?: boolean;
}

export interface Unsubscribe {
  kind: "unsubscribe";
  id: string;
}

/** Request all rows after this number, and every new one. */
export interface SeriesFrom {
  kind: "series";
  after?: number;
}

/**
 * The newest frame that the viewer has painted, for each subscription, and how many bytes of binary
 * messages it has received on this connection.
 */
export interface Ack {
  kind: "ack";
  seqs: { [name: string]: number };
  received?: number | null;
}

export type Inbound =
  | Subscribe
  | Unsubscribe
  | SeriesFrom
  | Ack
  | Pause
  | Resume
  | Stop
  | StepOn
  | SetFields
  | EditParameters
  | Pace;

/** The client's identity. */
export interface Me {
  id: string;
  administrator: boolean;
}

/**
 * The run and the step that a run was forked from; step 0 for a run that began anew with other
 * settings.
 */
export interface Parent {
  id: string;
  step: number;
}

/** An error: what was given, what is allowed, where, and how to correct it. */
export interface Problem {
  code: string;
  message: string;
  /** path of the field; empty if the error is about none */
  path: string;
  hint: string;
}

/** A run in a list of runs. */
export interface Summary {
  id: string;
  name: string;
  /** id of the identity that created it; see GET /api/me */
  owner: string;
  status: Status;
  step: number;
  epoch: number;
  parent: Parent | null;
  /** id of the group that it was made with */
  group: string | null;
  /** whether it is kept although nobody uses it */
  pinned: boolean;
  /** losses and measures of the last row */
  metrics: Metrics;
  error: Problem | null;
  /** kind of its model */
  family: string;
  /** kind of its data set */
  data: string;
  tags: string[];
  /** Unix time */
  created_at: number;
  /** Unix time; null while it can go on */
  ended_at: number | null;
  /** wall-clock time in which it was running */
  seconds: number;
  /** rows of its series */
  rows: number;
  /** how the spec in force differs from the default, by path */
  changes: { [name: string]: Json };
}

/** A page of the runs that match. */
export interface RunList {
  runs: Summary[];
  /** `cursor` of the next page; null at the end */
  next: string | null;
  /** the number of all runs that match */
  total: number;
}

/** The loss of some runs: on test examples if there are any, else on training examples. */
export interface Curves {
  /**
   * at most 49 points `[step, loss]`, by run: the first, the least and the greatest of 16 parts of
   * its series, and the last
   */
  curves: { [name: string]: number[][] };
}

/** The runs that were deleted. */
export interface Deleted {
  ids: string[];
  /** whether more runs match: send the request again */
  more: boolean;
}

/** What a command to several runs did. */
export interface Commanded {
  /** the step at which it took effect, by run */
  steps: { [name: string]: number };
  /** why it did not, by run */
  errors: { [name: string]: Problem };
}

/** A field of the spec by its path, and the values that it takes. */
export interface Vary {
  path: string;
  values: Json[];
}

/** Runs that were made together: a spec with other values of some fields, and other seeds. */
export interface GroupDocument {
  id: string;
  name: string;
  owner: string;
  /** the spec as it was given, without defaults */
  spec: { [name: string]: Json };
  vary: Vary[];
  seeds: number[];
  /** how many of its runs train at the same time */
  parallel: number;
  /** Unix time */
  created_at: number;
  /** its runs that are still there */
  runs: number;
  /** their number by status */
  statuses: { [name: string]: number };
}

/** A page of groups. */
export interface GroupList {
  groups: GroupDocument[];
  /** `cursor` of the next page; null at the end */
  next: string | null;
}

/**
 * A row for each run of a group. `columns` are run, the fields that vary, seed, status, step,
 * seconds, and the metrics.
 */
export interface GroupTable {
  columns: string[];
  rows: Json[][];
}

/** A run's value of the metric. */
export interface GroupRun {
  run: string;
  seed: number;
  status: Status;
  step: number;
  /** null if there is none, if it is not finite, and if the run diverged */
  value: number | null;
  /** code of what paused or ended the run, such as `diverged`; null if nothing did */
  error: string | null;
}

/** Statistics of a metric over the seeds, at one combination of values. */
export interface GroupPlace {
  /** the fields that vary, by path */
  values: { [name: string]: Json };
  /** runs with a finite value */
  count: number;
  /** runs without one: not started, or diverged */
  missing: number;
  /** runs that have finished, failed or were stopped */
  ended: number;
  mean: number | null;
  /** the sample standard deviation; null for fewer than two values */
  deviation: number | null;
  least: number | null;
  greatest: number | null;
  runs: GroupRun[];
}

/** A metric of the last rows, compared over a group. */
export interface GroupSummary {
  metric: string;
  /** the metrics that its runs have */
  metrics: string[];
  /** in the order of the grid */
  places: GroupPlace[];
}

/** A command that changed a run's numbers, and the step after which it took effect. */
export interface JournalEntry {
  step: number;
  command: SetFields | EditParameters;
}

/** One layer's shapes and parameter count. */
export interface Layer {
  name: string;
  label: string;
  /** dense, conv, max_pool, lstm, attention, ... */
  kind: string;
  /** the shape of one example's output */
  output: number[];
  /** the shape of every parameter, by name */
  tensors: { [name: string]: number[] };
  /** [D_out, D_in] of a dense layer; null where it has none. */
  weight: number[] | null;
  bias: number[] | null;
  activation: Choice;
  formula: string;
  /** LaTeX: the computation of the output's size, with numbers */
  size: string;
  /** LaTeX: the computation of the number of parameters, with numbers */
  terms: string;
  residual: boolean;
  parameters: number;
}

/** A run; `spec` is the initial one, `spec_in_force` the current one. */
export interface Run extends Summary {
  spec: Spec;
  spec_in_force: Spec;
  journal: JournalEntry[];
  /**
   * counts the changes of the journal while the server has the run open: of two documents of one
   * `incarnation`, the one with the larger number is newer
   */
  journal_version: number;
  /** kinds of the probes that fit the run */
  probes: string[];
  /** the most steps a second; null is no limit */
  pace: number | null;
  steps_per_second: number | null;
  /** how it is trained: in machine code, or by tensor operations */
  arithmetic: "compiled" | "torch";
  parameters: number;
  layers: Layer[];
  train_count: number;
  test_count: number;
}

/** The step at which a command took effect, and the run after it. */
export interface CommandResult {
  step: number;
  run: Run;
}

/** Rows in the order of `columns`; the first is the row's number, counted from 1. */
export interface SeriesDocument {
  columns: string[];
  rows: ((number | null)[])[];
}

export interface SnapshotList {
  steps: number[];
}

/** How long the server keeps a run. */
export interface Retention {
  pinned: boolean;
  /** Unix time at which the run is deleted unless it is used before; null if it is pinned */
  expires_at: number | null;
  /** seconds without use after which a run is deleted */
  idle_seconds: number;
  /** how many runs a person may pin */
  max_pinned: number;
  /**
   * how many runs are kept of its owner: for more, those that were unused for longest are deleted
   * before, except pinned ones; null for a run of an administrator
   */
  max_runs: number | null;
  /** bytes that are kept of its owner, in the same way */
  max_bytes: number | null;
}

/** A formula in print for the number of all parameters, in symbols and with numbers (LaTeX). */
export interface ParameterCount {
  label: string;
  formula: string;
  numbers: string;
  value: number;
  /** whether it is the number of parameters */
  right: boolean;
  explain: string;
}

/** A spec with its defaults filled in, its layers, and its cost. */
export interface Described {
  spec: Spec;
  layers: Layer[];
  parameters: number;
  formula: string;
  counts: ParameterCount[];
  train_count: number;
  test_count: number;
  step_seconds: number;
}

/** The run as GET /api/runs/{id} returns it: on connecting. */
export interface RunNow {
  kind: "run";
  incarnation: string;
  run: Run;
}

/**
 * What of a run's document changes while it is watched, except what follows from its journal.
 */
export interface RunState {
  name: string;
  tags: string[];
  pinned: boolean;
  status: Status;
  error: Problem | null;
  step: number;
  epoch: number;
  metrics: Metrics;
  rows: number;
  ended_at: number | null;
  seconds: number;
  pace: number | null;
  steps_per_second: number | null;
  probes: string[];
  journal_version: number;
}

/** The sections of the spec in force that have live fields. */
export interface LiveSpec {
  model: ModelSpec;
  optimizer: OptimizerSpec;
  regularization: RegularizationSpec;
  training: TrainingSpec;
}

/**
 * The end of a journal: `entries` take the place of all entries from the index `start` on.
 */
export interface JournalChange {
  start: number;
  entries: JournalEntry[];
}

/**
 * What has changed of the run since the last message about it: when its status, error, name or
 * journal changes.
 */
export interface RunChange {
  kind: "change";
  run: RunState;
  spec_in_force: LiveSpec;
  journal: JournalChange;
}

/**
 * The run's status and step: about ten times a second while it trains, every second or two
 * otherwise, so that a viewer notices when the server does not answer.
 */
export interface Progress {
  kind: "progress";
  status: Status;
  step: number;
  epoch: number;
  steps_per_second: number | null;
  metrics: Metrics;
  /** Why changes of runs cannot be saved at present; null while they are saved. */
  unsaved: string | null;
}

/** The steps that have a snapshot: on connecting, and shortly after they have changed. */
export interface Snapshots {
  kind: "snapshots";
  steps: number[];
}

/**
 * Rows in order, each a list in the order of `columns`; the first column is the row's number.
 */
export interface SeriesRows {
  kind: "series";
  columns: string[];
  rows: ((number | null)[])[];
}

/** The channel of a subscription, which the metadata of its frames contains. */
export interface Subscribed {
  kind: "subscribed";
  id: string;
  channel: string;
}

/** A command of this viewer took effect at this step. */
export interface Applied {
  kind: "applied";
  command: Command;
  step: number;
}

/** A refusal; `id` is the refused subscription, `command` the refused command. */
export interface Refused {
  kind: "error";
  error: Problem;
  id: string | null;
  command: { [name: string]: Json } | null;
}

export type Outbound =
  | RunNow
  | RunChange
  | Progress
  | Snapshots
  | SeriesRows
  | Subscribed
  | Applied
  | Refused;

/** The kind of a field's control. */
export type KnobType =
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

/** A field with a control. */
export interface Knob {
  path: string;
  name: string;
  type: KnobType;
  /** An option of a choice. */
  choices: string[] | null;
  nullable: boolean;
  label: string;
  /** LaTeX. */
  symbol: string;
  explain: string;
  unit: string;
  default: Json;
  min: number | null;
  max: number | null;
  exclusive_min: boolean;
  exclusive_max: boolean;
  /** The range of the slider; nulls for other controls. */
  shown: [number, number] | [null, null];
  step: number | null;
  /** Other fields of the same part, and their values for which this field has an effect. */
  when: { [name: string]: string[] };
  scale: "linear" | "log";
  /** Whether a change restarts the run. */
  restart: boolean;
}

/** A member of a discriminated union of the spec. */
export interface Kind {
  kind: string;
  label: string;
  explain: string;
  /** LaTeX. */
  formula: string;
  knobs: Knob[];
  schema: { [name: string]: Json };
}

/** A few examples of a data set: the coordinates of each, and its class or value. */
export interface Preview {
  x: number[][];
  y: number[];
}

/** A data set. */
export interface DataKind extends Kind {
  family: DataFamily;
  /** The default kind of model. */
  model: string;
  target: Target;
  /** Coordinates of a point; null if examples are not points. */
  inputs: 1 | 2 | null;
  /** The names of an image's classes. */
  class_names: string[] | null;
  preview: Preview | null;
}

/** A family of models. */
export interface ModelKind extends Kind {
  families: DataFamily[];
  /** By the data's kind, the default first. */
  objectives: { [name: string]: string[] };
}

/** An input feature of a point. */
export interface FeatureRow {
  kind: string;
  label: string;
  formula: string;
  /** The least number of coordinates. */
  inputs: 1 | 2;
  linear: boolean;
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

/** A weight initializer. */
export interface InitializerRow {
  kind: string;
  label: string;
  formula: string;
  explain: string;
  knobs: RowKnob[];
}

/** An activation function. */
export interface ActivationRow extends InitializerRow {
  derivative: string;
  piecewise_linear: boolean;
}

/** The inverse link from a network's output to the likelihood's parameter. */
export interface Link {
  label: string;
  /** LaTeX; empty for the identity. */
  formula: string;
}

/** An objective, and the description of its prediction. */
export interface Objective extends Kind {
  /** The kinds of targets that it supports. */
  targets: Target[];
  /** LaTeX: the symbol of the network's output. */
  symbol: string;
  /** The quantity in a map of the output. */
  shows: "probability" | "class" | "mean";
  prediction: string;
  link: Link;
  /** LaTeX of −log p(x | z) over an image's pixels; empty if images do not support it. */
  pixels: string;
}

/** A probe. */
export interface ProbeRow {
  kind: string;
  label: string;
  explain: string;
  fits: string;
  models: string[];
  families: DataFamily[];
  /** The JSON Schema of its options. */
  options: { [name: string]: Json };
}

/** An example run. */
export interface Preset {
  kind: string;
  label: string;
  explain: string;
  /** A part of a spec. */
  spec: { [name: string]: Json };
  /** The tab below the curves that shows its subject. */
  panel: string | null;
}

/** Limits on the cost of a run; checked on the spec, before anything is allocated. */
export interface Limits {
  /** points in a data set */
  max_samples: number;
  /** hidden layers */
  max_layers: number;
  /** units in a layer */
  max_width: number;
  /** weights and biases in all */
  max_parameters: number;
  /** examples in a minibatch */
  max_batch: number;
  /** estimated seconds of a step */
  max_step_seconds: number;
  /** activation regions in a picture */
  max_faces: number;
  /** cells per side of a map */
  max_resolution: number;
}

/** Everything that a spec may name, the server's limits, and the spec's JSON Schema. */
export interface Catalogue {
  version: string;
  /** The resolved spec of `{}`. */
  default: Spec;
  seed: Knob;
  arithmetic: Knob;
  data: DataKind[];
  models: ModelKind[];
  /** Of a convolutional network. */
  blocks: Kind[];
  features: FeatureRow[];
  activations: ActivationRow[];
  initializers: InitializerRow[];
  objectives: Objective[];
  optimizers: Kind[];
  schedules: Kind[];
  regularization: Knob[];
  training: Knob[];
  probes: ProbeRow[];
  presets: Preset[];
  limits: Limits;
  schema: { [name: string]: Json };
}
