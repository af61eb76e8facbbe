"""A run's series: rows numbered from 1, stored in columns; it only grows."""

from __future__ import annotations

import csv
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from math import isfinite, nan

import numpy as np
from numpy.typing import NDArray

Value = float | None
FIXED = ("row", "step", "epoch")


class Series:
    """Rows in columns of doubles; a missing or non-finite value is NaN inside and None outside."""

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
                self.names.append(name)
                self._values[name] = array("d", [nan]) * len(self)
        for name, column in self._values.items():
            value = values.get(name)
            column.append(nan if value is None else value)
        self._epoch.append(epoch)
        self._step.append(step)  # last: another thread must read only whole rows

    def extend(self, rows: Iterable[tuple[int, float, float | None, Mapping[str, Value]]]) -> int:
        """Adds rows of (step, epoch, steps a second, values), except for steps that already have
        one. Returns the number of added rows."""
        before = len(self)
        for step, epoch, rate, values in rows:
            if self.last_step is None or step > self.last_step:
                self.append(step, epoch, {**values, "steps_per_second": rate})
        return len(self) - before

    def rows(self, after: int = 0, most: int | None = None) -> list[list[Value]]:
        """Rows with a number above ``after``, each in the order of ``columns``."""
        end = len(self) if most is None else min(len(self), after + most)
        return [self._row(index) for index in range(max(after, 0), end)]

    def _row(self, index: int) -> list[Value]:
        values = (self._values[name][index] for name in self.names)
        found = (value if isfinite(value) else None for value in values)
        return [index + 1, self._step[index], self._epoch[index], *found]

    def csv(self, after: int = 0) -> str:
        """The rows as CSV, with a heading."""
        text = StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows(after))
        return text.getvalue()

    def table(self) -> NDArray[np.float64]:
        """All rows without their numbers, (N, columns − 1); missing values are NaN."""
        columns = [self._step, self._epoch, *self._values.values()]
        return np.array([np.asarray(column, dtype=np.float64) for column in columns]).T.copy()

    @classmethod
    def of(cls, names: Sequence[str], table: NDArray[np.float64]) -> Series:
        """The series of a ``table`` (N, 2 + names)."""
        made = cls()
        for step, epoch, *values in table.tolist():
            made.append(int(step), epoch, dict(zip(names, values, strict=True)))
        return made

    def until(self, step: int) -> Series:
        """A copy of the rows up to a step, inclusive."""
        end = bisect_right(self._step, step)
        copy = Series()
        copy.names = list(self.names)
        copy._step = self._step[:end]
        copy._epoch = self._epoch[:end]
        copy._values = {name: column[:end] for name, column in self._values.items()}
        return copy
