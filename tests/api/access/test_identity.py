"""Whose run is whose: it obeys its owner and administrators, and anybody may watch and fork it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2 as httpx
import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from livenet.api.access.identity import Identity
from livenet.errors import NotYours
from livenet.spec import resolve
from livenet.store import Run, SnapshotStore
from tests.api.closed import (
    ADMIN_TOKEN,
    browser,
    closed_server,
    cookie_of,
    script,
)
from tests.api.socket import Socket
from tests.server import Server

__all__ = ["closed_server"]

COMMANDS: list[dict[str, Any]] = [
    {"kind": "pause"},
    {"kind": "resume"},
    {"kind": "step", "steps": 1},
    {"kind": "set", "changes": {"optimizer.lr": 0.5}},
    {"kind": "edit", "edits": [{"parameter": "layers.0.bias", "index": [0], "value": 1}]},
    {"kind": "pace", "steps_per_second": 1},
    {"kind": "stop"},
]


def test_of_nobody_or_somebody() -> None:
    run = Run(id="run", name="", spec=resolve({}), snapshots=SnapshotStore(1000))
    ann, ben, lecturer = Identity("ann"), Identity("ben"), Identity("c", administrator=True)
    assert run.owner == ""  # from before there were owners
    for somebody, owner, owns in (
        (ann, "", False),
        (lecturer, "", True),
        (ann, "ann", True),
        (ben, "ann", False),
        (lecturer, "ann", True),
    ):
        run.owner = owner
        assert somebody.owns(run) == owns
        if owns:
            somebody.require_owner(run)
        else:
            with pytest.raises(NotYours, match="belongs to another") as refused:
                somebody.require_owner(run)
            assert "Fork" in refused.value.hint


@pytest.fixture
def ann(closed_server: Server) -> Iterator[httpx.Client]:
    with browser(closed_server) as made:
        yield made


@pytest.fixture
def ben(closed_server: Server) -> Iterator[httpx.Client]:
    with browser(closed_server) as made:
        yield made


@pytest.fixture
def run(closed_server: Server, ann: httpx.Client) -> Iterator[str]:
    """A run of Ann's, paused at step 0."""
    answer = ann.post("/api/runs", json={"start": False})
    assert answer.status_code == 201, answer.text
    yield answer.json()["id"]
    with script(closed_server, ADMIN_TOKEN) as lecturer:
        lecturer.delete(f"/api/runs/{answer.json()['id']}")


@contextmanager
def subscribed_socket(server: Server, somebody: httpx.Client, run: str) -> Iterator[Socket]:
    """A stream as the page opens it: with the cookie, and its Origin."""
    url = f"ws://{server.host}/api/runs/{run}/stream"
    with connect(
        url,
        proxy=None,
        legacy=True,
        close_timeout=2,
        origin=Origin(server.url),
        additional_headers={"cookie": cookie_of(somebody)},
    ) as connection:
        yield Socket(connection)


def id_of(somebody: httpx.Client) -> str:
    found: str = somebody.get("/api/me").json()["id"]
    return found


def test_a_run_says_whose_it_is(ann: httpx.Client, ben: httpx.Client, run: str) -> None:
    assert id_of(ann) != id_of(ben)
    assert ben.get(f"/api/runs/{run}").json()["owner"] == id_of(ann)


def test_others_are_not_obeyed(ann: httpx.Client, ben: httpx.Client, run: str) -> None:
    before = ann.get(f"/api/runs/{run}").json()
    answers = [ben.post(f"/api/runs/{run}/commands", json=command) for command in COMMANDS]
    answers.append(ben.delete(f"/api/runs/{run}"))
    for answer in answers:
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "not_yours"
        assert "Fork" in answer.json()["error"]["hint"]
    assert ann.get(f"/api/runs/{run}").json() == before


def test_others_watch_and_fork(ann: httpx.Client, ben: httpx.Client, run: str) -> None:
    for path in ("", "/series", "/snapshots", "/weights", "/probes/decision"):
        assert ben.get(f"/api/runs/{run}{path}").status_code == 200
    fork = ben.post(f"/api/runs/{run}/forks", json={"start": False})
    assert fork.status_code == 201
    path = f"/api/runs/{fork.json()['id']}"
    assert fork.json()["owner"] == id_of(ben)
    assert ann.post(f"{path}/commands", json={"kind": "stop"}).status_code == 403
    assert ann.delete(path).status_code == 403
    assert ben.post(f"{path}/commands", json={"kind": "stop"}).status_code == 200
    assert ben.delete(path).status_code == 204


def test_its_owner_is_obeyed(ann: httpx.Client, run: str) -> None:
    for command in ({"kind": "set", "changes": {"optimizer.lr": 0.5}}, {"kind": "stop"}):
        assert ann.post(f"/api/runs/{run}/commands", json=command).status_code == 200
    assert ann.delete(f"/api/runs/{run}").status_code == 204


def test_a_lecturer_is_obeyed(closed_server: Server, run: str) -> None:
    with browser(closed_server, ADMIN_TOKEN) as lecturer:
        stop = lecturer.post(f"/api/runs/{run}/commands", json={"kind": "stop"})
        assert stop.status_code == 200
        assert lecturer.delete(f"/api/runs/{run}").status_code == 204


def test_streams(closed_server: Server, ann: httpx.Client, ben: httpx.Client, run: str) -> None:
    """Whoever watches sees everything, and commands nothing that is not theirs."""
    with subscribed_socket(closed_server, ben, run) as socket:
        assert socket.receive()["run"]["owner"] == id_of(ann)
        socket.send(kind="subscribe", id="a", probe="decision", options={"resolution": 8})
        socket.until_frame()
        for command in COMMANDS:
            socket.send(**command)
            refused = socket.until_kind("error")
            assert refused["error"]["code"] == "not_yours"
            assert refused["command"]["kind"] == command["kind"]
    assert ann.get(f"/api/runs/{run}").json()["status"] == "paused"
    with subscribed_socket(closed_server, ann, run) as socket:
        socket.send(kind="stop")
        socket.until_kind("applied")


def test_everybody_is_one_on_this_machine_alone(http: httpx.Client) -> None:
    """A server without a token: as a program on one's own computer."""
    assert http.get("/api/me").json() == {"id": "local", "administrator": True}
    made = http.post("/api/runs", json={"start": False}).json()
    assert made["owner"] == "local"
    assert http.delete(f"/api/runs/{made['id']}").status_code == 204
    text = json.dumps(made)
    assert "token" not in text
