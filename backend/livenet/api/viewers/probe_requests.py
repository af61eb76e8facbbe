"""One viewer's requests for pictures at earlier steps: bounded, and cancelled if obsolete."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from livenet.errors import LivenetError

MAX_REQUESTS = 8

Request = Callable[[], Coroutine[Any, Any, bytes]]


class ProbeRequests:
    """Each request makes a worker replay some steps, so the requests of one viewer in progress are
    limited. A viewer that drags along the timeline cancels obsolete requests, in the engine
    too."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(MAX_REQUESTS)
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(
        self,
        request: Request,
        deliver: Callable[[bytes], None],
        refuse: Callable[[dict[str, str]], None],
    ) -> ProbeRequest:
        """Sends the request once there is room, and passes on the answer unless cancelled."""
        task = asyncio.create_task(self._run(request, deliver, refuse))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return ProbeRequest(task)

    async def _run(
        self,
        request: Request,
        deliver: Callable[[bytes], None],
        refuse: Callable[[dict[str, str]], None],
    ) -> None:
        async with self._slots:
            try:
                deliver(await request())
            except LivenetError as error:
                refuse(error.document())

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class ProbeRequest:
    """A request as a watch that gives one picture."""

    def __init__(self, task: asyncio.Task[None]) -> None:
        self._task = task

    def request_next(self) -> None:
        pass

    def cancel(self) -> None:
        self._task.cancel()
