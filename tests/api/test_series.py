"""The call for the rows of a series, against a live server."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import Any

import httpx2 as httpx
import pytest

from tests.server import MakeRun

QUICK: dict[str, Any] = {"model": {"hidden": [5]}, "training": {"steps": 60}}


@pytest.fixture
def at(http: httpx.Client, make_run: MakeRun) -> str:
    """The address of the series of a run that has ended."""
    run = make_run(QUICK, start=True)
    assert http.get(f"/api/runs/{run}?wait=30").json()["status"] == "finished"
    return f"/api/runs/{run}/series"


def rows(http: httpx.Client, at: str, **query: Any) -> list[list[float]]:
    answer = http.get(at, params=query)
    assert answer.status_code == 200, answer.text
    found: list[list[float]] = answer.json()["rows"]
    return found


def refused(http: httpx.Client, at: str, **query: Any) -> dict[str, str]:
    answer = http.get(at, params=query)
    assert answer.status_code == 422, answer.text
    found: dict[str, str] = answer.json()["error"]
    return found


def test_rows(http: httpx.Client, at: str) -> None:
    answer = http.get(at)
    assert answer.headers["content-type"] == "application/json"
    whole = answer.json()
    assert whole["columns"][:5] == ["row", "step", "epoch", "train_loss", "test_loss"]
    assert [row[0] for row in whole["rows"]] == list(range(1, 8))
    assert [row[1] for row in whole["rows"]] == list(range(0, 61, 10))
    assert rows(http, at, after=5) == whole["rows"][5:]
    assert rows(http, at, after=99) == []
    assert rows(http, at, before=3) == whole["rows"][:2]
    assert rows(http, at, after=2, before=5) == whole["rows"][2:4]
    assert rows(http, at, after=5, before=2) == []
    column = whole["columns"].index("train_loss")
    assert rows(http, at, columns="train_loss", before=2) == [[1, 0, 0.0, whole["rows"][0][column]]]
    thinned = rows(http, at, every=7, columns="train_loss")
    assert 2 <= len(thinned) <= 4
    assert [thinned[0][0], thinned[-1][0]] == [1, 7]


def test_formats(http: httpx.Client, at: str) -> None:
    whole = http.get(at).json()
    for answer in (
        http.get(at, params={"format": "csv"}),
        http.get(at, headers={"accept": "text/csv"}),
    ):
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert "-step-60.csv" in answer.headers["content-disposition"]
        heading, *lines = csv.reader(StringIO(answer.text))
        assert heading == whole["columns"]
        assert [[float(one) if one else None for one in line] for line in lines] == whole["rows"]
    accept = {"accept": "application/x-ndjson"}
    for answer in (http.get(at, params={"format": "ndjson"}), http.get(at, headers=accept)):
        assert answer.headers["content-type"] == "application/x-ndjson"
        assert "-step-60.ndjson" in answer.headers["content-disposition"]
        lines_of = [json.loads(line) for line in answer.text.splitlines()]
        assert [list(line.values()) for line in lines_of] == whole["rows"]
        assert list(lines_of[0]) == whole["columns"]
    # What the address says counts.
    assert http.get(at, params={"format": "json"}, headers=accept).json() == whole


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"format": "xml"}, "json"),
        ({"after": "-1"}, "0"),
        ({"before": "0"}, "1"),
        ({"every": "0"}, "at least 1 and at most 10000"),
        ({"every": "10001"}, "at least 1 and at most 10000"),
        ({"columns": "train_los"}, "row, step, epoch, train_loss, test_loss"),
        ({"afer": "1"}, "Did you mean 'after'?"),
    ],
)
def test_refusals(http: httpx.Client, at: str, query: dict[str, str], words: str) -> None:
    error = refused(http, at, **query)
    assert (error["code"], error["path"]) == ("bad_request", next(iter(query)))
    assert words in f"{error['message']} {error['hint']}"
