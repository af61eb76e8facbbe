"""Room for new runs in an engine: what is deleted for them, and what never is."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from livenet.engine.base import Owner
from livenet.engine.server.local import LocalEngine
from livenet.errors import TooMany
from tests.engine.driving import SMALL, all_runs, happens, paused, send_command, soon, started
from tests.engine.embedded import running
from tests.store.stories import rows_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("engine")]


async def made_by(engine: LocalEngine, owner: str) -> str:
    made = engine.create(SMALL, name="", start=False, pace=None, owner=Owner(owner))
    return (await soon(made)).id


async def test_only_unused_runs_make_room() -> None:
    """Not one that trains, that is on a page, or that is pinned, though they are older."""
    async with running(max_runs=4) as engine:
        training = await started(engine, SMALL | {"training": {"steps": 10**9}})
        viewed, pinned, unused = [await paused(engine) for _ in range(3)]
        heard: list[str] = []
        engine.listen(viewed, heard.append)
        await engine.change(pinned, {"pinned": True})
        new = await paused(engine)
        assert await all_runs(engine) == {training, viewed, pinned, new}
        assert unused not in {run.id for run in engine.runs()}
        assert "gone" not in heard
        assert engine.measures().deleted == {"server": 1}
        leave = engine.listen(new, lambda _: None)
        with pytest.raises(TooMany, match="None makes room"):
            await paused(engine)
        leave()
        await send_command(engine, training, kind="pause")
        await engine.change(pinned, {"pinned": False})
        await paused(engine)
        assert viewed in await all_runs(engine)


async def test_who_has_the_most_makes_room() -> None:
    async with running(max_runs=4) as engine:
        first = await made_by(engine, "ann")
        many = [await made_by(engine, "ben") for _ in range(3)]
        new = await made_by(engine, "cat")
        assert await all_runs(engine) == {first, *many[1:], new}


async def test_made_at_the_same_time() -> None:
    async with running(max_runs=100, max_runs_a_person=3) as engine:
        made = await asyncio.gather(*(made_by(engine, "ann") for _ in range(3)))
        more = await asyncio.gather(*(made_by(engine, "ann") for _ in range(3)))
        assert await all_runs(engine) == set(more)
        assert len({*made, *more}) == 6


async def test_less_room_after_a_restart(tmp_path: Path) -> None:
    """What is over smaller budgets goes by itself, and snapshots over a smaller budget go when the
    run is opened."""
    async with running(data=tmp_path) as engine:
        made = [await made_by(engine, owner) for owner in ("ann", "ann", "ann", "ben")]
        await engine.change(made[0], {"pinned": True})
    async with running(data=tmp_path, max_runs_a_person=2) as engine:
        await happens(lambda: engine.measures().deleted == {"person": 1})
        assert await all_runs(engine) == {made[0], *made[2:]}
    async with running(data=tmp_path, max_runs=1) as engine:
        await happens(lambda: engine.measures().deleted == {"server": 2})
        assert await all_runs(engine) == {made[0]}
    assert {row[0] for row in rows_of(tmp_path, "snapshots")} == {made[0]}


async def test_the_last_use_outlives_the_server(tmp_path: Path) -> None:
    """A run that was used until the end is not the longest unused one after it."""
    async with running(data=tmp_path) as engine:
        first, second = await paused(engine), await paused(engine)
        engine.touch(first)
    async with running(data=tmp_path, max_runs=1) as engine:
        await happens(lambda: engine.measures().deleted)
        assert await all_runs(engine) == {first}
        assert second != first
