"""The exact activation regions of a network on the line, and the joints of its graph."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from livenet.budget import Budget
from livenet.geometry.arrays import Bools, Bytes, Floats, Ints
from livenet.geometry.checking import checked
from livenet.geometry.forward import AffineMaps, input_maps
from livenet.geometry.layer import InputMap, Layer
from livenet.geometry.line_regions import LineRegions
from livenet.geometry.steps import PIECE, Bend
from livenet.geometry.vertices import SNAP

MAX_INTERVALS = 100_000
NUMBERS = 10_000_000  # coefficients of all intervals' maps that are held at once: 80 MB
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
    has its own map, and nothing is shared between neighbours. Where a layer would make more than
    max_intervals intervals, or more than memory is meant for, or where the budget ends, the result
    stops behind the layer before.

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
    maps = input_maps(slice_map)  # of the k intervals, into the layer to come
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
    """What a layer makes of k intervals: borders (m + 1,), what leaves it on each of the m, the
    piece of every unit there (m, D), and which of the k each is part of (m,)."""

    borders: Floats
    maps: AffineMaps
    pieces: Bytes
    parent: Ints


def _through(
    layer: Layer, borders: Floats, maps: AffineMaps, most: int, budget: Budget
) -> _Finer | None:
    """Cut k intervals where the layer's units reach a break, some at a time.

    None when there would be more than ``most``, or the budget ends first.
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
    """Cut neighbouring intervals. tolerance (D, B): what is rounding at each break."""
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
