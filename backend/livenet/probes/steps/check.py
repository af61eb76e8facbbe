"""A derivative by three ways: written out, by autograd, and by a central difference.

The last two are in double precision, on a copy of the model, with the same random numbers as the
step. Source of the step width: the error of a central difference is about ε/h + h², least at ε^⅓.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor

from livenet.models import Network
from livenet.models.step_random import StepRandom
from livenet.probes.context import Context
from livenet.probes.finite import finite
from livenet.probes.steps.losses import LOSSES
from livenet.probes.steps.walk import Example
from livenet.training.upcoming import Upcoming

WIDTH = 1e-5  # of the difference, times the parameter's size where that is more than 1

Computes = Callable[[Network, Tensor, StepRandom | None], Tensor]
"""θ (B, …) of a copy of the model for inputs (B, …), with a step's random numbers."""
Pattern = Callable[[Network, Tensor], Tensor | None]
"""The linear pieces in which the values of a copy of the model lie for inputs (B, …), as numbers;
None if nothing has pieces."""


@dataclass(frozen=True)
class Check:
    """∂ℓ/∂w of one entry of a parameter."""

    parameter: str
    index: tuple[int, ...]
    autograd: float
    difference: float
    width: float
    """h of the central difference."""
    kink: bool
    """Whether a value crosses a kink of its activation within ±h: the difference is then of two
    slopes."""

    gradient: Tensor
    """Autograd's, of the whole parameter, in double precision."""

    def document(self, written: Tensor | float | None = None) -> dict[str, object]:
        """As a fact; ``written`` is the same gradient written out, whole and in double precision,
        or its entry alone.

        ``apart`` is the largest difference of the two over all entries, of a whole gradient.
        """
        own = float(written[self.index]) if isinstance(written, Tensor) else written
        apart = None
        if isinstance(written, Tensor):
            apart = float((written - self.gradient).abs().max())
        return {
            "parameter": self.parameter,
            "index": list(self.index),
            "entries": self.gradient.numel(),
            "written": finite(own),
            "apart": finite(apart),
            "autograd": finite(self.autograd),
            "difference": finite(self.difference),
            "width": self.width,
            "kink": self.kink,
        }


def check(
    context: Context,
    upcoming: Upcoming,
    example: Example,
    parameter: str,
    index: tuple[int, ...],
    pattern: Pattern | None = None,
    computes: Computes | None = None,
) -> Check:
    """∂ℓ/∂w of the example's loss; ``computes`` stands in for the model's own pass, of a part of
    it."""
    model = deepcopy(context.model).double()
    weight = model.get_parameter(parameter)
    model.zero_grad()
    with torch.enable_grad():
        # By all parameters: of a layer norm's weights alone, torch's backward of channels-last
        # inputs crashes the process (seen with 2.13 on the CPU).
        loss = loss_of(context, upcoming, example, model, computes)
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own
    gradient = weight.grad
    assert gradient is not None
    model.requires_grad_(requires_grad=False)
    there = float(weight[index])
    width = WIDTH * max(1.0, abs(there))
    ends, patterns = [], []
    with torch.no_grad():
        for place in (there + width, there - width):
            weight[index] = place
            ends.append(float(loss_of(context, upcoming, example, model, computes)))
            patterns.append(pattern(model, example.x) if pattern else None)
    above, below = patterns
    kink = above is not None and below is not None and not torch.equal(above, below)
    found = float(gradient[index]), (ends[0] - ends[1]) / (2 * width)
    return Check(parameter, index, *found, width, kink, gradient)


def loss_of(
    context: Context,
    upcoming: Upcoming,
    example: Example,
    model: Network,
    computes: Computes | None = None,
) -> Tensor:
    """ℓ of the example, by a copy of the model in double precision; as in the step, if it is one of
    its examples."""
    draws = upcoming.draws() if example.training else None
    x = example.x.double() if example.x.is_floating_point() else example.x
    y = example.y.double() if example.y.is_floating_point() else example.y
    if type(model) in LOSSES:
        each = LOSSES[type(model)](context, model, x, y, draws, example.number)
        return each[example.at]
    theta = computes(model, x, draws) if computes else model(x, draws)
    at = slice(example.at, example.at + 1)
    return context.likelihood.nll(theta[at], y[at])
