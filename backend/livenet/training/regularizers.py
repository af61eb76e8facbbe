"""Penalties on φ and dropout on hidden units."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from livenet.spec.training import Regularization
from livenet.training.streams import number


def penalty(knobs: Regularization, phi: Tensor) -> float:
    """(λ₂/2)·Σφ² + λ₁·Σ|φ| over all parameters, in nats."""
    total = 0.0
    if knobs.l2:
        total += 0.5 * knobs.l2 * float(phi.double().square().sum())
    if knobs.l1:
        total += knobs.l1 * float(phi.double().abs().sum())
    return total


def add_penalty_gradient(knobs: Regularization, phi: Tensor, g: Tensor) -> None:
    """Adds λ₂φ + λ₁ sign φ to g in place."""
    if knobs.l2:
        g.add_(phi, alpha=knobs.l2)
    if knobs.l1:
        g.add_(phi.sign(), alpha=knobs.l1)


class Dropout:
    """Leaves units out with probability ρ and scales the rest by 1/(1 − ρ), so that the expected
    output in training is the output in testing. The masks of a step depend on (seed, step) alone.
    """

    def __init__(self, seed: int, device: torch.device) -> None:
        self.seed = seed
        self.generator = torch.Generator(device)
        self.keep = 1.0

    def at(self, step: int, rho: float) -> Callable[[Tensor], Tensor] | None:
        """What draws the masks of one step, layer after layer; None where there is no dropout."""
        if not rho:
            return None
        self.keep = 1.0 - rho
        self.generator.manual_seed(number(self.seed, "dropout", step))
        return self._mask

    def _mask(self, h: Tensor) -> Tensor:
        """Factors for h (B, D): 0 for a unit that is left out, 1/(1 − ρ) for the others."""
        drawn = torch.empty_like(h).bernoulli_(self.keep, generator=self.generator)
        return drawn.mul_(1.0 / self.keep)
