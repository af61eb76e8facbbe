"""Initial weights: under He's rule, their scale depends on the activation that feeds the layer."""

from __future__ import annotations

from functools import lru_cache
from math import sqrt, tau

import torch
from torch import Tensor

from livenet.spec.choice import Choice, activation, initializer

QUADRATURE_LIMIT = 12.0  # integrates from −12 to 12
QUADRATURE_STEPS = 24_000  # on each side of 0, which is a node because of kinks


def draw(w: Tensor, chosen: Choice, fed_by: Choice | None, generator: torch.Generator) -> None:
    """Draws W in place by the chosen initializer. ``fed_by`` is the activation that feeds the
    layer; None for inputs, codes or a layer without one. Takes no gradient."""
    with torch.no_grad():
        initializer(chosen).fill(w, second_moment_gain(fed_by), chosen.knobs, generator)


@lru_cache(maxsize=256)
def second_moment_gain(fed_by: Choice | None) -> float:
    """He's α = 1/E[σ(z)²], z ~ N(0, 1), of the activation that feeds a layer: weights of variance
    α/D_in keep E[z²] at 1 (He et al. 2015, eq. 10, for any σ). 2 for ReLU, 2.54 for tanh (some
    tables give 1, its value for small z), 1 without an activation.

    1 for softmax: its outputs depend on one another, and He's argument is about functions of one
    number. Computed by the trapezoidal rule, in double precision.
    """
    if fed_by is None or not activation(fed_by).elementwise:
        return 1.0
    width = QUADRATURE_LIMIT / QUADRATURE_STEPS
    z = torch.arange(-QUADRATURE_STEPS, QUADRATURE_STEPS + 1, dtype=torch.float64) * width
    density = (-0.5 * z * z).exp() / sqrt(tau)
    squares = activation(fed_by).value(z, fed_by.knobs).square()
    return 1.0 / (float((squares * density).sum()) * QUADRATURE_LIMIT / QUADRATURE_STEPS)
