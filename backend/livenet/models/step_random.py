"""The random numbers of one training step: what models draw while they are trained."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import torch
from torch import Tensor


class StepRandom:
    """Dropout masks and noise, in the order in which a model asks for them.

    ``generate`` gives a generator seeded for just this step, so that a step can be done again; it
    is asked when something is drawn. With ``rho`` = 0 nothing is dropped.
    """

    def __init__(self, generate: Callable[[], torch.Generator], rho: float) -> None:
        self._generate = generate
        self.rho = rho

    @cached_property
    def _generator(self) -> torch.Generator:
        return self._generate()

    def mask(self, h: Tensor) -> Tensor:
        """Factors like h: 0 for a unit that is left out (probability ρ), 1/(1 − ρ) for others."""
        keep = 1.0 - self.rho
        drawn = torch.empty_like(h).bernoulli_(keep, generator=self._generator)
        return drawn.mul_(1.0 / keep)

    @property
    def masks(self) -> Callable[[Tensor], Tensor] | None:
        """What draws the masks of one layer after another; None where there is no dropout."""
        return self.mask if self.rho else None

    def dropout(self, h: Tensor) -> Tensor:
        """h with units left out and the rest scaled, so that its expectation stays."""
        return h * self.mask(h) if self.rho else h

    def normal(self, like: Tensor) -> Tensor:
        """Standard normal noise in the shape of a tensor."""
        return torch.empty_like(like).normal_(generator=self._generator)
