"""Norms over feature maps (B, C, H, W) and over vectors (B, D).

Batch norm (Ioffe and Szegedy 2015): γ (h − μ_B)/√(σ²_B + ε) + β by channel, μ_B and σ²_B over the
minibatch and all places; in testing, their running means, updated by a tenth per step. Layer norm
(Ba et al. 2016): the same over all values of one example, with γ and β by channel.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

EPSILON = 1e-5
MOMENTUM = 0.1  # weight of the minibatch's statistics in the running ones


class BatchNorm(nn.Module):
    """Batch norm; new running statistics stay in the network's ``pending`` until its ``commit``.

    ``name`` is the module's name in the network. Its buffers are ``mean`` and ``variance`` (C,).
    """

    mean: Tensor
    variance: Tensor

    def __init__(self, name: str, channels: int, pending: dict[str, Tensor]) -> None:
        super().__init__()
        self.name = name
        self.pending = pending
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("variance", torch.ones(channels))

    @property
    def kept(self) -> tuple[str, str]:
        """The buffers' names in the network."""
        return f"{self.name}.mean", f"{self.name}.variance"

    def forward(self, h: Tensor, training: bool = False) -> Tensor:
        """(B, C, …) -> (B, C, …). A single value per channel has no variance: it is normalised as
        in testing."""
        if not training or h.numel() == h.shape[1]:
            return functional.batch_norm(
                h, self.mean, self.variance, self.weight, self.bias, False, MOMENTUM, EPSILON
            )
        mean, variance = self.mean.clone(), self.variance.clone()
        normal = functional.batch_norm(
            h, mean, variance, self.weight, self.bias, True, MOMENTUM, EPSILON
        )
        self.pending.update(zip(self.kept, (mean, variance), strict=True))
        return normal

    def reset(self) -> None:
        """γ = 1, β = 0, as before any training."""
        self.weight.fill_(1.0)
        self.bias.fill_(0.0)


class LayerNorm(nn.Module):
    """Layer norm over all values of an example; γ and β (C,) by channel, so that shifts commute."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, h: Tensor, training: bool = False) -> Tensor:
        """(B, C, …) -> (B, C, …)."""
        if torch.is_grad_enabled() and not h.requires_grad:
            # torch's backward of channels-last inputs writes their gradient even if it is not
            # required, and crashes the process (seen with 2.13 on the CPU): require it here.
            h = h.detach().requires_grad_()
        return functional.group_norm(h, 1, self.weight, self.bias, EPSILON)

    def reset(self) -> None:
        """γ = 1, β = 0, as before any training."""
        self.weight.fill_(1.0)
        self.bias.fill_(0.0)
