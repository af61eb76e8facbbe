"""The losses and measures over all training and test examples, in chunks of one fixed size.

A chunk is a unit of work that a worker can stop after, so that a large data set on a large net
does not delay other runs. Chunks always start at the same rows: the results of the same rows in
another chunk may differ in the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from livenet.training.objectives import Metrics, Objective, Sums

Parts = Mapping[str, tuple[Tensor, Tensor]]


class Chunks:
    """Arranged inputs (N, …) and targets (N, …) of parts by name, in chunks of one size."""

    def __init__(self, parts: Parts, size: int) -> None:
        self.targets = {name: y for name, (_, y) in parts.items()}
        self.all = [
            (name, start, x[start : start + size], y[start : start + size])
            for name, (x, y) in parts.items()
            for start in range(0, len(x), size)
        ]


class Evaluation:
    """One evaluation in progress; ``chunk`` does a part of it and returns whether it is done."""

    def __init__(self, objective: Objective, chunks: Chunks) -> None:
        self.objective = objective
        self.chunks = chunks
        self.done = 0
        self.sums: dict[str, Sums] = {}

    def chunk(self) -> bool:
        """Evaluates one chunk; true when it was the last."""
        part, start, inputs, targets = self.chunks.all[self.done]
        sums: Any = self.objective.sums(inputs, targets, start)
        self.sums[part] = self.sums[part] + sums if part in self.sums else sums
        self.done += 1
        return self.done == len(self.chunks.all)

    def metrics(self) -> Metrics:
        """Losses in nats per example (or per symbol), then measures; None without data."""
        found: dict[str, dict[str, float]] = {
            part: self.objective.measure(self.sums[part].tolist(), targets)
            for part, targets in self.chunks.targets.items()
            if part in self.sums
        }
        losses = {f"{part}_loss": found.get(part, {}).get("loss") for part in self.chunks.targets}
        measures = {
            f"{part}_{name}": found.get(part, {}).get(name)
            for part in self.chunks.targets
            for name in self.objective.measures
            if name != "loss"
        }
        return losses | measures
