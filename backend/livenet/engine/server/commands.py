"""Commands to runs: checked at the door, and carried out once."""

from __future__ import annotations

import asyncio

from livenet.engine import messages as msg
from livenet.engine.server.idempotency import IdempotencyKeys
from livenet.engine.server.registry import RunRegistry
from livenet.engine.server.requests import Requests
from livenet.errors import LivenetError
from livenet.settings import Settings
from livenet.spec import changed
from livenet.store import Run
from livenet.wire.messages import Message, Pause, Set


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
