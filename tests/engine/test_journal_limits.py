"""A run's journal is bounded, however many commands are under way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from livenet.engine.server.local import LocalEngine
from livenet.errors import JournalFull
from livenet.settings import Settings
from livenet.wire.messages import COMMAND
from tests.engine.driving import (
    as_undisturbed,
    fork,
    happens,
    paused,
    send_command,
    soon,
    walk,
    weights,
)
from tests.engine.faults import LocalFaults

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("engine")]
MOST = 5
SPACE = 1024  # bytes


def an_edit(value: float, count: int = 1) -> dict[str, Any]:
    edit = {"parameter": "layers.0.bias", "index": [0], "value": value}
    return {"kind": "edit", "edits": [edit] * count}


def a_set(number: int) -> dict[str, Any]:
    return {"kind": "set", "changes": {"training.steps": 1000 + number}}


@pytest.fixture
async def faults() -> AsyncIterator[LocalFaults]:
    made = LocalFaults(max_journal_entries=MOST, max_journal_bytes=SPACE)
    await made.engine.start()
    try:
        yield made
    finally:
        await made.engine.close()


@pytest.fixture
def engine(faults: LocalFaults) -> LocalEngine:
    return faults.engine


async def attempt(engine: LocalEngine, run: str, commands: list[dict[str, Any]]) -> list[Any]:
    """The answers to commands that are sent at once."""
    asked = [engine.command(run, COMMAND.validate_python(command)) for command in commands]
    return await soon(asyncio.gather(*asked, return_exceptions=True))


async def test_the_last_that_fits_is_the_last(engine: LocalEngine) -> None:
    """Of many at once; what is refused changes nothing, and all else goes on."""
    run = await paused(engine)
    answers = await attempt(engine, run, [an_edit(float(value)) for value in range(9)])
    assert answers[:MOST] == [0] * MOST
    assert all(isinstance(answer, JournalFull) for answer in answers[MOST:])
    assert len(engine.run(run).journal) == MOST
    before = await weights(engine, run)
    for command in (an_edit(9.0), a_set(1), {"kind": "set", "changes": {"optimizer.lr": 0.5}}):
        with pytest.raises(JournalFull, match=f"{MOST} changes") as refused:
            await send_command(engine, run, **command)
        assert "new run" in refused.value.hint
    assert await weights(engine, run) == before
    assert engine.run(run).changes.keys() == engine.run(await paused(engine)).changes.keys()
    await walk(engine, run, 3)
    await send_command(engine, run, kind="pace", steps_per_second=50)
    await as_undisturbed(engine, run)


async def test_bytes_are_limited_too(engine: LocalEngine) -> None:
    run = await paused(engine)
    answers = await attempt(engine, run, [an_edit(1.0, 10), an_edit(2.0, 10), an_edit(3.0)])
    assert [isinstance(answer, JournalFull) for answer in answers] == [False, True, False]
    assert engine.run(run).journal.size <= SPACE
    with pytest.raises(JournalFull, match=r"1,024 are the most"):
        await send_command(engine, run, **an_edit(4.0, 10))


async def test_a_slider_does_not_fill_it(engine: LocalEngine) -> None:
    run = await paused(engine)
    for value in range(4 * MOST):
        await send_command(engine, run, kind="set", changes={"optimizer.lr": 0.1 + value})
    assert len(engine.run(run).journal) == 1


async def test_it_holds_where_callers_leave_and_workers_die(
    engine: LocalEngine, faults: LocalFaults
) -> None:
    """A command whose caller has left may still take effect, so it counts."""
    run = await paused(engine)
    await faults.hang(run)
    asked = [
        asyncio.create_task(engine.command(run, COMMAND.validate_python(a_set(number))))
        for number in range(MOST)
    ]
    await happens(lambda: len(engine._requests.entry_sizes(run)) == MOST)
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    answers = await attempt(engine, run, [a_set(MOST + number) for number in range(MOST)])
    assert all(isinstance(answer, JournalFull) for answer in answers)
    await faults.kill(run)
    await happens(lambda: len(engine.run(run).journal) == MOST)
    commands = [entry.command for entry in engine.run(run).journal]
    assert commands == [a_set(number) for number in range(MOST)]


async def test_forks(engine: LocalEngine) -> None:
    run = await paused(engine)
    await attempt(engine, run, [a_set(number) for number in range(MOST - 1)])
    await walk(engine, run, 2)
    await send_command(engine, run, **a_set(MOST))
    assert len(engine.run(await fork(engine, run, 2)).journal) == MOST
    with pytest.raises(JournalFull):
        await fork(engine, run, 2, changes=a_set(9)["changes"])
    earlier = await fork(engine, run, 1, changes=a_set(9)["changes"])
    assert len(engine.run(earlier).journal) == MOST


def test_the_limits_are_settings() -> None:
    assert Settings().max_journal_entries == 10_000
    assert Settings().max_journal_bytes == 4 * 2**20
