"""A request for a run that is sent again with its key makes no second run."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import httpx2 as httpx
import pytest

from livenet.api.routes.creations import Creations
from livenet.errors import BadRequest, LivenetError, TooMany
from livenet.store import Run
from livenet.store.keyed import Creation, Keyed
from tests.api.closed import closed_server, script
from tests.server import MakeRun, Server

__all__ = ["closed_server"]

QUICK: dict[str, Any] = {"spec": {"model": {"hidden": [3]}}, "start": False}


class Made:
    """As much of a run as matters here."""

    def __init__(self, id: str) -> None:
        self.id = id


def as_run(id: str) -> Run:
    return cast("Run", Made(id))


class Remembering:
    """An engine that keeps what requests have made."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Creation] = {}

    async def made_by(self, identity: str, key: str) -> Creation | None:
        await asyncio.sleep(0)
        return self.kept.get((identity, key))

    def keep(self, keyed: Keyed | None, run: str) -> Run:
        if keyed is not None:
            self.kept[keyed.identity, keyed.key] = Creation(keyed.digest, run)
        return as_run(run)


@pytest.fixture
def keyed(http: httpx.Client) -> Iterator[httpx.Client]:
    """Deletes all runs that a test has made."""
    before = {run["id"] for run in http.get("/api/runs").json()["runs"]}
    yield http
    for run in http.get("/api/runs").json()["runs"]:
        if run["id"] not in before:
            http.delete(f"/api/runs/{run['id']}")


def post(
    http: httpx.Client, key: str, body: dict[str, Any] = QUICK, path: str = ""
) -> httpx.Response:
    return http.post(f"/api/runs{path}", json=body, headers={"idempotency-key": key})


def count(http: httpx.Client) -> int:
    return len(http.get("/api/runs").json()["runs"])


def test_one_run_a_key(keyed: httpx.Client) -> None:
    before = count(keyed)
    first, again, other = (post(keyed, key) for key in ("a", "a", "b"))
    assert [answer.status_code for answer in (first, again, other)] == [201, 201, 201]
    assert again.json() == first.json()
    assert other.json()["id"] != first.json()["id"]
    assert count(keyed) == before + 2
    keyed.post("/api/runs", json=QUICK)  # without a key each is a new run
    keyed.post("/api/runs", json=QUICK)
    assert count(keyed) == before + 4


def test_another_request_with_the_same_key(keyed: httpx.Client) -> None:
    """Another body, or the same one to another address."""
    run = post(keyed, "other body").json()["id"]
    fork: dict[str, Any] = {"start": False}
    made = post(keyed, "fork", fork, f"/{run}/forks").json()["id"]
    assert post(keyed, "fork", fork, f"/{run}/forks").json()["id"] == made
    before = count(keyed)
    for answer in (
        post(keyed, "other body", QUICK | {"name": "another"}),
        post(keyed, "fork", fork),
        post(keyed, "fork", fork, f"/{made}/forks"),
    ):
        assert answer.status_code == 422
        error = answer.json()["error"]
        assert error["path"] == "Idempotency-Key"
        assert error["hint"]
    assert count(keyed) == before


def test_at_the_same_time(keyed: httpx.Client) -> None:
    before = count(keyed)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post(keyed, "at once"), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert count(keyed) == before + 1


def test_after_a_refusal(keyed: httpx.Client) -> None:
    """Nothing was made, so the key is free: also for the corrected request."""
    assert post(keyed, "refused", {"spec": {"data": {"kind": "nothing"}}}).status_code == 422
    assert post(keyed, "refused").status_code == 201


def test_after_the_run_is_deleted(keyed: httpx.Client) -> None:
    """A request that arrives late does not bring it back."""
    run = post(keyed, "deleted").json()["id"]
    keyed.delete(f"/api/runs/{run}")
    before = count(keyed)
    answer = post(keyed, "deleted")
    assert answer.status_code == 409
    assert "deleted" in answer.json()["error"]["message"]
    assert count(keyed) == before


def test_a_run_that_has_gone_on(keyed: httpx.Client) -> None:
    """The second answer shows the run as it is by then."""
    run = post(keyed, "gone on").json()["id"]
    keyed.post(f"/api/runs/{run}/commands", json={"kind": "stop"})
    again = post(keyed, "gone on").json()
    assert (again["id"], again["status"]) == (run, "stopped")


def test_nonsense(http: httpx.Client, make_run: MakeRun) -> None:
    before = count(http)
    assert post(http, "k" * 65).status_code == 422
    twice = [("idempotency-key", "a"), ("idempotency-key", "b")]
    assert http.post("/api/runs", json=QUICK, headers=twice).status_code == 400
    assert count(http) == before


@pytest.mark.slow
def test_keys_belong_to_an_identity(closed_server: Server) -> None:
    with (
        script(closed_server, secret="a-secret-of-my-own") as mine,
        script(closed_server, secret="a-secret-of-yours!") as yours,
    ):
        found = [post(one, "the same").json() for one in (mine, yours, mine)]
        assert found[0]["id"] == found[2]["id"] != found[1]["id"]
        assert found[0]["owner"] != found[1]["owner"]
        for one, made in ((mine, found[0]), (yours, found[1])):
            one.delete(f"/api/runs/{made['id']}")


async def test_one_is_made_for_all_who_wait() -> None:
    """Also if the first of them has gone, and if keeping the answer takes a while."""
    engine, begin = Remembering(), asyncio.Event()
    creations = Creations(engine)
    made = []

    async def make(keyed: Keyed | None) -> Run:
        await begin.wait()
        made.append(1)
        return engine.keep(keyed, f"run {len(made)}")

    waiting = [asyncio.create_task(creations.once("i", "k", "d", make)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(BadRequest, match="another request"):
        await creations.once("i", "k", "other", make)
    waiting[0].cancel()
    begin.set()
    assert await asyncio.gather(*waiting[1:]) == ["run 1", "run 1"]
    assert await creations.once("i", "k", "d", make) == "run 1"
    assert made == [1]


@pytest.mark.parametrize("refusal", [TooMany("later"), BadRequest("no")])
async def test_a_refusal_is_for_all_who_wait_and_not_kept(refusal: LivenetError) -> None:
    engine, tries = Remembering(), 0
    creations = Creations(engine)

    async def make(keyed: Keyed | None) -> Run:
        nonlocal tries
        tries += 1
        await asyncio.sleep(0)
        if tries == 1:
            raise refusal
        return engine.keep(keyed, "run")

    both = (creations.once("i", "k", "d", make) for _ in range(2))
    assert await asyncio.gather(*both, return_exceptions=True) == [refusal, refusal]
    assert await creations.once("i", "k", "d", make) == "run"
    assert tries == 2
