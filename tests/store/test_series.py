"""Series: rows numbered from 1, in columns, that only grow."""

from __future__ import annotations

import sys
import threading
import tracemalloc

import numpy as np
import pytest
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


@given(Rows)
def test_few_rows_are_as_many_are(rows: list[dict[str, float | None]]) -> None:
    """Few are read value by value, many column by column."""
    found = filled(rows).rows()
    with pytest.MonkeyPatch.context() as patch:
        for few in (0, len(rows)):
            patch.setattr("livenet.store.series.FEW", few)
            assert filled(rows).rows() == found


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


@given(Rows, st.integers(0, 20), st.integers(0, 20))
def test_slices_of_columns(rows: list[dict[str, float | None]], start: int, size: int) -> None:
    series = filled(rows)
    start = min(start, len(rows))
    end = min(start + size, len(rows))
    slices = [series.slice(name, start, end).tolist() for name in series.columns]
    rows_of_slices = zip(*slices, strict=True)
    assert [
        [finite(value) if value == value else None for value in row] for row in rows_of_slices
    ] == series.rows(start, end - start)
    with pytest.raises(KeyError):
        series.slice("loss", start, end)


def test_a_series_grows_while_slices_of_it_are_held() -> None:
    """A view on an array forbids it to grow."""
    series = filled([{"train_loss": 1.0}])
    held = [series.slice(name, 0, 1) for name in series.columns], series.table(), series.rows()
    for step in range(1000):
        series.append(10 + step, 1.0, {"train_loss": 2.0})
    assert held[0][3].tolist() == [1.0]


def test_another_thread_sees_whole_rows() -> None:
    """Each row has its step as every value, and later rows have more columns."""
    series = Series()
    over = threading.Event()
    wrong: list[object] = []

    def read() -> None:
        while not over.is_set():
            end = len(series)
            names = series.columns
            for name in names[1:]:
                step = series.slice("step", max(0, end - 50), end)
                values = series.slice(name, max(0, end - 50), end)
                if len(values) != len(step) or not np.all((values == step) | np.isnan(values)):
                    wrong.append((name, end))
            if any(len(row) < 3 for row in series.rows(max(0, end - 5))):
                wrong.append(end)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    reader = threading.Thread(target=read)
    reader.start()
    try:
        for step in range(20_000):
            names = [f"loss_{number}" for number in range(1 + step // 500)]
            series.append(step, float(step), dict.fromkeys(names, float(step)))
    finally:
        over.set()
        reader.join()
        sys.setswitchinterval(before)
    assert not wrong


def test_columns_are_named_when_their_values_are_there() -> None:
    """Whoever reads in another thread asks for the values of each name."""

    class Seen(Series):
        def __init__(self) -> None:
            super().__init__()
            self.names = Names(self)

    class Names(list[str]):
        def __init__(self, series: Series) -> None:
            super().__init__()
            self.series = series

        def append(self, name: str) -> None:
            super().append(name)
            assert len(self.series.slice(name, 0, len(self.series))) == len(self.series)

    series = Seen()
    series.append(0, 0.0, {"train_loss": 1.0})
    series.append(1, 0.0, {"train_loss": 1.0, "test_loss": 1.0})
    assert series.names == ["train_loss", "test_loss"]


def test_memory_of_a_row() -> None:
    """Eight bytes a value and a spare eighth, so that appending rarely copies."""
    series = Series()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for step in range(50_000):
            series.append(step, 0.5, {"train_loss": step / 7, "test_loss": step / 3})
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown / 50_000 <= 4 * 9


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
