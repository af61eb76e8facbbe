// Made from the Python types by 'make types'. Change those, and make it again.
/** A run spec with all its defaults filled in, and each member of its unions. */

/** A row of a table by its name, with knobs, such as the α of a leaky ReLU. */
export interface ChoiceWithKnobs {
  kind: string;
  [name: string]: number | string;
}

/** A row of a table by its name alone, or by its name with knobs. */
export type Choice = string | ChoiceWithKnobs;

export type DataFamily = "points" | "images" | "sequences";

export type Target = "classes" | "real" | "tokens";

/** The base class of data sets of points. */
export interface PointsSpec {
  /** Points in all, for training and testing together. */
  samples: number;
  /** Standard deviation of the noise on the points of a class, or on a target. */
  noise: number;
  /** Share of the points that training never sees. */
  test_fraction: number;
  /** Another seed draws other points. */
  seed: number;
}

/** Arms wound around each other: the hardest of the classics. */
export interface SpiralSpec extends PointsSpec {
  kind: "spiral";
  /** One class per arm. */
  arms: number;
  /** How often an arm winds around the centre. */
  turns: number;
}

/** A disc inside a ring: no straight line separates them. */
export interface CirclesSpec extends PointsSpec {
  kind: "circles";
}

/** Opposite quadrants share a class: the least that needs a hidden layer. */
export interface XorSpec extends PointsSpec {
  kind: "xor";
}

/** Two clouds that a straight line can separate while noise is low. */
export interface GaussiansSpec extends PointsSpec {
  kind: "gaussians";
}

/** Two half circles that reach into each other. */
export interface MoonsSpec extends PointsSpec {
  kind: "moons";
}

/** Squares of alternating class: more cells need more units. */
export interface CheckerboardSpec extends PointsSpec {
  kind: "checkerboard";
  /** Squares along an edge. */
  cells: number;
}

/** One cloud a class, around a circle. */
export interface BlobsSpec extends PointsSpec {
  kind: "blobs";
  /** Clouds around the circle. */
  count: number;
}

/** A real target on the line. */
export interface LineSpec extends PointsSpec {
  /** Points in all, for training and testing together. */
  samples: number;
  /** Standard deviation of the noise on the target. */
  noise: number;
}

/** A smooth wave. */
export interface SineSpec extends LineSpec {
  kind: "sine";
  /** Waves within the window. */
  cycles: number;
}

/** A jump, which no continuous net can follow exactly. */
export interface StepSpec extends LineSpec {
  kind: "step";
}

/** A zigzag: a ReLU net can be exact, with one joint per corner. */
export interface SawtoothSpec extends LineSpec {
  kind: "sawtooth";
  /** Zigzags in the window. */
  teeth: number;
}

/** A Chebyshev polynomial: as many wiggles as its degree allows. */
export interface PolynomialSpec extends LineSpec {
  kind: "polynomial";
  /** Degree of T. */
  degree: number;
}

/** A wave whose noise grows from left to right (heteroscedastic). */
export interface HeteroscedasticSpec extends LineSpec {
  /** Standard deviation of the noise in the middle. */
  noise: number;
  kind: "heteroscedastic";
}

/** A tilted plane, which a single linear unit can learn. */
export interface PlaneSpec extends PointsSpec {
  kind: "plane";
}

/** Hills and valleys of Gaussian shape. */
export interface BumpsSpec extends PointsSpec {
  kind: "bumps";
}

/** The base class of image data sets: square images of one channel. */
export interface ImagesSpec {
  /** Images in all, for training and testing together. */
  samples: number;
  /** Standard deviation of the noise on every pixel, whose values go from 0 to 1. */
  noise: number;
  /** Share of the images that training never sees. */
  test_fraction: number;
  /** Another seed draws others. */
  seed: number;
}

/** 1,797 handwritten digits, which come with the program. */
export interface DigitsSpec extends ImagesSpec {
  /** Images in all, for training and testing together. */
  samples: number;
  kind: "digits";
}

/** Squares, discs, triangles, crosses, at random positions and angles. */
export interface ShapesSpec extends ImagesSpec {
  /** Standard deviation of the noise on every pixel, whose values go from 0 to 1. */
  noise: number;
  kind: "shapes";
  /** Pixels along an edge. */
  size: number;
  /** How far from the middle a shape may lie: 0 keeps it there, 1 is anywhere inside. */
  shift: number;
  /** By how much shapes may be smaller or larger than the mean. */
  scale: number;
  /** How far a shape may be turned either way. */
  rotation: number;
}

/** Images that come as IDX files, which the person puts into the folder of data sets. */
export interface IdxSpec extends ImagesSpec {
  /** Images in all, for training and testing together. */
  samples: number;
}

/** 70,000 handwritten digits, from IDX files in the data sets' folder. */
export interface MnistSpec extends IdxSpec {
  kind: "mnist";
}

/** 70,000 pieces of clothing, from IDX files in the data sets' folder. */
export interface FashionMnistSpec extends IdxSpec {
  kind: "fashion_mnist";
}

/** The base class of sequence tasks. */
export interface SequencesSpec {
  /** Sequences in all, for training and testing together. */
  samples: number;
  /** Share of the sequences that training never sees. */
  test_fraction: number;
  /** Another seed draws other sequences. */
  seed: number;
}

/** A symbol first, then blanks or distractors, then a cue: which symbol was it? */
export interface DelayedRecallSpec extends SequencesSpec {
  kind: "delayed_recall";
  /** Steps between the symbol and the answer. */
  delay: number;
  /** Different symbols. */
  symbols: number;
  /** Other symbols come in between, instead of blanks. */
  distractors: boolean;
}

/** After every bit, whether the ones so far are even or odd in number. */
export interface ParitySpec extends SequencesSpec {
  kind: "parity";
  /** Bits of a sequence. */
  length: number;
}

/** The sum of the two numbers of a list that are marked. */
export interface AdditionSpec extends SequencesSpec {
  kind: "addition";
  /** Numbers in a list. */
  length: number;
}

/** The next value of a sum of two sine waves of random phase. */
export interface WavesSpec extends SequencesSpec {
  kind: "waves";
  /** Values of a wave. */
  length: number;
  /** Standard deviation of the noise on every value. */
  noise: number;
}

/** Windows of a text; the next character is predicted at each place. */
export interface CharactersSpec extends SequencesSpec {
  kind: "characters";
  /** Characters that are seen at once. */
  length: number;
  /**
   * The text to learn; if empty, sentences of a small grammar. Beyond 128 different characters, the
   * rarest share one symbol, �.
   */
  text: string;
}

/** A source and a target of the same length. */
export interface PairsSpec extends SequencesSpec {
  /** Symbols of the source. */
  length: number;
  /** Different symbols. */
  symbols: number;
}

/** Repeat the sequence. */
export interface CopySpec extends PairsSpec {
  kind: "copy";
}

/** Repeat the sequence in reverse order. */
export interface ReverseSpec extends PairsSpec {
  kind: "reverse";
}

/** Output the symbols in sorted order. */
export interface SortSpec extends PairsSpec {
  kind: "sort";
}

/** Keys with their values, then one of the keys: which value belongs to it? */
export interface AssociativeRecallSpec extends SequencesSpec {
  kind: "associative_recall";
  /** Keys with a value. */
  count: number;
  /** Different values. */
  symbols: number;
}

export type DataSpec =
  | SpiralSpec
  | CirclesSpec
  | XorSpec
  | GaussiansSpec
  | MoonsSpec
  | CheckerboardSpec
  | BlobsSpec
  | SineSpec
  | StepSpec
  | SawtoothSpec
  | PolynomialSpec
  | HeteroscedasticSpec
  | PlaneSpec
  | BumpsSpec
  | DigitsSpec
  | ShapesSpec
  | MnistSpec
  | FashionMnistSpec
  | DelayedRecallSpec
  | ParitySpec
  | AdditionSpec
  | WavesSpec
  | CharactersSpec
  | CopySpec
  | ReverseSpec
  | SortSpec
  | AssociativeRecallSpec;

/** The same small kernel at every place of the image, then σ. */
export interface ConvSpec {
  kind: "conv";
  /** Kernels, each with a feature map of its own. */
  channels: number;
  /** Side of the kernel. */
  kernel: number;
  /** How far the kernel moves at a time. */
  stride: number;
  /** Pixels added around; none is as many as keep the size at stride 1. */
  padding: number | null;
  /** Distance between the pixels that the kernel looks at. */
  dilation: number;
  /** Zeros, or the other side of the image (circular). */
  padding_mode: "zeros" | "circular";
}

/** The base class of pooling layers. */
export interface PoolSpec {
  /** Side of the window. */
  kernel: number;
  /** How far the window moves at a time; none is the window's side. */
  stride: number | null;
}

/** The largest value of every window. */
export interface MaxPoolSpec extends PoolSpec {
  kind: "max_pool";
}

/** The mean of every window. */
export interface AvgPoolSpec extends PoolSpec {
  kind: "avg_pool";
}

/** Every pixel becomes a square of equal pixels. */
export interface UpsampleSpec {
  kind: "upsample";
  /** Side of the square. */
  factor: number;
}

/**
 * Each channel to mean 0 and variance 1 over the minibatch; running means in testing. Right behind
 * a convolution or dense layer it comes before their σ.
 */
export interface BatchNormSpec {
  kind: "batch_norm";
}

/**
 * Each example's values to mean 0 and variance 1. Right behind a convolution or dense layer it
 * comes before their σ.
 */
export interface LayerNormSpec {
  kind: "layer_norm";
}

/** The input plus the output of convolutions, with σ before each. */
export interface ResidualSpec {
  kind: "residual";
  /** Channels out; a different number than the input adds a 1 × 1 projection. */
  channels: number;
  /** Side of the kernels; odd, to keep the size. */
  kernel: number;
  /** Convolutions within f. */
  depth: number;
  /** Batch norm before each σ, or none. */
  norm: "none" | "batch";
  /** Off: f(h) alone, for comparison. */
  skip: boolean;
}

/** All values in one long vector. */
export interface FlattenSpec {
  kind: "flatten";
}

/** The mean of each feature map: one number a channel. */
export interface GlobalPoolSpec {
  kind: "global_pool";
}

/** A fully connected layer, then σ. */
export interface DenseBlockSpec {
  kind: "dense";
  /** Units of the layer. */
  units: number;
}

export type BlockSpec =
  | ConvSpec
  | MaxPoolSpec
  | AvgPoolSpec
  | UpsampleSpec
  | BatchNormSpec
  | LayerNormSpec
  | ResidualSpec
  | FlattenSpec
  | GlobalPoolSpec
  | DenseBlockSpec;

/** A multilayer perceptron: h(l) = σ(W(l) h(l-1) + b(l)), its last layer linear. */
export interface MlpSpec {
  kind: "mlp";
  /** What the first layer sees of a point. */
  features: ("x1" | "x2" | "x1_squared" | "x2_squared" | "x1_x2" | "sin_x1" | "sin_x2")[];
  /** Units of each hidden layer. */
  hidden: number[];
  /** The function that a hidden unit applies to its weighted sum z. */
  activation: Choice | Choice[];
  /** How the weights are drawn at the start; biases start at 0. */
  initializer: Choice;
  /** Let units add a constant b to their sum. */
  bias: boolean;
  /** Add a layer's input to its output, where both have the same width. */
  residual: boolean;
}

/** Blocks in a row, then a linear layer to the classes (flattened before it). */
export interface CnnSpec {
  kind: "cnn";
  /** What an image goes through, in order. */
  blocks: BlockSpec[];
  /** The function after each convolution and dense layer. */
  activation: Choice;
  /** How the weights are drawn at the start; biases start at 0. */
  initializer: Choice;
  /** Let channels and units add a constant b. */
  bias: boolean;
}

/** Cells that read step by step and carry a state; a linear layer predicts from it. */
export interface RnnSpec {
  kind: "rnn";
  /** Plain, LSTM (with a cell state) or GRU. */
  cell: "rnn" | "lstm" | "gru";
  /** Numbers in the state h of a layer. */
  hidden: number;
  /** Layers above one another, each reading the states below. */
  depth: number;
  /** The activation of the plain cell; gates have their own. */
  activation: "tanh" | "relu";
  /** Where the LSTM's forget gate starts: 4 forgets 2% a step. */
  forget_bias: number;
  /** How W_h is drawn, each gate's by itself; the default lies in ±1/√D. */
  initializer: Choice;
}

/** Layers of attention and of a small MLP at each place, each added to what came in. */
export interface TransformerSpec {
  kind: "transformer";
  /** A decoder sees what is on its left (causal mask), an encoder everything. */
  form: "decoder" | "encoder";
  /** Layers of attention and MLP. */
  depth: number;
  /** Attention patterns side by side in a layer. */
  heads: number;
  /** Numbers at each place; heads share them. */
  width: number;
  /** How many times wider the MLP's hidden layer is. */
  feedforward: number;
  /** How a place knows where it is: learned or sinusoidal vectors, or not at all. */
  positions: "learned" | "sinusoidal" | "none";
  /** Before attention and MLP, after them, or none. */
  norm: "before" | "after" | "none";
  /** The function in the MLP. */
  activation: Choice;
}

/** The base class of autoencoders: an encoder to the code z, and a decoder that mirrors it. */
export interface AutoencodingSpec {
  /** Dense layers, or convolutions of stride 2 and upsampling. */
  form: "dense" | "conv";
  /** Units (or channels) of the encoder's layers; the decoder has them in reverse. */
  hidden: number[];
  /** Numbers in the code z of an image. */
  latent: number;
  /** The function after each hidden layer. */
  activation: Choice;
  /** How the weights are drawn at the start; biases start at 0. */
  initializer: Choice;
}

/** An image through a narrow code z and back. */
export interface AutoencoderSpec extends AutoencodingSpec {
  kind: "autoencoder";
}

/** A distribution of codes for each image, and images for each code. */
export interface VaeSpec extends AutoencodingSpec {
  kind: "vae";
  /** Weight of the KL term; 1 is the ELBO. */
  beta: number;
  /** The gradient goes through z = μ + σε; off, it is the score function's. */
  reparameterized: boolean;
}

export type ModelSpec = MlpSpec | CnnSpec | RnnSpec | TransformerSpec | AutoencoderSpec | VaeSpec;

/** Two classes: the net gives the logit of p(y = 1 | x). */
export interface BernoulliSpec {
  kind: "bernoulli";
}

/** K classes: the net gives a logit a class, softmax their shares. */
export interface CategoricalSpec {
  kind: "categorical";
}

/** A real target: the net gives the mean, σ is fixed. */
export interface GaussianSpec {
  kind: "gaussian";
  /** The fixed standard deviation of the target around the net's output. */
  sigma: number;
}

export type ObjectiveSpec = BernoulliSpec | CategoricalSpec | GaussianSpec;

/** The learning rate stays as it is. */
export interface ConstantSpec {
  kind: "constant";
}

/** Multiply the learning rate by a factor, every so many steps. */
export interface StepDecaySpec {
  kind: "step";
  /** Steps between two drops. */
  every: number;
  /** What the learning rate is multiplied by. */
  factor: number;
}

/** Half a cosine wave down to the floor, then flat. */
export interface CosineSpec {
  kind: "cosine";
  /** Steps until the floor is reached. */
  steps: number;
  /** Share of the learning rate that is left at the end. */
  floor: number;
}

export type ScheduleSpec = ConstantSpec | StepDecaySpec | CosineSpec;

/** The common fields of all optimizers. */
export interface DescentSpec {
  /** How far a step goes along the gradient. */
  lr: number;
  /** How the learning rate changes with time. */
  schedule: ScheduleSpec;
}

/** The running moments of Adam and AdamW. */
export interface MomentsSpec extends DescentSpec {
  /** Memory of the gradient's mean. */
  beta1: number;
  /** Memory of the gradient's square. */
  beta2: number;
  /** Keeps the division from blowing up. */
  eps: number;
  /** Divide by 1 − βᵗ: the moments start at 0. */
  bias_correction: boolean;
}

/** Momentum, with a step size of its own for each parameter. */
export interface AdamSpec extends MomentsSpec {
  kind: "adam";
}

/** Adam with weight decay apart from the gradient. */
export interface AdamWSpec extends MomentsSpec {
  kind: "adamw";
  /** Shrinks all parameters at each step. */
  weight_decay: number;
}

/** Steps against the minibatch gradient, with optional momentum. */
export interface SgdSpec extends DescentSpec {
  /** How far a step goes along the gradient. */
  lr: number;
  kind: "sgd";
  /** Share of the last step that is kept. */
  momentum: number;
  /** Look ahead along the momentum. */
  nesterov: boolean;
}

/** Divides the gradient by the root of its mean square. */
export interface RmsPropSpec extends DescentSpec {
  kind: "rmsprop";
  /** Memory of the gradient's square. */
  gamma: number;
  /** Share of the last step that is kept. */
  momentum: number;
  /** Use the variance, not the mean square. */
  centered: boolean;
  /** Keeps the division from blowing up. */
  eps: number;
}

export type OptimizerSpec = AdamSpec | AdamWSpec | SgdSpec | RmsPropSpec;

/** Penalties (λ/2)·Σφ² and λ·Σ|φ| on all parameters, and dropout on hidden units. */
export interface RegularizationSpec {
  /** Adds λ sign φ to the gradient: pulls parameters to zero. */
  l1: number;
  /** Adds λφ to the gradient: keeps parameters small. */
  l2: number;
  /** Probability that a hidden unit is left out of a training step. */
  dropout: number;
}

/** The length of training, the size of minibatches, and the steps between rows. */
export interface TrainingSpec {
  /** Examples a step; none is the full batch. */
  batch_size: number | null;
  /** Where the run ends; none is until paused or stopped. */
  steps: number | null;
  /** Steps between two rows of the curves; none: 10, after step 10,000 100, and so on. */
  series_every: number | null;
}

/** A complete spec: the same seed, spec and journal give the same series, bit for bit. */
export interface Spec {
  /** Another seed draws other weights. */
  seed: number;
  /**
   * Machine code for multilayer perceptrons of at most 20,000 parameters with elementwise
   * activations; PyTorch's tensor operations for all others.
   */
  arithmetic: "auto" | "compiled" | "torch";
  data: DataSpec;
  model: ModelSpec;
  objective: ObjectiveSpec;
  optimizer: OptimizerSpec;
  regularization: RegularizationSpec;
  training: TrainingSpec;
}
