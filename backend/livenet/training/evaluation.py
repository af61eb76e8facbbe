"""The losses and measures over all training and test examples, in chunks of one fixed size.

A chunk is a unit of work that a worker can stop after, so that a large data set on a large net
keeps nobody waiting. Chunks always begin at the same rows: the same rows in another chunk may
differ in the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from livenet.models import Mlp
from livenet.training.likelihoods import Likelihood

Metrics = dict[str, float | None]
Parts = Mapping[str, tuple[Tensor, Tensor]]


class Evaluation:
    """One evaluation under way; ``chunk`` does some of it and says whether it is done.

    ``parts`` are inputs h(0) (N, D(0)) and targets (N,) by name; ``size`` is a chunk's.
    """

    def __init__(self, model: Mlp, likelihood: Likelihood, parts: Parts, size: int) -> None:
        self.model = model
        self.likelihood = likelihood
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
            theta = self.model(inputs[start:end])  # (B, K)
            sums = self.likelihood.sums(theta, targets[start:end])
        self.sums[part] = self.sums[part] + sums if part in self.sums else sums
        return not self.places

    def metrics(self) -> Metrics:
        """Losses in nats an example, and the likelihood's measures; None without data."""
        losses: Metrics = {}
        measures: Metrics = {}
        for part, (_, targets) in self.parts.items():
            names = self.likelihood.measures
            if part not in self.sums:
                losses[f"{part}_loss"] = None
                measures |= {f"{part}_{name}": None for name in names}
                continue
            sums = self.sums[part].tolist()
            losses[f"{part}_loss"] = sums[0] / len(targets)
            found = self.likelihood.measure(sums, len(targets), targets)
            measures |= {f"{part}_{name}": value for name, value in found.items()}
        return losses | measures
