/** Makes refusals visible: at their control, or as a notice if the control is not on screen. */

import { notifyProblem } from "../state/notices.js";

/** @typedef {import("../types/api.js").Problem} Problem */

/**
 * @param {HTMLElement} host  of the controls
 * @returns {(problems: Map<string, Problem>) => void}  shows each map of refusals once, after rendering
 */
export function problemViewer(host) {
  let shown = new Map();
  return (problems) => {
    if (problems === shown) return;
    shown = problems;
    for (const problem of problems.values()) show(host, problem);
  };
}

/** @param {HTMLElement} host @param {Problem} problem */
function show(host, problem) {
  const text = host.querySelector(".problem");
  for (let fold = text?.closest("details"); fold; fold = fold.parentElement?.closest("details")) {
    fold.open = true;
  }
  if (text?.checkVisibility({ visibilityProperty: true })) text.scrollIntoView({ block: "nearest" });
  else notifyProblem(problem);
}
