/** A small catalogue with one of each thing that the page must handle. */

/**
 * @param {string} path
 * @param {object} [more]
 */
export function knob(path, more = {}) {
  return {
    path,
    name: path.split(".").at(-1),
    type: "number",
    nullable: false,
    label: path,
    symbol: "",
    explain: "Something.",
    unit: "",
    default: 0,
    min: 0,
    max: 1,
    exclusive_min: false,
    exclusive_max: false,
    shown: [0, 1],
    step: null,
    scale: "linear",
    restart: true,
    choices: null,
    when: {},
    ...more,
  };
}

const row = { explain: "", formula: "", schema: null };
const rate = (/** @type {number} */ usual) =>
  knob("optimizer.lr", { default: usual, symbol: "\\eta", label: "Learning rate", restart: false });
const schedule = knob("optimizer.schedule", {
  type: "schedules",
  label: "Schedule",
  default: { kind: "constant" },
  restart: false,
});
const momentum = knob("optimizer.momentum", { label: "Momentum", restart: false });
const noise = (/** @type {number} */ usual) => knob("data.noise", { label: "Noise", default: usual });
const points = { family: "points", model: "mlp", inputs: 2 };
const samples = knob("data.samples", {
  type: "integer", label: "Samples", default: 500, min: 4, max: 10_000, shown: [20, 2000], scale: "log", step: 10,
}); // prettier-ignore

/** @type {any} */
const document = {
  default: {
    seed: 0,
    data: { kind: "spiral", samples: 500, noise: 0, arms: 2 },
    model: {
      kind: "mlp",
      features: ["x1", "x2"],
      hidden: [8, 8],
      activation: "tanh",
      initializer: { kind: "xavier", gain: 1 },
      residual: false,
    },
    objective: { kind: "bernoulli" },
    optimizer: { kind: "adam", lr: 0.01, schedule: { kind: "constant" }, momentum: 0 },
    regularization: { l2: 0 },
    training: { batch_size: 10, steps: null },
  },
  seed: knob("seed", { type: "integer", max: 2 ** 31 - 1, label: "Seed" }),
  arithmetic: knob("arithmetic", { type: "choice", choices: ["auto", "compiled", "torch"], label: "Arithmetic" }),
  data: [
    { ...row, ...points, kind: "spiral", label: "Spiral", target: "classes", knobs: [samples, noise(0), knob("data.arms")] },
    { ...row, ...points, kind: "moons", label: "Moons", target: "classes", knobs: [samples, noise(0)] },
    { ...row, ...points, kind: "sine", label: "Sine", inputs: 1, target: "real", knobs: [samples, noise(0.1)] },
    { ...row, kind: "digits", label: "Digits", family: "images", model: "cnn", target: "classes", knobs: [] },
    { ...row, kind: "recall", label: "Recall", family: "sequences", model: "rnn", target: "tokens", knobs: [] },
    { ...row, kind: "reverse", label: "Reverse", family: "sequences", model: "transformer", target: "tokens", knobs: [] },
  ],
  models: [
    {
      ...row,
      kind: "mlp",
      label: "MLP",
      families: ["points"],
      objectives: { spiral: ["bernoulli"], moons: ["bernoulli"], sine: ["gaussian"] },
      knobs: [
        knob("model.features", { type: "features" }),
        knob("model.hidden", { type: "layers" }),
        knob("model.activation", { type: "activations" }),
        knob("model.initializer", { type: "initializers" }),
        knob("model.residual", { type: "boolean", label: "Residual connections" }),
      ],
    },
    {
      ...row,
      kind: "cnn",
      label: "CNN",
      families: ["images"],
      objectives: { digits: ["categorical"] },
      knobs: [
        knob("model.blocks", { type: "blocks", label: "Blocks", default: [] }),
        knob("model.activation", { type: "activations", default: "relu" }),
      ],
    },
    {
      ...row,
      kind: "vae",
      label: "VAE",
      families: ["images"],
      objectives: { digits: ["bernoulli", "gaussian"] },
      knobs: [
        knob("model.latent", { type: "integer", label: "Latents" }),
        knob("model.activation", { type: "activations", default: "relu" }),
      ],
    },
    {
      ...row,
      kind: "rnn",
      label: "RNN",
      families: ["sequences"],
      objectives: { recall: ["categorical"], reverse: ["categorical"] },
      knobs: [
        knob("model.cell", { type: "choice", label: "Cell", choices: ["rnn", "lstm"], default: "lstm" }),
        knob("model.forget_bias", { label: "Forget-gate bias", when: { cell: ["lstm"] } }),
      ],
    },
    {
      ...row,
      kind: "transformer",
      label: "Transformer",
      families: ["sequences"],
      objectives: { recall: ["categorical"], reverse: ["categorical"] },
      knobs: [knob("model.depth", { type: "integer", label: "Layers" })],
    },
  ],
  features: [
    { kind: "x1", label: "x₁", inputs: 1 },
    { kind: "x2", label: "x₂", inputs: 2 },
  ],
  activations: [
    { ...row, kind: "tanh", label: "tanh", knobs: [] },
    { ...row, kind: "relu", label: "ReLU", knobs: [] },
  ],
  initializers: [
    { ...row, kind: "xavier", label: "Xavier", knobs: [] },
    { ...row, kind: "he", label: "He", knobs: [] },
  ],
  objectives: [
    { ...row, kind: "bernoulli", label: "Bernoulli", target: "classes", knobs: [] },
    { ...row, kind: "categorical", label: "Categorical", target: "classes", knobs: [] },
    { ...row, kind: "gaussian", label: "Gaussian", target: "real", knobs: [] },
  ],
  optimizers: [
    { ...row, kind: "adam", label: "Adam", knobs: [rate(0.01), schedule, momentum] },
    { ...row, kind: "sgd", label: "SGD", knobs: [rate(0.1), schedule, momentum] },
  ],
  schedules: [
    { ...row, kind: "constant", label: "Constant", knobs: [] },
    { ...row, kind: "step", label: "Step", knobs: [knob("optimizer.schedule.every", { default: 1000, restart: false })] },
  ],
  regularization: [knob("regularization.l2", { label: "L2 penalty", symbol: "\\lambda_2", restart: false })],
  training: [
    knob("training.batch_size", {
      type: "integer",
      nullable: true,
      label: "Batch size",
      explain: "Examples a step; none is the full batch.",
      restart: false,
    }),
    knob("training.steps", { type: "integer", nullable: true, label: "Steps", restart: false }),
  ],
};

/** @type {import("../../../frontend/app/types/api.js").Catalogue} */
export const catalogue = document;
