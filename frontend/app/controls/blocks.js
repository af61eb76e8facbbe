/**
 * The control for the blocks that an image passes: each is a line that opens to its kind and its numbers,
 * with its output size beside it.
 */

import { html, nothing } from "lit-html";
import { shown } from "../state/shown.js";
import { applies } from "../state/knobs.js";
import { describedBy, invalid, problemAt, problemText } from "./field.js";
import { numberControl } from "./number.js";
import { optionsControl } from "./options.js";
import { switchControl } from "./switch.js";
import { blockChange, blockText, outputSizes, shortName } from "./block-list.js";

/**
 * @typedef {import("./block-list.js").Block} Block
 * @typedef {import("../types/api.js").Kind} Kind
 * @typedef {import("../types/api.js").Knob} Knob
 */

/** The index of the open block. @type {number | null} */
let open = null;

/**
 * @param {Knob} knob
 * @param {Kind[]} kinds
 * @param {Block[]} blocks
 * @param {(blocks: Block[]) => void} set
 */
export function blocksControl(knob, kinds, blocks, set) {
  const outputs = outputSizes(shown.described.value?.layers ?? [], blocks.length);
  return html`<div
    class="knob blocks"
    role="group"
    aria-label=${knob.label}
    aria-invalid=${invalid(knob.path)}
    aria-describedby=${describedBy(knob.path)}
  >
    <ol>
      ${blocks.map((block, at) => line({ knob, kinds, blocks, block, at, set, output: outputs[at] ?? "" }))}
    </ol>
    <span class="select add-block"
      ><select
        aria-label="Add a block at the end"
        .value=${""}
        @change=${(/** @type {Event} */ event) => {
          const field = /** @type {HTMLSelectElement} */ (event.currentTarget);
          const kind = field.value;
          field.value = "";
          open = blocks.length;
          set(blockChange.add(blocks, kind));
        }}
      >
        <option value="">Add a block …</option>
        ${kinds.map(({ kind, label }) => html`<option value=${kind}>${label}</option>`)}
      </select></span
    >
    ${blocks.some((_, at) => problemAt(`${knob.path}.${at}`)) ? nothing : problemText(knob.path)}
  </div>`;
}

/**
 * @param {{knob: Knob, kinds: Kind[], blocks: Block[], block: Block, at: number,
 *   set: (blocks: Block[]) => void, output: string}} line
 */
function line({ knob, kinds, blocks, block, at, set, output }) {
  const row = kinds.find(({ kind }) => kind === block.kind);
  const path = `${knob.path}.${at}`;
  const name = `${row?.label ?? block.kind}, block ${at + 1} of ${blocks.length}`;
  return html`<li>
    <details
      class="block"
      ?open=${open === at}
      @toggle=${(/** @type {Event} */ event) => {
        const isOpen = /** @type {HTMLDetailsElement} */ (event.currentTarget).open;
        if (isOpen) open = at;
        else if (open === at) open = null;
      }}
    >
      <summary>
        <span class="block-name">${shortName(row?.label ?? block.kind)} <b class="number">${blockText(block)}</b></span>
        <span class="caption number">${output}</span>
      </summary>
      <div class="block-body">
        <div class="row block-tools">
          <span class="select"
            ><select
              aria-label="Kind of ${name}"
              data-tip=${row?.explain ?? ""}
              @change=${(/** @type {Event} */ event) =>
                set(blockChange.kind(blocks, at, /** @type {HTMLSelectElement} */ (event.currentTarget).value))}
            >
              ${kinds.map(
                ({ kind, label }) =>
                  html`<option value=${kind} ?selected=${kind === block.kind}>${label}</option>`,
              )}
            </select></span
          >
          ${tool("↑", `Move up: ${name}`, at > 0, () => move(blocks, at, at - 1, set))}
          ${tool("↓", `Move down: ${name}`, at < blocks.length - 1, () => move(blocks, at, at + 1, set))}
          ${tool("×", `Remove ${name}`, true, () => {
            open = null;
            set(blockChange.remove(blocks, at));
          })}
        </div>
        ${(row?.knobs ?? [])
          .filter((one) => applies(one, block))
          .map((one) => {
            const own = { ...one, path: `${path}.${one.name}` };
            const value = block[one.name] ?? null;
            const change = (/** @type {string | number | boolean | null} */ next) =>
              set(blockChange.value(blocks, at, one.name, next));
            if (one.type === "boolean") return switchControl(own, Boolean(value), change);
            if (one.type === "choice") return optionsControl(own, String(value), change);
            return numberControl(own, /** @type {number | null} */ (value), change);
          })}
      </div>
    </details>
    ${problemAtBlock(path, row?.knobs ?? [])}
  </li>`;
}

/** The refusal of a block as a whole; a refusal of a number is shown at the number. @param {string} path @param {Knob[]} knobs */
function problemAtBlock(path, knobs) {
  const own = knobs.some(({ name }) => problemAt(`${path}.${name}`));
  return own ? nothing : problemText(path);
}

/** @param {Block[]} blocks @param {number} from @param {number} to @param {(blocks: Block[]) => void} set */
function move(blocks, from, to, set) {
  open = to;
  set(blockChange.move(blocks, from, to));
}

/** @param {string} text @param {string} label @param {boolean} can @param {() => void} act */
function tool(text, label, can, act) {
  return html`<button
    class="icon-button small"
    type="button"
    aria-label=${label}
    ?disabled=${!can}
    @click=${act}
  >
    ${text}
  </button>`;
}
