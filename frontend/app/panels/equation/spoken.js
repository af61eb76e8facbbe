/** Reads LaTeX as text, for labels of elements whose formula not every screen reader reads. Pure. */

/** @type {{[command: string]: string}} */
const LETTERS = {
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", Delta: "Δ", ell: "ℓ", epsilon: "ε", varepsilon: "ε", eta: "η",
  theta: "θ", lambda: "λ", mu: "μ", partial: "∂", phi: "φ", rho: "ρ", sigma: "σ", Sigma: "Σ", tau: "τ", omega: "ω",
  top: "transposed", cdot: "times", times: "times", odot: "times elementwise", sum: "sum", infty: "infinity",
}; // prettier-ignore

/**
 * @param {string} text with LaTeX between dollar signs, or LaTeX alone
 * @returns {string} "δ (3)" for "$\delta^{(3)}$"
 */
export function spoken(text) {
  let found = text.replaceAll("$", "");
  // From the innermost braces outwards.
  for (let before = ""; before !== found; ) {
    before = found;
    found = found
      .replace(/\\(?:frac|tfrac)\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, "$1 over $2")
      .replace(/\\sqrt\s*\{([^{}]*)\}/g, "root of $1")
      .replace(/\\(?:text|mathrm|operatorname|mathbf)\s*\{([^{}]*)\}/g, "$1")
      .replace(/[\^_]\{([^{}]*)\}/g, " $1")
      .replace(/(?<!\\(?:frac|tfrac|sqrt)|\})\{([^{}]*)\}/g, "$1");
  }
  return found
    .replace(/\\(hat|tilde|bar)\s*(\\?\w+)/g, "$2 $1")
    .replace(/\\(?:left|right|quad|qquad)(?![a-z])/g, " ")
    .replace(/\\[,;:!]/g, " ")
    .replace(/\\([a-zA-Z]+)/g, (_, name) => ` ${LETTERS[name] ?? name} `)
    .replace(/[\^_{}\\]/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}
