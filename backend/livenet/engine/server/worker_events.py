"""Handles the reports of workers about their runs, and the end of a worker."""

from __future__ import annotations

from collections.abc import Callable

from livenet.engine import messages as msg
from livenet.engine.server.admission import Admission
from livenet.engine.server.channels import WatchedPictures
from livenet.engine.server.commands import Commands
from livenet.engine.server.process import WorkerProcess
from livenet.engine.server.registry import RunRegistry
from livenet.engine.server.requests import Requests, WorkerLost
from livenet.engine.server.scheduler import Scheduler
from livenet.errors import EngineFailure, LivenetError, SeriesFull, StoreFailure, UnknownRun
from livenet.settings import Settings
from livenet.store import Run, Store
from livenet.store.series import Row


class WorkerEvents:
    """Receives the messages of all workers, updates runs, and notifies requests and watchers.

    A run is updated at once, so that another worker can take over from there at any moment.
    Requests and listeners are notified when what they will see is in the store.
    ``failed`` is called with a run that no worker has any more.
    """

    def __init__(
        self,
        settings: Settings,
        registry: RunRegistry,
        scheduler: Scheduler,
        requests: Requests,
        commands: Commands,
        admission: Admission,
        watched: WatchedPictures,
        store: Store,
        failed: Callable[[Run], None],
    ) -> None:
        self._settings = settings
        self._registry = registry
        self._scheduler = scheduler
        self._requests = requests
        self._commands = commands
        self._admission = admission
        self._watched = watched
        self._store = store
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
        before = _state(run)
        rows = _apply_update(run, update)
        new = before != _state(run) or update.entry is not None
        self._store.record(
            run,
            rows=rows,
            snapshot=update.snapshot,
            entry=update.entry,
            urgent=new or update.ref is not None,
        )
        self._scheduler.update(update)
        if new:
            self._admission.update(run)
        if update.ref is not None:
            self._requests.carried_out(update.ref)

        def publish(error: LivenetError | None) -> None:
            if update.ref is not None:
                self._requests.resolve(update.ref, update.step, _unsaved(error, update.step))
            if new:
                self._registry.notify(run.id, "run")
            if rows or not new:
                self._registry.notify(run.id, "rows" if rows else "progress")

        self._store.after(run.id, publish)
        if len(run.series) >= self._settings.max_rows and run.status == "running":
            self._commands.pause_because(run, _series_full(len(run.series)))
        if update.released and run.status == "failed":
            self._failed(run)

    def _notifier(self, run: str) -> Callable[[LivenetError | None], None]:
        return lambda _: self._registry.notify(run, "run")

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
            run.enter("failed")
            run.error, run.steps_per_second = failure.document(), None
            self._store.record(run, urgent=True)
            self._admission.update(run)
            self._scheduler.fail(run.id, failure)
            self._requests.gone(run.id, failure)
            self._store.after(run.id, self._notifier(run.id))
        self._requests.lost(worker)
        self._watched.killed(worker.heartbeat.current)
        for run in failed:
            self._failed(run)


def _state(run: Run) -> tuple[object, ...]:
    return run.status, run.error, run.pace, run.until_step, run.until_epoch


def _apply_update(run: Run, update: msg.RunUpdate) -> list[Row]:
    """Updates a run; returns the new rows of its series."""
    state = update.state
    run.enter(state.status)
    run.error, run.pace = state.error, state.pace
    run.until_step, run.until_epoch = state.until_step, state.until_epoch
    run.step = update.step
    if update.epoch is not None:
        run.epoch = update.epoch
    run.steps_per_second = update.steps_per_second
    run.arithmetic = update.arithmetic or run.arithmetic
    if update.metrics is not None:
        run.metrics = dict(update.metrics)
    if update.entry:
        run.record(update.entry)
    if update.snapshot is not None:
        run.snapshots.put(update.step, update.snapshot)
    last = run.series.last_step
    rows = [row for row in update.rows if last is None or row[0] > last]
    run.series.extend(rows)
    return rows


def _unsaved(error: LivenetError | None, step: int) -> LivenetError | None:
    """The answer to a command that took effect but could not be saved."""
    if error is None:
        return None
    return StoreFailure(f"The command took effect at step {step}. {error.message}", hint=error.hint)


def _series_full(rows: int) -> SeriesFull:
    return SeriesFull(
        f"The series has {rows:,} rows, which is the limit",
        path="training.series_every",
        hint="Create a run with a larger training.series_every to train for longer.",
    )
