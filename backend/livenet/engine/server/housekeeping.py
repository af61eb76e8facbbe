"""Periodic work of an engine: balances loads, closes unused runs, deletes those that are unused for
long or over a budget, and pauses those that nobody watches or that cannot be saved."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from time import monotonic
from typing import Protocol

from livenet.engine.server.admission import Admission
from livenet.engine.server.budgets import Budgets, Reason
from livenet.engine.server.commands import Commands
from livenet.engine.server.periodic import periodically
from livenet.engine.server.scheduler import Scheduler
from livenet.errors import LivenetError, StoreFailure, Unwatched
from livenet.settings import Settings
from livenet.store import Run

CHECK_INTERVAL = 1.0
EXPIRY_INTERVAL = 60.0
COUNT_INTERVAL = 10.0
BUDGET_INTERVAL = 10.0


class HousekeepingEngine(Protocol):
    """The part of an engine that housekeeping uses."""

    settings: Settings

    def runs(self) -> Iterable[Run]: ...

    def idle_seconds(self, run: Run) -> float: ...

    def close_unused(self) -> None: ...

    async def delete_expired(self) -> None: ...

    async def count_closed(self) -> None: ...

    @property
    def store_error(self) -> LivenetError | None: ...

    @property
    def unsaved_bytes(self) -> int: ...

    async def delete_unused(self, runs: Sequence[str], reason: Reason) -> None: ...


class Housekeeping:
    """Maintains an engine's runs, once a second."""

    def __init__(
        self,
        engine: HousekeepingEngine,
        scheduler: Scheduler,
        commands: Commands,
        admission: Admission,
        budgets: Budgets,
    ) -> None:
        self._engine = engine
        self._scheduler = scheduler
        self._commands = commands
        self._admission = admission
        self._budgets = budgets
        self._task: asyncio.Task[None] | None = None
        self._expired = monotonic()
        self._counted = 0.0
        self._within = 0.0
        """When no run was over a budget."""

    def start(self) -> None:
        self._task = asyncio.create_task(periodically(CHECK_INTERVAL, self._work))

    def close(self) -> None:
        if self._task:
            self._task.cancel()

    async def _work(self) -> None:
        self._scheduler.balance()
        self._check_store()
        self._admission.fill()
        await self._clean_up()
        self._engine.close_unused()
        if monotonic() - self._counted >= COUNT_INTERVAL:
            self._counted = monotonic()
            await self._engine.count_closed()
        if monotonic() - self._expired >= EXPIRY_INTERVAL:
            self._expired = monotonic()
            await self._engine.delete_expired()
        if monotonic() - self._within >= BUDGET_INTERVAL and not await self._budgets.keep_within():
            self._within = monotonic()

    def _check_store(self) -> None:
        """Pauses running runs before what is not saved of them fills the memory, and resumes them
        when it can be saved."""
        error = self._engine.store_error
        full = self._engine.unsaved_bytes > self._engine.settings.unsaved_bytes
        for run in self._engine.runs():
            if error and full and run.status == "running":
                self._commands.pause_because(run, error)
            elif not error and run.status == "paused" and _paused_by_store(run):
                self._commands.resume(run)

    async def _clean_up(self) -> None:
        """Pauses endless runs that are unwatched; deletes long unused runs that are not running."""
        settings = self._engine.settings
        expired = []
        for run in list(self._engine.runs()):
            idle = self._engine.idle_seconds(run)
            if run.status == "running":
                if idle >= settings.unwatched_seconds and run.in_force.training.steps is None:
                    self._commands.pause_because(run, _unwatched(settings.unwatched_seconds))
            elif run.status != "queued" and not run.pinned and idle >= settings.idle_seconds:
                expired.append(run.id)
        if expired:
            await self._engine.delete_unused(expired, "expired")


def _paused_by_store(run: Run) -> bool:
    return run.error is not None and run.error["code"] == StoreFailure.code


def _unwatched(seconds: float) -> Unwatched:
    return Unwatched(
        f"Nobody has watched this run for {seconds / 60:.0f} minutes, so it was paused",
        hint="Resume it to continue.",
    )
