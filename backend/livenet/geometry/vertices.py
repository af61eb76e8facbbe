"""The vertices of a subdivision while one layer cuts it."""

import numpy as np

from livenet.geometry import bits
from livenet.geometry.arrays import Floats, Ints, Words, starts_of
from livenet.geometry.layer import Layer

SNAP = 1e-11  # of the largest value that goes into a pre-activation; rounding makes 1e-14 or so
CHUNK = 1 << 15  # numbers interpolated at a time: 256 kB


class VertexTable:
    """A growing table, one row a vertex: what each cut of a layer is there, and what goes along.

    A *cut* is a unit and a break of its activation; its value is z − break and its line is
    where that is 0. All columns are affine on every face, so a new vertex on an edge gets its
    whole row by one interpolation. Columns: the layer's cuts, unit by unit (C), then what is
    carried: z where there are no cuts, the layer's input where it is residual, x1 and x2.

    Values within SNAP of a cut's scale are set to exactly 0. The scale is the largest that the
    terms of z − break can add up to over the vertices, not the largest |z − break|: a unit
    whose terms cancel everywhere holds nothing but rounding, and must not cut.

    For the cuts of the open block, at most 64, `positive` and `negative` hold the strict signs
    of each row as a set of cuts (see bits.py).
    """

    def __init__(self, layer: Layer, inputs: Floats, xy: Floats) -> None:
        """inputs (V, D_in) is what reaches the layer at the vertices xy (V, 2)."""
        self._layer = layer
        breaks = layer.activation.breaks
        z = inputs @ layer.weight.T + layer.bias  # (V, D)
        terms = np.abs(layer.weight) @ np.abs(inputs).max(axis=0) + np.abs(layer.bias)  # (D,)
        self.n_cuts = layer.cuts
        self.tolerance = np.empty(layer.cuts)
        cuts = np.empty((len(xy), layer.cuts))
        for k, start in enumerate(breaks):
            np.subtract(z, start, out=cuts[:, k :: len(breaks)])
            self.tolerance[k :: len(breaks)] = SNAP * (terms + abs(start))
        carried = [] if breaks else [z]
        if layer.residual:
            carried.append(inputs)
        self._rows = np.concatenate([cuts, *carried, xy], axis=1)
        self.count = len(xy)
        chunk = max(1, CHUNK // self._rows.shape[1])
        self._scratch, self._more_scratch = np.empty((2, chunk, self._rows.shape[1]))
        self.positive: Words
        self.negative: Words
        self.open_block(0)

    @property
    def rows(self) -> Floats:
        """(V, C + carried)."""
        return self._rows[: self.count]

    @property
    def xy(self) -> Floats:
        """(V, 2)."""
        return self.rows[:, -2:]

    @property
    def cuts(self) -> Floats:
        """(V, C), z − break for each unit and break."""
        return self.rows[:, : self.n_cuts]

    @property
    def block(self) -> Floats:
        """(V, ≤ 64), the values of the open block's cuts."""
        return self.rows[:, self._block]

    def open_block(self, start: int) -> int:
        """Make `start` and up to 63 cuts after it the open block; how many they are."""
        self._block = slice(start, min(start + bits.WORD, self.n_cuts))
        self.positive, self.negative = np.zeros((2, len(self._rows)), dtype=np.uint64)
        self._sign(0)
        return self._block.stop - start

    def leaving(self) -> Floats:
        """h at every vertex: (V, D). On a cut's own line σ(break) exactly.

        σ(z) = σ₀(z) + Σ_k (slope_{k+1} − slope_k) max(z − break_k, 0), where σ₀ is the first
        piece: true when σ does not jump.
        """
        shape, width = self._layer.activation, self._layer.width
        bends = np.diff(shape.slopes)
        if shape.breaks:
            cuts = self.cuts.reshape(self.count, width, -1)  # (V, D, breaks)
            h = np.maximum(cuts[:, :, 0], 0.0)
            h *= bends[0]
            for k in range(1, len(bends)):
                h += bends[k] * np.maximum(cuts[:, :, k], 0.0)
            z = cuts[:, :, 0]  # z − break_0
        else:
            z, h = self.rows[:, :width], np.zeros((self.count, width))
        if shape.slopes[0]:
            h += shape.slopes[0] * z
        start = shape.breaks[0] if shape.breaks else 0.0
        h += shape.slopes[0] * start + shape.intercepts[0]
        if self._layer.residual:
            h += self.rows[:, -2 - width : -2]
        return h

    def forget(self, count: int) -> None:
        """Drop all vertices after the first `count`."""
        self.count = count

    def cut_segments(self, low: Ints, high: Ints, crossing: Words) -> tuple[Ints, Ints]:
        """Put a vertex wherever a cut named in `crossing` changes sign between low and high.

        low, high (S,) are vertices, crossing (S,) sets of cuts with strict and opposite signs
        at the two. Cuts that meet the segment in one point share one vertex. The new vertices
        of a segment are numbered upwards from low to high.

        Returns (first, counts), each (S,): the first new vertex of a segment and how many.
        """
        segment, cut = bits.where(crossing)  # (N,)
        column = cut + self._block.start
        a = self._rows[low[segment], column]
        b = self._rows[high[segment], column]
        t = a / (a - b)
        counts = np.bincount(segment, minlength=len(low))
        if counts.max(initial=0) > 1:
            # By segment and then by t, to 40 bits: closer ones share a vertex anyhow.
            fine = np.minimum(t * (1 << 40), (1 << 40) - 1).astype(np.int64)
            order = np.argsort((segment << 40) + fine)
            segment, column, t = segment[order], column[order], t[order]
            steep = np.abs(a - b)[order]
            again = np.zeros(len(t), dtype=np.bool_)
            again[1:] = (segment[1:] == segment[:-1]) & (
                np.abs(t[1:] - t[:-1]) * steep[1:] <= self.tolerance[column[1:]]
            )
            kept = np.flatnonzero(~again)
            place = np.cumsum(~again) - 1
            segment, t = segment[kept], t[kept]
            counts = np.bincount(segment, minlength=len(low))
        else:
            place = np.arange(len(t))
        start = self.count
        self._interpolate(low[segment], high[segment], t)
        self._rows[start + place, column] = 0.0
        self._sign(start)
        return start + starts_of(counts), counts

    def _interpolate(self, low: Ints, high: Ints, t: Floats) -> None:
        """Append a row on each segment at low + t (high − low), a chunk in the cache at a time."""
        n = len(t)
        if self.count + n > len(self._rows):
            self._grow(2 * (self.count + n))
        for at in range(0, n, len(self._scratch)):
            chunk = slice(at, at + len(self._scratch))
            here, there = self._scratch[: n - at], self._more_scratch[: n - at]
            # mode is given because NumPy takes a slow path for out= without one.
            np.take(self._rows, low[chunk], axis=0, out=here, mode="clip")
            np.take(self._rows, high[chunk], axis=0, out=there, mode="clip")
            there -= here
            there *= t[chunk, None]
            np.add(here, there, out=self._rows[self.count + at : self.count + at + len(here)])
        self.count += n

    def _sign(self, start: int) -> None:
        """Snap the open block's values from row `start` on, and note their signs."""
        block = self._rows[start : self.count, self._block]
        tolerance = self.tolerance[self._block]
        above, below = block > tolerance, block < -tolerance
        self.positive[start : self.count] = bits.pack(above)
        self.negative[start : self.count] = bits.pack(below)
        above |= below
        near = np.flatnonzero(~above)
        block[near // above.shape[1], near % above.shape[1]] = 0.0

    def _grow(self, capacity: int) -> None:
        rows = np.empty((capacity, self._rows.shape[1]))
        positive, negative = np.zeros((2, capacity), dtype=np.uint64)
        rows[: self.count] = self.rows
        positive[: self.count] = self.positive[: self.count]
        negative[: self.count] = self.negative[: self.count]
        self._rows, self.positive, self.negative = rows, positive, negative
