"""The embedded engine: the conformance tests, and what comes of its processes."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import psutil
import pytest

from livenet.engine import messages as msg
from livenet.engine.base import Engine, channel_of
from livenet.engine.server.fleet import LATELY, MAX_DEATHS
from livenet.errors import SpecError
from livenet.spec.arithmetic import Used
from livenet.spec.data.images import IDX_FILES
from livenet.store.writes import write
from tests.engine.conformance import Conformance
from tests.engine.driving import (
    PATIENCE,
    SMALL,
    all_runs,
    as_undisturbed,
    at_rest,
    goes_on,
    happens,
    paused,
    send_command,
    started,
    until,
    walk,
    watching,
    weights,
)
from tests.engine.embedded import running
from tests.engine.faults import LocalFaults
from tests.store.stories import rows_of

# One after the other: each of them has two workers.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("engine")]


async def ready(engine: Engine) -> None:
    await happens(lambda: engine.health()["ready"])


class TestLocal(Conformance):
    """See tests.engine.conformance."""

    @pytest.fixture
    async def faults(
        self,
        holds: int,
        hang_seconds: float,
        step_seconds: float,
        keeps: bool,
        tmp_path: Path,
    ) -> AsyncIterator[LocalFaults]:
        made = LocalFaults(
            max_runs=holds,
            hang_seconds=hang_seconds,
            limits={"max_step_seconds": step_seconds},
            data=tmp_path if keeps else None,
        )
        await made.engine.start()
        try:
            yield made
        finally:
            await made.wake()
            await made.engine.close()

    @pytest.fixture
    def engine(self, faults: LocalFaults) -> Engine:
        return faults.engine


async def test_health() -> None:
    async with running(workers=1) as engine:
        await ready(engine)
        run = await paused(engine)
        health = engine.health()
        assert (health["engine"], health["workers"], health["runs"]) == ("local", 1, 1)
        assert health["running"] == 0
        await send_command(engine, run, kind="resume")
        assert engine.health()["running"] == 1


async def test_runs_come_back_from_the_disk(tmp_path: Path, arithmetic: Used) -> None:
    async with running(data=tmp_path) as engine:
        run, other = await paused(engine, SMALL | {"arithmetic": arithmetic}), await paused(engine)
        await walk(engine, run, 12)
        await send_command(engine, run, kind="set", changes={"optimizer.lr": 0.05})
        await walk(engine, run, 5)
        await send_command(engine, other, kind="stop")
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
        assert await all_runs(engine) == {run}


async def test_an_answer_waits_for_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker has carried the command out; nobody is told before the entry is on the disk."""
    reached, released = Event(), Event()

    def held(*given: Any) -> None:
        reached.set()
        assert released.wait(PATIENCE)
        write(*given)

    async with running(data=tmp_path) as engine:
        run = await paused(engine)
        monkeypatch.setattr("livenet.store.store.write", held)
        heard: list[str] = []
        engine.listen(run, heard.append)
        change = {"optimizer.lr": 0.05}
        answer = asyncio.create_task(send_command(engine, run, kind="set", changes=change))
        try:
            await happens(lambda: engine.run(run).journal and reached.is_set())
            assert not answer.done()
            assert engine.saving(run)
            assert "run" not in heard
            assert rows_of(tmp_path, "entries") == []
        finally:
            released.set()
        assert await answer == 0
        assert "run" in heard
        assert len(rows_of(tmp_path, "entries")) == 1


async def test_a_run_whose_data_cannot_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What only the worker finds out, when it opens the files: nothing is left of the run."""
    for name in IDX_FILES:
        (tmp_path / "mnist").mkdir(exist_ok=True)
        (tmp_path / "mnist" / name).write_bytes(b"no IDX file")
    monkeypatch.setenv("LIVENET_DATASETS", str(tmp_path))
    async with running(workers=1, data=tmp_path / "runs") as engine:
        with pytest.raises(SpecError) as refused:
            await engine.create({"data": {"kind": "mnist"}}, name="", start=True, pace=None)
        assert refused.value.path == "data.kind"
        assert engine.runs() == []
        await paused(engine)  # and the worker goes on
    async with running(workers=1, data=tmp_path / "runs") as engine:
        assert len(await all_runs(engine)) == 1


async def test_restarts_in_quick_succession_change_no_status(tmp_path: Path) -> None:
    async with running(data=tmp_path) as engine:
        run = await paused(engine)
        await send_command(engine, run, kind="stop")
    for _ in range(2):
        async with running(data=tmp_path):
            await asyncio.sleep(0)  # gone before a worker has the run
    async with running(data=tmp_path) as engine:
        assert (await at_rest(engine, run)).status == "stopped"


async def test_a_worker_that_is_told_to_end_takes_nothing_with_it() -> None:
    """Service managers tell every process: it says its last words, and another goes on."""
    async with running() as engine:
        run = await started(engine, SMALL)
        await until(engine, run, lambda found: found.step > 20)
        pid, reached = engine.where(run), engine.run(run).step
        assert pid is not None
        os.kill(pid, signal.SIGTERM)
        await happens(lambda: engine.measures().restarts == 1)
        await until(engine, run, lambda found: found.step > reached + 20)
        await send_command(engine, run, kind="pause")
        await as_undisturbed(engine, run)


async def test_workers_that_die_over_and_over() -> None:
    """Are counted, those that die in nobody's turn by themselves; and the server says so."""
    faults = LocalFaults(workers=1)
    engine = faults.engine
    await engine.start()
    try:
        run = await paused(engine)
        assert engine.health()["failing"] is False

        def at_rest_in_its_worker() -> bool:
            place = engine._scheduler.place(run)
            assert place is not None
            opened = place.opening is not None and place.opening.done()
            return opened and place.worker is not None and not place.worker.heartbeat.current

        for _ in range(MAX_DEATHS + 1):
            before = engine.measures().restarts
            await ready(engine)
            await happens(at_rest_in_its_worker)
            await faults.kill(run)
            await happens(lambda before=before: engine.measures().restarts > before)  # type: ignore[misc]  # bound at once
            engine._fleet._deaths = deque((monotonic(), one) for _, one in engine._fleet._deaths)
        assert engine.health()["failing"] is True
        assert engine.measures().unexplained == MAX_DEATHS + 1
        engine._fleet._deaths = deque((when - LATELY, one) for when, one in engine._fleet._deaths)
        assert engine.health()["failing"] is False
        await walk(engine, run, 3)
        await as_undisturbed(engine, run)
    finally:
        await engine.close()


async def test_the_fork_server_dies() -> None:
    """Workers live on without it, and the next one has another."""
    faults = LocalFaults()
    engine = faults.engine
    await engine.start()
    try:
        run = await started(engine, SMALL)
        await goes_on(engine, run, 50)
        for child in psutil.Process().children():
            if any("forkserver" in word for word in child.cmdline()):
                child.kill()
        await goes_on(engine, run, 50)
        assert engine.measures().restarts == 0
        await faults.kill(run)
        await goes_on(engine, run, 50)
        await send_command(engine, run, kind="pause")
        await as_undisturbed(engine, run)
    finally:
        await engine.close()


async def test_words_of_a_dead_incarnation_are_dropped() -> None:
    """Whenever they come: neither rows, nor a status, nor pictures are taken from them."""
    async with running() as engine:
        run = await paused(engine)
        await walk(engine, run, 5)
        found = engine.run(run)
        shown: list[bytes] = []
        watching(engine, run, {"resolution": 8}, shown.append)
        await happens(lambda: shown)
        before = (found.document(), found.series.rows(), found.snapshots.steps, list(shown))
        old = found.incarnation - 1
        channel = channel_of("decision", {"resolution": 8}, None)
        row = (6, 0.5, None, {"train_loss": 0.0})
        (worker, *_) = engine._fleet
        late = msg.RunState("failed", error={"code": "late"})
        for message in (
            msg.RunUpdate(run, old, 9, 1.0, None, None, late, rows=(row,), snapshot=b"late"),
            msg.ChannelFrame(run, old, channel, 1 << 40, b"late"),
        ):
            engine._fleet._receive(worker, message)
        assert (found.document(), found.series.rows(), found.snapshots.steps, shown) == before
        new = msg.ChannelFrame(run, found.incarnation, channel, 1 << 40, b"of this one")
        engine._fleet._receive(worker, new)
        assert shown[-1] == b"of this one"
