"""Commands to runs: checked on arrival, and carried out once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from livenet.engine import messages as msg
from livenet.engine.server.admission import Admission
from livenet.engine.server.journal_limits import check_journal
from livenet.engine.server.lasting import lasting
from livenet.engine.server.registry import RunRegistry
from livenet.engine.server.requests import Requests
from livenet.errors import CommandError, LivenetError
from livenet.settings import Settings
from livenet.spec import changed
from livenet.store import Run
from livenet.wire.journal import Entry
from livenet.wire.messages import EditParameters, Message, Pause, Resume, Set, StepOn

KEPT = 64  # answers per run


@dataclass(frozen=True)
class Answer:
    """A command, and the step at which it took effect."""

    command: object
    step: asyncio.Future[int]


class IdempotencyKeys:
    """Answers by run and by the key of a command.

    Only answers are kept: a refused command has changed nothing, and is tried again.
    """

    def __init__(self) -> None:
        self._runs: dict[str, OrderedDict[str, Answer]] = {}

    async def once(
        self, run: str, key: str, command: object, carry_out: Callable[[], Coroutine[Any, Any, int]]
    ) -> int:
        """Returns the answer; that of the first command with this key, if there is one.

        Raises CommandError if the first was a different command: this one would not be carried out.
        A caller that is cancelled does not cancel the command, which its worker may have by then.
        """
        if not key:  # as a task, too: commands take effect in the order of their arrival
            return await asyncio.shield(lasting(carry_out()))
        answers = self._runs.setdefault(run, OrderedDict())
        if key not in answers:
            answer = lasting(carry_out())
            answers[key] = Answer(command, answer)
            answer.add_done_callback(lambda done: _forget_failure(answers, key, done))
            _drop_oldest(answers)
        elif answers[key].command != command:
            raise CommandError(
                f"Idempotency-Key {key!r} came with another command before",
                path="Idempotency-Key",
                hint="Take a new key for each command, and the same one to send it again.",
            )
        return await asyncio.shield(answers[key].step)

    def remove_run(self, run: str) -> None:
        self._runs.pop(run, None)


def _forget_failure(answers: OrderedDict[str, Answer], key: str, done: asyncio.Future[int]) -> None:
    found = answers.get(key)
    if (done.cancelled() or done.exception()) and found and found.step is done:
        del answers[key]


def _drop_oldest(answers: OrderedDict[str, Answer]) -> None:
    """Drops old answers over the limit; commands in progress are kept."""
    ended = [key for key, answer in answers.items() if answer.step.done()]
    for key in ended[: max(0, len(answers) - KEPT)]:
        del answers[key]


class Commands:
    """Commands of users to runs, and commands of the server itself."""

    def __init__(
        self,
        settings: Settings,
        registry: RunRegistry,
        requests: Requests,
        admission: Admission,
    ) -> None:
        self._settings = settings
        self._registry = registry
        self._requests = requests
        self._admission = admission
        self._idempotency = IdempotencyKeys()
        self._tasks: set[asyncio.Task[None]] = set()
        self._scheduled: set[str] = set()
        """Runs with a command of the server itself under way."""

    async def command(
        self,
        run: str,
        command: Message,
        key: str = "",
        reason: LivenetError | None = None,
        *,
        chosen: bool = True,
    ) -> int:
        """See livenet.engine.base.Engine."""
        self._registry.touch(run)
        return await self._idempotency.once(
            run, key, command, lambda: self._of_user(run, command, reason, chosen)
        )

    async def _of_user(
        self, run: str, command: Message, reason: LivenetError | None, chosen: bool
    ) -> int:
        """Carries out a command, or queues the run if it may not train now."""
        if not isinstance(command, Resume | StepOn):
            return await self._carry_out(run, command, reason)
        found = self._registry.run(run)
        if not self._admission.may_train(found, chosen=chosen):
            return await self._carry_out(run, command, reason, queued=True)
        with self._admission.starting(found):
            return await self._carry_out(run, command, reason)

    async def start(self, run: str) -> None:
        """Starts a queued run, for which there is a place."""
        await self._carry_out(run, msg.Admit())

    async def _carry_out(
        self,
        run: str,
        command: Message,
        reason: LivenetError | None = None,
        *,
        queued: bool = False,
    ) -> int:
        found = self._registry.run(run)
        if isinstance(command, Set):  # the worker does not have this server's limits
            changed(found.spec_at(found.step), command.changes, self._settings.limits)
        if isinstance(command, Set | EditParameters):
            self._check_journal(found, Entry(found.step, command.model_dump(mode="json")))
        why = reason.document() if reason else None
        return int(
            await self._requests.command(
                run, lambda ref: msg.CommandRequest(ref, run, command, why, queued)
            )
        )

    def _check_journal(self, run: Run, entry: Entry) -> None:
        """Raises JournalFull if a run's journal has no room for an entry.

        Entries of commands under way count, and none of them is expected to take the place of
        another.
        """
        sizes = [entry.size, *self._requests.entry_sizes(run.id)]
        journal = run.journal
        check_journal(len(journal) + len(sizes), journal.size + sum(sizes), self._settings)

    def pause_because(self, run: Run, reason: LivenetError) -> None:
        """Schedules a pause of a running run, which then shows the reason."""
        self._schedule(run, Pause(kind="pause"), reason)

    def resume(self, run: Run) -> None:
        """Schedules the resumption of a run that the server has paused."""
        self._schedule(run, Resume(kind="resume"))

    def _schedule(self, run: Run, command: Message, reason: LivenetError | None = None) -> None:
        if run.id in self._scheduled:
            return
        self._scheduled.add(run.id)
        task = asyncio.create_task(self._try(run, command, reason))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _try(self, run: Run, command: Message, reason: LivenetError | None) -> None:
        try:
            await self._carry_out(run.id, command, reason)
        except LivenetError:  # it has paused or ended by itself, or is deleted
            return
        finally:
            self._scheduled.discard(run.id)

    def remove_run(self, run: str) -> None:
        self._idempotency.remove_run(run)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()
