"""The losses and measures over all training and test examples, in chunks of one fixed size.

A chunk is a unit of work that a worker can stop after, so that a large data set on a large net
keeps nobody waiting. Chunks always begin at the same rows: the same rows in another chunk may
differ in the last bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from livenet.training.trainer import Trainer

Metrics = dict[str, float | None]


class Evaluation:
    """One evaluation under way; ``chunk`` does some of it and says whether it is done."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.sums: dict[str, Tensor] = {}
        self.places = [
            (part, start)
            for part, (inputs, _) in trainer.parts.items()
            for start in range(0, len(inputs), trainer.chunk)
        ]
        self.places.reverse()

    def chunk(self) -> bool:
        """Evaluates one chunk; true when it was the last."""
        part, start = self.places.pop()
        inputs, targets = self.trainer.parts[part]
        end = start + self.trainer.chunk
        with torch.inference_mode():
            theta = self.trainer.model(inputs[start:end])  # (B, K)
            sums = self.trainer.likelihood.sums(theta, targets[start:end])
        self.sums[part] = self.sums[part] + sums if part in self.sums else sums
        return not self.places

    def metrics(self) -> Metrics:
        """Losses in nats an example, and the likelihood's measures; None without data."""
        losses: Metrics = {}
        measures: Metrics = {}
        for part, (_, targets) in self.trainer.parts.items():
            names = self.trainer.likelihood.measures
            if part not in self.sums:
                losses[f"{part}_loss"] = None
                measures |= {f"{part}_{name}": None for name in names}
                continue
            sums = self.sums[part].tolist()
            losses[f"{part}_loss"] = sums[0] / len(targets)
            found = self.trainer.likelihood.measure(sums, len(targets), targets)
            measures |= {f"{part}_{name}": value for name, value in found.items()}
        return losses | measures
