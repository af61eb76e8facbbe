"""A run's curves: named columns and numbered rows, as NumPy arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Value = float | int | None


class Series:
    """Rows numbered from 1; ``row``, ``step`` and ``epoch`` are the first columns.

    ``series["test_loss"]`` is a column (N,); ``for row in series`` yields dicts.
    """

    def __init__(self, columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
        self.columns = tuple(columns)
        self.rows = [tuple(row) for row in rows]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))

    def __getitem__(self, column: str) -> NDArray[np.float64]:
        """A column (N,), NaN where there is no value. Raises KeyError for an unknown column."""
        if column not in self.columns:
            raise KeyError(f"{column!r} is not a column; there are {', '.join(self.columns)}")
        place = self.columns.index(column)
        return np.array([row[place] for row in self.rows], dtype=np.float64)

    def __repr__(self) -> str:
        return f"<Series of {len(self)} rows: {', '.join(self.columns)}>"

    @property
    def cursor(self) -> int:
        """The last row's number: ``run.series(after=series.cursor)`` returns the newer rows."""
        return int(self.rows[-1][0] or 0) if self.rows else 0

    def array(self) -> NDArray[np.float64]:
        """All values (N, C), NaN where there is none."""
        return np.array(self.rows, dtype=np.float64).reshape(len(self), len(self.columns))
