"""A map of the most probable class, the paler the less sure."""

from __future__ import annotations

import torch

from livenet.pictures import Heatmap, grid


def class_map(theta: torch.Tensor, size: int) -> Heatmap:
    """Of logits θ (size², K) on a grid, row after row."""
    top = theta.softmax(1).max(1)
    return Heatmap(
        grid(top.indices.view(size, size).cpu().numpy()),
        0.0,
        float(theta.shape[1] - 1),
        colors="classes",
        opacity=grid(top.values.view(size, size).cpu().numpy()),
        label="most probable class",
    )
