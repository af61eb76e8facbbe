"""How a test drives an engine, through its protocol alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import numpy as np
import pytest

from livenet.engine.base import Engine, Watch
from livenet.store import Run, SnapshotStore
from livenet.store.listing import Query
from livenet.wire.frame import decode
from livenet.wire.messages import COMMAND

PATIENCE = 120.0  # seconds for what comes by itself, on a machine that is busy with other things
# Dropout, minibatches that do not divide the 60 training points, a row a step.
SMALL: dict[str, Any] = {
    "data": {"kind": "moons", "samples": 120, "noise": 0.1},
    "model": {"hidden": [6, 5], "activation": "relu"},
    "regularization": {"dropout": 0.25},
    "training": {"batch_size": 7, "series_every": 1},
}
T = TypeVar("T")
DIVERGES: dict[str, Any] = {"data": {"kind": "sine"}, "optimizer": {"kind": "sgd", "lr": 10.0}}


async def until(engine: Engine, run: str, check: Callable[[Run], bool]) -> Run:
    """The run once ``check`` holds, noticed by listening."""
    changed = asyncio.Event()
    await engine.load(run)
    leave = engine.listen(run, lambda _: changed.set())
    try:
        async with asyncio.timeout(PATIENCE):
            while not check(engine.run(run)):
                await changed.wait()
                changed.clear()
    finally:
        leave()
    return engine.run(run)


async def goes_on(engine: Engine, run: str, steps: int = 1) -> Run:
    """The run, so many steps further at least."""
    least = (await engine.load(run)).step + steps
    return await until(engine, run, lambda found: found.step >= least)


async def moves(engine: Engine, *runs: str) -> None:
    """Waits until each is a step further, or at rest: three deaths in one step would fail it."""
    least = {run: engine.run(run).step for run in runs}
    for run in runs:
        await until(engine, run, lambda one: one.step > least[one.id] or one.status != "running")


async def at_rest(engine: Engine, run: str, step: int | None = None) -> Run:
    return await until(
        engine,
        run,
        lambda found: (
            found.status not in ("queued", "running") and (step is None or found.step == step)
        ),
    )


async def soon(answer: Awaitable[T]) -> T:
    """The answer; a test fails that would wait for ever."""
    return await asyncio.wait_for(answer, PATIENCE)


async def all_runs(engine: Engine) -> set[str]:
    """The ids of all runs that there are, open or not."""
    return {run for run, _ in await engine.ids(Query(limit=1000))}


async def happens(check: Callable[[], object]) -> None:
    """Waits for what nobody tells of."""
    async with asyncio.timeout(PATIENCE):
        while not check():  # noqa: ASYNC110  # no event to wait for
            await asyncio.sleep(0.002)


async def paused(engine: Engine, spec: dict[str, Any] | None = None) -> str:
    return (await soon(engine.create(spec or SMALL, name="", start=False, pace=None))).id


async def started(engine: Engine, spec: dict[str, Any]) -> str:
    return (await soon(engine.create(spec, name="", start=True, pace=None))).id


async def send_command(engine: Engine, run: str, **command: Any) -> int:
    return await soon(engine.command(run, COMMAND.validate_python(command)))


async def walk(engine: Engine, run: str, steps: int) -> None:
    """Goes on by so many steps, and waits for the pause after them."""
    start = (await engine.load(run)).step
    await send_command(engine, run, kind="step", steps=steps)
    await at_rest(engine, run, start + steps)


async def fork(engine: Engine, run: str, step: int | None, **rest: Any) -> str:
    given: dict[str, Any] = {"name": "", "start": False, "pace": None, "changes": {}, **rest}
    return (await soon(engine.fork(run, step, given.pop("changes"), **given))).id


def watching(
    engine: Engine, run: str, options: dict[str, Any], show: Callable[[bytes], None]
) -> Watch:
    """A viewer of the decision that takes every picture at once."""
    watch: list[Watch] = []

    def deliver(frame: bytes) -> None:
        show(frame)
        for one in watch:
            one.request_next()

    def refuse(error: dict[str, str]) -> None:
        pytest.fail(str(error))

    watch.append(engine.watch(run, "decision", options, 60.0, deliver, refuse))
    watch[0].request_next()
    return watch[0]


async def weights(engine: Engine, run: str, step: int | None = None) -> bytes:
    found = await soon(engine.request_probe(run, "weights", "", {}, step))
    assert isinstance(found, bytes)
    return found


async def picture(engine: Engine, run: str, step: int | None = None) -> dict[str, Any]:
    frame = await soon(engine.request_probe(run, "frame", "decision", {"resolution": 8}, step))
    found = decode(frame)
    return {"step": found["step"], "plots": found["plots"], "facts": found["facts"]}


def curves(run: Run, until_step: int = 10**9) -> list[list[float | None]]:
    """Rows, but for steps a second."""
    return [row[:-1] for row in run.series.rows() if (row[1] or 0) <= until_step]


def same(one: Any, other: Any) -> bool:
    """Equal bit for bit, arrays included."""
    if isinstance(one, np.ndarray):
        return bool(np.array_equal(one, other, equal_nan=True)) and one.dtype == other.dtype
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def only_first(run: Run) -> SnapshotStore:
    """The run's shelf with nothing but step 0 on it: every look is replayed."""
    snapshots = SnapshotStore(2**20)
    snapshots.put(0, run.snapshots.before(0))
    return snapshots


async def ends(engine: Engine, run: str) -> Run:
    return await until(engine, run, lambda found: found.ended)


async def replayed(engine: Engine, story: Run) -> str:
    """The run again, from its spec and journal alone, up to where it stands. A change of a run
    that has ended is that of a fork."""
    run = await paused(engine, story.spec.document())
    for entry in story.journal:
        if entry.step > engine.run(run).step:
            await walk(engine, run, entry.step - engine.run(run).step)
        if engine.run(run).ended:
            run, ended = await fork(engine, run, None, changes=entry.command["changes"]), run
            await engine.delete(ended)
        else:
            assert await send_command(engine, run, **entry.command) == entry.step
    if story.step > engine.run(run).step:
        await walk(engine, run, story.step - engine.run(run).step)
    return run


async def as_undisturbed(engine: Engine, run: str) -> None:
    """Fails where a run at rest differs from its replay in any row or weight."""
    found = engine.run(run)
    again = await replayed(engine, found)
    rows = found.series.rows()
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert curves(found) == curves(engine.run(again))
    for step in (found.step, found.step // 2, min(found.step, 1), None):
        assert await weights(engine, run, step) == await weights(engine, again, step), step
    assert found.metrics == engine.run(again).metrics
    assert found.epoch == engine.run(again).epoch
    await engine.delete(again)
