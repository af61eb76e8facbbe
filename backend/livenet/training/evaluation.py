"""The losses and measures over all training and test examples, in chunks of one fixed size.

A chunk is a unit of work that a worker can stop after, so that a large data set on a large net
does not delay other runs. Chunks always start at the same rows: the results of the same rows in
another chunk may differ in the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from livenet.training.objectives import Metrics, Objective

Parts = Mapping[str, tuple[Tensor, Tensor]]


class Evaluation:
    """One evaluation in progress; ``chunk`` does a part of it and returns whether it is done.

    ``parts`` are arranged inputs (N, …) and targets (N, …) by name; ``size`` is the chunk size.
    """

    def __init__(self, objective: Objective, parts: Parts, size: int) -> None:
        self.objective = objective
        self.parts = parts
        self.size = size
        self.sums: dict[str, Tensor] = {}
        self.places = [
            (part, start)
            for part, (inputs, _) in parts.items()
            for start in range(0, len(inputs), size)
        ]
        self.places.reverse()

    def chunk(self) -> bool:
        """Evaluates one chunk; true when it was the last."""
        part, start = self.places.pop()
        inputs, targets = self.parts[part]
        end = start + self.size
        with torch.inference_mode():
            sums = self.objective.sums(inputs[start:end], targets[start:end], start)
        self.sums[part] = self.sums[part] + sums if part in self.sums else sums
        return not self.places

    def metrics(self) -> Metrics:
        """Losses in nats per example (or per symbol), then measures; None without data."""
        found: dict[str, dict[str, float]] = {
            part: self.objective.measure(self.sums[part].tolist(), targets)
            for part, (_, targets) in self.parts.items()
            if part in self.sums
        }
        losses = {f"{part}_loss": found.get(part, {}).get("loss") for part in self.parts}
        measures = {
            f"{part}_{name}": found.get(part, {}).get(name)
            for part in self.parts
            for name in self.objective.measures
            if name != "loss"
        }
        return losses | measures
