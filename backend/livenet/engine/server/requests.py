"""Requests to workers that await a reply."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from livenet.engine import messages as msg
from livenet.engine.server.crashes import Crashes
from livenet.engine.server.process import WorkerProcess
from livenet.engine.server.registry import RunRegistry
from livenet.engine.server.scheduler import Scheduler
from livenet.errors import EngineFailure, LivenetError, WrongState

MOST_TRIES = 10  # of one request, if workers die while it waits, for any reason

Question = Callable[[int], msg.CommandRequest | msg.ProbeRequest]


class Unanswered(Exception):
    """The worker has died or has given the run away: nothing was done."""


@dataclass(frozen=True, eq=False)
class Waiting:
    """A request that was sent to a worker; ``picture`` names the picture of a probe request."""

    worker: WorkerProcess
    message: msg.CommandRequest | msg.ProbeRequest
    picture: str
    answer: asyncio.Future[Any]


class Requests:
    """Pending requests by number, each with its worker."""

    def __init__(self, registry: RunRegistry, scheduler: Scheduler, crashes: Crashes) -> None:
        self._registry = registry
        self._scheduler = scheduler
        self._crashes = crashes
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Waiting] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    async def command(self, run: str, message: Callable[[int], msg.CommandRequest]) -> Any:
        """Has a run's worker carry out a command, and waits for the answer.

        If the worker dies or gives the run away, the command is sent to the next worker. Raises the
        error of the worker's reply, the error passed to ``gone``, WrongState for a run that no
        worker has, or EngineFailure if one worker after another dies.
        """
        return await self._ask(run, message, "")

    async def probe(
        self, run: str, picture: str, message: Callable[[int], msg.ProbeRequest]
    ) -> Any:
        """The answer to a probe request, from the run's worker or, if it has none, from any.

        Raises as ``command`` does, and ProbeFailed for a picture that crashes its workers. If it
        is cancelled, the worker is sent a CancelRequest.
        """
        self._crashes.check(run, picture)
        value = await self._ask(run, message, picture)
        self._crashes.made(run, picture)
        return value

    async def _ask(self, run: str, message: Question, picture: str) -> Any:
        for _ in range(MOST_TRIES):
            worker = self._scheduler.home(run)
            if worker is None and not picture:
                raise WrongState(
                    "This run has failed, and takes no commands",
                    path="kind",
                    hint="Fork it to continue.",
                )
            try:
                return await self._once(worker or self._scheduler.least_loaded(), message, picture)
            except Unanswered:
                self._registry.run(run)  # it may be deleted by now
                self._crashes.check(run, picture)
        raise EngineFailure(
            "The worker died each time that it was asked for this", hint="Try again in a moment."
        )

    async def _once(self, worker: WorkerProcess, question: Question, picture: str) -> Any:
        number = next(self._numbers)
        message = question(number)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = Waiting(worker, message, picture, future)
        try:
            worker.send(message)
            return await future
        except asyncio.CancelledError:
            if isinstance(message, msg.ProbeRequest):
                worker.send(msg.CancelRequest(number))
            raise
        finally:
            del self._waiting[number]

    def fetched(self, worker: WorkerProcess, number: int) -> None:
        """Sends the snapshot before the step of a probe request to the worker that needs it."""
        found = self._waiting.get(number)
        if found is None or not isinstance(found.message, msg.ProbeRequest):
            return  # cancelled, which is reported to the worker, too
        run, step = self._registry.get(found.message.run), found.message.step
        if run is not None and step is not None:
            worker.send(
                msg.SnapshotReply(number, run.snapshot_before(step), run.journal_before(step))
            )

    def answered(self, number: int, value: Any, error: Exception | None = None) -> None:
        """Handles an answer; the answer to a cancelled request is dropped."""
        found = self._waiting.get(number)
        if found is None or found.answer.done():
            return
        if error:
            found.answer.set_exception(error)
        else:
            found.answer.set_result(value)

    def lost(self, worker: WorkerProcess) -> None:
        """Repeats the requests to a worker that is gone, to the worker that takes over."""
        culprit = worker.heartbeat.turn
        asked = [(key, one) for key, one in self._waiting.items() if one.worker is worker]
        guilty = {
            (one.message.run, one.picture)
            for _, one in asked
            if isinstance(one.message, msg.ProbeRequest) and one.message.number == culprit
        }
        for run, picture in guilty:
            self._crashes.died(run, picture)
        for number, _ in asked:
            self.answered(number, None, Unanswered())

    def gone(self, run: str, error: LivenetError) -> None:
        """Ends all requests of a run that is gone with an error."""
        for number, one in list(self._waiting.items()):
            if one.message.run == run:
                self.answered(number, None, error)
