"""Questions whose workers die: asked again, but for the picture over which they die."""

from __future__ import annotations

import asyncio
import json
from typing import Any, cast

import pytest

from livenet.engine import messages as msg
from livenet.engine.heartbeat import unshared
from livenet.engine.server.crashes import MAX_CRASHES, Crashes
from livenet.engine.server.requests import MAX_TRIES, Requests
from livenet.errors import EngineFailure, ProbeFailed, WrongState
from livenet.wire.messages import Pause, Set


class FakeWorker:
    """A worker that does nothing by itself, and dies when it is told to."""

    def __init__(self) -> None:
        self.heartbeat = unshared()
        self.received: list[Any] = []

    def send(self, message: Any) -> None:
        self.received.append(message)


class Harness:
    """Asking, with one worker after the other."""

    def __init__(self) -> None:
        self.worker = FakeWorker()
        self.has_worker = True
        self.crashes = Crashes()
        self.requests = Requests(cast(Any, self), cast(Any, self), self.crashes)

    def worker_of(self, run: str) -> FakeWorker | None:
        return self.worker if self.has_worker else None

    def least_loaded(self) -> FakeWorker:
        return self.worker

    def run(self, run: str) -> None:
        """The run is there."""

    def change(self, number: int) -> asyncio.Task[Any]:
        """A command that makes a journal entry."""
        changes = {"training.steps": number}

        def message(ref: int) -> msg.CommandRequest:
            return msg.CommandRequest(ref, "run", Set(kind="set", changes=changes))

        return asyncio.create_task(self.requests.command("run", message))

    def probe(self, number: int, picture: str = "decision") -> asyncio.Task[Any]:
        def message(ref: int) -> msg.ProbeRequest:
            return msg.ProbeRequest(ref, "run", number, "json", picture, {}, None, None, (), 0, "")

        return asyncio.create_task(self.requests.probe("run", picture, message))

    async def die(self, in_turn_of: int = 0) -> None:
        await turns()
        gone, self.worker = self.worker, FakeWorker()
        gone.heartbeat._words[1] = in_turn_of
        self.requests.lost(cast(Any, gone))
        await turns()


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_picture_that_ends_its_workers_is_refused_for_good() -> None:
    """By its own count: what waited beside it is asked again, and answered."""
    harness = Harness()
    fatal, beside = harness.probe(1), harness.probe(2, "weights")
    for _ in range(MAX_CRASHES):
        assert not fatal.done()
        await harness.die(in_turn_of=1)
    with pytest.raises(ProbeFailed):
        await fatal
    again = harness.probe(3)  # by whoever: no worker hears of it
    with pytest.raises(ProbeFailed):
        await again
    (asked,) = harness.worker.received
    harness.requests.resolve(asked.ref, "shown")
    assert await beside == "shown"


async def test_a_count_ends_with_a_picture() -> None:
    harness = Harness()
    for _ in range(MAX_CRASHES):
        probe = harness.probe(1)
        for _ in range(MAX_CRASHES - 1):
            await harness.die(in_turn_of=1)
        await turns()
        harness.requests.resolve(harness.worker.received[-1].ref, "shown")
        assert await probe == "shown"


async def test_deaths_of_others_are_not_counted_but_bounded() -> None:
    harness = Harness()
    probe = harness.probe(1)
    for _ in range(MAX_TRIES):
        await harness.die(in_turn_of=77)
    with pytest.raises(EngineFailure):
        await probe
    harness.crashes.check("run", "decision")


async def test_who_waits_no_more_is_forgotten_in_the_worker() -> None:
    harness = Harness()
    probe = harness.probe(1)
    await turns()
    probe.cancel()
    await turns()
    asked, dropped = harness.worker.received
    assert dropped == msg.CancelRequest(asked.ref)
    assert len(harness.requests) == 0


async def test_a_run_that_no_worker_has_takes_no_commands_and_can_be_looked_at() -> None:
    harness = Harness()
    harness.has_worker = False
    with pytest.raises(WrongState):
        await harness.requests.command(
            "run", lambda ref: msg.CommandRequest(ref, "run", Pause(kind="pause"))
        )
    probe = harness.probe(1)
    await turns()
    harness.requests.resolve(harness.worker.received[0].ref, "shown")
    assert await probe == "shown"


async def test_a_worker_that_is_only_late_drops_what_another_answers() -> None:
    """Else it would wait for a snapshot that nobody sends, and with it all later requests."""
    harness = Harness()
    waiting = harness.probe(1)
    await turns()
    late = harness.worker
    await harness.die()
    (asked, cancelled) = late.received
    assert cancelled == msg.CancelRequest(asked.ref)
    harness.requests.resolve(harness.worker.received[0].ref, "shown")
    assert await waiting == "shown"


async def test_a_command_that_took_effect_is_not_repeated() -> None:
    """Its answer waits for the store, and its worker dies meanwhile."""
    harness = Harness()
    answer = asyncio.create_task(
        harness.requests.command(
            "run", lambda ref: msg.CommandRequest(ref, "run", Pause(kind="pause"))
        )
    )
    await turns()
    (asked,) = harness.worker.received
    harness.requests.carried_out(asked.ref)
    await harness.die()
    assert harness.worker.received == []
    harness.requests.resolve(asked.ref, 7)
    assert await answer == 7


async def test_entries_under_way_count_until_their_effect_is_reported() -> None:
    """Whoever dies meanwhile. Other commands and requests make no entries."""
    harness = Harness()
    asked = [harness.change(number) for number in (1, 20)]
    asked.append(harness.probe(1))
    await turns()
    sizes = [len(json.dumps({"kind": "set", "changes": {"training.steps": n}})) for n in (1, 20)]
    assert harness.requests.entry_sizes("run") == sizes
    assert harness.requests.entry_sizes("other") == []
    await harness.die()
    assert harness.requests.entry_sizes("run") == sizes
    first, second = (one for one in harness.worker.received if isinstance(one, msg.CommandRequest))
    harness.requests.carried_out(first.ref)  # it is in the journal now
    assert harness.requests.entry_sizes("run") == sizes[1:]
    harness.requests.resolve(second.ref, None, WrongState("no"))
    await turns()
    assert harness.requests.entry_sizes("run") == []
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
