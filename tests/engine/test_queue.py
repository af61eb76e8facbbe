"""Runs that wait for a place, with real workers: what waits is as good as what rests."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from livenet.engine.base import Owner
from livenet.engine.server.local import CLOSED_AFTER, LocalEngine
from livenet.errors import WrongState
from tests.engine.driving import (
    SMALL,
    at_rest,
    curves,
    goes_on,
    happens,
    send_command,
    soon,
    until,
    walk,
    watching,
    weights,
)
from tests.engine.embedded import running

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("engine")]
ANN, BEN, LECTURER = Owner("ann"), Owner("ben"), Owner("lecturer", privileged=True)
ONE = {"max_training_a_person": 1}
ENDLESS = SMALL | {"training": SMALL["training"] | {"steps": None}}


async def begin(engine: LocalEngine, owner: Owner, spec: dict[str, Any] = ENDLESS) -> str:
    made = await soon(engine.create(spec, name="", start=True, pace=None, owner=owner))
    return made.id


async def status(engine: LocalEngine, run: str) -> str:
    return (await engine.load(run)).status


async def test_a_place_goes_to_the_next() -> None:
    """By a pause, a stop, an end and a deletion; administrators wait for nobody."""
    async with running(max_runs=20, **ONE) as engine:
        runs = [await begin(engine, ANN) for _ in range(5)]
        assert [await status(engine, run) for run in runs] == ["running"] + ["queued"] * 4
        assert engine.health()["queued"] == 4
        assert [await status(engine, await begin(engine, who)) for who in (LECTURER, BEN)] == [
            "running",
            "running",
        ]
        await send_command(engine, runs[0], kind="pause")
        await goes_on(engine, runs[1])
        await send_command(engine, runs[1], kind="stop")
        await goes_on(engine, runs[2])
        await engine.delete(runs[2])
        await goes_on(engine, runs[3])
        step = (await at_rest(engine, runs[0])).step
        await send_command(engine, runs[0], kind="step", steps=3)  # waits behind the others
        assert await status(engine, runs[0]) == "queued"
        await send_command(engine, runs[3], kind="stop")
        await goes_on(engine, runs[4])
        await send_command(engine, runs[4], kind="stop")
        await at_rest(engine, runs[0], step + 3)
        assert engine.health()["queued"] == 0


async def test_steps_that_waited_are_taken(tmp_path: Path) -> None:
    """As many as were asked for, also by a server that was started again meanwhile, and the same
    as without a wait."""
    async with running(data=tmp_path, **ONE) as engine:
        first, second = await begin(engine, ANN), await begin(engine, ANN)
        await send_command(engine, second, kind="pause")
        await send_command(engine, second, kind="step", steps=7)
        await send_command(engine, second, kind="set", changes={"optimizer.lr": 0.05})
        assert (await status(engine, second), engine.run(second).step) == ("queued", 0)
        with pytest.raises(WrongState, match="queued"):
            await send_command(engine, second, kind="step", steps=1)
    async with running(data=tmp_path, **ONE) as engine:
        await goes_on(engine, first)
        assert await status(engine, second) == "queued"
        await send_command(engine, first, kind="pause")
        waited = await at_rest(engine, second, 7)
        assert (waited.status, waited.until_step) == ("paused", None)
        plain = (await soon(engine.create(SMALL, name="", start=False, pace=None))).id
        await send_command(engine, plain, kind="set", changes={"optimizer.lr": 0.05})
        await walk(engine, plain, 7)
        assert curves(engine.run(plain)) == curves(engine.run(second))
        assert await weights(engine, plain) == await weights(engine, second)


async def test_what_waits_can_be_watched(tmp_path: Path) -> None:
    """Also after it was closed, and before a worker has ever had it."""
    async with running(data=tmp_path, **ONE) as engine:
        first, second = await begin(engine, ANN), await begin(engine, ANN)
        before = await weights(engine, second)
        engine._registry._touched[second] -= CLOSED_AFTER + 1
        await happens(lambda: engine._registry.get(second) is None)
        assert engine.health()["queued"] == 1
        assert await weights(engine, second) == before
        shown: list[bytes] = []
        watch = watching(engine, second, {"resolution": 8}, shown.append)
        await happens(lambda: shown)
        await send_command(engine, first, kind="pause")
        await until(engine, second, lambda run: run.step >= 5)
        watch.cancel()


async def test_a_worker_dies_while_runs_wait() -> None:
    async with running(**ONE) as engine:
        first, second = await begin(engine, ANN), await begin(engine, ANN)
        for worker in list(engine._fleet):
            worker.kill()
        await goes_on(engine, first)
        assert await status(engine, second) == "queued"
        await send_command(engine, first, kind="stop")
        await goes_on(engine, second)


async def test_runs_of_a_new_group_are_counted(tmp_path: Path) -> None:
    """Never fewer than are open, though those that wait are counted now and then only."""
    async with running(data=tmp_path, max_runs=20) as engine:
        spec = SMALL | {"training": {"steps": 10**8}}
        engine._housekeeping._counted = math.inf
        await engine.groups.create(spec, [], range(4), name="", owner=ANN, parallel=2)
        await happens(lambda: engine.health()["running"] == 2)
        assert engine.health()["runs"] >= 2
        await engine.count_closed()
        assert engine.health()["runs"] == 4
