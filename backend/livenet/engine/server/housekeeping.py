"""Periodic work of an engine: balances loads, pauses unwatched runs, deletes unused ones."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from time import monotonic
from typing import Protocol

from livenet.engine.server.commands import Commands
from livenet.engine.server.periodic import periodically
from livenet.engine.server.scheduler import Scheduler
from livenet.errors import Unwatched
from livenet.settings import Settings
from livenet.store import Run

CHECK_INTERVAL = 1.0
SAVE_EVERY = 30.0


class HousekeepingEngine(Protocol):
    """The part of an engine that housekeeping uses."""

    settings: Settings

    def runs(self) -> Iterable[Run]: ...

    def idle_seconds(self, run: Run) -> float: ...

    def save(self, run: Run) -> None: ...

    async def delete(self, run: str) -> None: ...


class Housekeeping:
    """Maintains an engine's runs, once a second."""

    def __init__(
        self, engine: HousekeepingEngine, scheduler: Scheduler, commands: Commands
    ) -> None:
        self._engine = engine
        self._scheduler = scheduler
        self._commands = commands
        self._task: asyncio.Task[None] | None = None
        self._saved = monotonic()

    def start(self) -> None:
        self._task = asyncio.create_task(periodically(CHECK_INTERVAL, self._work))

    def close(self) -> None:
        if self._task:
            self._task.cancel()

    async def _work(self) -> None:
        self._scheduler.balance()
        await self._clean_up()
        if monotonic() - self._saved >= SAVE_EVERY:
            self._saved = monotonic()
            for run in self._engine.runs():
                if run.status == "running":
                    self._engine.save(run)

    async def _clean_up(self) -> None:
        """Pauses endless runs that are unwatched; deletes long unused runs that are not running."""
        settings = self._engine.settings
        for run in list(self._engine.runs()):
            idle = self._engine.idle_seconds(run)
            if run.status == "running":
                if idle >= settings.unwatched_seconds and run.in_force.training.steps is None:
                    self._commands.pause_because(run, _unwatched(settings.unwatched_seconds))
            elif run.status != "queued" and not run.pinned and idle >= settings.idle_seconds:
                await self._engine.delete(run.id)


def _unwatched(seconds: float) -> Unwatched:
    return Unwatched(
        f"Nobody has watched this run for {seconds / 60:.0f} minutes, so it was paused",
        hint="Resume it to continue.",
    )
