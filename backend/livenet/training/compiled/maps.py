"""The values of a multilayer perceptron's units at many points, in machine code."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from livenet.training.compiled.kernels import (
    BLOCK,
    LANES,
    MATRIX,
    NETWORK,
    ROW,
    H,
    Z,
    entry,
    forward,
)
from livenet.training.compiled.layout import Layout


@entry
def fill(layers, knobs, phi, x, values, first, into):
    """Writes the units of the rows ``first`` … at points x (N, D(0)) into ``into`` (R, N).

    Rows are those of a block's values: h(0), then h(l) of every layer, and θ at the end.
    """
    key = np.zeros(2, np.uint64)
    inputs = x.shape[1]
    theta = layers[len(layers) - 1][ROW]
    for start in range(0, len(x), LANES):
        count = min(LANES, len(x) - start)
        for b in range(count):
            for i in range(inputs):
                values[H, i, b] = x[start + b, i]
        forward(layers, knobs, phi, values, count, 0.0, key, np.uint64(0), start)
        for place in range(len(into)):
            row = first + place
            plane = H if row < theta else Z
            for b in range(count):
                into[place, start + b] = values[plane, row, b]


FILL = (*NETWORK, MATRIX, BLOCK, types.int64, MATRIX)


class Maps:
    """A network whose units are evaluated at many points. φ is read where training writes it."""

    def __init__(self, layout: Layout, phi: NDArray[np.float32]) -> None:
        self._layout = layout
        self._phi = phi

    def layers(self, x: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """h(0), h(1), … and θ at points x (N, D(0)), each (D(l), N)."""
        into = self._rows(x, 0)
        ends = [int(layer[ROW]) for layer in self._layout.layers]
        return np.split(into, ends)

    def theta(self, x: NDArray[np.float32]) -> NDArray[np.float32]:
        """θ at points x (N, D(0)): (N, K), a view of (K, N)."""
        return self._rows(x, int(self._layout.layers[-1, ROW])).T

    def _rows(self, x: NDArray[np.float32], first: int) -> NDArray[np.float32]:
        layout = self._layout
        into = np.empty((layout.rows - first, len(x)), np.float32)
        values: NDArray[np.floating[Any]] = layout.values()
        fill(layout.layers, layout.knobs, self._phi, x, values, first, into)
        return into


def load() -> None:
    """Compiles the entry point, or reads it from Numba's cache, as those of the kernels."""
    fill.enable_caching()
    fill.compile(FILL)
    fill.disable_compile()
