"""Commands to runs: checked at the door, and carried out once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from livenet.engine import messages as msg
from livenet.engine.server.registry import RunRegistry
from livenet.engine.server.requests import Requests
from livenet.errors import CommandError, LivenetError
from livenet.settings import Settings
from livenet.spec import changed
from livenet.store import Run
from livenet.wire.messages import Message, Pause, Set

KEPT = 64  # answers a run


@dataclass(frozen=True)
class Answer:
    """What was commanded, and the step at which it took effect."""

    command: object
    step: asyncio.Future[int]


class IdempotencyKeys:
    """Answers by run and by the key that a command bears.

    Only answers are remembered: a command that was refused has changed nothing, and is tried anew.
    """

    def __init__(self) -> None:
        self._runs: dict[str, OrderedDict[str, Answer]] = {}

    async def once(
        self, run: str, key: str, command: object, carry_out: Callable[[], Awaitable[int]]
    ) -> int:
        """The answer; of the first command with this key, where it has one.

        Raises CommandError where that was another command: this one would not be carried out.
        """
        if not key:  # as a task, too: commands take effect in the order in which they came
            return await asyncio.ensure_future(carry_out())
        answers = self._runs.setdefault(run, OrderedDict())
        if key not in answers:
            answer = asyncio.ensure_future(carry_out())
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

    def forget(self, run: str) -> None:
        self._runs.pop(run, None)


def _forget_failure(answers: OrderedDict[str, Answer], key: str, done: asyncio.Future[int]) -> None:
    found = answers.get(key)
    if (done.cancelled() or done.exception()) and found and found.step is done:
        del answers[key]


def _drop_oldest(answers: OrderedDict[str, Answer]) -> None:
    """Forgets old answers over the limit; commands that are still under way are kept."""
    ended = [key for key, answer in answers.items() if answer.step.done()]
    for key in ended[: max(0, len(answers) - KEPT)]:
        del answers[key]


class Commands:
    """What people command of runs, and what this server does by itself."""

    def __init__(self, settings: Settings, registry: RunRegistry, requests: Requests) -> None:
        self._settings = settings
        self._registry = registry
        self._requests = requests
        self._idempotency = IdempotencyKeys()
        self._tasks: set[asyncio.Task[None]] = set()

    async def command(self, run: str, command: Message, key: str = "") -> int:
        """See livenet.engine.base.Engine."""
        self._registry.touch(run)
        return await self._idempotency.once(
            run, key, command, lambda: self._carry_out(run, command)
        )

    async def _carry_out(
        self, run: str, command: Message, reason: LivenetError | None = None
    ) -> int:
        found = self._registry.run(run)
        if isinstance(command, Set):  # the worker does not know this server's limits
            changed(found.spec_at(found.step), command.changes, self._settings.limits)
        why = reason.document() if reason else None
        return int(await self._requests.command(run, lambda ref: msg.Do(ref, run, command, why)))

    def pause_because(self, run: Run, reason: LivenetError) -> None:
        """Pauses a run that runs, soon, and has it say why."""
        task = asyncio.create_task(self._pause_because(run, reason))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pause_because(self, run: Run, reason: LivenetError) -> None:
        try:
            await self._carry_out(run.id, Pause(kind="pause"), reason)
        except LivenetError:  # it has come to rest by itself, or is gone
            return

    def forget(self, run: str) -> None:
        self._idempotency.forget(run)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()
