"""The embedded engine: the conformance tests, and what comes of its processes."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from livenet.engine.base import Engine
from livenet.engine.local import LocalEngine
from livenet.errors import EngineFailure, WrongState
from livenet.settings import Settings
from tests.engine.conformance import (
    PATIENCE,
    SMALL,
    Conformance,
    at_rest,
    curves,
    fork,
    happens,
    paused,
    started,
    told,
    until,
    walk,
    weights,
)

# One fork server, with torch in it, for all of them.
pytestmark = pytest.mark.xdist_group("engine")


@asynccontextmanager
async def running(**settings: Any) -> AsyncIterator[LocalEngine]:
    engine = LocalEngine(Settings.model_validate({"workers": 2, "max_runs": 6} | settings))
    await engine.start()
    try:
        yield engine
    finally:
        await engine.close()


async def ready(engine: Engine) -> None:
    await happens(lambda: engine.health()["ready"])


@pytest.fixture
async def engine() -> AsyncIterator[LocalEngine]:
    async with running() as made:
        yield made


class TestLocal(Conformance):
    """See tests.engine.conformance."""


def workers() -> list[Any]:
    """The worker processes of this process."""
    return [one for one in multiprocessing.active_children() if one.name == "livenet-worker"]


def kill_workers() -> set[int]:
    """Kills them all, as the kernel would; gives their process ids."""
    killed = workers()
    for worker in killed:
        worker.kill()
    return {worker.pid for worker in killed}


async def replaced(killed: set[int]) -> None:
    """Waits until the engine has new ones."""
    await happens(lambda: len({one.pid for one in workers()} - killed - {None}) == len(killed))


async def test_health() -> None:
    async with running(workers=1) as engine:
        await ready(engine)
        run = await paused(engine)
        health = engine.health()
        assert (health["engine"], health["workers"], health["runs"]) == ("local", 1, 1)
        assert health["running"] == 0
        await told(engine, run, kind="resume")
        assert engine.health()["running"] == 1


async def test_killed_worker_fails_its_runs_clearly(engine: LocalEngine) -> None:
    going, done = await paused(engine), await paused(engine)
    await walk(engine, done, 8)
    await told(engine, done, kind="stop")
    await told(engine, going, kind="resume")
    await until(engine, going, lambda run: run.step > 20)
    seen = await weights(engine, going, 10)
    series = curves(engine.run(going), 10)
    assert len(kill_workers()) == 2
    lost = await until(engine, going, lambda run: run.status == "failed")
    assert lost.error is not None
    assert lost.error["code"] == EngineFailure.code
    assert "worker" in lost.error["message"]
    assert "Fork" in lost.error["hint"]
    assert lost.steps_per_second is None
    for kind in ("pause", "resume", "stop"):
        with pytest.raises(WrongState) as refused:
            await told(engine, going, kind=kind)
        assert "Fork" in refused.value.hint
    # What was computed is still there, and a fork goes on from it.
    assert curves(lost, 10) == series
    child = await fork(engine, going, 10)
    assert await weights(engine, child) == seen
    await walk(engine, child, 3)
    new = await paused(engine)
    await walk(engine, new, 3)
    assert engine.run(new).status == "paused"


async def test_killed_worker_leaves_ended_runs_ended(engine: LocalEngine) -> None:
    """Nothing was going on in them that could have failed."""
    spec = SMALL | {"training": {"steps": 20}}
    run = await started(engine, spec)
    await at_rest(engine, run)
    before = await weights(engine, run, 12)
    await replaced(kill_workers())
    await walk(engine, await paused(engine), 1)
    assert (engine.run(run).status, engine.run(run).error) == ("finished", None)
    assert await weights(engine, run, 12) == before


async def test_killed_while_it_is_asked(engine: LocalEngine) -> None:
    """Whoever waits for an answer is told, at once."""
    run = await paused(engine)
    await told(engine, run, kind="resume")
    await until(engine, run, lambda found: found.step > 0)
    asked = [asyncio.ensure_future(weights(engine, run)) for _ in range(20)]
    kill_workers()
    async with asyncio.timeout(PATIENCE):
        answers = await asyncio.gather(*asked, return_exceptions=True)
    assert all(isinstance(answer, bytes | EngineFailure) for answer in answers)


async def test_watch_of_a_lost_run(engine: LocalEngine) -> None:
    run = await paused(engine)
    kill_workers()
    await until(engine, run, lambda found: found.status == "failed")
    with pytest.raises(EngineFailure) as refused:
        engine.watch(run, "decision", {}, 10.0, lambda _: None, lambda _: None)
    assert refused.value.hint


async def test_runs_come_back_from_the_disk(tmp_path: Path) -> None:
    async with running(data=tmp_path) as engine:
        run, other = await paused(engine), await paused(engine)
        await walk(engine, run, 12)
        await told(engine, run, kind="set", changes={"optimizer.lr": 0.05})
        await walk(engine, run, 5)
        await told(engine, other, kind="stop")
        seen = [await weights(engine, run, step) for step in (3, 12, 17)]
        before = engine.run(run).document()
    async with running(data=tmp_path) as engine:
        found = await at_rest(engine, run, 17)
        assert found.document() | {"steps_per_second": None} == before
        assert [await weights(engine, run, step) for step in (3, 12, 17)] == seen
        await walk(engine, run, 1)
        assert (await at_rest(engine, other)).status == "stopped"
        await engine.delete(other)
    async with running(data=tmp_path) as engine:
        assert [one.id for one in engine.runs()] == [run]


async def test_restarts_in_quick_succession_change_no_status(tmp_path: Path) -> None:
    async with running(data=tmp_path) as engine:
        run = await paused(engine)
        await told(engine, run, kind="stop")
    for _ in range(2):
        async with running(data=tmp_path):
            await asyncio.sleep(0)  # gone before a worker has the run
    async with running(data=tmp_path) as engine:
        assert (await at_rest(engine, run)).status == "stopped"
