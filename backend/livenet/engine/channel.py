"""Channels: one probe with one set of options each, and all who watch it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from livenet.engine import messages as say
from livenet.engine.base import Deliver, Refuse, Watch, channel_of

Send = Callable[[say.Watch | say.Unwatch | say.Taken], None]


@dataclass
class Channel:
    """One encode a frame, whoever watches; the last frame is there for who comes later."""

    watchers: list[Watcher] = field(default_factory=list)
    last: bytes | None = None
    asked: bool = True  # whether the worker may send the next

    @property
    def fps(self) -> float:
        return max((watcher.fps for watcher in self.watchers), default=0.0)


@dataclass(eq=False)
class Watcher:
    """One who watches a channel; see livenet.engine.base.Watch."""

    fps: float
    deliver: Deliver
    refuse: Refuse
    on_taken: Callable[[], None] = lambda: None
    on_leave: Callable[[], None] = lambda: None

    def taken(self) -> None:
        self.on_taken()

    def leave(self) -> None:
        self.on_leave()


class Channels:
    """All channels of one run; ``send`` tells its worker what is watched."""

    def __init__(self, run: str, send: Send) -> None:
        self.run = run
        self.send = send
        self._channels: dict[str, Channel] = {}

    def __len__(self) -> int:
        return len(self._channels)

    def watch(self, probe: str, options: Mapping[str, Any], watcher: Watcher) -> Watch:
        """Joins or opens a channel."""
        name = channel_of(probe, options, None)
        channel = self._channels.setdefault(name, Channel())
        before = channel.fps
        channel.watchers.append(watcher)
        watcher.on_taken = lambda: self._taken(name, channel)
        watcher.on_leave = lambda: self._leave(name, channel, watcher)
        if watcher.fps > before:
            self.send(say.Watch(self.run, name, probe, dict(options), watcher.fps))
        if channel.last is not None:
            watcher.deliver(channel.last)
        return watcher

    def _taken(self, name: str, channel: Channel) -> None:
        if not channel.asked:
            channel.asked = True
            self.send(say.Taken(self.run, name))

    def _leave(self, name: str, channel: Channel, watcher: Watcher) -> None:
        if watcher not in channel.watchers:
            return
        channel.watchers.remove(watcher)
        if not channel.watchers and self._channels.get(name) is channel:
            del self._channels[name]
            self.send(say.Unwatch(self.run, name))

    def framed(self, message: say.Framed) -> None:
        """Hands a frame to all who watch; a refusal ends its channel."""
        channel = self._channels.get(message.channel)
        if channel is None:
            return
        if message.error:
            del self._channels[message.channel]
            for watcher in list(channel.watchers):
                watcher.refuse(message.error.document())
        elif message.data is not None:
            channel.last, channel.asked = message.data, False
            for watcher in list(channel.watchers):
                watcher.deliver(message.data)
