"""One picture, and all who watch it."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from livenet.engine import messages as msg
from livenet.engine.server.channels import Channels, Watcher
from livenet.engine.server.crashes import MAX_CRASHES, Crashes
from livenet.errors import ProbeFailed


class Harness:
    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.refused: list[dict[str, str]] = []
        self.channels = Channels("run", itertools.count(1), Crashes(), self.sent.append)

    def watch(self, fps: float = 30.0, probe: str = "decision") -> tuple[Any, list[bytes]]:
        shown: list[bytes] = []
        watcher = Watcher(fps, shown.append, self.refused.append)
        return self.channels.watch(probe, {}, watcher), shown

    def frame(self, data: bytes) -> None:
        name = next(one.channel for one in reversed(self.sent) if isinstance(one, msg.Watch))
        self.channels.framed(msg.ChannelFrame("run", 1, name, 1, data))

    def requests(self) -> int:
        return sum(isinstance(one, msg.FrameAck) for one in self.sent)


def test_asked_for_once_whoever_takes() -> None:
    harness = Harness()
    watches = [harness.watch()[0] for _ in range(3)]
    for watch in watches:
        watch.request_next()
    assert harness.requests() == 0  # the first is on its way
    harness.frame(b"1")
    assert harness.requests() == 0
    for watch in (watches[1], watches[1], watches[2]):
        watch.request_next()
    assert harness.requests() == 1
    watches[0].request_next()
    assert harness.requests() == 1


def test_nothing_for_those_who_take_nothing() -> None:
    harness = Harness()
    slow, shown = harness.watch()
    harness.frame(b"1")
    assert shown == [b"1"]
    assert harness.requests() == 0
    late, seen = harness.watch()
    assert seen == [b"1"]
    late.request_next()
    assert harness.requests() == 1
    slow.cancel()
    late.cancel()
    assert isinstance(harness.sent[-1], msg.Unwatch)
    assert len(harness.channels) == 0


def test_rate_is_that_of_the_fastest() -> None:
    harness = Harness()
    harness.watch(10.0)
    fast, _ = harness.watch(30.0)
    harness.watch(20.0)
    assert [one.fps for one in harness.sent] == [10.0, 30.0]
    fast.cancel()
    assert harness.sent[-1].fps == 20.0


def test_said_again_to_a_new_worker() -> None:
    harness = Harness()
    watch, _ = harness.watch()
    harness.watch(probe="weights")
    harness.frame(b"1")
    harness.sent.clear()
    harness.channels.reopened()
    assert [one.probe for one in harness.sent] == ["decision", "weights"]
    watch.request_next()  # of a frame of the old one: the new one has been asked already
    assert harness.requests() == 0


def test_a_picture_that_ends_its_worker() -> None:
    harness = Harness()
    harness.watch()
    number = harness.sent[0].number
    for _ in range(MAX_CRASHES - 1):
        harness.channels.killed(number)
        harness.channels.killed(number + 1)  # another's
    harness.frame(b"it works")
    for _ in range(MAX_CRASHES - 1):
        harness.channels.killed(number)
    assert harness.refused == []
    harness.channels.killed(number)
    (error,) = harness.refused
    assert error["code"] == ProbeFailed.code
    assert isinstance(harness.sent[-1], msg.Unwatch)
    with pytest.raises(ProbeFailed):  # whoever asks, and however often
        harness.watch()
    harness.watch(probe="weights")
