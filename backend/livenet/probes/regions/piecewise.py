"""A convolutional network as geometry sees it: affine steps, and steps that cut."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import prod
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from livenet.errors import ProbeUnfit
from livenet.geometry import Affine, Bend, MaxPool, PiecewiseLinear, Residual
from livenet.geometry.steps import Plain
from livenet.models import blocks
from livenet.models.cnn import Cnn
from livenet.models.norms import BatchNorm
from livenet.models.residual_block import Residual as ResidualBlock
from livenet.spec import RunSpec
from livenet.spec.choice import Choice, activation
from livenet.spec.layer import LayerShape, Shape

CHUNK = 256  # points at a time: the outputs of a convolution for them fit in the cache
MATRIX = 1 << 18  # numbers: a product with a matrix up to this size costs less than a convolution,
INPUTS_PER_POINT = 4  # but only with at least one point per so many inputs: else no matrix is made


Made = tuple[list[Plain], list[str]]


@dataclass(frozen=True)
class Stepwise:
    """The steps of a network, a name for each that cuts, and the number of values that the widest
    layer outputs, or reads window by window."""

    steps: tuple[Plain, ...]
    names: tuple[str, ...]
    widest: int


def stepwise(model: Cnn, spec: RunSpec, image: Shape) -> Stepwise:
    """The network's steps in double precision, from images (1, H, W) to its outputs.

    The spec is that of a piecewise linear net. Raises ProbeUnfit if a number is not finite.
    """
    if not all(bool(value.isfinite().all()) for value in model.state_dict().values()):
        raise ProbeUnfit(
            "This net has no regions: its parameters are no longer finite numbers",
            hint="Go back to an earlier step.",
        )
    steps: list[Plain] = []
    names: list[str] = []
    shape = image
    for block, layer in zip(model.blocks, spec.layers, strict=True):
        made, cutting = STEPS[type(block)](block, shape, layer)
        steps += made
        names += cutting
        if block.activation is not None:
            steps.append(_bend(block.activation.chosen))
            names.append(layer.label)
        shape = layer.output
    taken = [step.windows.size for step in steps if isinstance(step, MaxPool)]
    widest = max([*taken, *(prod(layer.output) for layer in spec.layers)])
    return Stepwise(tuple(steps), tuple(names), widest)


def _affine(
    part: Any, call: Callable[[Any, Tensor], Tensor], shape: Shape, operations: int
) -> Affine:
    """The step of a module with an affine call on (C, H, W) or (D,). It uses a copy."""
    exact = deepcopy(part).double().cpu().requires_grad_(False)
    return _step(lambda h: call(exact, h), _sizes(exact, call), shape, operations)


def _step(
    apply: Callable[[Tensor], Tensor],
    sizes: Callable[[Tensor], Tensor],
    shape: Shape,
    operations: int,
) -> Affine:
    def run(function: Callable[[Tensor], Tensor], values: NDArray[np.float64]) -> Any:
        rows = torch.from_numpy(np.ascontiguousarray(values)).view(-1, *shape)
        with torch.no_grad():
            found = [
                function(rows[at : at + CHUNK]).flatten(1) for at in range(0, len(rows), CHUNK)
            ]
        return torch.cat(found).numpy()

    inputs = prod(shape)
    offset = run(apply, np.zeros((1, inputs)))[0]

    @cache
    def matrix() -> Any:
        return run(apply, np.eye(inputs)) - offset

    def outputs(values: NDArray[np.float64]) -> Any:
        if inputs * len(offset) > MATRIX or len(values) < inputs // INPUTS_PER_POINT:
            return run(apply, values)
        return values @ matrix() + offset

    width = len(offset)
    return Affine(inputs, width, outputs, lambda s: run(sizes, s[None])[0], operations + width)


def _sizes(exact: nn.Module, call: Callable[[Any, Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """The same call with absolute values of all its numbers, so that no terms cancel."""
    positive = deepcopy(exact)
    for parameter in positive.parameters():
        parameter.abs_()
    for module in positive.modules():
        if isinstance(module, BatchNorm):
            module.mean.abs_().neg_()  # it is taken off
    return lambda s: call(positive, s)


def _bend(chosen: Choice) -> Bend:
    pieces = activation(chosen).pieces
    assert pieces is not None
    return Bend(PiecewiseLinear(*pieces(chosen.knobs)))


def _plain(block: blocks.Block, shape: Shape, layer: LayerShape) -> Made:
    return [_affine(block, type(block).z, shape, layer.flops)], []


def _max_pool(block: blocks.MaxPool, shape: Shape, layer: LayerShape) -> Made:
    """The units of each window of (C, H, W) maps."""
    channels, height, width = shape
    number = np.arange(channels * height * width).reshape(shape)
    rows = range(0, height - block.kernel + 1, block.stride)
    columns = range(0, width - block.kernel + 1, block.stride)
    within = range(block.kernel)
    units = [
        number[:, a : rows[-1] + a + 1 : block.stride, b : columns[-1] + b + 1 : block.stride]
        for a, b in product(within, within)
    ]  # each (C, H', W')
    return [MaxPool(np.stack([one.ravel() for one in units], axis=1))], [layer.label]


def _residual(block: ResidualBlock, shape: Shape, layer: LayerShape) -> Made:
    """P h + f(h), or f(h) alone; f has one activation per convolution."""
    body: list[Plain] = []
    operations = layer.flops // len(block.parts)
    names = [f"{layer.label}, σ {number}" for number in range(1, len(block.parts) + 1)]
    _, height, width = shape
    inner = shape
    for norm, kernel in block.parts:
        if norm is not None:
            body.append(_affine(norm, lambda m, h: m(h), inner, prod(inner)))
        body.append(_bend(block.before.chosen))
        body.append(_affine(kernel, lambda m, h: m(h), inner, operations))
        inner = (kernel.weight.shape[0], height, width)
    if not block.skip:
        return body, names
    shortcut = None
    if block.projection is not None:
        weight = block.projection.detach().double().cpu()
        shortcut = _step(
            lambda h: functional.conv2d(h, weight),
            lambda s: functional.conv2d(s, weight.abs()),
            shape,
            operations,
        )
    return [Residual(tuple(body), shortcut)], names


STEPS: dict[type[blocks.Block], Callable[[Any, Shape, LayerShape], Made]] = {
    blocks.Conv: _plain,
    blocks.MaxPool: _max_pool,
    blocks.AvgPool: _plain,
    blocks.Upsample: _plain,
    blocks.Norm: _plain,
    blocks.Flatten: _plain,
    blocks.GlobalPool: _plain,
    blocks.Dense: _plain,
    ResidualBlock: _residual,
}
"""A block as geometry steps, without a σ at its end, and a name for each that cuts."""
