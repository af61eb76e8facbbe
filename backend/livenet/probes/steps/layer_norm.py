"""Layer norm in equations: mean and variance over a place's numbers, then γ and β."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from livenet.pictures import Equation, Plot, Sign, Term, Worked
from livenet.probes.steps.equations import (
    Named,
    array,
    factor,
    few,
    matrix_product,
    number,
    operand,
    sum_of_products,
)

WIDEST = 256  # numbers of a place up to which the derivative is shown as a matrix


def _mean(result: Named, part: Named, terms: list[Term], formula: str) -> Equation:
    items = (operand(result, 0, 0), Sign("="), Sign(r"\tfrac{1}{D} \sum_j"), operand(part, 0, 0))
    return Equation(
        formula, items, Worked(result.symbol, 0, 0, few(terms), float(result.values[0, 0]))
    )


def forward(norm: nn.LayerNorm, before: Named, after: Named, row: int) -> list[Plot]:
    """Plots ``mean``, ``variance``, ``scaled`` and ``norm`` of one place's numbers (D, 1)."""
    h = before.values.astype(np.float64)
    width, mean, variance = len(h), float(h.mean()), float(h.var())
    root = float(np.sqrt(variance + norm.eps))
    mu = Named(r"\mu", np.array([[mean]], np.float32))
    spread = Named("v", np.array([[variance]], np.float32))
    terms = [
        Term(
            rf"\tfrac{{1}}{{D}} {before.entry(j, 0)}",
            rf"\tfrac{{1}}{{{width}}} \times {factor(before.at(j, 0))}",
            float(h[j, 0]) / width,
            ((3, j, 0),),
        )
        for j in range(width)
    ]
    squares = [
        Term(
            rf"\tfrac{{1}}{{D}} ({before.entry(j, 0)} - \mu)^2",
            rf"\tfrac{{1}}{{{width}}} ({number(before.at(j, 0))} - {factor(mean)})^2",
            (float(h[j, 0]) - mean) ** 2 / width,
            ((3, j, 0),),
        )
        for j in range(width)
    ]
    s = before.symbol
    unit = Named(r"\hat h", ((h - mean) / root).astype(np.float32))
    top = rf"{before.entry(row, 0)} - \mu"
    scaled = Term(
        rf"\frac{{{top}}}{{\sqrt{{v + \varepsilon}}}}",
        rf"\frac{{{number(before.at(row, 0))} - {factor(mean)}}}{{{number(root)}}}",
        (float(h[row, 0]) - mean) / root,
        ((5, row, 0),),
    )
    items = (
        operand(unit, row, 0),
        Sign("="),
        Sign(rf"\tfrac{{1}}{{{number(root)}}}"),
        Sign(r"\cdot"),
        Sign("("),
        operand(before, row, 0),
        Sign("-"),
        operand(mu, 0, 0),
        Sign(")"),
    )
    formula = (
        rf"\hat h = ({s} - \mu) / \sqrt{{v + \varepsilon}},\quad \varepsilon = {number(norm.eps)}"
    )
    standard = Equation(
        formula, items, Worked(unit.entry(row, 0), row, 0, (scaled,), unit.at(row, 0))
    )
    gamma, beta = Named(r"\gamma", array(norm.weight)), Named(r"\beta", array(norm.bias))
    whole = sum_of_products(
        after,
        [[gamma, unit], [beta]],
        formula=rf"{after.symbol} = \gamma \odot \hat h + \beta",
        at=(row, 0),
    )
    mean_of = rf"\mu = \tfrac{{1}}{{D}} \sum_j {s}"
    variance_of = rf"v = \tfrac{{1}}{{D}} \sum_j ({s} - \mu)^2"
    return [
        Plot("mean", (_mean(mu, before, terms, mean_of),), title="The mean of the place's numbers"),
        Plot("variance", (_mean(spread, before, squares, variance_of),), title="Their variance"),
        Plot("scaled", (standard,), title="Mean 0, variance 1"),
        Plot("norm", (whole,), title="Scale and shift each"),
    ]


def back(
    norm: nn.LayerNorm, h: Tensor, result: Named, error: Named, row: int, plot: str
) -> list[Plot]:
    """∂ℓ/∂h = Jᵀ ∂ℓ/∂(norm of h) at one place, h (D,); no plot if J would be too wide."""
    if len(h) > WIDEST:
        return []
    with torch.enable_grad():
        found = torch.autograd.functional.jacobian(norm, h.detach())  # type: ignore[no-untyped-call]  # torch's own
    jacobian = Named("J", array(found), note="∂norm/∂h", matrix=True)
    formula = rf"{result.symbol} = J^\top {error.symbol}"
    mark = matrix_product(result, jacobian.transpose, error, formula=formula, at=(row, 0))
    return [Plot(plot, (mark,), title="Back through the norm")]
