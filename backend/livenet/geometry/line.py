"""The exact activation regions of a network on the line, and the joints of its graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from livenet.budget import Budget
from livenet.geometry.arrays import Bools, Bytes, Floats, Ints
from livenet.geometry.checking import checked
from livenet.geometry.forward import AffineMaps, input_maps
from livenet.geometry.layer import InputMap, Layer
from livenet.geometry.linear_regions import same_maps
from livenet.geometry.region_at import RegionAt, region_at
from livenet.geometry.steps import PIECE, Bend
from livenet.geometry.vertices import SNAP


@dataclass(frozen=True)
class LineRegions:
    """The activation regions in a window of the line: k intervals.

    borders (k + 1,), increasing, including the window's two ends; maps: the network on each
    interval, matrix (k, D_out, 1) and offset (k, D_out); pieces, parents: for each hidden layer
    (m, D) the piece of every unit on the m intervals after it, and (m,) the interval before it
    that contains each.

    If truncated, these are the regions of the network cut only by its first layers, and ``maps`` is
    the output of the last of them.
    """

    layers: tuple[Layer, ...]
    input_map: InputMap
    window: tuple[float, float]
    borders: Floats
    maps: AffineMaps
    pieces: tuple[Bytes, ...]
    parents: tuple[Ints, ...]

    @property
    def truncated(self) -> bool:
        """Whether max_intervals, memory or the budget was too small for the cuts of all layers."""
        return len(self.parents) < len(self.layers) - 1

    @property
    def by_layer(self) -> tuple[int, ...]:
        """The number of activation regions of the network cut by its first 1, 2, … layers."""
        return tuple(len(parent) for parent in self.parents)

    @cached_property
    def patterns(self) -> Bytes:
        """(k, hidden units), the piece of its activation each unit is on."""
        interval = np.arange(len(self.maps))
        parts = [np.zeros((len(interval), 0), dtype=np.uint8)]
        for pieces, parent in zip(reversed(self.pieces), reversed(self.parents), strict=True):
            parts.insert(1, pieces[interval])
            interval = parent[interval]
        return np.concatenate(parts, axis=1)

    @cached_property
    def label(self) -> Ints:
        """(k,), the linear piece of each interval: neighbours with equal maps are one piece."""
        return np.concatenate([[0], np.cumsum(~self._same)])

    @property
    def count(self) -> int:
        """The number of linear pieces: one more than the joints."""
        return int(self.label[-1]) + 1

    @property
    def joints(self) -> Floats:
        """(J,), where the map of some output changes, increasing."""
        return self.borders[1:-1][~self._same]

    @property
    def slopes(self) -> Floats:
        """(J + 1, D_out), of each linear piece."""
        return self.maps.matrix[self._first, :, 0]

    @property
    def intercepts(self) -> Floats:
        """(J + 1, D_out), of each linear piece: the value at x = 0 of its extension."""
        return self.maps.offset[self._first]

    def joints_of(self, output: int) -> Floats:
        """(≤ J,), where the map of one output changes."""
        left = np.arange(len(self.maps) - 1)
        one = AffineMaps(self.maps.rows[:, :, output : output + 1])
        return self.borders[1:-1][~same_maps(one, left, left + 1)]

    def locate(self, x: float) -> RegionAt:
        """The region at a point, in the window or not, by a forward pass."""
        face = None
        if self.window[0] <= x <= self.window[1]:
            face = min(int(np.searchsorted(self.borders, x, side="right")), len(self.maps)) - 1
        return region_at(self.layers, [x], input_map=self.input_map, face=face)

    @cached_property
    def _same(self) -> Bools:
        """(k − 1,), whether the map is the same on both sides of each inner border. Raises
        ValueError if truncated: the outputs are unknown."""
        if self.truncated:
            raise ValueError(
                f"linear pieces need the cuts of all layers, but these are of the first "
                f"{len(self.parents)}; raise max_intervals or the budget, or take a smaller window"
            )
        left = np.arange(len(self.maps) - 1)
        return same_maps(self.maps, left, left + 1)

    @property
    def _first(self) -> Ints:
        """(J + 1,), the first interval of each linear piece."""
        return np.flatnonzero(np.concatenate([[True], ~self._same]))


MAX_INTERVALS = 100_000
NUMBERS = 10_000_000  # coefficients of all intervals' maps in memory at once: 80 MB
CHUNK = 1 << 19  # numbers at a time: cuts of some intervals


def line_regions(
    layers: Sequence[Layer],
    window: tuple[float, float],
    *,
    max_intervals: int = MAX_INTERVALS,
    input_map: InputMap | None = None,
    budget: Budget | None = None,
) -> LineRegions:
    """Cut the window (x_min, x_max) into the intervals of one activation pattern.

    layers: the hidden layers and the linear output layer. Activations may jump: each interval
    has its own map, and neighbours share nothing. If a layer would make more than max_intervals
    intervals, or exceed the limit on memory, or if the budget ends, the result stops after the
    layer before.

    Raises:
        ValueError: when the network does not fit together or does not start from the line, or
            the window is empty.
    """
    network, slice_map = checked(layers, 1, input_map)
    low, high = window
    if not (np.isfinite(window).all() and low < high):
        raise ValueError(f"a window is x_min < x_max, both finite; given {window}")
    if budget is None:
        budget = Budget.unlimited()
    widest = max([1, *(layer.width for layer in network)])
    most = min(max_intervals, max(1, NUMBERS // (2 * widest)))
    borders = np.array([low, high], dtype=np.float64)  # (k + 1,)
    maps = input_maps(slice_map)  # of the k intervals, into the next layer
    pieces: list[Bytes] = []
    parents: list[Ints] = []
    for layer in network[:-1]:
        made = _through(layer, borders, maps, most, budget)
        if made is None:
            return LineRegions(
                network, slice_map, window, borders, maps, tuple(pieces), tuple(parents)
            )
        borders, maps = made.borders, made.maps
        pieces.append(made.pieces)
        parents.append(made.parent)
    last, k = network[-1], len(maps)
    outputs = maps.through(last, np.zeros((k, last.width), dtype=np.uint8), np.arange(k))
    return LineRegions(network, slice_map, window, borders, outputs, tuple(pieces), tuple(parents))


class _Finer(NamedTuple):
    """The result of cutting k intervals by a layer: borders (m + 1,), the layer's output on each of
    the m, the piece of every unit there (m, D), and which of the k contains each (m,)."""

    borders: Floats
    maps: AffineMaps
    pieces: Bytes
    parent: Ints


def _through(
    layer: Layer, borders: Floats, maps: AffineMaps, most: int, budget: Budget
) -> _Finer | None:
    """Cut k intervals where the layer's units reach a break, some at a time.

    None if there would be more than ``most``, or the budget ends first.
    """
    reach = np.abs(maps.rows[:, 0]) * np.abs(borders).max() + np.abs(maps.rows[:, 1])
    terms = np.abs(layer.weight) @ reach.max(axis=0) + np.abs(layer.bias)  # (D,)
    breaks = np.array(layer.activation.breaks)
    tolerance = SNAP * (terms[:, None] + np.abs(breaks))  # (D, B)
    operations = 4 * layer.weight.size
    size = max(1, min(CHUNK // max(1, tolerance.size), PIECE // max(1, operations)))
    parts: list[_Finer] = []
    count = 0
    for at in range(0, len(maps), size):
        if budget.spent:
            return None
        some = AffineMaps(maps.rows[at : at + size])
        ends = borders[at : at + size + 1]
        part = _cut(layer, ends, some, tolerance)
        count += len(part.parent)
        if count > most:
            return None
        parts.append(part._replace(borders=part.borders[:-1], parent=part.parent + at))
    return _Finer(
        np.concatenate([*(part.borders for part in parts), borders[-1:]]),
        AffineMaps(np.concatenate([part.maps.rows for part in parts])),
        np.concatenate([part.pieces for part in parts]),
        np.concatenate([part.parent for part in parts]),
    )


def _cut(layer: Layer, borders: Floats, maps: AffineMaps, tolerance: Floats) -> _Finer:
    """Cut neighbouring intervals. tolerance (D, B): the rounding error at each break."""
    left, right = borders[:-1], borders[1:]
    z = maps.into(layer)
    slope, offset = z.rows[:, 0], z.rows[:, 1]  # (k, D)
    breaks = np.array(layer.activation.breaks)
    a = (slope * left[:, None] + offset)[:, :, None] - breaks  # (k, D, B)
    b = (slope * right[:, None] + offset)[:, :, None] - breaks
    crossed: Bools = ((a > tolerance) & (b < -tolerance)) | ((a < -tolerance) & (b > tolerance))
    interval, unit, number = np.nonzero(crossed)
    steep = a[crossed] - b[crossed]
    t = a[crossed] / steep
    order = np.lexsort((t, interval))
    interval, t, steep = interval[order], t[order], np.abs(steep[order])
    again = np.zeros(len(t), dtype=np.bool_)
    again[1:] = (interval[1:] == interval[:-1]) & (
        (t[1:] - t[:-1]) * steep[1:] <= tolerance[unit, number][order][1:]
    )
    interval, t = interval[~again], t[~again]
    new = left[interval] + t * (right - left)[interval]
    parent = np.repeat(np.arange(len(left)), np.bincount(interval, minlength=len(left)) + 1)
    finer = np.insert(borders, interval + 1, new)
    middle = (finer[:-1] + finer[1:]) / 2
    at = (slope[parent] * middle[:, None] + offset[parent])[:, :, None] - breaks  # (m, D, B)
    pieces = (at > tolerance).sum(axis=2, dtype=np.uint8)
    rows = Bend(layer.activation).through(z.rows[parent], pieces)
    if layer.residual:
        rows += maps.rows[parent]
    return _Finer(finer, AffineMaps(rows), pieces, parent)
