"""Small convolutional networks, twice: as steps of the geometry and as a torch module."""

from copy import deepcopy
from itertools import product

import numpy as np
import torch
from torch import nn

from livenet.geometry import Affine, MaxPool
from livenet.geometry.arrays import Floats

Shape = tuple[int, int, int]  # channels, height, width


def affine(module: nn.Module, shape: Shape) -> tuple[Affine, Shape]:
    """A torch module of affine layers as a step, and the shape that leaves it."""
    sizes = _absolute(module)

    def run(one: nn.Module, values: Floats) -> Floats:
        with torch.no_grad():
            left = one(torch.from_numpy(values).reshape(-1, *shape))
        found: Floats = left.reshape(len(values), -1).numpy()
        return found

    leaving = tuple(module(torch.zeros(1, *shape, dtype=torch.float64)).shape[1:])
    height, width = (*leaving, 1, 1)[1:3]
    after = (leaving[0], height, width)
    inputs, outputs = int(np.prod(shape)), int(np.prod(after))
    step = Affine(inputs, outputs, lambda h: run(module, h), lambda s: run(sizes, s[None])[0])
    return step, after


def _absolute(module: nn.Module) -> nn.Module:
    """The same with the sizes of all parameters."""
    sizes = deepcopy(module)
    for parameter in sizes.parameters():
        parameter.data.abs_()
    return sizes


def pooling(shape: Shape, kernel: int, stride: int, padding: int = 0) -> tuple[MaxPool, Shape]:
    """Max pooling of a (C, H, W) map: the units of every window."""
    channels, height, width = shape
    tall = (height + 2 * padding - kernel) // stride + 1
    wide = (width + 2 * padding - kernel) // stride + 1
    windows = []
    for c, i, j in product(range(channels), range(tall), range(wide)):
        window = []
        for a, b in product(range(kernel), range(kernel)):
            y, x = i * stride - padding + a, j * stride - padding + b
            inside = 0 <= y < height and 0 <= x < width
            window.append((c * height + y) * width + x if inside else -1)
        windows.append(window)
    return MaxPool(np.array(windows)), (channels, tall, wide)


def conv(
    seed: int,
    before: int,
    after: int,
    kernel: int = 3,
    stride: int = 1,
    padding: int = 1,
    dilation: int = 1,
    bias: bool = True,
) -> nn.Conv2d:
    """He weights, drawn from a generator of its own."""
    generator = torch.Generator().manual_seed(seed)
    module = nn.Conv2d(before, after, kernel, stride, padding, dilation, bias=bias).double()
    for parameter in module.parameters():
        fan = before * kernel * kernel
        scale = (2 / fan) ** 0.5 if parameter.ndim > 1 else 0.1
        with torch.no_grad():
            parameter.copy_(
                scale * torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
            )
    return module
