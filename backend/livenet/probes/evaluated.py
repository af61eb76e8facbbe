"""The examples of a part that a picture is over, and what the net says of them, as in testing."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from livenet.probes.context import Context
from livenet.probes.seen_image import affordable

CHUNK = 128  # images; what a convolution makes of so many stays in a processor's cache


@dataclass(frozen=True)
class Evaluated:
    """Arranged inputs (N, …), targets (N,) and logits θ (N, K)."""

    x: Tensor
    y: Tensor
    theta: Tensor


def evaluated(context: Context, part: str) -> Evaluated:
    """As many examples of a part as a row of the series is over, or as can be paid for."""
    rows = affordable(context, part)
    x, y = (values[:rows] for values in context.parts[part])
    with torch.inference_mode():
        theta = torch.cat([context.model(chunk) for chunk in torch.split(x, CHUNK)])
    return Evaluated(x, y, theta)
