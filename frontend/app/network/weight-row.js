/**
 * Requests all weights into the inspected unit, if the layer before has more units than are shown: the
 * picture of the network has only those between shown units.
 *
 * @typedef {import("../types/pictures.js").Picture} Picture
 * @typedef {{layer: number, unit: number}} Unit
 * @typedef {Unit & {weights: Float32Array}} Row
 */
const FPS = 10;

export class WeightRow {
  /** @type {import("../stream/watch.js").Watch | null} */ #watch = null;

  /**
   * @param {HTMLElement} host nothing is sent while it is off screen
   * @param {import("../stream/watch.js").Pictures} pictures @param {(row: Row) => void} onRow
   */
  constructor(host, pictures, onRow) {
    this.host = host;
    this.pictures = pictures;
    this.onRow = onRow;
  }

  /** @param {Unit | null} unit */
  request(unit) {
    if (!unit) return this.close();
    const options = { layer: unit.layer, unit: unit.unit };
    if (this.#watch) return this.#watch.set(options);
    this.#watch = this.pictures.watch({
      id: "weight-row",
      probe: "weights",
      options,
      fps: FPS,
      host: this.host,
      paint: (picture) => {
        const row = rowOf(picture);
        if (row) this.onRow(row);
      },
    });
  }

  close() {
    this.#watch?.close();
    this.#watch = null;
  }
}

/** Pure. @param {Picture} picture @returns {Row | null} */
export function rowOf({ plots, facts }) {
  for (const [layer, about] of Object.entries(facts)) {
    const unit = Number(Object(about)["unit"] ?? NaN);
    const mark = plots.find(({ id }) => id === `W${layer}`)?.marks[0];
    if (mark?.kind === "matrix" && !Number.isNaN(unit)) {
      return { layer: Number(layer), unit, weights: Float32Array.from(mark.values.data) };
    }
  }
  return null;
}
