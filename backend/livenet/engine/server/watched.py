"""The pictures of all runs that somebody watches."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from livenet.engine import messages as msg
from livenet.engine.base import Watch
from livenet.engine.server.channel import Channel, Channels, Send, Watcher
from livenet.engine.server.crashes import Crashes
from livenet.errors import LivenetError


class WatchedPictures:
    """Channels by run. ``numbers`` is shared with all else that has turns in a worker."""

    def __init__(self, numbers: itertools.count[int], crashes: Crashes) -> None:
        self._numbers = numbers
        self._crashes = crashes
        self._channels: dict[str, Channels] = {}

    def __len__(self) -> int:
        """Pictures, of whatever run."""
        return sum(len(channels) for channels in self._channels.values())

    def __contains__(self, run: str) -> bool:
        """Whether somebody watches a run."""
        return bool(self._channels.get(run))

    def watch(
        self, run: str, probe: str, options: Mapping[str, Any], watcher: Watcher, send: Send
    ) -> Watch:
        """Joins or opens a channel; ``send`` tells the run's worker, whichever it is by then."""
        if run not in self._channels:
            self._channels[run] = Channels(run, self._numbers, self._crashes, send)
        return self._channels[run].watch(probe, options, watcher)

    def of(self, run: str) -> list[Channel]:
        """What is watched of a run."""
        return list(self._channels.get(run, ()))

    def show(self, run: str, channel: Channel, data: bytes) -> None:
        """Hands a frame to all who watch a channel."""
        if channels := self._channels.get(run):
            channels.show(channel, data)

    def refuse(self, run: str, channel: Channel, error: LivenetError) -> None:
        """Ends a channel, and tells all who watch it why."""
        if channels := self._channels.get(run):
            channels.refuse(channel, error)

    def reopened(self, run: str) -> None:
        """A run was sent to a worker, which knows of no watch."""
        if channels := self._channels.get(run):
            channels.reopened()

    def framed(self, message: msg.Framed) -> None:
        """Hands a frame to all who watch it."""
        if channels := self._channels.get(message.run):
            channels.framed(message)

    def killed(self, number: int) -> None:
        """A worker has died in the turn of this number, which may be a picture's."""
        for channels in list(self._channels.values()):
            channels.killed(number)

    def forget(self, run: str) -> None:
        self._channels.pop(run, None)
