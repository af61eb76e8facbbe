"""A run's series: rows numbered from 1, stored in columns; it only grows."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite, nan

import numpy as np
from numpy.typing import NDArray

Value = float | None
Row = tuple[int, float, float | None, Mapping[str, Value]]
"""Step, epoch, steps a second, values."""
FIXED = ("row", "step", "epoch")
FEW = 8  # rows, below which NumPy's overhead is larger than Python's


class Series:
    """Rows in columns of doubles; a missing or non-finite value is NaN inside and None outside.

    One thread appends. Others may read meanwhile: they see whole rows only, and the rows up to the
    length at some time never change.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self._step = array("q")
        self._epoch = array("d")
        self._values: dict[str, array[float]] = {}

    def __len__(self) -> int:
        return len(self._step)

    @property
    def last_step(self) -> int | None:
        """The step of the last row; None if there are no rows."""
        return self._step[-1] if len(self) else None

    @property
    def columns(self) -> list[str]:
        return [*FIXED, *self.names]

    def append(self, step: int, epoch: float, values: Mapping[str, Value]) -> None:
        """Adds a row."""
        for name in values:
            if name not in self._values:
                self._values[name] = array("d", [nan]) * len(self)
                self.names.append(name)  # after its values, which another thread may read
        for name, column in self._values.items():
            value = values.get(name)
            column.append(nan if value is None else value)
        self._epoch.append(epoch)
        self._step.append(step)  # last: another thread must read only whole rows

    def extend(self, rows: Iterable[Row]) -> int:
        """Adds rows of (step, epoch, steps a second, values), except for steps that already have
        one. Returns the number of added rows."""
        before = len(self)
        for step, epoch, rate, values in rows:
            if self.last_step is None or step > self.last_step:
                self.append(step, epoch, {**values, "steps_per_second": rate})
        return len(self) - before

    def rows(self, after: int = 0, most: int | None = None) -> list[list[Value]]:
        """Rows with a number above ``after``, each in the order of ``columns``."""
        names = tuple(self.names)
        start = max(after, 0)
        end = len(self) if most is None else min(len(self), after + most)
        if start >= end:
            return []
        if end - start <= FEW:
            return [self._row(place, names) for place in range(start, end)]
        values = [_with_gaps(self.slice(name, start, end)) for name in names]
        fixed = [self.slice(name, start, end).tolist() for name in FIXED]
        return list(map(list, zip(*fixed, *values, strict=True)))

    def _row(self, place: int, names: Iterable[str]) -> list[Value]:
        found: list[Value] = [place + 1, self._step[place], self._epoch[place]]
        for name in names:
            value = self._values[name][place]
            found.append(value if isfinite(value) else None)
        return found

    def slice(self, name: str, start: int, end: int) -> NDArray[np.float64] | NDArray[np.int64]:
        """A copy of a column's values at the indices ``start`` to ``end``, exclusive, which exist.
        Raises KeyError for an unknown name."""
        match name:
            case "row":
                return np.arange(start + 1, end + 1)
            case "step":
                return np.frombuffer(self._step[start:end], np.int64)
            case "epoch":
                return np.frombuffer(self._epoch[start:end], np.float64)
        # Of a copy: an array with a view on it cannot grow.
        return np.frombuffer(self._values[name][start:end], np.float64)

    def table(self) -> NDArray[np.float64]:
        """All rows without their numbers, (N, columns − 1); missing values are NaN."""
        end, names = len(self), ("step", "epoch", *self.names)
        found = np.empty((end, len(names)))
        for place, name in enumerate(names):
            found[:, place] = self.slice(name, 0, end)
        return found

    @classmethod
    def of(cls, names: Sequence[str], table: NDArray[np.float64]) -> Series:
        """The series of a ``table`` (N, 2 + names)."""
        made = cls()
        made.names = list(names)
        steps, epochs, *values = np.asarray(table, dtype=np.float64).T
        made._step = array("q", steps.astype(np.int64).tobytes())
        made._epoch = array("d", epochs.tobytes())
        made._values = {
            name: array("d", column.tobytes()) for name, column in zip(names, values, strict=True)
        }
        return made

    def until(self, step: int) -> Series:
        """A copy of the rows up to a step, inclusive."""
        end, copy = bisect_right(self._step, step), Series()
        copy.names = list(self.names)
        copy._step = self._step[:end]
        copy._epoch = self._epoch[:end]
        copy._values = {name: self._values[name][:end] for name in copy.names}
        return copy


def _with_gaps(values: NDArray[np.float64] | NDArray[np.int64]) -> list[Value]:
    """The values as Python's numbers, None where they are not finite."""
    finite = np.isfinite(values)
    found: list[Value] = values.tolist()
    if not finite.all():
        for place in np.flatnonzero(~finite).tolist():
            found[place] = None
    return found
