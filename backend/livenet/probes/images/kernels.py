"""A convolution of a net, alone or within a residual block, and its input."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from livenet.errors import OptionError
from livenet.models.blocks import Conv
from livenet.models.residual_block import Residual
from livenet.probes.context import Context
from livenet.probes.images.selection import network


@dataclass(frozen=True)
class Kernel:
    """W (C_out, C_in, k, k), b (C_out,) or None, and how the kernel moves."""

    weight: Tensor
    bias: Tensor | None
    stride: int
    padding: int
    dilation: int
    circular: bool

    def padded(self, h: Tensor) -> Tensor:
        """The padded input, (B, C_in, H + 2p, W + 2p)."""
        around = (self.padding,) * 4
        return functional.pad(h, around, mode="circular" if self.circular else "constant")

    def patch(self, h: Tensor, row: int, column: int) -> Tensor:
        """The patch (C_in, k, k) of h (1, C_in, H, W) under the kernel at a position."""
        side, d = self.weight.shape[2], self.dilation
        reach = d * (side - 1) + 1
        top, left = row * self.stride, column * self.stride
        return self.padded(h)[0, :, top : top + reach : d, left : left + reach : d]

    def pixels(self, row: int, column: int, height: int, width: int) -> list[tuple[int, int]]:
        """The pixels of the image under the kernel, without padding."""
        found = []
        for u in range(self.weight.shape[2]):
            for v in range(self.weight.shape[3]):
                i = row * self.stride + u * self.dilation - self.padding
                j = column * self.stride + v * self.dilation - self.padding
                if self.circular:
                    i, j = i % height, j % width
                if 0 <= i < height and 0 <= j < width:
                    found.append((i, j))
        return found


def parts_of(context: Context, number: int) -> int:
    """The number of convolutions in a layer (from 1): one, or all of a residual block."""
    block = network(context).blocks[number - 1]
    return len(block.parts) if isinstance(block, Residual) else 1


def kernel_at(context: Context, number: int, part: int = 0) -> Kernel:
    """The convolution of a layer (from 1), or the ``part``-th (from 0) of a residual block's.

    Raises OptionError if it has fewer.
    """
    block = network(context).blocks[number - 1]
    parts = parts_of(context, number)
    if part >= parts:
        raise OptionError(
            f"There is no convolution {part} in layer {number}",
            path="options.part",
            hint=f"0 to {parts - 1}.",
        )
    if isinstance(block, Residual):
        kernel = block.parts[part][1]
        return Kernel(kernel.weight, kernel.bias, 1, kernel.padding, 1, circular=False)
    assert isinstance(block, Conv)
    return Kernel(
        block.weight, block.bias, block.stride, block.padding, block.dilation, block.circular
    )


def into_kernel(context: Context, number: int, h: Tensor, part: int = 0) -> Tensor:
    """The input of the ``part``-th convolution of a layer, given the layer's input."""
    block = network(context).blocks[number - 1]
    if not isinstance(block, Residual):
        return h
    with torch.inference_mode():
        for norm, kernel in block.parts[:part]:
            h = kernel(block.before(norm(h) if norm else h))
        norm = block.parts[part][0]
        return block.before(norm(h) if norm else h)
