"""One run's news to all its viewers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import pytest

from livenet.api.viewers import broadcast
from livenet.api.viewers.broadcast import Broadcasts
from livenet.engine.base import Change, Engine
from livenet.errors import StoreFailure, UnknownRun
from livenet.spec import resolve
from livenet.store import Run, SnapshotStore


class OneRun:
    """An engine of one run that says what it is told to say."""

    def __init__(self) -> None:
        self.found = Run(id="run", name="", spec=resolve({}), snapshots=SnapshotStore(1000))
        self.listeners: list[Callable[[Change], None]] = []
        self.store_error: StoreFailure | None = None
        self.unsaved = False

    def run(self, run: str) -> Run:
        if run != "run":
            raise UnknownRun("no")
        return self.found

    def saving(self, run: str) -> bool:
        return self.unsaved

    def listen(self, run: str, listener: Callable[[Change], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def notify(self, *changes: Change) -> None:
        for change in changes:
            for listener in list(self.listeners):
                listener(change)


@pytest.fixture
def engine() -> OneRun:
    return OneRun()


@pytest.fixture
def broadcasts(engine: OneRun, monkeypatch: pytest.MonkeyPatch) -> Broadcasts:
    monkeypatch.setattr(broadcast, "UPDATE_INTERVAL", 0.05)
    monkeypatch.setattr(broadcast, "QUIET", 60.0)
    return Broadcasts(cast(Engine, engine))


async def test_one_ear_at_the_engine_whoever_watches(
    engine: OneRun, broadcasts: Broadcasts
) -> None:
    heard: list[str] = []
    first, leave_first = broadcasts.join("run", lambda change: heard.append(f"first {change}"))
    second, leave_second = broadcasts.join("run", lambda change: heard.append(f"second {change}"))
    assert first is second
    assert len(engine.listeners) == 1
    engine.notify("run")
    leave_first()
    leave_first()
    engine.notify("gone")
    assert heard == ["first run", "second run", "second gone"]
    leave_second()
    assert (engine.listeners, len(broadcasts)) == ([], 0)


async def test_no_run_no_ear(engine: OneRun, broadcasts: Broadcasts) -> None:
    with pytest.raises(UnknownRun):
        broadcasts.join("another", print)
    assert len(broadcasts) == 0


async def test_progress_and_rows_are_told_together_and_not_too_often(
    engine: OneRun, broadcasts: Broadcasts
) -> None:
    heard: list[str] = []
    words, leave = broadcasts.join("run", heard.append)
    loop = asyncio.get_running_loop()
    start = loop.time()
    while len(heard) < 5:
        engine.found.series.append(len(engine.found.series), 0.0, {"train_loss": 1.0})
        engine.notify("rows", "progress")
        await asyncio.sleep(0)
    assert loop.time() - start >= 4 * 0.05 - 0.001
    assert set(heard) == {"progress"}
    await asyncio.sleep(0.2)  # what came last is told, too
    assert words.rows == len(engine.found.series)
    count = len(heard)
    await asyncio.sleep(0.1)
    assert len(heard) == count
    leave()


async def test_a_crowd_is_told_less_often(engine: OneRun, broadcasts: Broadcasts) -> None:
    leaving = [broadcasts.join("run", lambda _: None)[1] for _ in range(70)]
    assert broadcasts.interval() == pytest.approx(0.07)
    leaving += [broadcasts.join("run", lambda _: None)[1] for _ in range(2000)]
    assert broadcasts.interval() == broadcast.LONGEST_INTERVAL
    for leave in (*leaving, *leaving):  # a second time counts nobody
        leave()
    assert broadcasts.interval() == broadcast.UPDATE_INTERVAL
    heard: list[str] = []
    others = [broadcasts.join("run", lambda _: None)[1] for _ in range(250)]
    _, leave = broadcasts.join("run", heard.append)
    loop = asyncio.get_running_loop()
    start = loop.time()
    while len(heard) < 3:
        engine.notify("progress")
        await asyncio.sleep(0)
    assert loop.time() - start >= 2 * 0.25 - 0.001
    for one in (leave, *others):
        one()


async def test_change_of_state_brings_the_rows_before_it(
    engine: OneRun, broadcasts: Broadcasts
) -> None:
    """At once, and then there is nothing left to tell."""
    heard: list[str] = []
    words, leave = broadcasts.join("run", heard.append)
    engine.notify("rows")
    await asyncio.sleep(0.06)
    engine.found.series.append(0, 0.0, {"train_loss": 1.0})
    engine.notify("rows", "progress", "run")
    assert heard == ["progress", "run"]
    assert words.rows == 1
    await asyncio.sleep(0.1)
    assert heard == ["progress", "run"]
    leave()


async def test_nothing_is_told_after_the_last_has_left(
    engine: OneRun, broadcasts: Broadcasts
) -> None:
    heard: list[str] = []
    _, leave = broadcasts.join("run", heard.append)
    engine.notify("progress")
    leave()
    await asyncio.sleep(0.1)
    assert heard == []


async def test_progress_of_a_run_at_rest_is_repeated(
    engine: OneRun, broadcasts: Broadcasts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until the last viewer has left."""
    monkeypatch.setattr(broadcast, "QUIET", 0.02)
    heard: list[str] = []
    repeated = asyncio.Event()

    def listen(change: str) -> None:
        heard.append(change)
        if len(heard) == 3:
            repeated.set()

    _, leave = broadcasts.join("run", listen)
    async with asyncio.timeout(30):
        await repeated.wait()
    assert set(heard) == {"progress"}
    leave()
    count = len(heard)
    await asyncio.sleep(0.1)
    assert len(heard) == count


async def test_new_run_of_the_same_name_is_another(engine: OneRun, broadcasts: Broadcasts) -> None:
    old, leave_old = broadcasts.join("run", print)
    engine.found = Run(id="run", name="", spec=resolve({}), snapshots=SnapshotStore(1000))
    new, leave_new = broadcasts.join("run", print)
    assert new.run is engine.found is not old.run
    leave_old()
    assert len(broadcasts) == 1
    leave_new()
    assert (engine.listeners, len(broadcasts)) == ([], 0)


async def test_snapshots_are_told_and_need_not_be_asked_for(
    engine: OneRun, broadcasts: Broadcasts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some time after they have changed, however often; of a run at rest at once, and no command
    alone says anything of them."""
    monkeypatch.setattr(broadcast, "SNAPSHOTS_EVERY", 0.3)
    heard: list[str] = []
    words, leave = broadcasts.join("run", heard.append)
    engine.found.status = "running"
    for _ in range(20):
        engine.notify("run")  # as of a slider that is dragged
    await asyncio.sleep(0.1)
    assert "snapshots" not in heard
    for step in range(10):
        engine.found.snapshots.put(step, b"state")
        engine.notify("run")
    await until_said(heard, "snapshots")
    assert heard.count("snapshots") == 1
    assert words.snapshots() == '{"kind":"snapshots","steps":[0,1,2,3,4,5,6,7,8,9]}'
    engine.found.snapshots.put(10, b"state")
    engine.notify("run")
    engine.found.status = "paused"
    engine.notify("run")
    await until_said(heard, "snapshots", 2)
    leave()


async def until_said(heard: list[str], change: str, times: int = 1) -> None:
    async with asyncio.timeout(10):
        while heard.count(change) < times:  # noqa: ASYNC110  # no event to wait for
            await asyncio.sleep(0.01)


async def test_what_is_not_saved_is_not_told(engine: OneRun, broadcasts: Broadcasts) -> None:
    """Neither by the message that is due nor by those that repeat or answer somebody new."""
    heard: list[str] = []
    messages, leave = broadcasts.join("run", heard.append)
    before = messages.document(), messages.progress()
    engine.found.status, engine.found.step, engine.unsaved = "paused", 7, True
    engine.notify("run", "progress", "rows")
    await asyncio.sleep(2 * broadcast.UPDATE_INTERVAL)
    assert heard == []
    assert (messages.document(), messages.progress()) == before
    engine.unsaved = False
    engine.notify("progress")
    await asyncio.sleep(2 * broadcast.UPDATE_INTERVAL)
    assert heard[0] == "run", "the change that was held back is not lost"
    assert '"status":"paused"' in messages.document()[0]
    assert '"step":7' in messages.progress()
    leave()


async def test_viewers_hear_why_nothing_is_saved(engine: OneRun, broadcasts: Broadcasts) -> None:
    messages, leave = broadcasts.join("run", lambda _: None)
    engine.store_error = StoreFailure("The disk is full")
    messages.publish()
    assert '"unsaved":"The disk is full"' in messages.progress()
    engine.store_error = None
    messages.publish()
    assert '"unsaved":null' in messages.progress()
    leave()
