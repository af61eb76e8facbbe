"""A map of the most probable class, the paler the less sure."""

from __future__ import annotations

import torch

from livenet.pictures import Heatmap, grid
from livenet.probes.context import Context


def class_map(context: Context, theta: torch.Tensor, size: int) -> Heatmap:
    """Of logits θ (size², K) on a grid, row after row."""
    top = context.likelihood.mean(theta).max(1)
    return Heatmap(
        grid(top.indices.view(size, size).cpu().numpy()),
        0.0,
        float(theta.shape[1] - 1),
        colors="classes",
        opacity=grid(top.values.view(size, size).cpu().numpy()),
        label=context.spec.objective.prediction,
    )
