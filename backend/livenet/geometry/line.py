"""The exact activation regions of a network on the line, and the joints of its graph."""

from collections.abc import Sequence

import numpy as np

from livenet.geometry.arrays import Bools, Bytes, Floats, Ints
from livenet.geometry.checking import checked
from livenet.geometry.forward import AffineMaps, input_maps
from livenet.geometry.layer import InputMap, Layer
from livenet.geometry.line_regions import LineRegions
from livenet.geometry.vertices import SNAP

MAX_INTERVALS = 100_000


def line_regions(
    layers: Sequence[Layer],
    window: tuple[float, float],
    *,
    max_intervals: int = MAX_INTERVALS,
    input_map: InputMap | None = None,
) -> LineRegions:
    """Cut the window (x_min, x_max) into the intervals of one activation pattern.

    layers: the hidden layers and the linear output layer. Activations may jump: each interval
    has its own map, and nothing is shared between neighbours.

    Raises:
        ValueError: when the network does not fit together or does not start from the line, the
            window is empty, or there would be more than max_intervals intervals.
    """
    network, slice_map = checked(layers, 1, input_map)
    low, high = window
    if not (np.isfinite(window).all() and low < high):
        raise ValueError(f"a window is x_min < x_max, both finite; given {window}")
    borders = np.array([low, high], dtype=np.float64)  # (k + 1,)
    maps = input_maps(slice_map)  # of the k intervals, into the layer to come
    pieces: list[Bytes] = []
    parents: list[Ints] = []
    for number, layer in enumerate(network[:-1], start=1):
        borders, of_layer, parent = _cut(layer, borders, maps)
        if len(parent) > max_intervals:
            raise ValueError(
                f"after hidden layer {number} there are {len(parent)} intervals, at most "
                f"{max_intervals} allowed; take a smaller window"
            )
        maps = maps.through(layer, of_layer, parent)
        pieces.append(of_layer)
        parents.append(parent)
    last = network[-1]
    k = len(maps)
    outputs = maps.through(last, np.zeros((k, last.width), dtype=np.uint8), np.arange(k))
    return LineRegions(network, slice_map, window, borders, outputs, tuple(pieces), tuple(parents))


def _cut(layer: Layer, borders: Floats, maps: AffineMaps) -> tuple[Floats, Bytes, Ints]:
    """Cut k intervals where the layer's units reach a break.

    Returns the new borders (m + 1,), the piece of every unit on the m intervals (m, D), and
    which of the k intervals each is part of (m,).
    """
    left, right = borders[:-1], borders[1:]
    z = maps.into(layer)
    slope, offset = z.rows[:, 0], z.rows[:, 1]  # (k, D)
    reach = np.abs(maps.rows[:, 0]) * np.abs(borders).max() + np.abs(maps.rows[:, 1])
    terms = np.abs(layer.weight) @ reach.max(axis=0) + np.abs(layer.bias)  # (D,)
    breaks = np.array(layer.activation.breaks)
    tolerance = SNAP * (terms[:, None] + np.abs(breaks))  # (D, B)
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
    return finer, pieces, parent
