"""The losses of a list of runs, in a few points each."""

from __future__ import annotations

from itertools import pairwise
from math import nan
from pathlib import Path
from typing import Any

import pytest

from livenet.store import Series, curves
from livenet.store.database import open_database
from livenet.store.reading import pack, stored_fields
from livenet.store.tables import BLOCK
from livenet.store.writes import RunWrite, write
from tests.store.stories import a_run


def series_of(values: list[float], name: str = "test_loss") -> Series:
    made = Series()
    for step, value in enumerate(values):
        made.append(step, step / 10, {"train_loss": 1.0, name: value})
    return made


def from_the_database(folder: Path, series: Series) -> dict[str, Any]:
    """The curve of a run that is stored in blocks, as the store writes them."""
    database, run = open_database(folder), a_run("one", series=series, tags=[])
    table = series.table()
    fields = stored_fields(run) | {"rows": len(series), "columns": series.names, "bytes": 0}
    parts = [
        {
            "number": start // BLOCK,
            "columns": table.shape[1],
            "data": pack(table[start : start + BLOCK]),
        }
        for start in range(0, len(series), BLOCK)
    ]
    try:
        write(database, [RunWrite("one", new=True, fields=fields, blocks=parts)])
        return curves.stored(database, ["one", "nobody"])
    finally:
        database.dispose()


def test_a_short_series_is_whole() -> None:
    assert curves.of_series(series_of([3.0, 1.0, 2.0])) == [[0, 3.0], [1, 1.0], [2, 2.0]]
    assert curves.of_series(Series()) == []


def test_the_loss_is_on_test_examples_if_there_are_any() -> None:
    assert curves.of_series(series_of([nan, nan])) == [[0, 1.0], [1, 1.0]]
    assert curves.of_series(series_of([5.0, nan, 4.0])) == [[0, 5.0], [2, 4.0]]


def test_a_long_one_keeps_its_peaks_and_both_ends() -> None:
    values = [1.0 + step / 1000 for step in range(3001)]
    values[1234] = 99.0
    points = curves.of_series(series_of(values))
    assert len(points) <= 3 * curves.BUCKETS + 1
    assert points[0] == [0, 1.0]
    assert points[-1] == [3000, 4.0]
    assert [1234, 99.0] in points
    assert points == sorted(points)


@pytest.mark.parametrize("rows", [0, 1, BLOCK, BLOCK * curves.BLOCKS])
def test_a_closed_run_has_the_curve_of_an_open_one(tmp_path: Path, rows: int) -> None:
    series = series_of([1 / (1 + step % 97) for step in range(rows)])
    assert from_the_database(tmp_path, series) == {"one": curves.of_series(series)}


def test_of_a_very_long_one_some_blocks_are_read(tmp_path: Path) -> None:
    rows = BLOCK * 100
    found = from_the_database(tmp_path, series_of([float(step) for step in range(rows)]))["one"]
    assert found[0] == [0, 0]
    assert found[-1] == [rows - 1, rows - 1]
    assert max(b[0] - a[0] for a, b in pairwise(found)) <= rows / 6
