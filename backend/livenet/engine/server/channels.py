"""Watched pictures: a channel is one probe with its options, and its watchers."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from livenet.engine import messages as msg
from livenet.engine.base import Deliver, Refuse, Watch, channel_of
from livenet.engine.server.crashes import Crashes
from livenet.errors import LivenetError, ProbeFailed

Send = Callable[[msg.Watch | msg.Unwatch | msg.FrameAck], None]


@dataclass
class Channel:
    """Encodes each frame once for all watchers; keeps the last frame for those that join later."""

    name: str
    number: int  # in a worker's heartbeat
    probe: str
    options: dict[str, Any]
    watchers: list[Watcher] = field(default_factory=list)
    last: bytes | None = None
    requested: bool = True  # whether the worker may send the next

    @property
    def fps(self) -> float:
        return max((watcher.fps for watcher in self.watchers), default=0.0)


@dataclass(eq=False)
class Watcher:
    """A subscriber of a channel; see livenet.engine.base.Watch."""

    fps: float
    deliver: Deliver
    refuse: Refuse
    on_request: Callable[[], None] = lambda: None
    on_cancel: Callable[[], None] = lambda: None

    def request_next(self) -> None:
        self.on_request()

    def cancel(self) -> None:
        self.on_cancel()


class Channels:
    """All channels of one run; ``send`` sends messages to its worker."""

    def __init__(
        self, run: str, numbers: itertools.count[int], crashes: Crashes, send: Send
    ) -> None:
        self.run = run
        self._numbers = numbers
        self._crashes = crashes
        self._send = send
        self._channels: dict[str, Channel] = {}

    def __len__(self) -> int:
        return len(self._channels)

    def __iter__(self) -> Iterator[Channel]:
        return iter(list(self._channels.values()))

    def watch(self, probe: str, options: Mapping[str, Any], watcher: Watcher) -> Watch:
        """Joins or opens a channel. Raises ProbeFailed for a picture that crashes its workers."""
        name = channel_of(probe, options, None)
        self._crashes.check(self.run, name)
        channel = self._channels.get(name)
        if channel is None:
            channel = Channel(name, next(self._numbers), probe, dict(options))
            self._channels[name] = channel
        before = channel.fps
        channel.watchers.append(watcher)
        watcher.on_request = lambda: self._request_next(channel)
        watcher.on_cancel = lambda: self._remove(channel, watcher)
        if watcher.fps > before:
            self._send_watch(channel)
        if channel.last is not None:
            watcher.deliver(channel.last)
        return watcher

    def _send_watch(self, channel: Channel) -> None:
        channel.requested = True
        self._send(
            msg.Watch(
                self.run,
                channel.number,
                channel.name,
                channel.probe,
                channel.options,
                channel.fps,
            )
        )

    def _request_next(self, channel: Channel) -> None:
        if not channel.requested:
            channel.requested = True
            self._send(msg.FrameAck(self.run, channel.name))

    def _remove(self, channel: Channel, watcher: Watcher) -> None:
        if watcher not in channel.watchers:
            return
        before = channel.fps
        channel.watchers.remove(watcher)
        if self._channels.get(channel.name) is not channel:
            return
        if not channel.watchers:
            del self._channels[channel.name]
            self._send(msg.Unwatch(self.run, channel.name))
        elif channel.fps < before:
            self._send_watch(channel)

    def reopened(self) -> None:
        """Sends all watches again, to the run's new worker."""
        for channel in self._channels.values():
            self._send_watch(channel)

    def killed(self, number: int) -> None:
        """Counts a worker's death in the turn of one of these pictures. After the third in a row,
        the picture is not tried again for any viewer."""
        for channel in self:
            if channel.number == number:
                self._crashes.died(self.run, channel.name)
        for channel in self:
            try:
                self._crashes.check(self.run, channel.name)
            except ProbeFailed as error:
                self._send(msg.Unwatch(self.run, channel.name))
                self.refuse(channel, error)

    def framed(self, message: msg.ChannelFrame) -> None:
        """Delivers a frame to all watchers; a refusal ends its channel."""
        channel = self._channels.get(message.channel)
        if channel is None:
            return
        if message.error:
            self.refuse(channel, message.error)
        elif message.data is not None:
            self._crashes.made(self.run, channel.name)
            self.show(channel, message.data)

    def show(self, channel: Channel, data: bytes) -> None:
        """Delivers a frame to all watchers of a channel, and keeps it for those that join later."""
        channel.last, channel.requested = data, False
        for watcher in list(channel.watchers):
            watcher.deliver(data)

    def refuse(self, channel: Channel, error: LivenetError) -> None:
        """Ends a channel, and sends the reason to all its watchers."""
        self._channels.pop(channel.name, None)
        for watcher in list(channel.watchers):
            watcher.refuse(error.document())


class WatchedPictures:
    """Channels by run. ``numbers`` is shared with everything else that has turns in a worker."""

    def __init__(self, numbers: itertools.count[int], crashes: Crashes) -> None:
        self._numbers = numbers
        self._crashes = crashes
        self._channels: dict[str, Channels] = {}

    def __len__(self) -> int:
        """The number of watched pictures of all runs."""
        return sum(len(channels) for channels in self._channels.values())

    def __contains__(self, run: str) -> bool:
        """Whether a run has watchers."""
        return bool(self._channels.get(run))

    def watch(
        self, run: str, probe: str, options: Mapping[str, Any], watcher: Watcher, send: Send
    ) -> Watch:
        """Joins or opens a channel; ``send`` sends to the worker that has the run at that time."""
        if run not in self._channels:
            self._channels[run] = Channels(run, self._numbers, self._crashes, send)
        return self._channels[run].watch(probe, options, watcher)

    def of(self, run: str) -> list[Channel]:
        """The channels of a run."""
        return list(self._channels.get(run, ()))

    def show(self, run: str, channel: Channel, data: bytes) -> None:
        """Delivers a frame to all watchers of a channel."""
        if channels := self._channels.get(run):
            channels.show(channel, data)

    def refuse(self, run: str, channel: Channel, error: LivenetError) -> None:
        """Ends a channel, and sends the reason to all its watchers."""
        if channels := self._channels.get(run):
            channels.refuse(channel, error)

    def reopened(self, run: str) -> None:
        """Sends all watches of a run again, after it was sent to another worker."""
        if channels := self._channels.get(run):
            channels.reopened()

    def framed(self, message: msg.ChannelFrame) -> None:
        """Delivers a frame to all its watchers."""
        if channels := self._channels.get(message.run):
            channels.framed(message)

    def killed(self, number: int) -> None:
        """Handles a worker's death in the turn of this number, which may belong to a picture."""
        for channels in list(self._channels.values()):
            channels.killed(number)

    def remove_run(self, run: str) -> None:
        self._channels.pop(run, None)
