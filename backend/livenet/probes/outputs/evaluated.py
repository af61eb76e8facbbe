"""The examples of a part that a picture uses, and the net's outputs in evaluation mode."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from livenet.probes.batching import batch_size, batches
from livenet.probes.context import Context
from livenet.probes.images.selection import affordable
from livenet.probes.incomplete import first_of


@dataclass(frozen=True)
class Evaluated:
    """Arranged inputs (N, …), targets (N,) and logits θ (N, K); ``missing``, a text that states
    what the budget left out."""

    x: Tensor
    y: Tensor
    theta: Tensor
    missing: str


def evaluated(context: Context, part: str) -> Evaluated:
    """As many examples of a part as a row of the series uses, or as the time allows."""
    rows = affordable(context, part)
    x, y = (values[:rows] for values in context.parts[part])
    with torch.inference_mode():
        parts = [
            context.model(x[some]) for some in batches(context.budget, len(x), batch_size(context))
        ]
        theta = torch.cat(parts)
    done = len(theta)
    missing = first_of(context, done, len(x), f"{part} examples", "A smaller net takes less.")
    return Evaluated(x[:done], y[:done], theta, missing)
