/**
 * A small canvas with the maps of all units below one another, from which each is drawn, larger and
 * smooth, into its tile.
 *
 * @typedef {import("../types/pictures.js").TilesMark} TilesMark
 * @typedef {import("./layout.js").Box} Box
 */
import { probabilityMap } from "./probability-map.js";

export class MapAtlas {
  #canvas = document.createElement("canvas");
  #probabilityCanvas = document.createElement("canvas");
  #logitTile = -1;
  #width = 0;
  #height = 0;

  /**
   * Takes the maps of a picture.
   * @param {TilesMark} mark @param {Uint32Array} table
   * @param {number} logits the index of a map of logits, shown as probabilities; −1 for none
   */
  setMaps(mark, table, logits) {
    const [count = 0, height = 0, width = 0] = mark.values.shape;
    this.#width = width;
    this.#height = height;
    const context = this.#canvas.getContext("2d");
    if (!context || !count || !width || !height) return;
    if (this.#canvas.width !== width || this.#canvas.height !== height * count) {
      this.#canvas.width = width;
      this.#canvas.height = height * count;
    }
    const image = context.createImageData(width, height * count);
    const pixels = new Uint32Array(image.data.buffer);
    const values = mark.values.data;
    for (let tile = 0; tile < count; tile += 1) {
      for (let row = 0; row < height; row += 1) {
        // The wire's row 0 is the lowest, the screen's the highest.
        let from = (tile * height + height - 1 - row) * width;
        let to = (tile * height + row) * width;
        const end = to + width;
        while (to < end) pixels[to++] = table[values[from++] ?? 128] ?? 0;
      }
    }
    context.putImageData(image, 0, 0);
    this.#logitTile = height > 1 ? logits : -1;
    if (this.#logitTile >= 0) this.#probability(mark, table, width, height);
  }

  /** @param {TilesMark} mark @param {Uint32Array} table @param {number} width
   * @param {number} height */
  #probability(mark, table, width, height) {
    const cells = width * height;
    const values = mark.values.data.subarray(this.#logitTile * cells, (this.#logitTile + 1) * cells);
    const peak = mark.peak.data[this.#logitTile] ?? 1;
    const fine = probabilityMap(values, width, height, peak, table);
    this.#probabilityCanvas.width = fine.width;
    this.#probabilityCanvas.height = fine.height;
    const image = new ImageData(new Uint8ClampedArray(fine.pixels.buffer), fine.width, fine.height);
    this.#probabilityCanvas.getContext("2d")?.putImageData(image, 0, 0);
  }

  /**
   * @param {CanvasRenderingContext2D} context @param {number} tile @param {Box} box
   */
  draw(context, tile, box) {
    const { x, y, size } = box;
    const left = x - size / 2;
    const top = y - size / 2;
    if (tile === this.#logitTile) {
      context.drawImage(this.#probabilityCanvas, left, top, size, size);
      return;
    }
    const from = tile * this.#height;
    context.drawImage(this.#canvas, 0, from, this.#width, this.#height, left, top, size, size);
  }
}
