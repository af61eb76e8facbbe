"""The vertices of a subdivision while one step of the network cuts it."""

import numpy as np

from livenet.geometry import bits
from livenet.geometry.arrays import Floats, Ints, Words, starts_of

SNAP = 1e-11  # of the largest term of a pre-activation; rounding errors are about 1e-14
CHUNK = 1 << 15  # numbers interpolated at a time: 256 kB


class VertexTable:
    """A growing table of vertices, with the values of up to 64 *cuts* there.

    A cut is a function that is affine on every face; its line is where it is 0 (z − break for a
    unit and a break of its activation, the difference of two units for a max pooling). The table
    has one row a vertex: the cuts of the open block, x1 and x2. So a new vertex on an edge gets
    its whole row by one interpolation.

    Values within a cut's tolerance are set to exactly 0, and `positive` and `negative` hold the
    strict signs of each row as a set of cuts (see bits.py).

    All other functions that are affine on the faces can follow later: the table stores the
    position of every new vertex between two earlier ones, see `carried`.
    """

    def __init__(self, xy: Floats) -> None:
        """xy (V, 2)."""
        self.count = len(xy)
        self._births: list[tuple[int, Ints, Ints, Floats]] = []
        self._fill(xy)
        self.tolerance: Floats = np.empty(0)
        self.positive: Words
        self.negative: Words
        self.positive, self.negative = np.zeros((2, len(xy)), dtype=np.uint64)

    @property
    def xy(self) -> Floats:
        """(V, 2)."""
        return self._rows[: self.count, -2:]

    @property
    def block(self) -> Floats:
        """(V, ≤ 64), the values of the open block's cuts."""
        return self._rows[: self.count, :-2]

    def open(self, cuts: Floats, tolerance: Floats) -> None:
        """Make these the open block: (V, C ≤ 64), and (C,) the rounding error of each."""
        self._fill(np.concatenate([cuts, self.xy], axis=1))
        self.tolerance = tolerance
        self.positive, self.negative = np.zeros((2, len(self._rows)), dtype=np.uint64)
        self._sign(0)

    def carried(self, values: Floats) -> Floats:
        """Values at the first n vertices, carried to all vertices: (n, C) -> (V, C).

        n is the number of vertices at some earlier time, not before the table was made.
        """
        known, width = values.shape
        if known == self.count:
            return values
        found = np.empty((self.count, width))
        found[:known] = values
        scratch = np.empty((2, max(1, CHUNK // max(1, width)), width))
        for start, low, high, t in self._births:
            if start >= known:
                _interpolate(found, low, high, t, found[start : start + len(t)], scratch)
        return found

    def forget(self, count: int) -> None:
        """Drop all vertices after the first `count`."""
        self.count = count
        while self._births and self._births[-1][0] >= count:
            self._births.pop()

    def cut_segments(self, low: Ints, high: Ints, crossing: Words) -> tuple[Ints, Ints]:
        """Put a vertex wherever a cut named in `crossing` changes sign between low and high.

        low, high (S,) are vertices, crossing (S,) sets of cuts with strict and opposite signs
        at the two. Cuts that meet the segment in one point share one vertex. The new vertices
        of a segment are numbered upwards from low to high.

        Returns (first, counts), each (S,): the first new vertex of a segment and their number.
        """
        segment, column = bits.where(crossing)  # (N,)
        a = self._rows[low[segment], column]
        b = self._rows[high[segment], column]
        t = a / (a - b)
        counts = np.bincount(segment, minlength=len(low))
        if counts.max(initial=0) > 1:
            # By segment and then by t, to 40 bits: closer ones share a vertex in any case.
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
        self._append(low[segment], high[segment], t)
        self._rows[start + place, column] = 0.0
        self._sign(start)
        return start + starts_of(counts), counts

    def _fill(self, rows: Floats) -> None:
        """Replace the rows of all vertices."""
        self._rows = rows
        chunk = max(1, CHUNK // rows.shape[1])
        self._scratch = np.empty((2, chunk, rows.shape[1]))

    def _append(self, low: Ints, high: Ints, t: Floats) -> None:
        """Append a row on each segment at low + t (high − low)."""
        n = len(t)
        if not n:
            return
        if self.count + n > len(self._rows):
            self._grow(2 * (self.count + n))
        into = self._rows[self.count : self.count + n]
        _interpolate(self._rows, low, high, t, into, self._scratch)
        self._births.append((self.count, low, high, t))
        self.count += n

    def _sign(self, start: int) -> None:
        """Snap the open block's values from row `start` on, and note their signs."""
        block = self._rows[start : self.count, :-2]
        above, below = block > self.tolerance, block < -self.tolerance
        self.positive[start : self.count] = bits.pack(above)
        self.negative[start : self.count] = bits.pack(below)
        above |= below
        near = np.flatnonzero(~above)
        block[near // above.shape[1], near % above.shape[1]] = 0.0

    def _grow(self, capacity: int) -> None:
        rows = np.empty((capacity, self._rows.shape[1]))
        positive, negative = np.zeros((2, capacity), dtype=np.uint64)
        rows[: self.count] = self._rows[: self.count]
        positive[: self.count] = self.positive[: self.count]
        negative[: self.count] = self.negative[: self.count]
        self._rows, self.positive, self.negative = rows, positive, negative


def _interpolate(
    rows: Floats, low: Ints, high: Ints, t: Floats, into: Floats, scratch: Floats
) -> None:
    """rows[low] + t (rows[high] − rows[low]) -> into (N, C), a chunk in the cache at a time.

    scratch (2, chunk, C).
    """
    n, size = len(t), scratch.shape[1]
    for at in range(0, n, size):
        chunk = slice(at, at + size)
        here, there = scratch[0, : n - at], scratch[1, : n - at]
        # mode is given because NumPy takes a slow path for out= without one.
        np.take(rows, low[chunk], axis=0, out=here, mode="clip")
        np.take(rows, high[chunk], axis=0, out=there, mode="clip")
        there -= here
        there *= t[chunk, None]
        np.add(here, there, out=into[chunk])
