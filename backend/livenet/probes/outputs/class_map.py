"""A map of the most probable class, paler where its probability is lower."""

from __future__ import annotations

import torch

from livenet.pictures import Heatmap, grid
from livenet.probes.context import Context


def class_map(context: Context, theta: torch.Tensor, size: int) -> Heatmap:
    """The map of logits θ (size², K) on a grid, row after row."""
    top = context.likelihood.mean(theta).max(1)
    return Heatmap(
        grid(top.indices.view(size, size).cpu().numpy()),
        0.0,
        float(theta.shape[1] - 1),
        colors="classes",
        opacity=grid(top.values.view(size, size).cpu().numpy()),
        label=context.spec.objective.prediction,
    )
