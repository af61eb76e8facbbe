"""Questions to workers that wait for their answers."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

from livenet.engine import messages as say
from livenet.engine.process import WorkerProcess
from livenet.errors import LivenetError


class Unanswered(Exception):
    """The worker that was asked has died, or has given the run away: nothing was done."""


class Asking:
    """What is asked of which worker, by number."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._waiting: dict[int, tuple[WorkerProcess, str, asyncio.Future[Any]]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    async def ask(
        self, worker: WorkerProcess, run: str, message: Callable[[int], say.Do | say.Look]
    ) -> Any:
        """Sends a message about a run that bears a number, and waits for the answer to it.

        Raises what the worker replies with, Unanswered where it cannot, or what ``gone`` is told.
        """
        number = next(self._numbers)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = (worker, run, future)
        try:
            worker.send(message(number))
            return await future
        finally:
            del self._waiting[number]

    def answered(self, number: int, value: Any, error: Exception | None = None) -> None:
        """An answer; one that nobody waits for any more is dropped."""
        _, _, future = self._waiting.get(number, (None, "", None))
        if future is None or future.done():
            return
        if error:
            future.set_exception(error)
        else:
            future.set_result(value)

    def lost(self, worker: WorkerProcess) -> None:
        """A worker is gone: what it was asked is asked again, of whoever takes over."""
        for number, (asked, _, _) in list(self._waiting.items()):
            if asked is worker:
                self.answered(number, None, Unanswered())

    def gone(self, run: str, error: LivenetError) -> None:
        """A run is gone: nobody waits for it in vain."""
        for number, (_, about, _) in list(self._waiting.items()):
            if about == run:
                self.answered(number, None, error)
