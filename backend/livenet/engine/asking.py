"""Questions to workers that wait for their answers."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

from livenet.engine import messages as say
from livenet.engine.process import WorkerProcess
from livenet.errors import LivenetError


class Asking:
    """What is asked of which worker, by number."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._waiting: dict[int, tuple[WorkerProcess, asyncio.Future[Any]]] = {}

    async def ask(self, worker: WorkerProcess, message: Callable[[int], say.Do | say.Look]) -> Any:
        """Sends a message that bears a number, and waits for the reply to it.

        Raises what the worker replies with, or what ``lost`` is told.
        """
        number = next(self._numbers)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = (worker, future)
        try:
            worker.send(message(number))
            return await future
        finally:
            del self._waiting[number]

    def replied(self, reply: say.Reply) -> None:
        """An answer; one that nobody waits for any more is dropped."""
        _, future = self._waiting.get(reply.ref, (None, None))
        if future is None or future.done():
            return
        if reply.error:
            future.set_exception(reply.error)
        else:
            future.set_result(reply.value)

    def lost(self, worker: WorkerProcess, error: LivenetError) -> None:
        """A worker is gone: nobody waits for it in vain."""
        for asked, future in self._waiting.values():
            if asked is worker and not future.done():
                future.set_exception(error)
