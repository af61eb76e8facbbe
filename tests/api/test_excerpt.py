"""Which rows and columns of a series are sent, and in which pieces."""

from __future__ import annotations

from math import inf, isfinite, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livenet.api.routes.excerpt import MAX_EVERY, VALUES, Excerpt
from livenet.errors import BadRequest
from livenet.store import Series

NAMES = ["train_loss", "test_loss"]
Value = st.sampled_from([0.0, 1.0, 2.0, -1.0, nan, inf, -inf])
Table = st.lists(st.tuples(Value, Value), max_size=40)


def a_series(table: list[tuple[float, float]]) -> Series:
    series = Series()
    for place, values in enumerate(table):
        series.append(place * 10, place / 4, dict(zip(NAMES, values, strict=True)))
    return series


def long_series(rows: int) -> Series:
    return a_series([(float(row % 7), float(row)) for row in range(rows)])


def rows_of(excerpt: Excerpt) -> list[tuple[Any, ...]]:
    return [row for piece in excerpt.pieces() for row in zip(*piece, strict=True)]


def by_hand(
    table: list[tuple[float, float]], after: int, before: int | None, every: int
) -> list[int]:
    """The numbers of the rows that a thinned excerpt has."""
    numbers = range(after + 1, min(len(table) + 1, before or len(table) + 1))
    buckets: dict[int, list[int]] = {}
    for number in numbers:
        buckets.setdefault((number - 1) // every, []).append(number)
    kept = set(numbers[-1:])
    for bucket in buckets.values():
        kept.add(bucket[0])
        for column in (0, 1):
            finite = {n: table[n - 1][column] for n in bucket if isfinite(table[n - 1][column])}
            if finite:
                kept.add(min(finite, key=finite.__getitem__))
                kept.add(max(finite, key=finite.__getitem__))
    return sorted(kept)


@given(Table, st.integers(0, 45), st.none() | st.integers(1, 45))
def test_rows_between_two_numbers(
    table: list[tuple[float, float]], after: int, before: int | None
) -> None:
    excerpt = Excerpt.of(a_series(table), after=after, before=before)
    found = rows_of(excerpt)
    numbers = [row for row in range(1, len(table) + 1) if after < row < (before or len(table) + 1)]
    assert [row[0] for row in found] == numbers
    assert [row[1] for row in found] == [10 * (number - 1) for number in numbers]
    assert excerpt.rows == len(numbers)
    assert repr([row[3:] for row in found]) == repr([table[number - 1] for number in numbers])


@given(Table, st.integers(0, 45), st.none() | st.integers(1, 45), st.integers(2, 12))
def test_thinned_rows_keep_every_bucket_s_extremes(
    table: list[tuple[float, float]], after: int, before: int | None, every: int
) -> None:
    excerpt = Excerpt.of(a_series(table), after=after, before=before, every=every)
    found = rows_of(excerpt)
    assert [row[0] for row in found] == by_hand(table, after, before, every)
    assert repr([row[3:] for row in found]) == repr([table[row[0] - 1] for row in found])


@pytest.mark.parametrize("every", [1, 2, 3, 100, 999, MAX_EVERY])
@pytest.mark.parametrize("after", [0, 1, 12_345])
def test_pieces_of_a_long_series(every: int, after: int) -> None:
    """None is long, and together they have every row once, in order."""
    series = long_series(30_000)
    excerpt = Excerpt.of(series, after=after, every=every)
    sizes = [len(piece[0]) * len(piece) for piece in excerpt.pieces()]
    assert max(sizes) <= VALUES
    numbers = [row[0] for row in rows_of(excerpt)]
    assert numbers == sorted(set(numbers))
    assert (numbers[0], numbers[-1]) == (after + 1, 30_000)
    if every == 1:
        assert len(numbers) == 30_000 - after


@pytest.mark.parametrize("after", [3000, 3001, 3030, 3099])
def test_buckets_are_the_same_wherever_an_excerpt_begins(after: int) -> None:
    """Someone who asks for the rows after the last one receives what a whole request gives, but for
    the bucket that the request cuts."""
    series = long_series(40_000)
    whole = rows_of(Excerpt.of(series, every=100))
    later = rows_of(Excerpt.of(series, after=after, every=100))
    rest = 3000 if after == 3000 else 3100
    assert [row for row in later if row[0] > rest] == [row for row in whole if row[0] > rest]
    assert later[0][0] == after + 1


def test_rows_that_come_later_are_not_in_it() -> None:
    series = long_series(3000)
    excerpt = Excerpt.of(series)
    pieces = excerpt.pieces()
    found = len(next(pieces)[0])
    series.append(10**6, 1.0, {"train_loss": 1.0, "new": 2.0})
    assert found + sum(len(piece[0]) for piece in pieces) == 3000
    assert excerpt.names == ("row", "step", "epoch", *NAMES)


def test_chosen_columns() -> None:
    series = long_series(3)
    assert Excerpt.of(series, columns=["test_loss"]).names == ("row", "step", "epoch", "test_loss")
    names = Excerpt.of(series, columns=["test_loss", "step", "train_loss", "test_loss"]).names
    assert names == ("row", "step", "epoch", "test_loss", "train_loss")
    assert Excerpt.of(series, columns=[]).names == ("row", "step", "epoch")
    assert rows_of(Excerpt.of(series, columns=["test_loss"]))[2] == (3, 20, 0.5, 2.0)
    # Extremes are those of the chosen columns.
    thinned = rows_of(Excerpt.of(long_series(100), columns=["test_loss"], every=50))
    assert [row[0] for row in thinned] == [1, 50, 51, 100]


def test_unknown_column() -> None:
    with pytest.raises(BadRequest) as refused:
        Excerpt.of(long_series(3), columns=["test_loss", "test_los"])
    error = refused.value
    assert error.path == "columns"
    assert "'test_los'" in error.message
    assert "row, step, epoch, train_loss, test_loss" in error.message
    assert "'test_loss'" in error.hint
    # Without rows there are no columns yet.
    assert Excerpt.of(Series(), columns=["test_los"]).names[3:] == ("test_los",)
