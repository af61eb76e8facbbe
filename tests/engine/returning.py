"""The server's side goes and comes back: its runs are there, and go on."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from livenet.engine.base import Engine, Owner
from livenet.errors import UnknownRun
from tests.engine.driving import (
    SMALL,
    all_runs,
    as_undisturbed,
    at_rest,
    curves,
    fork,
    goes_on,
    paused,
    picture,
    same,
    send_command,
    soon,
    started,
    until,
    walk,
    weights,
)
from tests.engine.faults import Faults

KEEPS = pytest.mark.parametrize("keeps", [True])
PASSING = {"steps_per_second": None}  # what a run at rest does not say


class Returning:
    """Tests of a restart. Their engine keeps its runs."""

    @KEEPS
    async def test_what_rests_comes_back_as_it_was(
        self,
        engine: Engine,
        faults: Faults,
        keeps: bool,
        small: dict[str, Any],
        diverges: dict[str, Any],
    ) -> None:
        owner = Owner("me", privileged=True)
        made = await soon(engine.create(small, name="mine", start=False, pace=9.0, owner=owner))
        run = made.id
        await send_command(engine, run, kind="pace", steps_per_second=None)
        await walk(engine, run, 25)
        await send_command(engine, run, kind="set", changes={"optimizer.lr": 0.05})
        await walk(engine, run, 8)
        child = await fork(engine, run, 12, changes={"regularization.dropout": 0.0})
        stopped, ended = await paused(engine, small), await started(engine, diverges)
        await send_command(engine, stopped, kind="stop")
        await at_rest(engine, ended)
        runs = (run, child, stopped, ended)
        before = {one: engine.run(one).document() for one in runs}
        rows = {one: engine.run(one).series.rows() for one in runs}
        shown = {one: await weights(engine, one) for one in runs}
        seen = await picture(engine, run, 17)
        for _ in range(2):
            engine = await faults.restart()
            assert await all_runs(engine) == set(runs)
            for one in runs:
                await at_rest(engine, one)
                assert await weights(engine, one) == shown[one]
                assert engine.run(one).document() | PASSING == before[one] | PASSING
                assert engine.run(one).series.rows() == rows[one]
            assert same(await picture(engine, run, 17), seen)
        assert engine.run(run).owner == "me"
        assert not [one for one in engine.runs() if one.status == "running"]
        for one in (run, child):
            await walk(engine, one, 10)
            await as_undisturbed(engine, one)

    @KEEPS
    async def test_what_ran_goes_on(
        self, engine: Engine, faults: Faults, keeps: bool, small: dict[str, Any]
    ) -> None:
        run = await started(engine, small)
        await until(engine, run, lambda one: one.step > 300)
        await send_command(engine, run, kind="set", changes={"regularization.l2": 0.02})
        reached = (await until(engine, run, lambda one: one.step > 500)).step
        rows = curves(engine.run(run))
        engine = await faults.restart()
        found = await engine.load(run)
        assert (found.status, found.error) == ("running", None)
        assert found.step >= reached, "what was reported is taken back"
        assert curves(found)[: len(rows)] == rows
        await until(engine, run, lambda one: one.step > reached + 300)
        await faults.kill(run)
        await send_command(engine, run, kind="pause")
        await as_undisturbed(engine, run)

    @KEEPS
    async def test_restarted_while_a_worker_is_being_replaced(
        self, engine: Engine, faults: Faults, keeps: bool
    ) -> None:
        runs = [await started(engine, SMALL | {"seed": seed}) for seed in range(3)]
        for run in runs:
            await until(engine, run, lambda one: one.step > 200)
        for run in runs[:2]:
            await faults.kill(run)
        engine = await faults.restart()
        for run in runs:
            await goes_on(engine, run, 20)
            await send_command(engine, run, kind="pause")
            await as_undisturbed(engine, run)

    @KEEPS
    async def test_deleted_stays_deleted(self, engine: Engine, faults: Faults, keeps: bool) -> None:
        run, other = await started(engine, SMALL), await paused(engine)
        await until(engine, run, lambda one: one.step > 20)
        await faults.kill(run)
        await engine.delete(run)
        engine = await faults.restart()
        assert await all_runs(engine) == {other}

    @KEEPS
    async def test_deleted_while_it_is_opened(
        self, engine: Engine, faults: Faults, keeps: bool
    ) -> None:
        """Whoever comes first: it is gone afterwards, and nothing of it is opened."""
        runs = [await paused(engine) for _ in range(4)]
        engine = await faults.restart()
        outcomes = await asyncio.gather(
            engine.load(runs[0]),
            engine.delete_all(runs),
            *map(engine.load, runs),
            return_exceptions=True,
        )
        assert outcomes[1] is None
        assert await all_runs(engine) == set()
        assert engine.runs() == []
        for run in runs:
            with pytest.raises(UnknownRun):
                await engine.load(run)
