"""The random numbers that models draw in one training step.

They come from a counter-based generator (Philox4x64-10, Salmon et al. 2011), so that each is a
function of a key, the step, the number of the draw and an index. There is no state to keep or to
seed, and livenet.training.compiled.philox computes the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

HALVES = 8  # 32-bit numbers of a block of four 64-bit words


class StepRandom:
    """Dropout masks and noise, in the order in which a model draws them.

    ``key`` is that of the run. With ``rho`` = 0 nothing is dropped.
    """

    def __init__(self, key: int, step: int, rho: float) -> None:
        self.key = key
        self.step = step
        self.rho = rho
        self._draws = 0

    def _next(self) -> np.random.Philox:
        """The generator of the next draw: its first block has the counter (1, draw, step, 0)."""
        counter = [0, self._draws, self.step, 0]  # NumPy counts up before it computes a block
        self._draws += 1
        return np.random.Philox(key=[self.key, 0], counter=counter)

    def mask(self, h: Tensor) -> Tensor:
        """Factors in the shape of h: 0 for a dropped unit (probability ρ), 1/(1 − ρ) for others.

        A unit is kept if its 32-bit number is below (1 − ρ) 2³².
        """
        keep = 1.0 - self.rho
        blocks = -(-h.numel() // HALVES)
        halves = self._next().random_raw(4 * blocks).view("<u4")[: h.numel()]
        kept = torch.from_numpy(halves < int(keep * 2**32))
        return kept.view(h.shape).to(h).mul_(1.0 / keep)

    @property
    def masks(self) -> Callable[[Tensor], Tensor] | None:
        """The function that draws the mask of each layer in turn; None if there is no dropout."""
        return self.mask if self.rho else None

    def dropout(self, h: Tensor) -> Tensor:
        """h with units dropped and the rest scaled, so that its expectation is unchanged."""
        return h * self.mask(h) if self.rho else h

    def normal(self, like: Tensor) -> Tensor:
        """Standard normal noise in the shape of a tensor."""
        drawn = np.random.Generator(self._next()).standard_normal(like.shape, np.float32)
        return torch.from_numpy(drawn).to(like)
