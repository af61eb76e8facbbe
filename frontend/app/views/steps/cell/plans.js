/**
 * Where the values, operations and wires of each recurrent cell stand, and the stages that compute them.
 *
 * Places are [x, y]: y in CSS pixels of normal type, x a share of the cell's inside, from 0 to 1, or one of the two
 * columns of values beside it, IN and OUT. The picture is of one layer, so that symbols do not name it.
 */

/** @typedef {readonly [x: number, y: number]} Place */
/** @typedef {"above" | "below" | "left" | "right"} Side */
/** How a value is coloured: from 0 to 1, or by its sign, from −1 to 1 or as far as C goes. @typedef {"gate" | "state" | "C"} Hue */
/** @typedef {{name: string, symbol: string, stage: string, at: Place, side: Side, hue: Hue}} Value */
/** @typedef {{text: string, stage: string, at: Place}} Operation */
/** @typedef {{stage: string, through: readonly Place[], thick?: boolean, arrow?: boolean}} Wire */
/**
 * @typedef {object} Plan
 * @property {string} title
 * @property {number} height
 * @property {Place} x where what is read stands
 * @property {Place} legend
 * @property {readonly Value[]} values
 * @property {readonly Value[]} derivatives
 * @property {readonly Operation[]} circles
 * @property {readonly Operation[]} boxes "σ(·)" is the activation of a plain cell
 * @property {readonly Wire[]} wires
 * @property {readonly {stage: string, at: Place}[]} joints
 */

export const IN = -1;
export const OUT = 2;

/** @param {string} name @param {string} symbol @param {string} stage @param {Place} at @param {Side} side @param {Hue} [hue] @returns {Value} */
const value = (name, symbol, stage, at, side, hue = "state") => ({ name, symbol, stage, at, side, hue });
/** @param {string} name @param {string} symbol @param {string} stage @param {Place} at @param {Side} [side] */
const by = (name, symbol, stage, at, side = "above") => value(name, symbol, stage, at, side);
/** @param {string} text @param {string} stage @param {Place} at @returns {Operation} */
const does = (text, stage, at) => ({ text, stage, at });
/** @param {string} stage @param {...Place} through @returns {Wire} a wire with an arrow where it leads into something */
const into = (stage, ...through) => ({ stage, through, arrow: true });
/** @param {string} stage @param {...Place} through @returns {Wire} */
const along = (stage, ...through) => ({ stage, through });
/** @param {string} symbol */
const d = (symbol) => `\\partial\\ell/\\partial ${symbol}`;

/** C above, from left to right; h and x below, read by four boxes. @type {Plan} */
const LSTM = {
  title: "LSTM cell",
  height: 306,
  x: [0.02, 282],
  legend: [0.14, 282],
  values: [
    value("h_before", "h_{t-1}", "input", [IN, 242], "left"),
    value("C_before", "C_{t-1}", "input", [IN, 48], "left", "C"),
    value("f", "f_t", "f", [0.11, 148], "right", "gate"),
    value("i", "i_t", "i", [0.34, 148], "left", "gate"),
    value("C̃", "\\tilde C_t", "candidate", [0.54, 148], "left"),
    value("kept", "f_t\\, C_{t-1}", "cell", [0.325, 48], "below", "C"),
    value("added", "i_t\\, \\tilde C_t", "cell", [0.54, 83], "right", "C"),
    value("C", "C_t", "cell", [OUT, 48], "above", "C"),
    value("o", "o_t", "o", [0.81, 152], "below", "gate"),
    value("tanh_C", "\\tanh C_t", "h", [0.92, 120], "left"),
    value("h", "h_t", "h", [OUT, 242], "above"),
  ],
  derivatives: [
    by("C", d("C_t"), "back_C", [OUT, 94]),
    by("h", d("h_t"), "back_h", [OUT, 286]),
    by("z_f", "\\delta_f", "back_z", [0.11, 220], "right"),
    by("z_i", "\\delta_i", "back_z", [0.34, 220], "right"),
    by("z_C̃", "\\delta_{\\tilde C}", "back_z", [0.54, 220], "right"),
    by("z_o", "\\delta_o", "back_z", [0.72, 220], "right"),
    by("C_before", d("C_{t-1}"), "before", [IN, 94]),
    by("h_before", d("h_{t-1}"), "before", [IN, 286]),
  ],
  circles: [
    does("×", "cell", [0.11, 48]),
    does("+", "cell", [0.54, 48]),
    does("×", "cell", [0.54, 118]),
    does("×", "h", [0.92, 152]),
  ],
  boxes: [
    does("σ", "f", [0.11, 186]),
    does("σ", "i", [0.34, 186]),
    does("tanh", "candidate", [0.54, 186]),
    does("σ", "o", [0.72, 186]),
    does("tanh", "h", [0.92, 86]),
  ],
  wires: [
    { stage: "input", through: [[IN, 48], [0.11, 48]], thick: true },
    { stage: "cell", through: [[0.11, 48], [OUT, 48]], thick: true, arrow: true },
    along("input", [IN, 242], [0.72, 242]),
    along("input", [0.02, 282], [0.02, 242]),
    into("f", [0.11, 242], [0.11, 186]),
    into("i", [0.34, 242], [0.34, 186]),
    into("candidate", [0.54, 242], [0.54, 186]),
    into("o", [0.72, 242], [0.72, 186]),
    along("f", [0.11, 186], [0.11, 148]),
    into("cell", [0.11, 148], [0.11, 48]),
    along("i", [0.34, 186], [0.34, 148]),
    into("cell", [0.34, 148], [0.34, 118], [0.54, 118]),
    along("candidate", [0.54, 186], [0.54, 148]),
    into("cell", [0.54, 148], [0.54, 118]),
    into("cell", [0.54, 118], [0.54, 48]),
    along("o", [0.72, 186], [0.72, 152], [0.81, 152]),
    into("h", [0.81, 152], [0.92, 152]),
    into("h", [0.92, 48], [0.92, 86]),
    into("h", [0.92, 86], [0.92, 152]),
    into("h", [0.92, 152], [0.92, 242], [OUT, 242]),
  ],
  joints: [
    { stage: "input", at: [0.02, 242] },
    { stage: "f", at: [0.11, 242] },
    { stage: "i", at: [0.34, 242] },
    { stage: "candidate", at: [0.54, 242] },
    { stage: "h", at: [0.92, 48] },
  ],
};

/** h above, from left to right; below it h and x as two lines, since the candidate reads h only through r. @type {Plan} */
const GRU = {
  title: "GRU cell",
  height: 306,
  x: [IN, 256],
  legend: [0.06, 286],
  values: [
    value("h_before", "h_{t-1}", "input", [IN, 48], "left"),
    value("r", "r_t", "r", [0.385, 186], "above", "gate"),
    value("z", "z_t", "z", [0.12, 150], "right", "gate"),
    value("from_h", "W_h h_{t-1}", "n", [0.52, 218], "left"),
    value("reset", "r_t\\, W_h h_{t-1}", "n", [0.64, 186], "above"),
    value("n", "n_t", "n", [0.76, 148], "right"),
    value("open", "1 - z_t", "h", [0.5, 112], "above", "gate"),
    value("added", "(1 - z_t)\\, n_t", "h", [0.76, 80], "right"),
    value("kept", "z_t\\, h_{t-1}", "h", [0.42, 48], "above"),
    value("h", "h_t", "h", [OUT, 48], "above"),
  ],
  derivatives: [
    by("h", d("h_t"), "back_h", [OUT, 94]),
    by("z_r", "\\delta_r", "back_z", [0.27, 220], "right"),
    by("z_z", "\\delta_z", "back_z", [0.12, 220], "left"),
    by("z_n", "\\delta_n", "back_z", [0.76, 220], "right"),
    by("h_before", d("h_{t-1}"), "before", [IN, 94]),
  ],
  circles: [
    does("×", "h", [0.12, 48]),
    does("+", "h", [0.76, 48]),
    does("×", "h", [0.76, 112]),
    does("×", "n", [0.52, 186]),
  ],
  boxes: [
    does("σ", "z", [0.12, 186]),
    does("σ", "r", [0.27, 186]),
    does("tanh", "n", [0.76, 186]),
    does("1−", "h", [0.27, 112]),
  ],
  wires: [
    { stage: "input", through: [[IN, 48], [0.12, 48]], thick: true },
    { stage: "h", through: [[0.12, 48], [OUT, 48]], thick: true, arrow: true },
    along("input", [0, 48], [0, 240], [0.52, 240]),
    along("input", [IN, 256], [0.76, 256]),
    into("r", [0.27, 256], [0.27, 186]),
    into("z", [0.12, 256], [0.12, 186]),
    into("n", [0.52, 240], [0.52, 186]),
    along("r", [0.27, 186], [0.385, 186]),
    into("n", [0.385, 186], [0.52, 186]),
    into("n", [0.52, 186], [0.76, 186]),
    into("n", [0.76, 256], [0.76, 186]),
    along("z", [0.12, 186], [0.12, 150]),
    into("h", [0.12, 150], [0.12, 48]),
    into("h", [0.12, 112], [0.27, 112]),
    into("h", [0.27, 112], [0.76, 112]),
    along("n", [0.76, 186], [0.76, 148]),
    into("h", [0.76, 148], [0.76, 112]),
    into("h", [0.76, 112], [0.76, 48]),
  ],
  joints: [
    { stage: "input", at: [0, 48] },
    { stage: "r", at: [0.27, 240] },
    { stage: "r", at: [0.27, 256] },
    { stage: "z", at: [0.12, 240] },
    { stage: "z", at: [0.12, 256] },
    { stage: "h", at: [0.12, 112] },
  ],
};

/** h through W and the activation, x and b added on the way. @type {Plan} */
const PLAIN = {
  title: "Plain cell",
  height: 216,
  x: [IN, 160],
  legend: [0.06, 196],
  values: [
    value("h_before", "h_{t-1}", "input", [IN, 84], "left"),
    value("from_h", "W_h h_{t-1}", "z", [0.27, 84], "above"),
    value("from_x", "W_x x_t", "z", [0.27, 160], "above"),
    value("b", "b", "z", [0.44, 34], "left"),
    value("z", "z_t", "z", [0.6, 84], "above"),
    value("h", "h_t", "h", [OUT, 84], "above"),
  ],
  derivatives: [
    by("h", d("h_t"), "back_h", [OUT, 130]),
    by("z_h", "\\delta_t", "back_z", [0.6, 124], "right"),
    by("h_before", d("h_{t-1}"), "before", [IN, 128]),
  ],
  circles: [does("+", "z", [0.44, 84])],
  boxes: [does("Wₕ", "z", [0.1, 84]), does("Wₓ", "z", [0.1, 160]), does("σ(·)", "h", [0.8, 84])],
  wires: [
    into("z", [IN, 84], [0.1, 84]),
    into("z", [IN, 160], [0.1, 160]),
    into("z", [0.1, 84], [0.44, 84]),
    into("z", [0.1, 160], [0.44, 160], [0.44, 84]),
    into("z", [0.44, 34], [0.44, 84]),
    along("z", [0.44, 84], [0.6, 84]),
    into("h", [0.6, 84], [0.8, 84]),
    into("h", [0.8, 84], [OUT, 84]),
  ],
  joints: [],
};

/** The kind of a cell, the fact `cell`. @typedef {import("../../../types/specs.js").RnnSpec["cell"]} Kind */
/** Of every kind. @type {{[kind in Kind]: Plan}} */
export const PLANS = { lstm: LSTM, gru: GRU, rnn: PLAIN };
