"""The convolutions of autoencoders: one halves an image, one doubles it."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from livenet.models.blocks import Sigma
from livenet.spec.choice import Choice
from livenet.spec.model.autoencoder_layers import KERNEL


class Convolution(nn.Module):
    """W (C_out, C_in, 3, 3), b (C_out,) and an activation; None is linear."""

    def __init__(self, c_in: int, c_out: int, chosen: Choice | None) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(c_out, c_in, KERNEL, KERNEL))
        self.bias = nn.Parameter(torch.zeros(c_out))
        self.chosen = chosen
        self.sigma = Sigma(chosen) if chosen else None

    def convolved(self, h: Tensor, stride: int) -> Tensor:
        """σ(W ∗ h + b) with zero padding of 1, (B, C_in, H, W) -> (B, C_out, …)."""
        z = functional.conv2d(h, self.weight, self.bias, stride=stride, padding=1)
        return z if self.sigma is None else self.sigma(z)


class Halving(Convolution):
    """Stride 2: H becomes ⌈H/2⌉."""

    def forward(self, h: Tensor) -> Tensor:
        return self.convolved(h, stride=2)


class Doubling(Convolution):
    """Upsamples to ``size`` by nearest neighbour, then convolves."""

    def __init__(self, c_in: int, c_out: int, chosen: Choice | None, size: tuple[int, ...]) -> None:
        super().__init__(c_in, c_out, chosen)
        self.size = list(size)

    def forward(self, h: Tensor) -> Tensor:
        return self.convolved(functional.interpolate(h, size=self.size), stride=1)
