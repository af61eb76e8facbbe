"""How long a run is kept, and who may keep it longer."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any, cast

import httpx2 as httpx
import pytest

from livenet.api.access.identity import Identity
from livenet.api.access.quota import check_pins
from livenet.engine.base import Engine
from livenet.errors import TooMany
from livenet.settings import Settings
from livenet.spec import resolve
from livenet.store import Run, SnapshotStore
from tests.api.closed import ADMIN_TOKEN, TOKEN, closed_server, script
from tests.server import MakeRun, Server

__all__ = ["closed_server"]


def retention(http: httpx.Client, run: str) -> dict[str, Any]:
    found: dict[str, Any] = http.get(f"/api/runs/{run}/retention").raise_for_status().json()
    return found


def test_run_expires_unless_it_is_pinned(http: httpx.Client, make_run: MakeRun) -> None:
    run, defaults = make_run(), Settings()
    found = retention(http, run)
    assert found["pinned"] is False
    assert found["idle_seconds"] == defaults.idle_seconds
    assert found["max_pinned"] == defaults.max_pinned_a_person
    assert (found["max_runs"], found["max_bytes"]) == (None, None), "all are administrators here"
    left = found["expires_at"] - time.time()
    assert defaults.idle_seconds - 120 < left <= defaults.idle_seconds
    assert http.patch(f"/api/runs/{run}", json={"pinned": True}).json()["pinned"] is True
    assert retention(http, run)["expires_at"] is None
    assert http.get(f"/api/runs/{run}").json()["pinned"] is True
    assert http.patch(f"/api/runs/{run}", json={"pinned": False}).json()["pinned"] is False
    assert retention(http, run)["expires_at"] is not None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"pinned": "yes"},
        {"pinned": True, "colour": "red"},
        {"name": ""},
        {"name": "x" * 121},
        {"name": None},
        {"tags": "one"},
        {"tags": ["a,b"]},
        {"tags": [" a"]},
        {"tags": [""]},
        {"tags": ["x"] * 21},
    ],
)
def test_refused_changes(http: httpx.Client, make_run: MakeRun, body: dict[str, object]) -> None:
    assert http.patch(f"/api/runs/{make_run()}", json=body).status_code == 422


def test_a_change_of_nothing_says_what_could_be_changed(
    http: httpx.Client, make_run: MakeRun
) -> None:
    error = http.patch(f"/api/runs/{make_run()}", json={}).json()["error"]
    assert error["message"] == "The body: it has no field"
    assert error["hint"] == "Give name, tags or pinned."


def test_only_its_owner_pins_a_run(closed_server: Server) -> None:
    with (
        script(closed_server, TOKEN) as student,
        script(closed_server, TOKEN, "a-secret-of-another") as other,
        script(closed_server, ADMIN_TOKEN) as lecturer,
    ):
        run = student.post("/api/runs", json={"start": False}).json()["id"]
        try:
            answer = other.patch(f"/api/runs/{run}", json={"pinned": True})
            assert answer.json()["error"]["code"] == "not_yours"
            assert other.get(f"/api/runs/{run}/retention").status_code == 200
            for owner in (student, lecturer):
                assert owner.patch(f"/api/runs/{run}", json={"pinned": True}).is_success
        finally:
            student.delete(f"/api/runs/{run}")


async def test_a_person_may_pin_a_few() -> None:
    """Those of others do not count, and the run itself does not either: pinning it again is no
    error."""

    def one(owner: str, pinned: bool) -> Run:
        spec = resolve({})
        return Run("run", "", spec, SnapshotStore(1000), owner=owner, pinned=pinned)

    runs = [one("ann", True), one("ann", True), one("ben", True), one("ann", False)]

    async def count(owner: str | None = None, *, pinned: bool) -> int:
        return sum(owner in (None, one.owner) and one.pinned == pinned for one in runs)

    def limits(a_person: int, of: int = 100) -> Settings:
        return Settings(max_pinned_a_person=a_person, max_runs=of)

    engine = cast("Engine", SimpleNamespace(count=count))
    await check_pins(Identity("ann"), runs[3], engine, limits(3))
    await check_pins(Identity("ann"), runs[0], engine, limits(2))
    await check_pins(Identity("lecturer", administrator=True), runs[3], engine, limits(2))
    with pytest.raises(TooMany, match="You have pinned 2 runs, and a person may pin 2"):
        await check_pins(Identity("ann"), runs[3], engine, limits(2))
    await check_pins(Identity("ann"), runs[3], engine, limits(3, of=8))
    with pytest.raises(TooMany, match="3 runs are pinned, and at most 3"):
        await check_pins(Identity("ann"), runs[3], engine, limits(3, of=7))
    await check_pins(Identity("lecturer", administrator=True), runs[3], engine, limits(3, of=7))
