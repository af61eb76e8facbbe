"""Saves runs to the disk beside the event loop: a thread writes what a run was when asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from livenet.store.disk import Disk
from livenet.store.run import Run


class Saver:
    """At most one write of a run at a time; one that is asked for meanwhile comes after it."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: dict[str, Run] = {}

    def save(self, run: Run) -> None:
        """Writes the run as it is now, soon."""
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
        """Deletes what was written of a run, and what is being written."""
        self._again.pop(run, None)
        writing = self._tasks.get(run)
        if writing:
            writing.add_done_callback(lambda _: self._disk.delete(run))
        else:
            self._disk.delete(run)

    async def close(self, runs: Iterable[Run]) -> None:
        """Ends what is being written, then writes these, and what is still to be written."""
        last = self._again | {run.id: run for run in runs}
        self._again.clear()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        for run in last.values():
            await asyncio.to_thread(self._disk.save, _as_it_is(run))


def _as_it_is(run: Run) -> Run:
    """A copy that does not go on: its bytes are shared, its rows and lists are not."""
    return replace(
        run,
        snapshots=run.snapshots.until(run.step),
        series=run.series.until(run.step),
        journal=list(run.journal),
        metrics=dict(run.metrics),
    )
