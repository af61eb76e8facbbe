"""Rows as JSON, NDJSON and CSV."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livenet.api.routes.excerpt import Excerpt
from livenet.api.routes.row_formats import FORMATS, Format, format_of
from livenet.store import Series

Number = st.floats() | st.none()
Rows = st.lists(st.dictionaries(st.sampled_from(["train_loss", "test_loss", "r2"]), Number))


def filled(rows: list[dict[str, float | None]]) -> Series:
    series = Series()
    for place, values in enumerate(rows):
        series.append(place * 10, place / 4, values)
    return series


def text_of(series: Series, kind: Format) -> str:
    return b"".join(FORMATS[kind].texts(Excerpt.of(series))).decode()


@given(Rows)
def test_json(rows: list[dict[str, float | None]]) -> None:
    series = filled(rows)
    assert json.loads(text_of(series, "json")) == {
        "columns": series.columns,
        "rows": series.rows(),
    }


@given(Rows)
def test_ndjson(rows: list[dict[str, float | None]]) -> None:
    series = filled(rows)
    text = text_of(series, "ndjson")
    assert text.endswith("\n") or not rows
    found = [json.loads(line) for line in text.splitlines()]
    assert found == [dict(zip(series.columns, row, strict=True)) for row in series.rows()]


@given(Rows)
def test_csv(rows: list[dict[str, float | None]]) -> None:
    series = filled(rows)
    heading, *lines = list(csv.reader(StringIO(text_of(series, "csv"))))
    assert heading == series.columns
    back = [[float(cell) if cell else None for cell in line] for line in lines]
    assert back == series.rows()
    assert all("." not in line[0] + line[1] for line in lines)  # numbers and steps are whole


@pytest.mark.parametrize("kind", FORMATS)
def test_pieces_join_to_the_same_text(kind: Format) -> None:
    """A long series, in several pieces, is written as its rows are one by one."""
    series = filled([{"train_loss": row / 3, "test_loss": None} for row in range(4000)])
    texts = list(FORMATS[kind].texts(Excerpt.of(series)))
    assert len(texts) > 4
    assert max(map(len, texts)) < 200_000
    text = b"".join(texts).decode()
    if kind == "json":
        assert json.loads(text)["rows"] == series.rows()
    else:
        assert text.count("\n") == 4000 + (kind == "csv")


def test_names_are_quoted_as_the_format_has_it() -> None:
    series = filled([{'a,"b"': 1.0}])
    assert text_of(series, "csv").splitlines()[0] == 'row,step,epoch,"a,""b"""'
    assert json.loads(text_of(series, "json"))["columns"][3] == 'a,"b"'
    assert json.loads(text_of(series, "ndjson"))['a,"b"'] == 1.0


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "json"),
        ("text/csv", "csv"),
        ("text/CSV; charset=utf-8", "csv"),
        ("text/plain, application/x-ndjson;q=0.9", "ndjson"),
        ("application/json, text/csv", "json"),
    ],
)
def test_accept(accept: str, kind: str) -> None:
    assert format_of(accept) == kind
