"""Minibatches without replacement: an epoch is one pass, its partial last batch kept."""

from __future__ import annotations

import torch
from torch import Tensor

from livenet.training.streams import stream


class Batches:
    """A run's position in its data: the epoch, and how many of its examples are used."""

    def __init__(self, count: int, seed: int, device: torch.device) -> None:
        self.count = count
        self.seed = seed
        self.device = device
        self.epoch = 0
        self.position = 0
        self._order: Tensor | None = None

    def seek(self, epoch: int, position: int) -> None:
        """Moves to the position of a snapshot."""
        self.epoch, self.position, self._order = epoch, position, None

    def peek(self, size: int) -> Tensor:
        """Row numbers of the next examples (B,), B ≤ size; fewer at the end of an epoch."""
        if self._order is None:
            permutation = torch.randperm(
                self.count, generator=stream(self.seed, "epoch", self.epoch)
            )
            self._order = permutation.to(self.device)
        return self._order[self.position : self.position + size]

    def advance(self, size: int) -> None:
        """Marks the examples of the last ``peek`` as used."""
        self.position += size
        if self.position >= self.count:
            self.seek(self.epoch + 1, 0)

    @property
    def passes(self) -> float:
        """Passes over the data, with the fraction of the current epoch."""
        return self.epoch + self.position / self.count
