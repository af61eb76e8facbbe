"""The open runs, with the listeners and the last use of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic

from livenet.engine.base import Change, Listener
from livenet.errors import TooLarge, TooMany, UnknownRun
from livenet.settings import Settings
from livenet.spec import RunSpec
from livenet.spec.cost import memory_bytes, snapshot_bytes
from livenet.store import Run

SNAPSHOTS = 2  # that every run always keeps: the first and the latest


def unknown(run: str) -> UnknownRun:
    return UnknownRun(f"There is no run {run!r}", path="id", hint="GET /api/runs lists all runs.")


class RunRegistry:
    """Runs by id. Methods that need a run raise UnknownRun where there is none."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._runs: dict[str, Run] = {}
        self._listeners: dict[str, list[Listener]] = {}
        self._touched: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._runs)

    def __iter__(self) -> Iterator[Run]:
        return iter(list(self._runs.values()))

    def get(self, run: str) -> Run | None:
        return self._runs.get(run)

    def run(self, run: str) -> Run:
        if run not in self._runs:
            raise unknown(run)
        return self._runs[run]

    def check_size(self, spec: RunSpec) -> None:
        """Raises TooLarge if this run is larger than a worker's memory."""
        needed, most = memory_bytes(spec), self._settings.worker_bytes
        if needed > most:
            raise TooLarge(
                f"The run would need about {needed / 1e6:,.0f} MB of memory",
                path="model",
                hint=f"A worker may use {most / 1e6:,.0f} MB: use a smaller net or less data.",
            )

    def check_capacity(self, spec: RunSpec) -> None:
        """Raises as ``check_size`` does, and TooMany if its snapshots do not fit beside those of
        the open runs."""
        self.check_size(spec)
        taken, all_bytes = self._least_snapshots(), self._settings.all_snapshot_bytes
        if taken and taken + SNAPSHOTS * snapshot_bytes(spec) > all_bytes:
            raise TooMany(
                f"The snapshots of the other runs take {taken / 1e6:,.0f} MB of "
                f"{all_bytes / 1e6:,.0f} MB, and those of this run do not fit",
                hint="Delete runs that are no longer needed, or use a smaller net.",
            )

    def add(self, run: Run) -> None:
        self._runs[run.id] = run
        self._touched[run.id] = monotonic()
        self._share_memory()

    def remove(self, run: str) -> None:
        """Removes a run that is deleted."""
        self.run(run)
        self.notify(run, "gone")
        self.close(run)

    def close(self, run: str) -> None:
        """Removes a run that the store has."""
        del self._runs[run], self._touched[run]
        self._listeners.pop(run, None)
        self._share_memory()

    def _least_snapshots(self) -> int:
        """Bytes of the snapshots that all runs always keep; estimated where not yet made."""
        return sum(
            run.snapshots.least
            if len(run.snapshots.steps) > 1
            else SNAPSHOTS * snapshot_bytes(run.spec)
            for run in self._runs.values()
        )

    def _share_memory(self) -> None:
        """Divides the memory for snapshots equally among all runs, whether they run or not."""
        share = self._settings.all_snapshot_bytes // max(1, len(self._runs))
        budget = min(self._settings.snapshot_bytes, share)
        for run in self._runs.values():
            run.snapshots.budget = budget

    def touch(self, run: str) -> None:
        """Records a use of this run."""
        self.run(run)
        self._touched[run] = monotonic()

    def idle_seconds(self, run: str) -> float:
        """Seconds since the last use; 0 while it has listeners."""
        return 0.0 if self._listeners.get(run) else monotonic() - self._touched[run]

    def listen(self, run: str, listener: Listener) -> Callable[[], None]:
        """Notifies ``listener`` of changes to a run until the returned function is called."""
        self.touch(run)
        listeners = self._listeners.setdefault(run, [])
        listeners.append(listener)

        def leave() -> None:
            if listener in listeners:
                listeners.remove(listener)
            if run in self._runs:
                self.touch(run)

        return leave

    def notify(self, run: str, change: Change) -> None:
        for listener in list(self._listeners.get(run, ())):
            listener(change)
