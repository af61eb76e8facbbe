"""The last picture of a failed run, which has no worker, for its watchers.

The picture of its last step is made once, from its snapshots.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from livenet.engine.server.channels import Channel, WatchedPictures, Watcher
from livenet.errors import LivenetError

ProbeRequest = Callable[[Channel], Awaitable[bytes]]


class LastPictures:
    """Last pictures in progress. ``request`` makes the picture of a channel."""

    def __init__(self, watched: WatchedPictures) -> None:
        self._watched = watched
        self._tasks: set[asyncio.Task[None]] = set()

    def show_all(self, run: str, request: ProbeRequest) -> None:
        """Sends the last picture of a run that has just failed to all its watchers."""
        for channel in self._watched.of(run):
            self._begin(self._show(run, channel, request))

    def show(self, watcher: Watcher, request: Callable[[], Awaitable[bytes]]) -> None:
        """Sends the last picture to a watcher that joins later."""
        task = self._begin(self._deliver(watcher, request))

        def cancel() -> None:
            task.cancel()

        watcher.on_cancel = cancel

    async def _show(self, run: str, channel: Channel, request: ProbeRequest) -> None:
        try:
            self._watched.show(run, channel, await request(channel))
        except LivenetError as error:
            self._watched.refuse(run, channel, error)

    async def _deliver(self, watcher: Watcher, request: Callable[[], Awaitable[bytes]]) -> None:
        try:
            watcher.deliver(await request())
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
