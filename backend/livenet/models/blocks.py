"""The blocks of a convolutional network, one class per kind, each with its parameters.

Every block has ``z`` (its operation), ``sigma`` (the activation after it; the identity if it has
none) and ``forward``, which applies both in turn. Parameters start at zero; ``initialize`` draws
them. ``draws`` is given only in training.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from livenet.models.initial import draw
from livenet.models.norms import BatchNorm, LayerNorm
from livenet.models.step_random import StepRandom
from livenet.spec.choice import Choice, activation
from livenet.spec.model import cnn as spec


class Sigma:
    """An activation of feature maps (B, C, H, W) or vectors (B, D)."""

    def __init__(self, chosen: Choice) -> None:
        self.chosen = chosen
        self.row = activation(chosen)

    def __call__(self, z: Tensor) -> Tensor:
        if not self.row.elementwise and z.dim() == 4:  # over channels, at every place
            return self.row.value(z.movedim(1, 3), self.chosen.knobs).movedim(3, 1)
        return self.row.value(z, self.chosen.knobs)


class Block(nn.Module):
    """The base of all blocks: h -> σ(z(h)), with dropout of units in training, if there is any."""

    def __init__(self, sigma: Choice | None = None) -> None:
        super().__init__()
        self.activation = Sigma(sigma) if sigma else None

    def z(self, h: Tensor, draws: StepRandom | None = None) -> Tensor:
        """The output of the block before its activation."""
        raise NotImplementedError

    def sigma(self, z: Tensor) -> Tensor:
        return z if self.activation is None else self.activation(z)

    def forward(self, h: Tensor, draws: StepRandom | None = None) -> Tensor:
        h = self.sigma(self.z(h, draws))
        return draws.dropout(h) if draws and self.activation else h

    def initialize(self, chosen: Choice, fed_by: Choice | None, generator: torch.Generator) -> None:
        """Draws its weights, if it has any; biases stay 0. fed_by: the activation before it."""

    def feeds(self, fed_by: Choice | None) -> Choice | None:
        """The activation that feeds the next block, if ``fed_by`` feeds this one; None if there is
        no activation after the last linear map, norm or sum."""
        return self.activation.chosen if self.activation else None


class Passing(Block):
    """A block that passes on the output of an activation: pooled, copied or reshaped."""

    def feeds(self, fed_by: Choice | None) -> Choice | None:
        return fed_by


class Conv(Block):
    """Cross-correlation with kernels W (C_out, C_in, k, k), which libraries call convolution."""

    def __init__(self, block: spec.Conv, channels: int, bias: bool, sigma: Choice | None) -> None:
        super().__init__(sigma)
        self.kernel, self.stride = block.kernel, block.stride
        self.padding, self.dilation = block.pad, block.dilation
        self.circular = block.padding_mode == "circular"
        size = block.channels, channels, block.kernel, block.kernel
        self.weight = nn.Parameter(torch.zeros(size))
        self.bias = nn.Parameter(torch.zeros(block.channels)) if bias else None

    def z(self, h: Tensor, draws: StepRandom | None = None) -> Tensor:
        """(B, C_in, H, W) -> (B, C_out, H', W')."""
        if self.circular and self.padding:
            h = functional.pad(h, (self.padding,) * 4, mode="circular")
        padding = 0 if self.circular else self.padding
        return functional.conv2d(h, self.weight, self.bias, self.stride, padding, self.dilation)

    def initialize(self, chosen: Choice, fed_by: Choice | None, generator: torch.Generator) -> None:
        draw(self.weight, chosen, fed_by, generator)


class MaxPool(Passing):
    def __init__(self, block: spec.MaxPool) -> None:
        super().__init__()
        self.kernel, self.stride = block.kernel, block.step

    def z(self, h: Tensor, draws: StepRandom | None = None) -> Tensor:
        return functional.max_pool2d(h, self.kernel, self.stride)


class AvgPool(Passing):
    def __init__(self, block: spec.AvgPool) -> None:
        super().__init__()
        self.kernel, self.stride = block.kernel, block.step

    def z(self, h: Tensor, draws: StepRandom | None = None) -> Tensor:
        return functional.avg_pool2d(h, self.kernel, self.stride)


class Upsample(Passing):
    def __init__(self, block: spec.Upsample) -> None:
        super().__init__()
        self.factor = block.factor

    def z(self, h: Tensor, draws: StepRandom | None = None) -> Tensor:
        return functional.interpolate(h, scale_factor=self.factor, mode="nearest")


class Norm(Block):
    """Batch or layer norm."""

    def __init__(self, norm: BatchNorm | LayerNorm, sigma: Choice | None) -> None:
        super().__init__(sigma)
        self.norm = norm

    def z(self, h: Tensor, draws: StepRandom | None = None) -> Tensor:
        normal: Tensor = self.norm(h, draws is not None)
        return normal

    def initialize(self, chosen: Choice, fed_by: Choice | None, generator: torch.Generator) -> None:
        self.norm.reset()


class Flatten(Passing):
    def z(self, h: Tensor, draws: StepRandom | None = None) -> Tensor:
        """(B, C, H, W) -> (B, C·H·W)."""
        return h.flatten(1)


class GlobalPool(Passing):
    def z(self, h: Tensor, draws: StepRandom | None = None) -> Tensor:
        """(B, C, H, W) -> (B, C)."""
        return h.mean((2, 3))


class Dense(Block):
    """W (D_out, D_in) and b over all input values; feature maps are flattened."""

    def __init__(self, d_in: int, d_out: int, bias: bool, sigma: Choice | None) -> None:
        super().__init__(sigma)
        self.weight = nn.Parameter(torch.zeros(d_out, d_in))
        self.bias = nn.Parameter(torch.zeros(d_out)) if bias else None

    def z(self, h: Tensor, draws: StepRandom | None = None) -> Tensor:
        return functional.linear(h.flatten(1), self.weight, self.bias)

    def initialize(self, chosen: Choice, fed_by: Choice | None, generator: torch.Generator) -> None:
        draw(self.weight, chosen, fed_by, generator)
