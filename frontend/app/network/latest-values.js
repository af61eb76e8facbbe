/**
 * Stores the newest numbers of the network: weights and biases from the picture of the network, maps and
 * peaks from the picture of the neurons. Units are numbered within their layer, whichever are shown.
 *
 * @typedef {import("../types/pictures.js").GraphMark} GraphMark
 * @typedef {import("../types/pictures.js").TilesMark} TilesMark
 * @typedef {import("../types/pictures.js").Facts} Facts
 * @typedef {{layer: number, unit: number}} Unit
 */

const SILENT = /** @type {const} */ (["dead", "saturated"]);

const BLANK = 1e-7; // the largest |h| of a unit with a blank map

export class LatestValues {
  /** @type {GraphMark | null} */
  graph = null;
  /** @type {TilesMark | null} */
  tiles = null;
  /** @type {Map<string, number>} */ #tileOf = new Map();
  #ids = "";
  /** @type {import("./weight-row.js").Row | null} */ #row = null;
  /** @type {Facts} */ #activity = {};
  #quiet = "";

  /**
   * @param {TilesMark | null} tiles
   * @returns {boolean} whether the set of units with blank maps has changed
   */
  setTiles(tiles) {
    this.tiles = tiles;
    const ids = tiles?.ids ?? [];
    const key = ids.join();
    if (key !== this.#ids) {
      this.#ids = key;
      this.#tileOf = new Map(ids.map((id, index) => [id, index]));
    }
    const quiet = ids.filter((_, tile) => (tiles?.peak.data[tile] ?? 1) < BLANK).join();
    const changed = quiet !== this.#quiet;
    this.#quiet = quiet;
    return changed;
  }

  /** @param {{layer: number, from: number, to: number}} edge */
  weight({ layer, from, to }) {
    const matrix = this.graph?.weights[layer - 1];
    const [rows = 0, width = 0] = matrix?.shape ?? [];
    const row = to - this.#first(layer);
    const column = from - this.#first(layer - 1);
    if (row < 0 || row >= rows || column < 0 || column >= width) return undefined;
    return matrix?.data[row * width + column];
  }

  /** Takes all weights into one unit, if the graph has only some. @param {import("./weight-row.js").Row} row */
  setWeightRow(row) {
    this.#row = row;
  }

  /** All weights into a unit; null until they are received.
   * @param {Unit} unit @returns {ArrayLike<number> | null} */
  incoming({ layer, unit }) {
    const matrix = this.graph?.weights[layer - 1];
    const [rows = 0, width = 0] = matrix?.shape ?? [];
    const total = this.graph?.layers[layer - 1]?.total;
    const row = unit - this.#first(layer);
    if (matrix && width === total && row >= 0 && row < rows) {
      return matrix.data.subarray(row * width, (row + 1) * width);
    }
    const whole = this.#row;
    const matches = whole?.layer === layer && whole.unit === unit && whole.weights.length === total;
    return matches ? whole.weights : null;
  }

  /** @param {Unit} unit @returns {number | null} */
  bias({ layer, unit }) {
    return this.graph?.biases[layer - 1]?.data[unit - this.#first(layer)] ?? null;
  }

  /** The first unit of a layer that the graph shows. @param {number} layer */
  #first(layer) {
    return this.graph?.layers[layer]?.first ?? 0;
  }

  /** The index of a unit's map, −1 if it is not received. @param {Unit} unit */
  tile({ layer, unit }) {
    return this.#tileOf.get(`${layer}.${unit}`) ?? -1;
  }

  /** Whether a unit's output is 0 everywhere in the window. @param {Unit} unit */
  quiet(unit) {
    const peak = this.#peak(unit);
    return unit.layer > 0 && peak !== undefined && peak < BLANK;
  }

  /** Whether a unit's output is not finite. @param {Unit} unit */
  broken(unit) {
    const peak = this.#peak(unit);
    return peak !== undefined && !Number.isFinite(peak);
  }

  /** Takes the units that respond to no training example. @param {Facts} facts of the probe `activity` */
  setActivity(facts) {
    this.#activity = facts;
  }

  /** How many units of a hidden layer respond to no training example. @param {number} layer */
  silentUnits(layer) {
    return { dead: this.#units("dead", layer).length, saturated: this.#units("saturated", layer).length };
  }

  /** Whether a unit is dead or saturated; "" if neither. @param {Unit} unit */
  state({ layer, unit }) {
    return SILENT.find((name) => this.#units(name, layer).includes(unit)) ?? "";
  }

  /** @param {"dead" | "saturated"} name @param {number} layer @returns {unknown[]} */
  #units(name, layer) {
    const layers = this.#activity[name];
    const found = layers && typeof layers === "object" && !Array.isArray(layers) ? layers[`${layer}`] : null;
    return Array.isArray(found) ? found : [];
  }

  /** @param {Unit} unit */
  #peak(unit) {
    return this.tiles?.peak.data[this.tile(unit)];
  }
}
