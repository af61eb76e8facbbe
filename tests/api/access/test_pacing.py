"""Many requests at once come in one after the other; a few at once do not wait."""

from __future__ import annotations

import pytest
from starlette.types import Message, Receive, Scope, Send

from livenet.api.access import pacing as turns
from livenet.api.access.pacing import AT_ONCE, GAP, RequestPacing


class Time:
    """A clock that stands still, and what was slept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 10**15
        self.slept: list[float] = []
        monkeypatch.setattr(turns, "monotonic_ns", lambda: self.now)
        monkeypatch.setattr(turns, "sleep", self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


class Layer:
    """The layer before an application that counts."""

    def __init__(self) -> None:
        self.served = 0
        self.turns = RequestPacing(self._serve)

    async def ask(self, count: int, kind: str = "http") -> None:
        for _ in range(count):
            await self.turns({"type": kind}, _receive, _send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.served += 1


async def _receive() -> Message:
    return {"type": "http.request"}


async def _send(message: Message) -> None:
    pass


async def test_one_visit_does_not_wait(time: Time) -> None:
    layer = Layer()
    await layer.ask(AT_ONCE)
    assert layer.served == AT_ONCE
    assert time.slept == []


async def test_a_crowd_comes_in_one_by_one(time: Time) -> None:
    layer = Layer()
    await layer.ask(AT_ONCE + 100)
    assert layer.served == AT_ONCE + 100
    assert time.slept == pytest.approx([(turn + 1) * GAP / 1e9 for turn in range(100)])


async def test_turns_come_back_with_time(time: Time) -> None:
    layer = Layer()
    await layer.ask(AT_ONCE)
    time.now += 7 * GAP // 2
    await layer.ask(4)
    assert time.slept == pytest.approx([0.5 * GAP / 1e9])
    time.now += 3600 * 10**9
    await layer.ask(AT_ONCE)
    assert len(time.slept) == 1
    await layer.ask(1)
    assert len(time.slept) == 2


async def test_streams_neither_wait_nor_make_wait(time: Time) -> None:
    layer = Layer()
    await layer.ask(1000, "websocket")
    await layer.ask(AT_ONCE)
    assert time.slept == []
