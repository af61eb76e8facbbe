"""One picture, and all who watch it."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from livenet.engine import messages as msg
from livenet.engine.server.channels import Channels, Watcher
from livenet.engine.server.crashes import MOST as MOST_DEATHS
from livenet.engine.server.crashes import Crashes
from livenet.errors import ProbeFailed


class Stage:
    def __init__(self) -> None:
        self.said: list[Any] = []
        self.refused: list[dict[str, str]] = []
        self.channels = Channels("run", itertools.count(1), Crashes(), self.said.append)

    def watch(self, fps: float = 30.0, probe: str = "decision") -> tuple[Any, list[bytes]]:
        shown: list[bytes] = []
        watcher = Watcher(fps, shown.append, self.refused.append)
        return self.channels.watch(probe, {}, watcher), shown

    def frame(self, data: bytes) -> None:
        name = next(one.channel for one in reversed(self.said) if isinstance(one, msg.Watch))
        self.channels.framed(msg.ChannelFrame("run", 1, name, 1, data))

    def asked(self) -> int:
        return sum(isinstance(one, msg.FrameAck) for one in self.said)


def test_asked_for_once_whoever_takes() -> None:
    stage = Stage()
    watches = [stage.watch()[0] for _ in range(3)]
    for watch in watches:
        watch.taken()
    assert stage.asked() == 0  # the first is on its way
    stage.frame(b"1")
    assert stage.asked() == 0
    for watch in (watches[1], watches[1], watches[2]):
        watch.taken()
    assert stage.asked() == 1
    watches[0].taken()
    assert stage.asked() == 1


def test_nothing_for_those_who_take_nothing() -> None:
    stage = Stage()
    slow, shown = stage.watch()
    stage.frame(b"1")
    assert shown == [b"1"]
    assert stage.asked() == 0
    late, seen = stage.watch()
    assert seen == [b"1"]
    late.taken()
    assert stage.asked() == 1
    slow.leave()
    late.leave()
    assert isinstance(stage.said[-1], msg.Unwatch)
    assert len(stage.channels) == 0


def test_rate_is_that_of_the_fastest() -> None:
    stage = Stage()
    stage.watch(10.0)
    fast, _ = stage.watch(30.0)
    stage.watch(20.0)
    assert [one.fps for one in stage.said] == [10.0, 30.0]
    fast.leave()
    assert stage.said[-1].fps == 20.0


def test_said_again_to_a_new_worker() -> None:
    stage = Stage()
    watch, _ = stage.watch()
    stage.watch(probe="weights")
    stage.frame(b"1")
    stage.said.clear()
    stage.channels.reopened()
    assert [one.probe for one in stage.said] == ["decision", "weights"]
    watch.taken()  # of a frame of the old one: the new one has been asked already
    assert stage.asked() == 0


def test_a_picture_that_ends_its_worker() -> None:
    stage = Stage()
    stage.watch()
    number = stage.said[0].number
    for _ in range(MOST_DEATHS - 1):
        stage.channels.killed(number)
        stage.channels.killed(number + 1)  # another's
    stage.frame(b"it works")
    for _ in range(MOST_DEATHS - 1):
        stage.channels.killed(number)
    assert stage.refused == []
    stage.channels.killed(number)
    (error,) = stage.refused
    assert error["code"] == ProbeFailed.code
    assert isinstance(stage.said[-1], msg.Unwatch)
    with pytest.raises(ProbeFailed):  # whoever asks, and however often
        stage.watch()
    stage.watch(probe="weights")
