"""Series: rows numbered from 1, in columns, that only grow."""

from __future__ import annotations

import csv
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from livenet.store import Series

Number = st.floats(width=32) | st.none()
Rows = st.lists(st.dictionaries(st.sampled_from(["train_loss", "test_loss", "r2"]), Number))


def filled(rows: list[dict[str, float | None]]) -> Series:
    series = Series()
    for place, values in enumerate(rows):
        series.append(place * 10, place / 4, values)
    return series


def finite(value: float | None) -> float | None:
    return value if value is not None and abs(value) < float("inf") else None


@given(Rows)
def test_rows_are_what_was_appended(rows: list[dict[str, float | None]]) -> None:
    series = filled(rows)
    names = series.columns
    assert names[:3] == ["row", "step", "epoch"]
    assert set(names[3:]) == {name for row in rows for name in row}
    assert len(series) == len(rows)
    for place, (found, given_) in enumerate(zip(series.rows(), rows, strict=True)):
        assert found[:3] == [place + 1, place * 10, place / 4]
        expected = [finite(given_.get(name)) for name in names[3:]]
        assert found[3:] == expected


@given(Rows, st.integers(0, 20), st.none() | st.integers(1, 5))
def test_cursor(rows: list[dict[str, float | None]], after: int, most: int | None) -> None:
    """Rows above the cursor; by portions of any size, all of them once."""
    series = filled(rows)
    assert series.rows(after) == series.rows()[after:]
    found = []
    cursor = after
    while part := series.rows(cursor, most):
        assert most is None or len(part) <= most
        found += part
        cursor += len(part)
    assert found == series.rows(after)


@given(Rows)
def test_csv(rows: list[dict[str, float | None]]) -> None:
    series = filled(rows)
    heading, *lines = list(csv.reader(StringIO(series.csv())))
    assert heading == series.columns
    back = [[float(cell) if cell else None for cell in line] for line in lines]
    assert back == series.rows()
    assert series.csv(len(rows)).splitlines() == [",".join(series.columns)]


@given(Rows, st.integers(-5, 60))
def test_until(rows: list[dict[str, float | None]], step: int) -> None:
    series = filled(rows)
    before = series.rows()
    copy = series.until(step)
    assert copy.rows() == [row for row in before if (row[1] or 0) <= step]
    assert copy.columns == series.columns
    copy.append(1000, 1.0, {"train_loss": 1.0, "new": 2.0})
    assert series.rows() == before
    assert "new" not in series.columns


@given(Rows)
def test_table_and_back(rows: list[dict[str, float | None]]) -> None:
    series = filled(rows)
    if rows:
        back = Series.of(series.names, series.table())
        assert back.rows() == series.rows()
        assert back.columns == series.columns


def test_empty_table_and_back() -> None:
    back = Series.of([], Series().table())
    assert (len(back), back.rows()) == (0, [])
