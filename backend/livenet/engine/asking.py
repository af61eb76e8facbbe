"""Questions to workers that wait for their answers."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

from livenet.engine import messages as say
from livenet.engine.placing import Placing
from livenet.engine.process import WorkerProcess
from livenet.engine.roster import Roster
from livenet.errors import EngineFailure, LivenetError

MOST_TRIES = 3  # of one question, where workers die over it

Question = Callable[[int], say.Do | say.Look]


class Unanswered(Exception):
    """The worker that was asked has died, or has given the run away: nothing was done."""


class Asking:
    """What is asked of which worker, by number."""

    def __init__(self, roster: Roster, placing: Placing) -> None:
        self._roster = roster
        self._placing = placing
        self._numbers = itertools.count(1)
        self._waiting: dict[int, tuple[WorkerProcess, str, asyncio.Future[Any]]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    async def ask(self, run: str, message: Question) -> Any:
        """Sends a message about a run that bears a number, and waits for the answer to it.

        It goes to the run's worker (to any, for a run that has none), and where that dies or gives
        the run away, to the next one. Raises what the worker replies with, what ``gone`` is told,
        or EngineFailure where one worker after the other dies.
        """
        for _ in range(MOST_TRIES):
            worker = self._placing.home(run) or self._placing.least_loaded()
            try:
                return await self._once(worker, run, message)
            except Unanswered:
                self._roster.run(run)  # it may be gone by now
        raise EngineFailure(
            "The worker died each time that it was asked for this", hint="Ask for something else."
        )

    async def _once(self, worker: WorkerProcess, run: str, message: Question) -> Any:
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
