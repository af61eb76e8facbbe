"""Saves runs to disk outside the event loop: a thread writes a copy of the run."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from livenet.store.disk import Disk
from livenet.store.run import Run


class Saver:
    """Does at most one write of a run at a time; a save requested meanwhile follows it."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: dict[str, Run] = {}

    def save(self, run: Run) -> None:
        """Schedules a write of the run as it is now."""
        if run.id in self._tasks:
            self._again[run.id] = run
        else:
            self._tasks[run.id] = asyncio.create_task(self._write(_as_it_is(run)))

    async def _write(self, run: Run) -> None:
        try:
            await asyncio.to_thread(self._disk.save, run)
        finally:
            del self._tasks[run.id]
        if again := self._again.pop(run.id, None):
            self.save(again)

    def delete(self, run: str) -> None:
        """Deletes the file of a run, including one that is being written."""
        self._again.pop(run, None)
        writing = self._tasks.get(run)
        if writing:
            writing.add_done_callback(lambda _: self._disk.delete(run))
        else:
            self._disk.delete(run)

    async def close(self, runs: Iterable[Run]) -> None:
        """Finishes writes in progress, then writes these runs and those still pending."""
        last = self._again | {run.id: run for run in runs}
        self._again.clear()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        for run in last.values():
            await asyncio.to_thread(self._disk.save, _as_it_is(run))


def _as_it_is(run: Run) -> Run:
    """A fixed copy of a run: it shares the bytes, but not the rows and lists."""
    return replace(
        run,
        snapshots=run.snapshots.until(run.step),
        series=run.series.until(run.step),
        journal=list(run.journal),
        metrics=dict(run.metrics),
    )
