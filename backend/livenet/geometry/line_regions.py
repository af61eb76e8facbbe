"""What is known about the regions of a network on the line."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from livenet.geometry.arrays import Bools, Bytes, Floats, Ints
from livenet.geometry.forward import AffineMaps
from livenet.geometry.layer import InputMap, Layer
from livenet.geometry.linear_regions import same_maps
from livenet.geometry.region_at import RegionAt, region_at


@dataclass(frozen=True)
class LineRegions:
    """The activation regions in a window of the line: k intervals.

    borders (k + 1,), increasing, the window's two ends among them; maps: the network on each
    interval, matrix (k, D_out, 1) and offset (k, D_out); pieces, parents: for each hidden layer
    (m, D) the piece of every unit on the m intervals that it left, and (m,) which interval
    before it each is part of.

    Truncated, these are the regions of the network cut by its first layers alone, and ``maps`` is
    what leaves the last of them.
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
        """Whether there was no room or no time for the cuts of all layers."""
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
        """(k,), the linear piece of each interval: neighbours with one map are one piece."""
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
        """(J + 1, D_out), of each linear piece: its value at x = 0, were it to reach there."""
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
        """(k − 1,), whether the map goes on unchanged over each inner border. Raises ValueError
        while truncated: nothing is known of the outputs."""
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
