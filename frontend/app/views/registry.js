/**
 * The registry of the views of each family of models: its main view, its output panel, and the tabs over
 * the middle. A family without its own main view gets one made from the catalogue's probes.
 *
 * A main view or panel is a function that mounts into a host and returns a function that removes it. The
 * context's `run`, `spec` and `described` are those of this family alone: while a run of another family
 * replaces it, they keep their last values.
 */

import { format } from "../marks/scales.js";
import { mount as mountNetwork } from "../network/mount.js";
import { mount as mountOutput } from "../panels/output.js";
import { mount as mountRegions } from "../panels/regions.js";
import { mount as mountSizes } from "../panels/sizes.js";
import { mount as mountWeights } from "../panels/weights.js";
import { probePanel } from "../panels/probe-panel.js";
import { mount as mountCnn } from "./cnn/view.js";
import { mount as mountCnnOutput } from "./cnn/output.js";
import { mount as mountFewLabels } from "./autoencoder/few-labels.js";
import { fittingProbes, mountProbes } from "./probes.js";
import { mount as mountRnn } from "./rnn/view.js";
import { mount as mountRnnOutput } from "./rnn/output.js";
import { selectedSequencePanel } from "./sequences/selected-sequence-panel.js";
import { mountScores } from "./scores.js";
import { mount as mountTransformer } from "./transformer/view.js";
import { mount as mountTransformerOutput } from "./transformer/output.js";
import { mount as mountSteps } from "./steps/view.js";
import { PROBE as STEPS } from "./steps/walk.js";
import { mount as mountVae } from "./autoencoder/view.js";
import { mount as mountVaeOutput } from "./autoencoder/output.js";

/** @typedef {import("../panels/context.js").Context} Context */
/** @typedef {(host: HTMLElement, context: Context) => () => void} Mount */
/**
 * `view` names a tab that takes the room of the settings and panels as well, for style sheets and keys.
 * @typedef {{name: string, label: string, mount: Mount, view?: "steps"}} FamilyTab
 */

/**
 * @typedef {object} Family
 * @property {string} title of the main view, on its tab
 * @property {Mount} middle the main view
 * @property {Mount} output the panel at the top right
 * @property {FamilyTab[]} tabs over the middle, beside the main view
 * @property {"main" | "output"} presents which is shown first in presentation mode
 * @property {string[]} shows the probes in the main view, the output or these tabs; every other
 *   probe that fits a run has its own tab
 */

/**
 * A tab that shows a probe completely.
 * @param {string} probe its name, which is also the tab's
 * @param {string} label
 * @param {Partial<import("../panels/picture.js").PictureConfig>} [order]
 * @returns {FamilyTab}
 */
export const tabOf = (probe, label, order = {}) => ({
  name: probe,
  label,
  mount: probePanel({ probe, fit: true, ...order }),
});

/**
 * Several panels below one another, as one panel.
 * @param {Mount[]} mounts
 * @returns {Mount}
 */
const stacked = (mounts) => (host, context) => {
  const stops = mounts.map((mount) => mount(host, context));
  return () => stops.forEach((stop) => stop());
};

/** The effect of identity connections on gradients. @type {FamilyTab} */
const IDENTITY = {
  name: "gradients",
  label: "Gradients",
  mount: stacked([
    probePanel({ probe: "gradient_depth", fps: 2, fit: true, facts: false }),
    probePanel({ probe: "gradient_correlation", fps: 2, fit: true, facts: false }),
  ]),
};

/**
 * The facts on the difference between two estimates of a gradient.
 * @param {import("../types/pictures.js").Facts} facts
 * @returns {import("../panels/facts-row.js").Fact[]}
 */
const apartFacts = ({ ratio, means_apart: apart }) => [
  { label: "Variance, score : reparam.", value: `${format(Number(ratio))} : 1` },
  {
    label: "Means apart",
    value: `${format(Number(apart))} s.e.`,
    tip: "The difference of the two means in standard errors. It is 0.8 on average if both are unbiased.",
  },
];

/** The usefulness of the code for classification. @type {FamilyTab} */
const FEW_LABELS = { name: "semi_supervised", label: "Few labels", mount: mountFewLabels };

/** The loss at each step of the chosen sequence. @type {FamilyTab} */
const LOSS_BY_SYMBOL = {
  name: "tokens",
  label: "Loss by symbol",
  mount: selectedSequencePanel({
    id: "panel-tokens",
    probe: "tokens",
    fps: 4,
    fit: true,
    facts: false,
    // A sequence without a right answer has the predictions alone.
    arrange: (picture) => ({ ...picture, plots: picture.plots.slice(-1) }),
  }),
};

/** The shape and the parameters of each layer. @type {FamilyTab} */
const SIZES = { name: "shapes", label: "Sizes", mount: mountSizes };

/** One step of training, taken apart: the same for all families. @type {FamilyTab} */
const STEP_BY_STEP = { name: STEPS, label: "Step by step", mount: mountSteps, view: "steps" };

const CODES = ["latents", "latent_grid", "reconstructions", "samples", "decode"];
const DEPTH = ["gradient_depth", "gradient_correlation"];

/** @type {Family} */
export const GENERIC = {
  title: "Pictures",
  presents: "main",
  middle: mountProbes,
  output: mountScores,
  tabs: [],
  shows: [],
};

/** By the model's kind. @type {{[kind: string]: Family}} */
export const FAMILIES = {
  autoencoder: {
    title: "Latent space",
    presents: "main",
    middle: mountVae,
    output: mountVaeOutput,
    tabs: [FEW_LABELS, SIZES],
    shows: [...CODES, "semi_supervised", "shapes"],
  },
  vae: {
    title: "Latent space",
    presents: "main",
    middle: mountVae,
    output: mountVaeOutput,
    tabs: [
      FEW_LABELS,
      tabOf("bound", "Bound", { fps: 2 }),
      tabOf("gradient_variance", "Estimators", { fps: 2, facts: apartFacts }),
      SIZES,
    ],
    shows: [...CODES, "kl", "semi_supervised", "bound", "gradient_variance", "shapes"],
  },
  rnn: {
    title: "Sequence",
    presents: "main",
    middle: mountRnn,
    output: mountRnnOutput,
    tabs: [LOSS_BY_SYMBOL, SIZES],
    shows: ["tokens", "states", "gates", "gradient_lag", "continuations", "shapes"],
  },
  cnn: {
    title: "Network",
    presents: "main",
    middle: mountCnn,
    output: mountCnnOutput,
    tabs: [
      SIZES,
      IDENTITY,
    ],
    shows: [
      "feature_maps", "filters", "convolution", "receptive_field", "equivariance", "regions",
      "confusion", "wrong", "shapes", ...DEPTH,
    ],
  },
  transformer: {
    title: "Sequence",
    presents: "main",
    middle: mountTransformer,
    output: mountTransformerOutput,
    tabs: [
      tabOf("entropy", "Entropy", { fps: 4, facts: false }),
      LOSS_BY_SYMBOL,
      tabOf("attention_cost", "Cost", { fps: 1, facts: false }),
      SIZES,
    ],
    shows: ["tokens", "attention", "head", "continuations", "entropy", "attention_cost", "shapes"],
  },
  mlp: {
    title: "Network",
    presents: "output",
    middle: mountNetwork,
    output: mountOutput,
    tabs: [
      { name: "regions", label: "Regions", mount: mountRegions },
      { name: "weights", label: "Weights", mount: mountWeights },
      IDENTITY,
      SIZES,
    ],
    shows: ["network", "neurons", "activity", "decision", "regions", "weights", "shapes", ...DEPTH],
  },
};

/** @param {string} kind of the model @returns {Family} */
export const familyOf = (kind) => FAMILIES[kind] ?? GENERIC;

/** The options of a picture in a tab without its own arrangement. */
const PLAIN = { fps: 4 };

/**
 * The tabs beside the main view: the step taken apart, the family's own, and one for each other probe that fits
 * the run.
 * @param {Family} family
 * @param {import("../types/api.js").Catalogue | null} catalogue
 * @param {import("../types/api.js").Run | null} run
 * @returns {FamilyTab[]}
 */
export function tabsFor({ tabs, shows, middle }, catalogue, run) {
  const fitting = fittingProbes(catalogue, run);
  const steps = fitting.some(({ kind }) => kind === STEPS) ? [STEP_BY_STEP] : [];
  if (middle === mountProbes) return [...steps, ...tabs]; // it shows all others
  const others = fitting.filter(({ kind }) => kind !== STEPS && !shows.includes(kind));
  return [...steps, ...tabs, ...others.map(({ kind, label }) => tabOf(kind, label, PLAIN))];
}
