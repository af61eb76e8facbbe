/** Changes a list of blocks, and describes a block in a few words. Pure. */

/**
 * A block as a person writes it: its kind, and the numbers that were set.
 * @typedef {{kind: string, [knob: string]: string | number | boolean | null}} Block
 */

/** The default number of convolutions of a residual block, which is not written. */
const DEFAULT_DEPTH = 2;

export const blockChange = {
  /** @param {Block[]} blocks @param {string} kind */
  add: (blocks, kind) => [...blocks, { kind }],

  /** @param {Block[]} blocks @param {number} at */
  remove: (blocks, at) => blocks.toSpliced(at, 1),

  /** @param {Block[]} blocks @param {number} from @param {number} to */
  move(blocks, from, to) {
    const block = blocks[from];
    return block ? blocks.toSpliced(from, 1).toSpliced(to, 0, block) : blocks;
  },

  /** Changes the kind: only channels are kept, if the new kind has any. @param {Block[]} blocks @param {number} at @param {string} kind */
  kind(blocks, at, kind) {
    const channels = blocks[at]?.["channels"];
    const keeps = channels !== undefined && (kind === "conv" || kind === "residual");
    return blocks.with(at, keeps ? { kind, channels } : { kind });
  },

  /** @param {Block[]} blocks @param {number} at @param {string} name @param {string | number | boolean | null} value */
  value: (blocks, at, name, value) =>
    blocks.with(at, { .../** @type {Block} */ (blocks[at]), [name]: value }),
};

/** The short name of a kind of block: "Residual block" among blocks is "Residual". @param {string} label */
export const shortName = (label) => label.replace(/ (block|layer)$/, "");

/**
 * A block's numbers in words: "16, 3 × 3, stride 2".
 * @param {Block} block
 */
export function blockText(block) {
  const words = [];
  const { channels, units, kernel, stride, factor, dilation } = block;
  if (channels ?? units) words.push(String(channels ?? units));
  if (kernel) words.push(`${kernel} × ${kernel}`);
  if (typeof stride === "number" && stride > 1 && stride !== kernel) words.push(`stride ${stride}`);
  if (typeof dilation === "number" && dilation > 1) words.push(`dilation ${dilation}`);
  if (factor) words.push(`× ${factor}`);
  if (block["depth"] !== undefined && block["depth"] !== DEFAULT_DEPTH) words.push(`${block["depth"]} deep`);
  if (block["norm"] === "batch") words.push("batch norm");
  if (block["skip"] === false) words.push("no skip connection");
  return words.join(", ");
}

/**
 * The output size of each block, "16 × 8 × 8", from the layers of the described spec named after it.
 * @param {{name: string, output: number[]}[]} layers
 * @param {number} count of blocks
 */
export function outputSizes(layers, count) {
  return Array.from({ length: count }, (_, at) => {
    const own = layers.findLast(({ name }) => new RegExp(`^[a-z]+\\.${at}(\\.|$)`).test(name));
    return own ? own.output.join(" × ") : "";
  });
}
