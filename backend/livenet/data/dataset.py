"""A data set: examples split into a part for training and one for testing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from livenet.spec.data import DataKind

Floats = NDArray[np.float64]
Array = NDArray[Any]
Made = Any  # (x, y), to be parted at random, or a Dataset whose parts are its own
Make = Callable[[Any, np.random.Generator], Made]
F = TypeVar("F", bound=Callable[..., Made])

HALF = 3.0  # points lie in [-HALF, HALF]²

_makers: dict[type[DataKind], Make] = {}


@dataclass(frozen=True)
class Dataset:
    """Examples x (N, ...) and targets y (N, ...), by part. A class is its number.

    Points: x (N, D_in) float32, y (N,) float32. Images: x (N, 1, H, W) float32 in [0, 1], y (N,).
    Sequences of symbols: x and y (N, T) int64, with y = -1 where nothing is scored. Sequences of
    real numbers: x (N, T, D) and y (N, T) float32, with y = NaN where nothing is scored.
    """

    train_x: Array
    train_y: Array
    test_x: Array
    test_y: Array


def dataset(kind: type[DataKind]) -> Callable[[F], F]:
    """Marks the function that draws a kind's examples: (spec, generator) -> x, y (or a Dataset)."""

    def mark(make: F) -> F:
        _makers[kind] = cast(Make, make)
        return make

    return mark


def load(spec: DataKind) -> Dataset:
    """The data of a spec: the same spec gives the same examples."""
    draw = np.random.default_rng([spec.seed, 0])
    made = _makers[type(spec)](spec, draw)
    if isinstance(made, Dataset):
        return made
    x, y = made
    order = np.random.default_rng([spec.seed, 1]).permutation(len(x))
    inputs, targets = _single(x)[order], _single(y)[order]
    cut = spec.train_count
    return Dataset(inputs[:cut], targets[:cut], inputs[cut:], targets[cut:])


def _single(values: Array) -> Array:
    """Real numbers in single precision; symbols and classes as they are."""
    return values.astype(np.float32) if values.dtype.kind == "f" else values
