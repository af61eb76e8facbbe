"""One viewer's looks at steps of the past: so many at a time, and none that is no longer wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from livenet.errors import LivenetError

MOST_LOOKS = 8

Ask = Callable[[], Coroutine[Any, Any, bytes]]


class Looks:
    """Each costs a worker the replay of some steps, and the engine cannot be told to drop one: so
    those beyond the first few wait here, where whoever drags along the timeline can drop them."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(MOST_LOOKS)
        self._tasks: set[asyncio.Task[Any]] = set()

    def begin(
        self, ask: Ask, deliver: Callable[[bytes], None], refuse: Callable[[dict[str, str]], None]
    ) -> Look:
        """Asks once there is room, and hands on the answer, unless it is left before."""
        return Look(self._task(self._look(ask, deliver, refuse)))

    async def _look(
        self, ask: Ask, deliver: Callable[[bytes], None], refuse: Callable[[dict[str, str]], None]
    ) -> None:
        await self._room.acquire()
        asked = self._task(ask())
        asked.add_done_callback(lambda _: self._room.release())
        try:
            deliver(await asyncio.shield(asked))
        except LivenetError as error:
            refuse(error.document())

    def _task(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Look:
    """A look, as a watch: one picture, and no more."""

    def __init__(self, task: asyncio.Task[None]) -> None:
        self._task = task

    def taken(self) -> None:
        pass

    def leave(self) -> None:
        self._task.cancel()
