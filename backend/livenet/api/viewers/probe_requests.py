"""One viewer's looks at steps of the past: so many at a time, and none that is no longer wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from livenet.errors import LivenetError

MOST_LOOKS = 8

Ask = Callable[[], Coroutine[Any, Any, bytes]]


class ProbeRequests:
    """Each costs a worker the replay of some steps, so that one viewer has so many under way at a
    time; whoever drags along the timeline drops those that are no longer wanted, and the engine
    with them."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(MOST_LOOKS)
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(
        self, ask: Ask, deliver: Callable[[bytes], None], refuse: Callable[[dict[str, str]], None]
    ) -> ProbeRequest:
        """Asks once there is room, and hands on the answer, unless it is left before."""
        task = asyncio.create_task(self._look(ask, deliver, refuse))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return ProbeRequest(task)

    async def _look(
        self, ask: Ask, deliver: Callable[[bytes], None], refuse: Callable[[dict[str, str]], None]
    ) -> None:
        async with self._room:
            try:
                deliver(await ask())
            except LivenetError as error:
                refuse(error.document())

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class ProbeRequest:
    """A look, as a watch: one picture, and no more."""

    def __init__(self, task: asyncio.Task[None]) -> None:
        self._task = task

    def taken(self) -> None:
        pass

    def leave(self) -> None:
        self._task.cancel()
