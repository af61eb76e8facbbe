"""A channel: one probe with one set of options, and all who watch it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from livenet.engine.base import Deliver, Refuse


@dataclass(eq=False)
class Watcher:
    fps: float
    deliver: Deliver
    refuse: Refuse


@dataclass
class Channel:
    """One encode a frame, whoever watches; the last frame is there for who comes later."""

    probe: str
    options: dict[str, Any]
    watchers: list[Watcher] = field(default_factory=list)
    last: bytes | None = None

    @property
    def fps(self) -> float:
        return max(watcher.fps for watcher in self.watchers)

    def deliver(self, data: bytes) -> None:
        self.last = data
        for watcher in list(self.watchers):
            watcher.deliver(data)

    def refuse(self, error: dict[str, str]) -> None:
        for watcher in list(self.watchers):
            watcher.refuse(error)
