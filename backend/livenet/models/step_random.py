"""The random numbers that models draw in one training step."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import torch
from torch import Tensor


class StepRandom:
    """Dropout masks and noise, in the order in which a model draws them.

    ``generate`` returns a generator seeded for this step only, so that the step can be repeated;
    it is called at the first draw. With ``rho`` = 0 nothing is dropped.
    """

    def __init__(self, generate: Callable[[], torch.Generator], rho: float) -> None:
        self._generate = generate
        self.rho = rho

    @cached_property
    def _generator(self) -> torch.Generator:
        return self._generate()

    def mask(self, h: Tensor) -> Tensor:
        """Factors in the shape of h: 0 for a dropped unit (probability ρ), 1/(1 − ρ) for others."""
        keep = 1.0 - self.rho
        drawn = torch.empty_like(h).bernoulli_(keep, generator=self._generator)
        return drawn.mul_(1.0 / keep)

    @property
    def masks(self) -> Callable[[Tensor], Tensor] | None:
        """The function that draws the mask of each layer in turn; None if there is no dropout."""
        return self.mask if self.rho else None

    def dropout(self, h: Tensor) -> Tensor:
        """h with units dropped and the rest scaled, so that its expectation is unchanged."""
        return h * self.mask(h) if self.rho else h

    def normal(self, like: Tensor) -> Tensor:
        """Standard normal noise in the shape of a tensor."""
        return torch.empty_like(like).normal_(generator=self._generator)
