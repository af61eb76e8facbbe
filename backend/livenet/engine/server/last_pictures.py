"""The last picture of a run that no worker has any more, for those who watch it.

Such a run has failed, and goes no further: what it had come to is made from its snapshots, once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from livenet.engine.server.channels import Channel, WatchedPictures, Watcher
from livenet.errors import LivenetError

ProbeRequest = Callable[[Channel], Awaitable[bytes]]


class LastPictures:
    """Pictures under way. ``look`` makes that of a channel."""

    def __init__(self, watched: WatchedPictures) -> None:
        self._watched = watched
        self._tasks: set[asyncio.Task[None]] = set()

    def show_all(self, run: str, look: ProbeRequest) -> None:
        """Shows the last of a run that has just failed to all who watch it."""
        for channel in self._watched.of(run):
            self._begin(self._show(run, channel, look))

    def show(self, watcher: Watcher, look: Callable[[], Awaitable[bytes]]) -> None:
        """Shows the last picture to one who comes later."""
        task = self._begin(self._hand_to(watcher, look))

        def leave() -> None:
            task.cancel()

        watcher.on_leave = leave

    async def _show(self, run: str, channel: Channel, look: ProbeRequest) -> None:
        try:
            self._watched.show(run, channel, await look(channel))
        except LivenetError as error:
            self._watched.refuse(run, channel, error)

    async def _hand_to(self, watcher: Watcher, look: Callable[[], Awaitable[bytes]]) -> None:
        try:
            watcher.deliver(await look())
        except LivenetError as error:
            watcher.refuse(error.document())

    def _begin(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
