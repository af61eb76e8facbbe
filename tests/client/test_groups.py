"""Groups of runs by the Python client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from livenet.client import Client
from livenet.errors import BadRequest, SpecError, UnknownGroup
from tests.server import Server

SPEC: dict[str, Any] = {
    "data": {"kind": "moons", "samples": 60},
    "model": {"hidden": [3]},
    "training": {"steps": 20},
}


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with Client(server.url) as made:
        yield made
        for group in made.groups():
            group.delete()


def test_made_compared_and_deleted(client: Client) -> None:
    group = client.group(SPEC, {"optimizer.lr": [0.1, 0.01]}, seeds=3, name="Rates", tags=["a"])
    assert repr(group) == f"<Group {group.id} 'Rates', 6 queued>"
    assert group.wait(120).ended
    assert group.document["statuses"] == {"finished": 6}
    table = group.table()
    assert [(row["optimizer.lr"], row["seed"]) for row in table] == [
        (lr, seed) for lr in (0.1, 0.01) for seed in range(3)
    ]
    first, second = group.summary("train_loss")
    assert (first["values"], second["values"]) == ({"optimizer.lr": 0.1}, {"optimizer.lr": 0.01})
    losses = [row["train_loss"] for row in table]
    assert first["mean"] == pytest.approx(np.mean(losses[:3]))
    assert second["deviation"] == pytest.approx(np.std(losses[3:], ddof=1))
    with pytest.raises(BadRequest, match=r"it has .*test_loss.*train_loss"):
        group.summary("nope")
    summaries = client.runs(group=group.id, tag="a")
    assert {one["id"] for one in summaries} == {row["run"] for row in table}
    assert client.find(table[0]["run"]).spec["optimizer"]["lr"] == 0.1
    assert client.find_group(group.id).name == "Rates"
    group.delete()
    with pytest.raises(UnknownGroup):
        group.refresh()
    assert client.runs(group=group.id) == []


def test_numbers_of_numpy(client: Client) -> None:
    """Whatever counts as a number or a list in Python is sent as JSON's."""
    spec = SPEC | {"model": {"hidden": np.array([3])}, "seed": np.int64(0)}
    rates = np.array([0.1, 0.25])
    given: list[Any] = [np.arange(2), [np.int32(0), 1], np.int64(2), range(2), iter([0, 1])]
    for seeds in given:
        group = client.group(spec, {"optimizer.lr": rates}, seeds=seeds)
        assert group.document["seeds"] == [0, 1]
        assert group.document["vary"] == [{"path": "optimizer.lr", "values": [0.1, 0.25]}]
        group.delete()


@pytest.mark.parametrize("seeds", [-1, 0, 501, 10**12, True, "3", 1.5, None, np.int64(-1)])
def test_what_is_no_number_of_seeds(client: Client, seeds: Any) -> None:
    with pytest.raises(SpecError, match=r"seeds is .*; it must be a number of seeds") as refused:
        client.group(SPEC, seeds=seeds)
    assert refused.value.hint


def test_all_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [client.group(SPEC, seeds=[seed]).id for seed in range(3)]
    get = client._http.get
    monkeypatch.setattr(client._http, "get", lambda path, **query: get(path, **query, limit=2))
    assert [group.id for group in client.groups(owner="me")] == made[::-1]


def test_what_takes_too_long(client: Client) -> None:
    endless = SPEC | {"training": {"steps": 10_000_000}}
    group = client.group(endless, seeds=[4, 5], parallel=1)
    with pytest.raises(TimeoutError, match=group.id):
        group.wait(0.1)
    assert not group.ended


def test_what_is_refused(client: Client) -> None:
    with pytest.raises(SpecError, match="need an end"):
        client.group({})
    with pytest.raises(SpecError, match=r"With optimizer.lr = -1"):
        client.group(SPEC, {"optimizer.lr": [0.1, -1.0]})
    assert client.groups() == []
    with pytest.raises(UnknownGroup):
        client.find_group("nobody")
