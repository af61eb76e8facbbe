"""A data set: points split into a part for training and one for testing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from livenet.spec.data import Points

Floats = NDArray[np.float64]
Make = Callable[[Any, np.random.Generator], tuple[Floats, Floats]]
F = TypeVar("F", bound=Callable[..., tuple[Floats, Floats]])

HALF = 3.0  # points lie in [-HALF, HALF]²

_makers: dict[type[Points], Make] = {}


@dataclass(frozen=True)
class Dataset:
    """Points x (N, D_in) float32 and targets y (N,) float32; a class is its number."""

    train_x: NDArray[np.float32]
    train_y: NDArray[np.float32]
    test_x: NDArray[np.float32]
    test_y: NDArray[np.float32]


def dataset(kind: type[Points]) -> Callable[[F], F]:
    """Marks the function that draws a kind's points: (spec, generator) -> x (N, D_in), y (N,)."""

    def mark(make: F) -> F:
        _makers[kind] = cast(Make, make)
        return make

    return mark


def load(spec: Points) -> Dataset:
    """The data of a spec: the same spec gives the same points."""
    draw = np.random.default_rng([spec.seed, 0])
    x, y = _makers[type(spec)](spec, draw)
    order = np.random.default_rng([spec.seed, 1]).permutation(len(x))
    points, targets = x[order].astype(np.float32), y[order].astype(np.float32)
    cut = spec.train_count
    return Dataset(points[:cut], targets[:cut], points[cut:], targets[cut:])
