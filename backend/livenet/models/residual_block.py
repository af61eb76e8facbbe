"""The residual block of a convolutional network: h + f(h), or f(h) alone for comparison."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from livenet.models.blocks import Block, Sigma
from livenet.models.initial import draw
from livenet.models.norms import BatchNorm
from livenet.models.step_random import StepRandom
from livenet.spec.choice import Choice
from livenet.spec.model import cnn as spec


class Kernel(nn.Module):
    """A convolution that keeps the size: W (C_out, C_in, k, k) with k odd, b (C_out,)."""

    def __init__(self, c_in: int, c_out: int, kernel: int, bias: bool) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(c_out, c_in, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(c_out)) if bias else None
        self.padding = kernel // 2

    def forward(self, h: Tensor) -> Tensor:
        return functional.conv2d(h, self.weight, self.bias, padding=self.padding)


class Residual(Block):
    """f is (norm, σ, convolution), repeated, so that the identity path stays clear (He et al. 2016,
    "Identity mappings"). If the channels differ, P (C_out, C_in, 1, 1) projects h: P h + f(h).
    """

    def __init__(
        self,
        name: str,
        block: spec.Residual,
        channels: int,
        bias: bool,
        sigma: Choice,
        pending: dict[str, Tensor],
    ) -> None:
        super().__init__()
        widths = [channels, *[block.channels] * block.depth]
        self.before = Sigma(sigma)
        self.skip = block.skip
        self.norms = nn.ModuleList(
            BatchNorm(f"{name}.norms.{number}", width, pending)
            for number, width in enumerate(widths[:-1])
            if block.norm == "batch"
        )
        self.convs = nn.ModuleList(
            Kernel(c_in, c_out, block.kernel, bias) for c_in, c_out in pairwise(widths)
        )
        projected = block.skip and channels != block.channels
        size = block.channels, channels, 1, 1
        self.projection = nn.Parameter(torch.zeros(size)) if projected else None
        self.fits = projected or channels == block.channels
        """Whether f(h) is added to the identity or its projection."""
        # Cached: nn.ModuleList builds a new iterator chain at every loop over it.
        norms: list[BatchNorm] = list(self.norms)  # type: ignore[arg-type]  # all BatchNorm
        kernels: list[Kernel] = list(self.convs)  # type: ignore[arg-type]  # all Kernel
        self.parts = [(norms[i] if norms else None, kernel) for i, kernel in enumerate(kernels)]

    def f(self, h: Tensor, draws: StepRandom | None = None) -> Tensor:
        """The residual branch, (B, C_in, H, W) -> (B, C_out, H, W)."""
        for norm, kernel in self.parts:
            h = self.before(norm(h, draws is not None) if norm else h)
            h = kernel(draws.dropout(h) if draws else h)
        return h

    def identity(self, h: Tensor) -> Tensor:
        """The term that f(h) is added to: h, or P h."""
        return h if self.projection is None else functional.conv2d(h, self.projection)

    def z(self, h: Tensor, draws: StepRandom | None = None) -> Tensor:
        branch = self.f(h, draws)
        return self.identity(h) + branch if self.skip else branch

    def initialize(self, chosen: Choice, fed_by: Choice | None, generator: torch.Generator) -> None:
        for norm, kernel in self.parts:
            if norm:
                norm.reset()
            draw(kernel.weight, chosen, self.before.chosen, generator)
        if self.projection is not None:
            draw(self.projection, chosen, fed_by, generator)
