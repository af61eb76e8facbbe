"""An activation in equations: h = σ(z) with its curve, and the way back through it."""

from __future__ import annotations

import re

import numpy as np
import torch
from torch import Tensor

from livenet.pictures import Area, Axis, Equation, Line, Plot, Points, grid
from livenet.probes.steps.equations import (
    Named,
    array,
    combined,
    matrix_product,
    number,
    pointwise,
)
from livenet.probes.steps.predictions import softmax
from livenet.spec.activations import Activation
from livenet.spec.choice import Choice, activation

_Z = re.compile(r"(?<![A-Za-z\\])z(?![A-Za-z])")
BINS = 40
REACH = 3.0  # of the curve on both sides, at least


def written(row: Activation, knobs: dict[str, float], argument: str) -> str:
    """LaTeX of σ of an argument, the numbers of its knobs filled in."""
    text = _Z.sub(lambda _: f"{{{argument}}}", row.formula)
    for name, value in knobs.items():
        text = text.replace(row.knobs[name].symbol + " ", f"{number(value)}\\,")
        text = text.replace(row.knobs[name].symbol, f"{{{number(value)}}}")
    return text


def forward(chosen: Choice, h: Named, z: Named, at: tuple[int, int]) -> Equation:
    """h = σ(z) of a layer's units, (D, 1)."""
    row = activation(chosen)
    if not row.elementwise:
        return softmax(h, z, at)
    inside = rf"\text{{{row.label}}}" if row.kind == "linear" else row.formula
    formula = rf"{h.symbol} = \sigma({z.symbol}),\quad \sigma(z) = {inside}"

    def function(argument: str) -> str:
        return written(row, chosen.knobs, argument)

    return pointwise(h, z, function, formula=formula, at=at)


def slope(chosen: Choice, z: Tensor, h: Tensor) -> Tensor:
    """σ'(z) of an elementwise activation, for z and σ(z) (D,)."""
    row = activation(chosen)
    return row.back(torch.ones_like(z), z, h, chosen.knobs)


def back(
    chosen: Choice, delta: Named, error: Named, z: Tensor, value: Tensor, number: int, at: int
) -> Equation:
    """δ(l) = e ⊙ σ'(z(l)) for e = ∂ℓ/∂σ(z(l)), z (D,) and value = σ(z); for softmax, δ = Jᵀe."""
    row = activation(chosen)
    if row.elementwise:
        bend = Named(
            rf"\sigma'(z^{{({number})}})",
            array(slope(chosen, z, value)),
            note=_plain(row.derivative),
        )
        return combined(
            delta,
            [error, bend],
            "×",
            at=(at, 0),
            formula=rf"{delta.symbol} = {error.symbol} \odot \sigma'(z^{{({number})}}),"
            rf"\quad \sigma'(z) = {row.derivative}",
        )
    h = value.double()
    jacobian = Named("J", array(torch.diag(h) - torch.outer(h, h)), note="∂h/∂z")
    return matrix_product(
        delta,
        jacobian.transpose,
        error,
        at=(at, 0),
        formula=rf"{delta.symbol} = J^\top {error.symbol},\quad J_{{ji}} = h_j([i{{=}}j] - h_i)",
    )


def _plain(latex: str) -> str:
    return latex if re.fullmatch(r"[\w\s+−-]*", latex) else ""


def curve(chosen: Choice, z: float, h: float, others: Tensor) -> tuple[Plot, ...]:
    """``curve``: σ with its tangent at z, and ``density``: z of all given examples (N,), on one
    axis. None for softmax, which is no function of one number."""
    row = activation(chosen)
    if not row.elementwise or not np.isfinite(z):
        return ()
    values = others.detach().cpu().numpy()
    values = values[np.isfinite(values)].astype(np.float64)
    reach = max(REACH, 1.2 * abs(z), float(np.quantile(np.abs(values), 0.99)) if values.size else 0)
    at = torch.linspace(-reach, reach, 201, dtype=torch.float64)
    drawn = row.value(at, chosen.knobs)
    bend = float(slope(chosen, torch.tensor([z]).double(), torch.tensor([h]).double())[0])
    span = reach / 4
    ends = np.array([z - span, z + span])
    low, high = float(drawn.min()), float(drawn.max())
    pad = 0.08 * max(high - low, 1e-6)
    axis = Axis("z", -reach, reach)
    marks = (
        Line(grid(at.numpy()), grid(drawn.numpy()), label="σ(z)"),
        Line(grid(ends), grid(h + bend * (ends - z)), color="accent", label=f"slope {bend:.3g}"),
        Points(grid(np.array([z])), grid(np.array([h])), grid(np.zeros(1)), label="this example"),
    )
    counts, edges = np.histogram(values, bins=BINS, range=(-reach, reach))
    corners = np.repeat(edges, 2)[1:-1]
    heights = np.repeat(counts, 2)
    most = float(max(counts.max(initial=0), 1))
    return (
        Plot(
            "curve",
            marks,
            title="Where it falls on the curve",
            note=f"z = {z:.3g}, slope {bend:.3g}".replace("-", "−"),
            x=axis,
            y=Axis("σ(z)", low - pad, high + pad),
        ),
        Plot(
            "density",
            (Area(grid(corners), grid(np.zeros_like(corners)), grid(heights)),),
            title="z of this unit",
            note=f"{len(values)} training examples",
            x=axis,
            y=Axis("examples", 0.0, most, whole=True),
        ),
    )
