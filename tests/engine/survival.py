"""Whatever dies or hangs behind an engine, its runs go on as if nothing had happened."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from livenet.engine.base import Change, Engine
from livenet.errors import EngineFailure, UnknownRun, WrongState
from livenet.wire.frame import decode
from tests.engine.driving import (
    DIVERGES,
    SMALL,
    as_undisturbed,
    at_rest,
    curves,
    ends,
    fork,
    goes_on,
    happens,
    moves,
    paused,
    picture,
    send_command,
    soon,
    started,
    until,
    walk,
    watching,
    weights,
)
from tests.engine.faults import Faults

# One step takes more than a second.
SLOW: dict[str, Any] = {
    "data": {"kind": "moons", "samples": 1100, "test_fraction": 0.1},
    "model": {"hidden": [512] * 24, "activation": "relu"},
    "training": {"batch_size": None},
}


class Survival:
    """Tests of death, hanging and replacement."""

    async def test_killed_while_running(
        self, engine: Engine, faults: Faults, small: dict[str, Any]
    ) -> None:
        """It goes on by itself, bit for bit, and nobody hears of an end."""
        run = await started(engine, small)
        made = engine.run(run)
        heard: list[Change] = []
        seen: set[str] = set()
        steps: list[int] = []

        def listener(change: Change) -> None:
            heard.append(change)
            seen.add(made.status)
            steps.append(made.step)

        engine.listen(run, listener)
        for _ in range(3):
            await goes_on(engine, run, 150)
            await faults.kill(run)
        await goes_on(engine, run, 150)
        assert seen == {"running"}
        assert "gone" not in heard
        assert steps == sorted(steps)
        assert made.error is None
        assert engine.run(run) is made
        await send_command(engine, run, kind="pause")
        await as_undisturbed(engine, run)

    @pytest.mark.parametrize("rounds", [1, pytest.param(25, marks=pytest.mark.soak)])
    async def test_killed_again_and_again(
        self, engine: Engine, faults: Faults, rounds: int
    ) -> None:
        """Every run of both workers comes to its end, with the rows that it would have had; twelve
        kills a round."""
        course = {"batch_size": 7, "series_every": 1, "steps": 3000}
        for number in range(rounds):
            seeds = range(4 * number, 4 * number + 4)
            spec = SMALL | {"training": course}
            runs = [await started(engine, spec | {"seed": seed}) for seed in seeds]
            for beat in range(12):
                going = [run for run in runs if not engine.run(run).ended]
                if going:
                    await faults.kill(going[beat % len(going)])
                await asyncio.sleep(0.1)
                await moves(engine, *going)
            for run in runs:
                assert (await at_rest(engine, run, 3000)).status == "finished"
                await as_undisturbed(engine, run)
                await engine.delete(run)

    @pytest.mark.parametrize("rest", ["paused", "stopped", "finished", "diverged"])
    async def test_killed_at_rest(self, engine: Engine, faults: Faults, rest: str) -> None:
        """It stands where it stood, can be looked at, and says what it said."""
        if rest == "diverged":
            run = await started(engine, DIVERGES)
            await at_rest(engine, run)
        elif rest == "finished":
            spec = SMALL | {"training": {"batch_size": 7, "steps": 45}}
            run = await started(engine, spec)
            await at_rest(engine, run)
        else:
            run = await paused(engine)
            await walk(engine, run, 45)
            await send_command(engine, run, kind="set", changes={"optimizer.lr": 0.1})
            if rest == "stopped":
                await send_command(engine, run, kind="stop")
        before = engine.run(run).document()
        rows = curves(engine.run(run))
        shown = await weights(engine, run), await weights(engine, run, 10)
        for _ in range(2):
            await faults.kill(run)
            assert await weights(engine, run) == shown[0]
            assert await weights(engine, run, 10) == shown[1]
            assert engine.run(run).document() == before
            assert curves(engine.run(run)) == rows
        if rest == "paused":
            await walk(engine, run, 30)
            await as_undisturbed(engine, run)
        elif rest == "diverged":
            await send_command(engine, run, kind="resume")
            found = (await at_rest(engine, run)).document()
            assert found.pop("seconds") >= before.pop("seconds")
            assert found == before
        else:
            with pytest.raises(WrongState, match=rest):
                await send_command(engine, run, kind="resume")

    async def test_killed_on_the_way_to_divergence(
        self, engine: Engine, faults: Faults, diverges: dict[str, Any]
    ) -> None:
        """It pauses at the same step, for the same reason."""
        undisturbed = await at_rest(engine, await started(engine, diverges))
        made = await soon(engine.create(diverges, name="", start=True, pace=10.0))
        await until(engine, made.id, lambda one: one.step >= 2)
        await faults.kill(made.id)
        await until(engine, made.id, lambda one: one.step >= 5)
        await faults.kill(made.id)
        found = await at_rest(engine, made.id)
        assert undisturbed.error is not None
        assert found.error == undisturbed.error
        assert (found.status, found.step) == ("paused", undisturbed.step)
        assert curves(found) == curves(undisturbed)

    @pytest.mark.parametrize(
        ("command", "step"), [({"steps": 700}, 710), ({"epochs": 80}, 81 * 9), ({"steps": 1}, 11)]
    )
    async def test_killed_while_stepping(
        self,
        engine: Engine,
        faults: Faults,
        command: dict[str, Any],
        step: int,
        small: dict[str, Any],
    ) -> None:
        """It stops where it was to stop. (An epoch of SMALL has nine steps.)"""
        run = await paused(engine, small)
        await walk(engine, run, 10)
        await send_command(engine, run, kind="pace", steps_per_second=600)
        await send_command(engine, run, kind="step", **command)
        for _ in range(3):
            await faults.kill(run)
            await asyncio.sleep(0.25)
            await moves(engine, run)
        found = await at_rest(engine, run, step)
        assert (found.status, found.pace) == ("paused", 600)
        await send_command(engine, run, kind="resume")
        await until(engine, run, lambda one: one.step > step + 30)
        await send_command(engine, run, kind="pause")
        await as_undisturbed(engine, run)

    @pytest.mark.parametrize("changes", [{"training.series_every": 1}, {"training.steps": 17}])
    async def test_killed_after_a_change_of_which_steps_have_a_row(
        self, engine: Engine, faults: Faults, changes: dict[str, Any], small: dict[str, Any]
    ) -> None:
        """Whether a step has one was decided when it was done."""
        run = await paused(engine, small)
        await walk(engine, run, 17)
        await send_command(engine, run, kind="set", changes=changes)
        rows = curves(engine.run(run))
        await faults.kill(run)
        await weights(engine, run)
        assert curves(engine.run(run)) == rows
        child = await fork(engine, run, 17)
        assert curves(engine.run(child)) == rows
        await send_command(engine, run, kind="resume")
        if "training.steps" in changes:
            await ends(engine, run)
        else:
            await goes_on(engine, run, 25)
            await send_command(engine, run, kind="pause")
        await as_undisturbed(engine, run)

    async def test_what_was_reported_is_never_taken_back(
        self, engine: Engine, faults: Faults
    ) -> None:
        """Step and rows only grow, and any step that was reached can be looked at at once."""
        run = await started(engine, SMALL)
        for _ in range(6):
            found = await goes_on(engine, run, 40)
            step, rows = found.step, len(found.series)
            await faults.kill(run)
            assert (await picture(engine, run))["step"] >= step
            assert (await picture(engine, run, step))["step"] == step
            assert found.step >= step
            assert len(found.series) >= rows

    async def test_commands_wait_for_a_replacement(
        self, engine: Engine, faults: Faults, small: dict[str, Any]
    ) -> None:
        run = await started(engine, small)
        await until(engine, run, lambda one: one.step > 200)
        await faults.kill(run)
        assert await send_command(engine, run, kind="set", changes={"optimizer.lr": 0.02}) >= 200
        await moves(engine, run)
        await faults.kill(run)
        step = await send_command(engine, run, kind="pause")
        assert (engine.run(run).status, engine.run(run).step) == ("paused", step)
        await faults.kill(run)
        await walk(engine, run, 5)
        await faults.kill(run)
        await send_command(engine, run, kind="edit", edits=[large(2.0)])
        await faults.kill(run)
        assert await send_command(engine, run, kind="resume") == step + 5
        await faults.kill(run)
        await send_command(engine, run, kind="stop")
        assert engine.run(run).status == "stopped"
        await as_undisturbed(engine, run)

    async def test_fork_of_a_run_that_is_being_replaced(
        self, engine: Engine, faults: Faults, small: dict[str, Any]
    ) -> None:
        run = await started(engine, small)
        await until(engine, run, lambda one: one.step > 150)
        await faults.kill(run)
        children = [await fork(engine, run, step) for step in (None, 77)]
        await send_command(engine, run, kind="pause")
        for child in children:
            assert engine.run(child).status == "paused"
            await walk(engine, child, 50)
            await as_undisturbed(engine, child)
        await as_undisturbed(engine, run)

    async def test_deleted_while_it_is_being_replaced(self, engine: Engine, faults: Faults) -> None:
        run, others = await started(engine, SMALL), [await started(engine, SMALL) for _ in "ab"]
        heard: list[Change] = []
        engine.listen(run, heard.append)
        await until(engine, run, lambda one: one.step > 50)
        await faults.kill(run)
        await engine.delete(run)
        assert heard.count("gone") == 1
        assert {one.id for one in engine.runs()} == set(others)
        for other in others:
            await goes_on(engine, other, 100)
        assert heard.count("gone") == 1
        assert heard[-1] == "gone"
        with pytest.raises(UnknownRun):
            engine.run(run)

    async def test_killed_while_runs_are_made(self, engine: Engine, faults: Faults) -> None:
        """Whoever makes one gets it, or an error and no run."""
        run = await started(engine, SMALL)
        for _ in range(4):
            await moves(engine, run)
            factory = [asyncio.create_task(paused(engine)) for _ in range(4)]
            await asyncio.sleep(0)
            await faults.kill(run)
            made = await soon(asyncio.gather(*factory, return_exceptions=True))
            assert all(isinstance(one, str | EngineFailure) for one in made), made
            there = [one for one in made if isinstance(one, str)]
            assert {one.id for one in engine.runs()} == {run, *there}
            for one in there:
                await walk(engine, one, 3)
                await engine.delete(one)

    async def test_killed_while_it_is_asked(self, engine: Engine, faults: Faults) -> None:
        """A look that was under way is answered all the same, and only once."""
        run = await paused(engine)
        await walk(engine, run, 60)
        shown = {step: await weights(engine, run, step) for step in range(0, 61, 3)}
        asked = {step: asyncio.create_task(weights(engine, run, step)) for step in shown}
        await faults.kill(run)
        for step, answer in asked.items():
            assert await soon(answer) == shown[step]

    @pytest.mark.parametrize("hang_seconds", [1.5])
    async def test_a_hang_is_noticed(
        self, engine: Engine, faults: Faults, hang_seconds: float, small: dict[str, Any]
    ) -> None:
        """And what hung wakes to find that it writes in vain."""
        spec = small | {"training": {"batch_size": 7, "series_every": 10, "steps": 2000}}
        made = await soon(engine.create(spec, name="", start=True, pace=1000.0))
        run = made.id
        await until(engine, run, lambda one: one.step > 300)
        await faults.hang(run)
        hung_at = made.step
        await until(engine, run, lambda one: one.step > hung_at + 400)
        assert made.status in ("running", "finished")
        await faults.wake()
        assert (await at_rest(engine, run)).status == "finished"
        assert engine.measures().restarts == 1
        await as_undisturbed(engine, run)

    async def test_a_pause_for_breath_is_no_hang(self, engine: Engine, faults: Faults) -> None:
        """A laptop that stalls for a moment loses nothing."""
        run = await started(engine, SMALL)
        await until(engine, run, lambda one: one.step > 100)
        await faults.hang(run)
        await asyncio.sleep(0.5)
        await faults.wake()
        await send_command(engine, run, kind="pause")
        assert engine.measures().restarts == 0
        await as_undisturbed(engine, run)

    @pytest.mark.parametrize("hang_seconds", [1.5])
    async def test_a_long_rest_is_no_hang(
        self, engine: Engine, faults: Faults, hang_seconds: float
    ) -> None:
        """Workers with nothing to do, and one with a paused run, live on."""
        run = await paused(engine)
        await asyncio.sleep(3.5)
        await walk(engine, run, 1)
        assert engine.measures().restarts == 0

    @pytest.mark.parametrize("step_seconds", [30.0])
    async def test_a_run_that_kills_fails_alone(
        self, engine: Engine, faults: Faults, step_seconds: float
    ) -> None:
        """Three deaths in its turn with nothing done between; the others' are not their own. A fast
        machine makes a step before it is killed: that step is kept, and the count begins again."""
        others = [await started(engine, SMALL | {"seed": seed}) for seed in range(3)]
        resting = await paused(engine)
        run = await started(engine, SLOW)
        before, after = list[bytes](), list[bytes]()
        watching(engine, run, {"resolution": 9}, before.append)
        deaths = 0
        while engine.run(run).status == "running":
            await faults.kill_in_its_turn(run)
            deaths += 1
        found = await ends(engine, run)
        assert 3 <= deaths <= 3 + 2 * found.step
        # What it had come to is shown to all who watch, whenever they came.
        before.clear()
        watching(engine, run, {"resolution": 8}, after.append)
        await happens(lambda: before and after)
        assert {decode(frame)["step"] for frame in (*before, *after)} == {found.step}
        assert found.status == "failed"
        assert found.error is not None
        assert found.error["code"] == EngineFailure.code
        assert "three times" in found.error["message"]
        assert found.error["hint"]
        with pytest.raises(WrongState):
            await send_command(engine, run, kind="resume")
        for other in others:
            await goes_on(engine, other, 100)
            await send_command(engine, other, kind="pause")
        await walk(engine, resting, 3)
        await engine.delete(run)
        for other in (*others, resting):
            assert engine.run(other).error is None
            await as_undisturbed(engine, other)

    async def test_many_deaths_with_progress_fail_nobody(
        self, engine: Engine, faults: Faults
    ) -> None:
        """However often, as long as a step was reached in between."""
        run = await started(engine, SMALL)
        for _ in range(8):
            await goes_on(engine, run)
            await faults.kill(run)
        await send_command(engine, run, kind="pause")
        assert engine.run(run).error is None
        assert engine.measures().restarts == 8
        await happens(lambda: len(engine.measures().workers) == 2)
        await as_undisturbed(engine, run)


def large(value: float) -> dict[str, Any]:
    return {"parameter": "layers.0.weight", "index": [0, 0], "value": value}
