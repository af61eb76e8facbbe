"""Mean and variance of the values that a norm treats alike, and x̂."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor
from torch.nn import functional

from livenet.models.norms import EPSILON, BatchNorm, LayerNorm


@dataclass(frozen=True)
class Moments:
    """Of one channel of the batch (batch norm), or of one example (layer norm), in double
    precision. Its members are examples, or channels: ``mean`` is the mean of their means."""

    mean: float
    variance: float
    means: Tensor
    """Of each member, (M,)."""
    spreads: Tensor
    """The mean of (h − μ)² of each member, (M,)."""

    @classmethod
    def of(
        cls,
        h: Tensor,
        norm: BatchNorm | LayerNorm,
        example: int,
        channel: int,
        *,
        running: bool,
    ) -> Moments:
        """Of values h (B, C, …); ``running``: a batch norm's running mean and variance."""
        batch = isinstance(norm, BatchNorm)
        own = h.detach()[:, channel] if batch else h.detach()[example]
        members = own.double().reshape(len(own), -1)
        if running:
            assert isinstance(norm, BatchNorm)
            mean, variance = float(norm.mean[channel]), float(norm.variance[channel])
        else:
            mean = float(members.mean())
            variance = float((members - mean).square().mean())
        return cls(mean, variance, members.mean(1), (members - mean).square().mean(1))

    @property
    def root(self) -> float:
        """√(σ² + ε)."""
        return float(np.sqrt(self.variance + EPSILON))


def normalized(h: Tensor, norm: BatchNorm | LayerNorm, *, running: bool) -> Tensor:
    """x̂ of h (B, C, …), by the function that the model uses."""
    h = h.detach()
    if isinstance(norm, LayerNorm):
        return functional.group_norm(h, 1, eps=EPSILON)
    mean, variance = norm.mean.clone(), norm.variance.clone()
    return functional.batch_norm(h, mean, variance, training=not running, momentum=0.0, eps=EPSILON)
