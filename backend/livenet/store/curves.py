"""A few points of the loss of many runs, for a list: read without opening the runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, select

from livenet.store.reading import FIXED, unpack
from livenet.store.series import Series
from livenet.store.tables import BLOCK, blocks, runs

BUCKETS = 16
"""The loss is drawn by the first, the least and the greatest row of so many parts of a series."""
BLOCKS = 8
"""The most blocks of a run that are read: a long series is sampled at equal distances."""
LOSSES = ("test_loss", "train_loss")

Values = NDArray[np.float64]
Curve = list[list[float]]
"""Steps and losses, ``[[step, loss], ...]``."""


def stored(database: Engine, ids: Sequence[str]) -> dict[str, Curve]:
    """The curves of runs by id; ids that the database does not have are left out."""
    asked = select(runs.c.id, runs.c.rows, runs.c.columns).where(runs.c.id.in_(ids))
    with database.connect() as connection:
        found: dict[str, Curve] = {}
        for run, rows, names in connection.execute(asked).all():
            kept = select(blocks.c.columns, blocks.c.data).where(
                blocks.c.run == run, blocks.c.number.in_(_numbers(rows))
            )
            parts = connection.execute(kept.order_by(blocks.c.number))
            found[run] = _drawn(_columns(names, (unpack(data, width) for width, data in parts)))
    return found


def of_series(series: Series) -> Curve:
    """The curve of an open run."""
    end = len(series)
    there = [name for name in LOSSES if name in series.names]
    return _drawn(
        {name: series.slice(name, 0, end).astype(np.float64) for name in ("step", *there)}
    )


def _numbers(rows: int) -> list[int]:
    """The blocks to read of so many rows: the first, the last, and some between them."""
    count = -(-rows // BLOCK)
    return [int(number) for number in np.unique(np.linspace(0, count - 1, min(count, BLOCKS)))]


def _columns(names: Sequence[str], parts: Iterable[Values]) -> dict[str, Values]:
    tables = list(parts)
    places = {"step": 0} | {
        name: FIXED + place for place, name in enumerate(names) if name in LOSSES
    }
    return {
        name: np.concatenate(
            [
                part[:, place] if place < part.shape[1] else np.full(len(part), np.nan)
                for part in tables
            ]
            or [np.empty(0)]
        )
        for name, place in places.items()
    }


def _drawn(columns: Mapping[str, Values]) -> Curve:
    """The test loss, or the training loss if the run has no test examples, in a few points.
    Values that are not finite are left out."""
    for name in LOSSES:
        values = columns.get(name)
        if values is None:
            continue
        finite = np.flatnonzero(np.isfinite(values))
        if len(finite):
            rows = finite[list(_kept(values[finite]))]
            steps = columns["step"][rows].tolist()
            return [list(point) for point in zip(steps, values[rows].tolist(), strict=True)]
    return []


def _kept(values: Values) -> Iterator[int]:
    """The indices of the values that are drawn, in order."""
    last = len(values) - 1
    size = -(-len(values) // BUCKETS)
    for start in range(0, len(values), size):
        part = values[start : start + size]
        chosen = {start, start + int(part.argmin()), start + int(part.argmax())}
        yield from sorted(chosen | ({last} if start + size > last else set()))
