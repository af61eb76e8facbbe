"""The values of a multilayer perceptron's units at many points, in machine code."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from livenet.training.compiled.code import Code
from livenet.training.compiled.layout import ROW, Layout, Room, address


class Maps:
    """A network whose units are evaluated at many points, in the room of its training. φ is read
    where training writes it."""

    def __init__(
        self, code: Code, layout: Layout, phi: NDArray[np.floating[Any]], room: Room
    ) -> None:
        self._code = code
        self._layout = layout
        self._room = room
        self._phi = address(phi), len(phi)
        self._kept = phi  # its memory
        self._ends = [0, *layout.layers[:, ROW].tolist(), layout.rows]

    def layers(self, x: NDArray[np.floating[Any]]) -> list[NDArray[np.floating[Any]]]:
        """h(0), h(1), … and θ at points x (N, D(0)), each (D(l), N)."""
        into = self._rows(x, 0)
        return [into[start:end] for start, end in pairwise(self._ends)]

    def theta(self, x: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
        """θ at points x (N, D(0)): (N, K), a view of (K, N)."""
        return self._rows(x, self._ends[-2]).T

    def _rows(self, x: NDArray[np.floating[Any]], first: int) -> NDArray[np.floating[Any]]:
        points = np.ascontiguousarray(x, self._code.real)
        into = np.empty((self._layout.rows - first, len(points)), self._code.real)
        self._code.maps(
            *self._layout.arguments, *self._phi, address(points), *points.shape,
            first, address(into), len(into), *self._room.arguments,
        )  # fmt: skip
        return into
