"""What one person may do: requests a second, open streams. By identity, never by address."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from typing import Any

import httpx2 as httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from livenet.api.access.rates import BURST_SECONDS
from tests.api.closed import ADMIN_TOKEN, TOKEN, client, script
from tests.server import PATIENCE, Server, bearer, eventually, start_server

pytestmark = pytest.mark.slow

A_SECOND, STREAMS_A_PERSON, STREAMS, RUNS_A_PERSON, BYTES_A_PERSON = 2, 2, 5, 2, 2**20
ANN, BEN, CAT, DAN, EVE, FAY, GUS, HAL, IDA, JIM = (
    f"the-secret-of-{name}"
    for name in ("ann", "ben", "cat", "dan", "eve", "fay", "gus", "hal", "ida", "jim")
)


@pytest.fixture(scope="module")
def tight_server() -> Iterator[Server]:
    """One with room for a few."""
    made = start_server(
        "--workers",
        "1",
        LIVENET_TOKEN=TOKEN,
        LIVENET_ADMIN_TOKEN=ADMIN_TOKEN,
        LIVENET_REQUESTS_PER_SECOND=str(A_SECOND),
        LIVENET_COMMANDS_PER_SECOND=str(A_SECOND),
        LIVENET_MAX_SOCKETS=str(STREAMS),
        LIVENET_MAX_SOCKETS_A_PERSON=str(STREAMS_A_PERSON),
        LIVENET_MAX_RUNS_A_PERSON=str(RUNS_A_PERSON),
        LIVENET_STORE_BYTES_A_PERSON=str(BYTES_A_PERSON),
    )
    yield made
    made.stop()


def statuses(made: httpx.Client, path: str, count: int) -> list[int]:
    return [made.get(path).status_code for _ in range(count)]


def test_requests_a_second(tight_server: Server) -> None:
    burst = int(A_SECOND * BURST_SECONDS)
    with script(tight_server, TOKEN, ANN) as ann, script(tight_server, TOKEN, BEN) as ben:
        found = statuses(ann, "/api/me", 4 * burst)
        assert found[:burst] == [200] * burst
        answer = ann.get("/api/me")
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "1"
        error = answer.json()["error"]
        assert error["code"] == "too_many"
        assert "2 requests a second" in error["message"]
        assert "Retry-After" in error["hint"]
        # What is not there costs as well; the page's files do not; and others have their own.
        assert ann.get("/api/nothing").status_code == 429
        assert statuses(ann, "/", 2 * burst) == [200] * 2 * burst
        assert ben.get("/api/me").status_code == 200
        eventually(lambda: ann.get("/api/me").status_code == 200)
    with script(tight_server, ADMIN_TOKEN) as lecturer:
        assert statuses(lecturer, "/api/me", 4 * burst) == [200] * 4 * burst
    with client(tight_server) as stranger:  # who is nobody has no bucket, and is told so
        assert statuses(stranger, "/api/me", 4 * burst) == [401] * 4 * burst


@pytest.fixture
def run(tight_server: Server) -> Iterator[str]:
    with script(tight_server, ADMIN_TOKEN) as lecturer:
        made = lecturer.post("/api/runs", json={"start": False}).json()["id"]
        yield made
        lecturer.delete(f"/api/runs/{made}")


def test_requests_under_way(tight_server: Server, run: str) -> None:
    """Whoever waits for the end of a run holds a place; as many as streams."""
    path = f"/api/runs/{run}"
    with script(tight_server, TOKEN, EVE) as eve, ThreadPoolExecutor(STREAMS_A_PERSON) as threads:
        waiting = [
            threads.submit(eve.get, path, params={"wait": 3}) for _ in range(STREAMS_A_PERSON)
        ]
        with script(tight_server, TOKEN, EVE) as again, script(tight_server, TOKEN, DAN) as dan:
            error = eventually(lambda: _refused(again.get("/api/me")))
            assert "requests in progress" in error["message"]
            assert "Livenet-Identity" in error["hint"]
            assert dan.get("/api/me").status_code == 200
            assert [one.result().status_code for one in waiting] == [200] * STREAMS_A_PERSON
            eventually(lambda: again.get("/api/me").status_code == 200)


def _refused(answer: httpx.Response) -> dict[str, str]:
    """The error, where it is that too many are under way."""
    error: dict[str, str] = answer.json().get("error", {})
    return error if "in progress" in error.get("message", "") else {}


def test_streams(tight_server: Server, run: str) -> None:
    url = f"ws://{tight_server.host}/api/runs/{run}/stream"

    def opened(token: str, secret: str) -> ClientConnection:
        headers = bearer(token) | {"livenet-identity": secret}
        return connect(url, proxy=None, legacy=True, close_timeout=2, additional_headers=headers)

    def refused(token: str, secret: str) -> dict[str, Any]:
        with pytest.raises(InvalidStatus) as refusal:
            opened(token, secret)
        answer = refusal.value.response
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) >= 1
        found: dict[str, Any] = json.loads(answer.body or b"")["error"]
        return found

    with ExitStack() as held:
        for _ in range(STREAMS_A_PERSON):
            held.enter_context(opened(TOKEN, CAT)).recv(timeout=PATIENCE)
        assert "one person" in refused(TOKEN, CAT)["message"]
        held.enter_context(opened(TOKEN, DAN))
        for _ in range(STREAMS - STREAMS_A_PERSON - 1):
            held.enter_context(opened(ADMIN_TOKEN, "the-secret-of-the-lecturer"))
        for token, secret in ((TOKEN, DAN), (ADMIN_TOKEN, "another-lecturers-secret")):
            assert f"{STREAMS} open streams" in refused(token, secret)["message"]

    def again() -> bool:  # closed ones are given back
        try:
            opened(TOKEN, CAT).close()
        except InvalidStatus:
            return False
        return True

    eventually(again)


def test_streams_that_end_badly_are_given_back(tight_server: Server, run: str) -> None:
    """Cut off in the handshake or after it, refused by the run, closed by an error."""
    headers = bearer(ADMIN_TOKEN) | {"livenet-identity": "the-secret-of-the-lecturer"}
    url = f"ws://{tight_server.host}/api/runs/"
    for number in range(4 * STREAMS):
        name = run if number % 2 else "nothing"
        made = _open(f"{url}{name}/stream", headers)
        if number % 3:
            made.socket.close()
        else:
            with suppress(ConnectionClosed):  # where there is no such run
                made.send("{" * 100)
            made.close()


def _open(url: str, headers: dict[str, str]) -> ClientConnection:
    """A stream, once there is room for it."""
    while True:
        try:
            return connect(
                url, proxy=None, legacy=True, close_timeout=2, additional_headers=headers
            )
        except InvalidStatus as refusal:
            if refusal.response.status_code != 429:
                raise
            time.sleep(0.01)


def test_commands_a_second(tight_server: Server) -> None:
    """Over a stream; the lecturer gives as many as they like."""
    commands = 10 * int(A_SECOND * BURST_SECONDS)
    for token, limited in ((TOKEN, True), (ADMIN_TOKEN, False)):
        with script(tight_server, token, "the-secret-of-flo") as flo:
            path = f"/api/runs/{flo.post('/api/runs', json={'start': False}).json()['id']}"
            headers = bearer(token) | {"livenet-identity": "the-secret-of-flo"}
            with _open(f"ws://{tight_server.host}{path}/stream", headers) as socket:
                for number in range(1, commands + 1):
                    socket.send(json.dumps({"kind": "pace", "steps_per_second": number}))
                replies: list[dict[str, Any]] = []
                while len(replies) < commands:
                    found = json.loads(socket.recv(timeout=30))
                    replies += [found] if found["kind"] in ("applied", "error") else []
            flo.delete(path)
        # In order, each refused or carried out.
        paces = [one["command"]["steps_per_second"] for one in replies]
        assert paces == list(range(1, commands + 1))
        errors = [one["error"] for one in replies if one["kind"] == "error"]
        assert bool(errors) == limited
        for error in errors:
            assert error["code"] == "too_many"
            assert "2 commands a second" in error["message"]
            assert error["hint"]


def patiently(
    person: httpx.Client, method: str, path: str = "/api/runs", body: object = None
) -> httpx.Response:
    """The answer, once there are not too many requests a second."""
    answer = person.request(method, path, json=body)
    while answer.status_code == 429 and "You send more" in answer.text:
        time.sleep(1 / A_SECOND)
        answer = person.request(method, path, json=body)
    return answer


def make(person: httpx.Client, path: str = "/api/runs", **body: object) -> httpx.Response:
    return patiently(person, "POST", path, {"start": False} | body)


def own_runs(person: httpx.Client) -> set[str]:
    found = patiently(person, "GET", "/api/runs?owner=me").json()["runs"]
    return {run["id"] for run in found}


def pin(person: httpx.Client, run: str) -> None:
    assert patiently(person, "PATCH", f"/api/runs/{run}", {"pinned": True}).is_success


@pytest.fixture
def nothing_left(tight_server: Server) -> Iterator[None]:
    """Deletes all runs after the test."""
    yield
    with script(tight_server, ADMIN_TOKEN) as lecturer:
        for run in lecturer.get("/api/runs").json()["runs"]:
            assert lecturer.delete(f"/api/runs/{run['id']}").status_code == 204


@pytest.mark.usefixtures("nothing_left")
def test_runs(tight_server: Server) -> None:
    """So many are kept, forks among them: the longest unused makes room, but no pinned one and not
    the one that is forked, and none of another."""
    with script(tight_server, TOKEN, FAY) as fay, script(tight_server, TOKEN, GUS) as gus:
        other = make(gus).json()["id"]
        made = [make(fay).json()["id"] for _ in range(RUNS_A_PERSON + 1)]
        assert own_runs(fay) == set(made[1:])
        assert patiently(fay, "GET", f"/api/runs/{made[0]}").status_code == 404
        fork = make(fay, f"/api/runs/{made[1]}/forks").json()["id"]
        assert own_runs(fay) == {made[1], fork}
        found = patiently(fay, "GET", f"/api/runs/{fork}/retention").json()
        assert (found["max_runs"], found["max_bytes"]) == (RUNS_A_PERSON, BYTES_A_PERSON)
        for run in (made[1], fork):
            pin(fay, run)
        for path in ("/api/runs", f"/api/runs/{fork}/forks"):
            refused = make(fay, path)
            assert refused.status_code == 429
            assert f"You have {RUNS_A_PERSON} runs" in refused.json()["error"]["message"]
            assert "unpin" in refused.json()["error"]["hint"]
        assert own_runs(fay) == {made[1], fork}
        assert own_runs(gus) == {other}
        assert make(gus, f"/api/runs/{fork}/forks").status_code == 201
    with script(tight_server, ADMIN_TOKEN) as lecturer:
        made = [make(lecturer).json()["id"] for _ in range(2 * RUNS_A_PERSON)]
        assert own_runs(lecturer) == set(made)
        found = patiently(lecturer, "GET", f"/api/runs/{made[0]}/retention").json()
        assert (found["max_runs"], found["max_bytes"]) == (None, None)
        metrics = lecturer.get("/metrics").text
        assert 'livenet_runs_deleted_total{reason="person"}' in metrics
        assert 'livenet_runs_deleted_total{reason="person"} 0.0' not in metrics


@pytest.mark.usefixtures("nothing_left")
def test_bytes(tight_server: Server) -> None:
    """A net of 0.7 MB and another do not fit together, and one of 3 MB does not fit at all."""
    spec = {"model": {"hidden": [240, 240]}, "training": {"steps": 1}}
    with script(tight_server, TOKEN, HAL) as hal:
        first = make(hal, spec=spec).json()["id"]
        second = make(hal, spec=spec).json()["id"]
        assert own_runs(hal) == {second}
        small = make(hal).json()["id"]
        assert own_runs(hal) == {second, small}, "another small one fits"
        too_large = make(hal, spec={"model": {"hidden": [500, 500]}})
        assert too_large.status_code == 429
        assert "may take 1 MiB" in too_large.json()["error"]["message"]
        assert "smaller net" in too_large.json()["error"]["hint"]
        assert own_runs(hal) == {second, small}
        assert first != second


@pytest.mark.usefixtures("nothing_left")
def test_bytes_that_grow(tight_server: Server) -> None:
    """A run that trains adds snapshots: what rests goes for them, and what trains stays."""
    spec = {"model": {"hidden": [200, 200]}, "training": {"steps": 1_000_000}}
    with script(tight_server, TOKEN, IDA) as ida:
        resting = make(ida).json()["id"]
        training = make(ida, spec=spec, start=True, pace=20).json()["id"]
        eventually(lambda: own_runs(ida) == {training})
        assert resting != training


@pytest.mark.usefixtures("nothing_left")
def test_made_at_the_same_time(tight_server: Server) -> None:
    """No more are kept than one after the other would be."""
    with script(tight_server, TOKEN, JIM) as jim, ThreadPoolExecutor(STREAMS_A_PERSON) as threads:
        answers = [threads.submit(make, jim) for _ in range(5 * RUNS_A_PERSON)]
        assert {answer.result().status_code for answer in answers} <= {201, 409}
        assert len(own_runs(jim)) == RUNS_A_PERSON
