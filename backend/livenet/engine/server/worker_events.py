"""Handles the reports of workers about their runs, and the end of a worker."""

from __future__ import annotations

from collections.abc import Callable

from livenet.engine import messages as msg
from livenet.engine.server.channels import WatchedPictures
from livenet.engine.server.commands import Commands
from livenet.engine.server.process import WorkerProcess
from livenet.engine.server.registry import RunRegistry
from livenet.engine.server.requests import Requests, WorkerLost
from livenet.engine.server.scheduler import Scheduler
from livenet.errors import EngineFailure, SeriesFull, UnknownRun
from livenet.settings import Settings
from livenet.store import Run


class WorkerEvents:
    """Receives the messages of all workers, updates runs, and notifies requests and watchers.

    ``rested`` is called with a run that has paused or ended, or was changed in that state;
    ``failed`` with one that no worker has any more.
    """

    def __init__(
        self,
        settings: Settings,
        registry: RunRegistry,
        scheduler: Scheduler,
        requests: Requests,
        commands: Commands,
        watched: WatchedPictures,
        rested: Callable[[Run], None],
        failed: Callable[[Run], None],
    ) -> None:
        self._settings = settings
        self._registry = registry
        self._scheduler = scheduler
        self._requests = requests
        self._commands = commands
        self._watched = watched
        self._rested = rested
        self._failed = failed

    def receive(self, worker: WorkerProcess, message: msg.FromWorker) -> None:
        """Handles a worker's message; one about a run that another has taken over is dropped."""
        match message:
            case msg.Reply(ref=ref, value=value, error=error):
                # A run that the worker does not have is on another by now, or deleted.
                again = WorkerLost() if isinstance(error, UnknownRun) else error
                self._requests.resolve(ref, value, again)
            case msg.SnapshotRequest(ref=ref):
                self._requests.fetched(worker, ref)
            case msg.ChannelFrame() | msg.RunUpdate():
                run = self._registry.get(message.run)
                if run is None or run.incarnation != message.incarnation:
                    return
                if isinstance(message, msg.RunUpdate):
                    self._handle_update(run, message)
                else:
                    self._watched.framed(message)
            case _:
                pass

    def _handle_update(self, run: Run, update: msg.RunUpdate) -> None:
        before = run.status, run.error, run.pace
        rows = _apply_update(run, update)
        new = before != (run.status, run.error, run.pace)
        if update.ref is not None:
            self._requests.resolve(update.ref, update.step)
        self._scheduler.update(update)
        self._registry.notify(run.id, "run" if new or update.entry else "progress")
        if rows:
            self._registry.notify(run.id, "rows")
            if len(run.series) >= self._settings.max_rows and run.status == "running":
                self._commands.pause_because(run, _series_full(len(run.series)))
        if (new or update.entry) and run.status not in ("queued", "running"):
            self._rested(run)
        if update.released and run.status == "failed":
            self._failed(run)

    def late(self, worker: WorkerProcess) -> None:
        """Moves the runs of a worker that has not started yet to others that have."""
        self._scheduler.rescue(worker)
        self._requests.lost(worker)

    def lost(self, worker: WorkerProcess) -> None:
        """Moves the runs of a worker that is gone, except one that has crashed several workers."""
        failed = self._scheduler.lost(worker)
        for run in failed:
            failure = EngineFailure(
                f"The worker process of this run has died three times at step {run.step}",
                hint="Fork it from an earlier step, or use a smaller net or less data.",
            )
            run.status, run.error, run.steps_per_second = "failed", failure.document(), None
            self._scheduler.fail(run.id, failure)
            self._requests.gone(run.id, failure)
            self._registry.notify(run.id, "run")
        self._requests.lost(worker)
        self._watched.killed(worker.heartbeat.current)
        for run in failed:
            self._rested(run)
            self._failed(run)


def _apply_update(run: Run, update: msg.RunUpdate) -> bool:
    """Updates a run; returns whether its series has new rows."""
    state = update.state
    run.status, run.error, run.pace = state.status, state.error, state.pace
    run.step = update.step
    if update.epoch is not None:
        run.epoch = update.epoch
    run.steps_per_second = update.steps_per_second
    if update.metrics is not None:
        run.metrics = dict(update.metrics)
    if update.entry:
        run.journal.append(update.entry)
    if update.snapshot is not None:
        run.snapshots.put(update.step, update.snapshot)
    return bool(run.series.extend(update.rows))


def _series_full(rows: int) -> SeriesFull:
    return SeriesFull(
        f"The series has {rows:,} rows, which is the limit",
        path="training.series_every",
        hint="Create a run with a larger training.series_every to train for longer.",
    )
