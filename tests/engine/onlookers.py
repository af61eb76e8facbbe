"""Those who watch a run: what they see while workers die, and what they cannot do to each other."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from livenet.engine.base import Engine
from livenet.wire.frame import decode
from tests.engine.driving import (
    PATIENCE,
    SMALL,
    as_undisturbed,
    at_rest,
    curves,
    ends,
    goes_on,
    happens,
    moves,
    paused,
    replayed,
    send_command,
    soon,
    started,
    until,
    walk,
    watching,
    weights,
)
from tests.engine.faults import Faults

STEPS = 2500
ENDS = SMALL | {"training": {"batch_size": 7, "series_every": 1, "steps": STEPS}}


class Onlookers:
    """Tests of watches and cursors."""

    async def test_watches_go_on(self, engine: Engine, faults: Faults) -> None:
        """Sequence numbers rise, steps never fall, nor below the rows that are known."""
        run = await started(engine, SMALL)
        seen: list[tuple[int, int]] = []

        def show(frame: bytes) -> None:
            found = decode(frame)
            known = engine.run(run).series.last_step or 0
            assert found["step"] >= known, "a picture of what is past"
            seen.append((found["seq"], found["step"]))

        shown = [watching(engine, run, {"resolution": size}, show) for size in (8,)]
        await happens(lambda: len(seen) >= 3)
        for _ in range(3):
            await faults.kill(run)
            reached, count = engine.run(run).step, len(seen)
            await happens(lambda count=count: len(seen) >= count + 3)  # type: ignore[misc]  # bound at once
            assert seen[-1][1] > reached
        for watch in shown:
            watch.cancel()
        seqs = [seq for seq, _ in seen]
        assert seqs == sorted(set(seqs))
        assert [step for _, step in seen] == sorted(step for _, step in seen)

    async def test_watched_at_rest(self, engine: Engine, faults: Faults) -> None:
        """A viewer of a paused run sees its next step, whatever died in between."""
        run = await paused(engine)
        seen: list[int] = []
        watch = watching(engine, run, {"resolution": 8}, lambda frame: seen.append(step_of(frame)))
        await happens(lambda: seen)
        for step in (1, 2, 3):
            await faults.kill(run)
            await walk(engine, run, 1)
            await happens(lambda step=step: seen[-1] == step)  # type: ignore[misc]  # bound at once
        watch.cancel()

    async def test_watch_begun_and_left_meanwhile(self, engine: Engine, faults: Faults) -> None:
        run = await started(engine, SMALL)
        left: list[int] = []
        begun: list[int] = []
        old = watching(engine, run, {"resolution": 8}, lambda frame: left.append(step_of(frame)))
        await happens(lambda: left)
        await faults.kill(run)
        old.cancel()
        count = len(left)
        new = watching(engine, run, {"resolution": 9}, lambda frame: begun.append(step_of(frame)))
        await happens(lambda: len(begun) >= 3)
        new.cancel()
        assert len(left) == count

    async def test_slow_watcher_costs_nobody(self, engine: Engine) -> None:
        """One who never takes gets no pile of pictures; one who does is not held up."""
        run = await started(engine, SMALL)
        piled: list[bytes] = []
        fresh: list[bytes] = []
        slow = engine.watch(run, "decision", {"resolution": 9}, 60.0, piled.append, refused)
        quick = watching(engine, run, {"resolution": 8}, fresh.append)
        await happens(lambda: len(fresh) >= 15)
        assert len(piled) <= 1
        slow.request_next()
        await happens(lambda: piled)
        slow.cancel()
        quick.cancel()
        # On one channel, the slow one is handed what the quick one asks for.
        slow = engine.watch(run, "decision", {"resolution": 10}, 60.0, piled.append, refused)
        quick = watching(engine, run, {"resolution": 10}, fresh.append)
        before = len(fresh)
        await happens(lambda: len(fresh) >= before + 5)
        slow.cancel()
        quick.cancel()

    async def test_a_stubborn_watcher_and_death(self, engine: Engine, faults: Faults) -> None:
        """One who took nothing yet is owed one picture at most, though its worker died."""
        run = await started(engine, SMALL)
        piled: list[bytes] = []
        watch = engine.watch(run, "decision", {"resolution": 8}, 60.0, piled.append, refused)
        watch.request_next()
        await happens(lambda: piled)
        for _ in range(3):
            await faults.kill(run)
            await goes_on(engine, run, 100)
        assert len(piled) <= 1 + 3
        count = len(piled)
        watch.request_next()
        await happens(lambda: len(piled) > count)
        watch.cancel()

    async def test_no_row_is_lost_or_doubled(self, engine: Engine, faults: Faults) -> None:
        """For one who polls with a cursor, and one who reads whenever told."""
        run = await started(engine, ENDS)
        made = engine.run(run)
        polled: list[list[float | None]] = []
        told_of: list[list[float | None]] = []
        engine.listen(run, lambda _: told_of.extend(made.series.rows(len(told_of))))

        async def poll() -> None:
            while not made.ended or len(polled) < len(made.series):
                polled.extend(made.series.rows(len(polled), 50))
                await asyncio.sleep(0.003)

        async def fate() -> None:
            for _ in range(6):
                await asyncio.sleep(0.1)
                await moves(engine, run)
                if not made.ended:
                    await faults.kill(run)

        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(poll(), fate())
        whole = made.series.rows()
        assert [row[1] for row in whole] == list(range(STEPS + 1))
        assert polled == whole
        await happens(lambda: len(told_of) >= len(whole))  # told once they are in the store
        assert told_of == whole
        assert curves(made) == curves(engine.run(await replayed(engine, made)))

    @pytest.mark.parametrize("hang_seconds", [1.5])
    async def test_late_writer(self, engine: Engine, faults: Faults, hang_seconds: float) -> None:
        """What hung long and then goes on is not listened to: neither its rows nor its pictures."""
        run = await started(engine, SMALL)
        seen: list[tuple[int, int]] = []

        def show(frame: bytes) -> None:
            found = decode(frame)
            seen.append((found["seq"], found["step"]))

        watch = watching(engine, run, {"resolution": 8}, show)
        await happens(lambda: len(seen) > 3)
        await faults.hang(run)
        hung_at = engine.run(run).step
        waking = asyncio.create_task(_wakes_at(engine, faults, run, hung_at))
        await until(engine, run, lambda one: one.step > hung_at + 600)
        await soon(waking)
        await send_command(engine, run, kind="pause")
        watch.cancel()
        assert [step for _, step in seen] == sorted(step for _, step in seen)
        assert [seq for seq, _ in seen] == sorted({seq for seq, _ in seen})
        await as_undisturbed(engine, run)

    @pytest.mark.parametrize("holds", [60])
    async def test_many_runs(self, engine: Engine, faults: Faults, holds: int) -> None:
        """Forty on two workers, some of which die: each as alone."""
        specs = [
            {**SMALL, "seed": seed, "training": {"batch_size": 7, "steps": 240 + 40 * seed}}
            for seed in range(4)
        ]
        alone = []
        for spec in specs:
            run = await started(engine, spec)
            await ends(engine, run)
            alone.append((curves(engine.run(run)), await weights(engine, run)))
        runs = [await started(engine, specs[number % 4]) for number in range(40)]
        for run in runs[:3]:
            await faults.kill(run)
            await asyncio.sleep(0.2)
        for number, run in enumerate(runs):
            found = await at_rest(engine, run)
            assert (found.status, found.error) == ("finished", None)
            assert (curves(found), await weights(engine, run)) == alone[number % 4]


async def _wakes_at(engine: Engine, faults: Faults, run: str, step: int) -> None:
    """Wakes what hung as soon as another has taken over."""
    await until(engine, run, lambda one: one.step > step)
    await faults.wake()


def step_of(frame: bytes) -> int:
    found: dict[str, Any] = decode(frame)
    return int(found["step"])


def refused(error: dict[str, str]) -> None:
    pytest.fail(str(error))
