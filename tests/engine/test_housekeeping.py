"""Runs that nobody needs come to rest, and are forgotten in the end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from livenet.engine.server.local import LocalEngine
from livenet.errors import Unwatched
from livenet.settings import Settings
from tests.engine.driving import happens, paused, send_command, started, watching

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("engine")]


@pytest.fixture
async def engine() -> Any:
    settings = Settings(workers=1, unwatched_seconds=1.0, idle_seconds=3.0)
    made = LocalEngine(settings)
    await made.start()
    yield made
    await made.close()


async def listened_to(engine: LocalEngine) -> tuple[str, Callable[[], None]]:
    """A run that trains, and is listened to before it does."""
    run = await paused(engine)
    leave = engine.listen(run, lambda _: None)
    await send_command(engine, run, kind="resume")
    return run, leave


async def test_endless_and_unwatched(engine: LocalEngine) -> None:
    """It pauses and says why; one that somebody listens to or watches goes on."""
    heard, leave = await listened_to(engine)
    shown, stop = await listened_to(engine)
    watch = watching(engine, shown, {"resolution": 8}, lambda _: None)
    stop()
    alone = await started(engine, {})
    await happens(lambda: alone not in {run.id for run in engine.runs()})  # then forgotten
    assert {engine.run(heard).status, engine.run(shown).status} == {"running"}
    watch.cancel()
    leave()
    found = engine.run(heard)
    await happens(lambda: found.status != "running")  # who asks does not watch
    assert found.status == "paused"
    assert found.error is not None
    assert found.error["code"] == Unwatched.code
    assert "Resume" in found.error["hint"]
    assert len(found.journal) == 0
    await send_command(engine, heard, kind="resume")
    assert (engine.run(heard).status, engine.run(heard).error) == ("running", None)


async def test_the_spec_in_force_says_whether_it_ends(engine: LocalEngine) -> None:
    """Not the one that it began with: an end that was given later is one, and one that was taken
    away is none."""
    ends = await started(engine, {})
    await send_command(engine, ends, kind="set", changes={"training.steps": 1_000_000_000})
    endless = await started(engine, {"training": {"steps": 1_000_000_000}})
    await send_command(engine, endless, kind="set", changes={"training.steps": None})
    found = engine.run(endless)
    await happens(lambda: found.status == "paused")
    assert found.error is not None
    assert found.error["code"] == Unwatched.code
    assert engine.run(ends).status == "running"


async def test_who_reads_its_series_cares_for_it(engine: LocalEngine) -> None:
    """A script that polls is as good as a viewer."""
    found = engine.run(await paused(engine))
    await asyncio.sleep(0.3)
    before = engine.idle_seconds(found)
    assert before > 0.2
    engine.touch(found.id)
    assert engine.idle_seconds(found) < before


async def test_a_run_with_an_end_comes_to_it(engine: LocalEngine) -> None:
    run = await started(engine, {"training": {"steps": 20_000, "series_every": 1000}})
    found = engine.run(run)
    await happens(lambda: found.ended)
    assert (found.status, found.step) == ("finished", 20_000)


async def test_at_rest_and_listened_to_is_kept(engine: LocalEngine) -> None:
    kept, gone = await paused(engine), await paused(engine)
    engine.listen(kept, lambda _: None)
    await happens(lambda: len(engine.runs()) == 1)
    assert [run.id for run in engine.runs()] == [kept]
    assert gone != kept


async def test_pinned_run_is_kept(engine: LocalEngine) -> None:
    """Until it is unpinned; the time of its deletion is known."""
    pinned, other = await paused(engine), await paused(engine)
    await engine.change(pinned, {"pinned": True})
    assert engine.expires_at(pinned) is None
    left = (engine.expires_at(other) or 0.0) - time.time()
    assert 0.0 < left <= 3.0
    await happens(lambda: other not in {run.id for run in engine.runs()})
    await asyncio.sleep(1.5)  # the work of a second
    assert engine.run(pinned).pinned
    await engine.change(pinned, {"pinned": False})
    await happens(lambda: pinned not in {run.id for run in engine.runs()})
