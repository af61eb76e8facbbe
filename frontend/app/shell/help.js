/** The help dialog: what the page can do, and its keys. */

import { html, nothing } from "lit-html";
import { KEYS } from "../keys.js";
import { LOCAL } from "../state/ownership.js";
import { me } from "../state/store.js";
import { openDialog } from "./dialog.js";

/** A page without a user's rights over all runs has nothing to say here. */
function role() {
  if (!me.value?.administrator || me.value.id === LOCAL) return nothing;
  return html`<p>
    You are an administrator of this server: you can control and delete everyone’s runs.
    <a href=${`./?role=member${location.hash}`}>Give up these rights in this browser</a>; the
    administrators’ link gives them back.
  </p>`;
}

export function openHelp() {
  openDialog(
    "Help",
    () => html`<div class="help">
      <p>
        Press play and watch a network learn. The largest map is its output over the plane, with the
        data on it: filled points are trained on, hollow ones are only tested on. Every tile of the
        network is the same map for one unit. Lines are weights: orange is positive, blue is
        negative, and the thicker the larger.
      </p>
      <p>
        Change any setting while it trains. Settings with this mark
        <svg class="restarts" viewBox="0 0 12 12" role="img" aria-label="circular arrow">
          <path d="M9.8 4.2A4.3 4.3 0 1 0 10.3 6.6M10 1.6v2.8H7.2" />
        </svg>
        restart the run. The previous run stays in the list. Drag the timeline to look back, and
        press play there to go on from that step in a run of its own. Only its owner can control a
        run; everyone can watch it, and fork it to get a copy that they control.
      </p>
      <p>
        Step by step, over the network, shows the numbers of the next step: forward, backward, update. The
        arrow keys go from stage to stage; a click on a number of a result shows the sum that made it.
      </p>
      ${role()}
      <table class="keys">
        <caption class="caption">Keys</caption>
        <tbody>
          ${KEYS.map(
            ({ shown, does }) =>
              html`<tr>
                <td>${shown.map((key) => html`<kbd>${key}</kbd> `)}</td>
                <td>${does}</td>
              </tr>`,
          )}
          <tr>
            <td><kbd>Enter</kbd></td>
            <td>On a slider: type its number</td>
          </tr>
        </tbody>
      </table>
      <p class="caption">
        The same runs can be made by scripts: see the
        <a href="./docs" target="_blank" rel="noopener">documentation of the API</a>.
      </p>
    </div>`,
  );
}
