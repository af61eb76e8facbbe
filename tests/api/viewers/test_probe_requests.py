"""Looks at the past: so many at a time, and none that is no longer wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from livenet.api.viewers.probe_requests import MAX_REQUESTS, ProbeRequests
from livenet.errors import UnknownStep


class Replays:
    """Asked for pictures, which come when the test says so."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.answers: dict[int, asyncio.Future[bytes]] = {}

    async def ask(self, step: int) -> bytes:
        self.asked.append(step)
        self.answers[step] = asyncio.get_running_loop().create_future()
        return await self.answers[step]


def never(found: object) -> None:
    pytest.fail(f"nobody waits for {found!r}")


async def turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_picture_or_refusal() -> None:
    requests, found = ProbeRequests(), list[Any]()

    async def good() -> bytes:
        return b"picture"

    async def bad() -> bytes:
        raise UnknownStep("no such step")

    requests.begin(good, found.append, found.append)
    requests.begin(bad, found.append, found.append)
    await turns()
    assert found[0] == b"picture"
    assert found[1]["code"] == "unknown_step"
    await requests.close()


async def test_so_many_at_a_time_and_only_what_is_still_wanted() -> None:
    requests, replays, found = ProbeRequests(), Replays(), list[bytes]()

    def ask(step: int) -> Coroutine[Any, Any, bytes]:
        return replays.ask(step)

    begun = [
        requests.begin(lambda step=step: ask(step), found.append, never)  # type: ignore[misc]  # bound at once
        for step in range(MAX_REQUESTS + 50)
    ]
    await turns()
    assert replays.asked == list(range(MAX_REQUESTS))
    for request in begun[MAX_REQUESTS:-1]:  # dragged on along the timeline
        request.cancel()
    await turns()
    assert replays.asked == list(range(MAX_REQUESTS))
    begun[0].cancel()  # is being replayed: the engine hears of it, and the next has its place
    await turns()
    assert replays.answers[0].cancelled()
    assert replays.asked == [*range(MAX_REQUESTS), MAX_REQUESTS + 49]
    replays.answers[MAX_REQUESTS + 49].set_result(b"the last")
    await turns()
    assert found == [b"the last"]
    await requests.close()


async def test_close_leaves_nothing_under_way() -> None:
    requests, replays = ProbeRequests(), Replays()
    before = asyncio.all_tasks()
    for step in range(MAX_REQUESTS + 3):
        requests.begin(lambda step=step: replays.ask(step), never, never)  # type: ignore[misc]  # bound at once
    await turns()
    await requests.close()
    assert asyncio.all_tasks() == before
