/** The buttons play and step and the speed menu, in the middle of the bar at the top. */

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import * as actions from "../state/actions.js";
import { sentences } from "../stream/api-error.js";
import { shown } from "../state/shown.js";
import { STEP_REASON, isGoing } from "../state/statuses.js";
import { REASON } from "../state/watching.js";
import { isWatched } from "../state/ownership.js";
import * as icons from "./icons.js";

/** The offered speeds, in steps a second. */
const PACES = [1, 5, 25, 120, 500, null];

const RESET = "Reset to step 0 with the same initial weights (R)";
const PLAY_ON = "Continue from the viewed step in a new run";
const EPOCH = "Train to the end of this epoch, once through the training data (Shift →)";

export function transport() {
  const past = shown.viewedStep.value !== null;
  const status = shown.run.value?.status;
  const playing = isGoing(status) && !past;
  const failure = shown.failure.value;
  const off = !shown.run.value || failure !== null;
  // Continuing from a past step or an ended run makes a fork that belongs to the viewer.
  const inert = isWatched() && !past && !actions.hasEnded(shown.run.value);
  const reason = failure ? sentences(failure) : inert ? REASON : null;
  const steps = { off, reason: inert ? REASON : status === "queued" && !past ? STEP_REASON : null };
  const verb = playing ? "Pause" : past ? "Play on" : "Play";
  return html`
    <button
      class="icon-button"
      type="button"
      aria-label="Reset"
      data-tip=${isWatched() ? `${RESET}, in a copy that you control` : RESET}
      ?disabled=${off}
      @click=${actions.reset}
    >
      ${icons.resetIcon}
    </button>
    <button
      id="play"
      class="button ${reason ? "" : "primary"}"
      type="button"
      ?disabled=${off && !failure}
      aria-disabled=${reason ? "true" : nothing}
      aria-description=${reason ?? nothing}
      aria-keyshortcuts="Space"
      data-tip=${reason ?? (past ? PLAY_ON : "")}
      @click=${actions.toggle}
    >
      ${playing ? icons.pauseIcon : icons.playIcon}<span>${verb}</span>
    </button>
    ${stepButton(html`Step <kbd>→</kbd>`, "One step of the optimizer (→)", { steps: 1 }, steps)}
    ${stepButton("Epoch", EPOCH, { epochs: 1 }, steps)}
    ${isWatched() ? paceOfTheirs() : paceControl()}
  `;
}

/**
 * A button for steps. An inert one can still be hovered and focused, so that its tip can say why.
 * @param {unknown} label
 * @param {string} tip
 * @param {{steps?: number, epochs?: number}} far
 * @param {{off: boolean, reason: string | null}} how  `reason`: why it is inert
 */
function stepButton(label, tip, far, { off, reason }) {
  return html`<button
    class="button ${far.epochs ? "epoch" : ""}"
    type="button"
    ?disabled=${off}
    aria-disabled=${reason ? "true" : nothing}
    aria-description=${reason ?? nothing}
    data-tip=${reason ?? tip}
    @click=${() => actions.step(far)}
  >
    ${label}
  </button>`;
}

/** The speed of another person's run, as text: a menu without effect would mislead. */
function paceOfTheirs() {
  const { value } = shown.pace;
  return html`<button
    class="button pace"
    type="button"
    aria-disabled="true"
    aria-description=${REASON}
    data-tip=${REASON}
    @click=${() => actions.setPace(value)}
  >
    <span>Speed</span><strong>${paceWords(value)}</strong>
  </button>`;
}

function paceControl() {
  return html`<label class="pace button" data-tip="Maximum training speed">
    <span>Speed</span>
    <span class="select"><select
      aria-label="Speed, in steps a second"
      .value=${live(String(shown.pace.value))}
      @change=${(/** @type {Event} */ event) => {
        const { value } = /** @type {HTMLSelectElement} */ (event.currentTarget);
        void actions.setPace(value === "null" ? null : Number(value));
      }}
    >
      ${pacesWith(shown.pace.value).map(
        (pace) =>
          html`<option value=${String(pace)} ?selected=${pace === shown.pace.value}>
            ${paceWords(pace)}
          </option>`,
      )}
    </select></span>
  </label>`;
}

/** @param {number | null} pace */
const paceWords = (pace) => (pace === null ? "max" : `${pace}/s`);

/** The offered speeds and the present one: a script may have set another. @param {number | null} pace */
function pacesWith(pace) {
  if (PACES.includes(pace)) return PACES;
  const finite = [...PACES, pace].filter((one) => one !== null).sort((a, b) => a - b);
  return [...finite, null];
}
