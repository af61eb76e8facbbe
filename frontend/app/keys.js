/** Lists the keys of the page and their meaning, for the listener and the help dialog. */

/**
 * @typedef {"play" | "step" | "epoch" | "reset" | "seed" | "live" | "theme" | "present" | "runs" | "help"
 *   | "nextStage" | "previousStage" | "leave"} Verb
 * @typedef {{key: string, shift?: boolean, shown: string[], does: string, verb: Verb, view?: "steps"}} Key
 *   `view` is where alone it has this meaning, before that of the other keys
 */

/** @type {Key[]} */
export const KEYS = [
  { key: " ", shown: ["Space"], does: "Play or pause", verb: "play" },
  { key: "ArrowRight", shown: ["→"], does: "One step", verb: "step" },
  {
    key: "ArrowRight",
    shift: true,
    shown: ["Shift", "→"],
    does: "Train to the end of the epoch",
    verb: "epoch",
  },
  { key: "r", shown: ["R"], does: "Reset to step 0 with the same initial weights", verb: "reset" },
  { key: "n", shown: ["N"], does: "New seed: other initial weights", verb: "seed" },
  { key: "l", shown: ["L"], does: "Back to live", verb: "live" },
  { key: "t", shown: ["T"], does: "Light or dark", verb: "theme" },
  { key: "p", shown: ["P"], does: "Presentation mode: large type", verb: "present" },
  { key: "a", shown: ["A"], does: "All runs on this server", verb: "runs" },
  { key: "ArrowRight", shown: ["→"], does: "In Step by step: the next stage", verb: "nextStage", view: "steps" },
  { key: "ArrowLeft", shown: ["←"], does: "In Step by step: the stage before", verb: "previousStage", view: "steps" },
  { key: "Escape", shown: ["Esc"], does: "Leave Step by step", verb: "leave", view: "steps" },
  { key: "?", shown: ["?"], does: "This help", verb: "help" },
];
