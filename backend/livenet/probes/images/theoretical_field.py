"""The receptive field of a convolutional network's units, from the sizes of the blocks alone.

Backwards through a block, the indices I along a side that a unit depends on become
{s i + d u − p : i ∈ I, 0 ≤ u < k}. Indices in the padding are left out or, if it is circular, taken
from the other side. On an image without edges that is r(l) = r(l−1) + (k − 1) d j(l−1) pixels, with
j(l) = s j(l−1) between neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm

import numpy as np

from livenet.spec import RunSpec
from livenet.spec.data import Images
from livenet.spec.model.cnn import (
    AvgPool,
    BatchNorm,
    Block,
    Cnn,
    Conv,
    DenseBlock,
    Flatten,
    GlobalPool,
    LayerNorm,
    MaxPool,
    Residual,
    Upsample,
)


@dataclass(frozen=True)
class ReceptiveField:
    """A layer's receptive field: its side on an image without edges (None: all of the image), and
    the distance between neighbouring units, both in pixels.

    After an upsampling, neighbouring units have fields of two or more sizes: the side is the
    largest.
    """

    size: int | None
    jump: Fraction


def receptive_fields(spec: RunSpec) -> list[ReceptiveField]:
    """The field of every layer that outputs maps, in order."""
    found: list[ReceptiveField] = []
    jump = Fraction(1)
    for number, layer in enumerate(spec.layers, start=1):
        if len(layer.output) != 3:
            break
        block = _blocks(spec)[number - 1]
        jump *= _stride(block)
        found.append(ReceptiveField(_extent(spec, number), jump))
    return found


def pixels_in_field(spec: RunSpec, number: int, index: int) -> list[int]:
    """The rows (or columns) of the image that a unit of layer ``number`` (from 1) depends on, for
    its own row (or column)."""
    assert isinstance(spec.data, Images)
    indices = {index}
    sides = [spec.data.side, *(layer.output[-1] for layer in spec.layers)]
    for place in range(number - 1, -1, -1):
        indices = _back(_blocks(spec)[place], indices, sides[place])
    return sorted(indices)


def edge(
    rows: list[int], columns: list[int], shape: tuple[int, ...]
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """The pixels (N, 2) of a field with a neighbour outside it; none if the field is the whole
    image, of a shape (H, W)."""
    cells = set(product(rows, columns))
    if len(cells) == shape[0] * shape[1]:
        return np.zeros((0, 2), np.int64)
    around = (-1, 0), (1, 0), (0, -1), (0, 1)
    found = [
        (i, j) for i, j in sorted(cells) if any((i + a, j + b) not in cells for a, b in around)
    ]
    return np.array(found, np.int64).reshape(-1, 2)


def _blocks(spec: RunSpec) -> tuple[Block, ...]:
    assert isinstance(spec.model, Cnn)
    return spec.model.blocks


def _stride(block: Block) -> Fraction:
    match block:
        case Conv():
            return Fraction(block.stride)
        case MaxPool() | AvgPool():
            return Fraction(block.step)
        case Upsample():
            return Fraction(1, block.factor)
        case BatchNorm() | LayerNorm() | Residual() | Flatten() | GlobalPool() | DenseBlock():
            return Fraction(1)


def _window(block: Block, low: int, high: int) -> tuple[int, int] | None:
    """The first and last index, of an image without edges, that indices low to high depend on;
    None if that is the whole image."""
    match block:
        case Conv():
            span = block.dilation * (block.kernel - 1)
            return block.stride * low - block.pad, block.stride * high - block.pad + span
        case MaxPool() | AvgPool():
            return block.step * low, block.step * high + block.kernel - 1
        case Upsample():
            return low // block.factor, high // block.factor
        case Residual():
            span = block.depth * (block.kernel // 2)
            return low - span, high + span
        case BatchNorm():
            return low, high
        case LayerNorm() | Flatten() | GlobalPool() | DenseBlock():
            return None


def _extent(spec: RunSpec, number: int) -> int | None:
    """The largest side of the fields of a layer's units."""
    blocks = _blocks(spec)[:number]
    found = [_extent_of(blocks, unit) for unit in range(_period(blocks))]
    return None if None in found else max(side for side in found if side is not None)


def _period(blocks: tuple[Block, ...]) -> int:
    """The number of units after which fields repeat: a whole number of steps in all layers."""
    step, period = Fraction(1), 1
    for block in reversed(blocks):
        step *= _stride(block)
        period = lcm(period, step.denominator)
    return period


def _extent_of(blocks: tuple[Block, ...], unit: int) -> int | None:
    low = high = unit
    for block in reversed(blocks):
        found = _window(block, low, high)
        if found is None:
            return None
        low, high = found
    return high - low + 1


def _back(block: Block, indices: set[int], side: int) -> set[int]:
    if isinstance(block, Conv):
        taken = {
            block.stride * i + block.dilation * u - block.pad
            for i in indices
            for u in range(block.kernel)
        }
        if block.padding_mode == "circular":
            return {i % side for i in taken}
    else:
        windows = [_window(block, i, i) for i in indices]
        if None in windows:
            return set(range(side))
        taken = {i for window in windows if window for i in range(window[0], window[1] + 1)}
    return {i for i in taken if 0 <= i < side}
