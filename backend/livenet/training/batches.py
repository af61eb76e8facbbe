"""Minibatches without replacement: an epoch is one pass, its partial last batch kept."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from livenet.training.streams import stream

AHEAD = 4096  # examples whose order is drawn at once


class Batches:
    """A run's position in its data: the epoch, and how many of its examples are used."""

    def __init__(self, count: int, seed: int, device: torch.device) -> None:
        self.count = count
        self.seed = seed
        self.device = device
        self.epoch = 0
        self.position = 0
        self._order: Tensor | None = None
        self._orders = np.empty((0, count), np.int64)
        self._from = 0
        """The epoch of the first of ``_orders``."""
        self._ahead, self._ahead_of = self._orders, -1

    def seek(self, epoch: int, position: int) -> None:
        """Moves to the position of a snapshot."""
        self.epoch, self.position, self._order = epoch, position, None

    def peek(self, size: int) -> Tensor:
        """Row numbers of the next examples (B,), B ≤ size; fewer at the end of an epoch."""
        if self._order is None:
            self._order = self._permutation(self.epoch).to(self.device)
        return self._order[self.position : self.position + size]

    def ahead(self) -> NDArray[np.int64]:
        """The orders (E, N) of this epoch and some that follow it; the same array throughout an
        epoch."""
        if self._ahead_of == self.epoch:
            return self._ahead
        if not self._from <= self.epoch < self._from + len(self._orders):
            epochs = range(self.epoch, self.epoch + max(1, AHEAD // self.count))
            orders = torch.stack([self._permutation(epoch) for epoch in epochs])
            self._orders, self._from = orders.numpy(), self.epoch
        self._ahead, self._ahead_of = self._orders[self.epoch - self._from :], self.epoch
        return self._ahead

    def _permutation(self, epoch: int) -> Tensor:
        return torch.randperm(self.count, generator=stream(self.seed, "epoch", epoch))

    def steps_left(self, size: int) -> int:
        """Minibatches of up to ``size`` examples to the end of the epoch."""
        return -(-(self.count - self.position) // size)

    def advance(self, size: int) -> None:
        """Marks the next examples as used; beyond the end of the epoch, those of the next ones."""
        epochs, position = divmod(self.position + size, self.count)
        if epochs:
            self.seek(self.epoch + epochs, position)
        else:
            self.position = position

    @property
    def passes(self) -> float:
        """Passes over the data, with the fraction of the current epoch."""
        return self.epoch + self.position / self.count
