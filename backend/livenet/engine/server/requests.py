"""Requests to workers that await a reply."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from livenet.engine import messages as msg
from livenet.engine.server.crashes import Crashes
from livenet.engine.server.process import WorkerProcess
from livenet.engine.server.registry import RunRegistry
from livenet.engine.server.scheduler import Scheduler
from livenet.errors import EngineFailure, LivenetError, WrongState
from livenet.wire.journal import Entry
from livenet.wire.messages import EditParameters, Set

MAX_TRIES = 10  # of one request, if workers die while it waits, for any reason

MessageFactory = Callable[[int], msg.CommandRequest | msg.ProbeRequest]


class WorkerLost(Exception):
    """The worker has died or has given the run away: nothing was done."""


@dataclass(eq=False)
class PendingRequest:
    """A request that was sent to a worker; ``picture`` names the picture of a probe request."""

    worker: WorkerProcess
    message: msg.CommandRequest | msg.ProbeRequest
    picture: str
    future: asyncio.Future[Any]
    carried_out: bool = False
    """Whether the worker has answered: the answer waits for the store."""

    @cached_property
    def entry_size(self) -> int | None:
        """Bytes of the journal entry that its command makes; None if it makes none."""
        if not isinstance(self.message, msg.CommandRequest):
            return None
        command = self.message.command
        if not isinstance(command, Set | EditParameters):
            return None
        return Entry(0, command.model_dump(mode="json")).size


class Requests:
    """Pending requests by number, each with its worker."""

    def __init__(self, registry: RunRegistry, scheduler: Scheduler, crashes: Crashes) -> None:
        self._registry = registry
        self._scheduler = scheduler
        self._crashes = crashes
        self._numbers = itertools.count(1)
        self._pending: dict[int, PendingRequest] = {}

    def __len__(self) -> int:
        return len(self._pending)

    async def command(self, run: str, message: Callable[[int], msg.CommandRequest]) -> Any:
        """Has a run's worker carry out a command, and waits for the answer.

        If the worker dies or gives the run away, the command is sent to the next worker. Raises the
        error of the worker's reply, the error passed to ``gone``, WrongState for a run that no
        worker has, or EngineFailure if one worker after another dies.
        """
        return await self._request(run, message, "")

    async def probe(
        self, run: str, picture: str, message: Callable[[int], msg.ProbeRequest]
    ) -> Any:
        """The answer to a probe request, from the run's worker or, if it has none, from any.

        Raises as ``command`` does, and ProbeFailed for a picture that crashes its workers. If it
        is cancelled, the worker is sent a CancelRequest.
        """
        self._crashes.check(run, picture)
        value = await self._request(run, message, picture)
        self._crashes.made(run, picture)
        return value

    async def _request(self, run: str, message: MessageFactory, picture: str) -> Any:
        for _ in range(MAX_TRIES):
            worker = self._scheduler.worker_of(run)
            if worker is None and not picture:
                raise WrongState(
                    "This run has failed, and accepts no commands",
                    path="kind",
                    hint="Fork it to continue.",
                )
            try:
                return await self._send_once(
                    worker or self._scheduler.least_loaded(), message, picture
                )
            except WorkerLost:
                self._registry.run(run)  # it may be deleted by now
                self._crashes.check(run, picture)
        raise EngineFailure(
            "The worker died at each attempt to answer this request", hint="Try again in a moment."
        )

    async def _send_once(
        self, worker: WorkerProcess, message_of: MessageFactory, picture: str
    ) -> Any:
        number = next(self._numbers)
        message = message_of(number)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending[number] = PendingRequest(worker, message, picture, future)
        try:
            worker.send(message)
            return await future
        except asyncio.CancelledError:
            if isinstance(message, msg.ProbeRequest):
                worker.send(msg.CancelRequest(number))
            raise
        finally:
            del self._pending[number]

    def waits(self, run: str) -> bool:
        """Whether a request of this run awaits its reply."""
        return any(one.message.run == run for one in self._pending.values())

    def entry_sizes(self, run: str) -> list[int]:
        """Bytes of the journal entries that commands under way are about to make."""
        return [
            one.entry_size
            for one in self._pending.values()
            if one.message.run == run and not one.carried_out and one.entry_size is not None
        ]

    def fetched(self, worker: WorkerProcess, number: int) -> None:
        """Sends the snapshot before the step of a probe request to the worker that needs it."""
        found = self._pending.get(number)
        if found is None or not isinstance(found.message, msg.ProbeRequest):
            return  # cancelled, which is reported to the worker, too
        run, step = self._registry.get(found.message.run), found.message.step
        if run is not None and step is not None:
            worker.send(
                msg.SnapshotReply(number, run.snapshot_before(step), run.journal_before(step))
            )

    def resolve(self, number: int, value: Any, error: Exception | None = None) -> None:
        """Handles an answer; the answer to a cancelled request is dropped."""
        found = self._pending.get(number)
        if found is None or found.future.done():
            return
        if error:
            found.future.set_exception(error)
        else:
            found.future.set_result(value)

    def carried_out(self, number: int) -> None:
        """The worker has answered, and the answer follows: the request is not repeated."""
        if found := self._pending.get(number):
            found.carried_out = True

    def lost(self, worker: WorkerProcess) -> None:
        """Repeats the requests to a worker that is gone, to the worker that takes over."""
        culprit = worker.heartbeat.current
        pending = [
            (key, one)
            for key, one in self._pending.items()
            if one.worker is worker and not one.carried_out
        ]
        crashed = {
            (one.message.run, one.picture)
            for _, one in pending
            if isinstance(one.message, msg.ProbeRequest) and one.message.number == culprit
        }
        for run, picture in crashed:
            self._crashes.died(run, picture)
        for number, one in pending:
            if isinstance(one.message, msg.ProbeRequest):  # it may be late and not gone
                worker.send(msg.CancelRequest(number))
            self.resolve(number, None, WorkerLost())

    def gone(self, run: str, error: LivenetError) -> None:
        """Ends all requests of a run that is gone with an error."""
        for number, one in list(self._pending.items()):
            if one.message.run == run:
                self.resolve(number, None, error)
