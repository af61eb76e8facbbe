"""The rows and columns of a series that a request asks for, in pieces of bounded cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from livenet.errors import BadRequest, did_you_mean
from livenet.store import Series
from livenet.store.series import FIXED

MAX_EVERY = 10_000
VALUES = 4096
"""The most values of a piece, if a row has fewer: about a millisecond to encode."""
VALUES_READ = 65_536
"""The most values that a piece of thinned rows is chosen from, if a bucket has fewer."""

Columns = list[list[Any]]  # equally long, in the order of the names


@dataclass(frozen=True)
class Excerpt:
    """The rows ``start`` to ``end``, exclusive, counted from 0, of the columns ``names``.

    It is fixed when it is made: rows that are appended later are not in it. With ``every`` above 1
    the rows are thinned. A bucket is ``every`` rows, the first of them row 1. Of each bucket remain
    the first row, and for each column the rows with its least and its greatest value; the last row
    remains, too. A bucket of which only some rows are asked for is thinned as if it had no others.
    """

    series: Series
    names: tuple[str, ...]
    start: int
    end: int
    every: int = 1

    @classmethod
    def of(
        cls,
        series: Series,
        *,
        after: int = 0,
        before: int | None = None,
        every: int = 1,
        columns: Sequence[str] | None = None,
    ) -> Excerpt:
        """The rows with a number above ``after`` and below ``before``. ``columns`` are those
        besides ``FIXED``; None is all.

        Raises BadRequest for an unknown column.
        """
        rows = len(series)
        end = rows if before is None else min(rows, before - 1)
        return cls(series, _names(series, columns), min(after, end), end, every)

    @property
    def rows(self) -> int:
        """The number of rows that are read."""
        return self.end - self.start

    @property
    def is_one_piece(self) -> bool:
        return self.rows * len(self.names) <= VALUES

    def pieces(self) -> Iterator[Columns]:
        """The rows in order. Values that are not finite are NaN or infinite here."""
        if not self.rows:
            return
        size = self._size()
        first = self.start // size * size  # pieces of thinned rows end where buckets do
        for begin in range(first, self.end, size):
            start, end = max(begin, self.start), min(begin + size, self.end)
            if self.every > 1:
                yield self._thinned(start, end)
            else:
                yield [self.series.slice(name, start, end).tolist() for name in self.names]

    def _size(self) -> int:
        """The number of rows that a piece is made from; a multiple of ``every``."""
        width = len(self.names)
        if self.every == 1:
            return max(1, VALUES // width)
        kept = min(self.every, 1 + 2 * (width - len(FIXED)))  # of a bucket, at most
        buckets = min(VALUES // (width * kept), VALUES_READ // (width * self.every))
        return max(1, buckets) * self.every

    def _thinned(self, start: int, end: int) -> Columns:
        columns = [self.series.slice(name, start, end) for name in self.names]
        offset = start % self.every
        kept = [_firsts(len(columns[0]), self.every, offset)]
        for values in columns[len(FIXED) :]:
            kept += _extremes(values, self.every, offset)
        if end == self.end:
            kept.append(np.array([end - start - 1]))
        rows = np.unique(np.concatenate(kept))
        return [values[rows].tolist() for values in columns]


def _names(series: Series, columns: Sequence[str] | None) -> tuple[str, ...]:
    there = series.columns
    if columns is None:
        return tuple(there)
    unknown = [name for name in columns if name not in there]
    if unknown and len(series):  # a series without rows has no columns yet
        raise BadRequest(
            f"{unknown[0]!r:.80} is not a column of this series; it has {', '.join(there)}",
            path="columns",
            hint=did_you_mean(unknown[0], there),
        )
    return tuple(dict.fromkeys((*FIXED, *columns)))


def _firsts(rows: int, every: int, offset: int) -> NDArray[np.intp]:
    """The indices of the first row of each bucket; ``offset`` rows of the first are left out."""
    return np.maximum(np.arange(-offset, rows, every), 0)


def _extremes(
    values: NDArray[np.float64] | NDArray[np.int64], every: int, offset: int
) -> list[NDArray[np.intp]]:
    """The indices of the least and of the greatest finite value of each bucket. A bucket without
    any gives the index of its first row."""
    firsts = np.arange(-offset, len(values), every)
    padded = np.full(len(firsts) * every, np.nan)
    padded[offset : offset + len(values)] = values
    buckets = padded.reshape(-1, every)
    finite = np.isfinite(buckets)
    least = np.where(finite, buckets, np.inf).argmin(axis=1)
    greatest = np.where(finite, buckets, -np.inf).argmax(axis=1)
    return [np.maximum(firsts + least, 0), np.maximum(firsts + greatest, 0)]
