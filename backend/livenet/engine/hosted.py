"""A run inside a worker: its trainer and its session, driven in short quanta."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import perf_counter

from livenet.engine import messages as say
from livenet.engine.pulse import Pulse
from livenet.engine.session import Session, Status
from livenet.engine.tempo import Tempo
from livenet.errors import Diverged, EngineFailure, LivenetError, OutOfMemory
from livenet.spec import resolve
from livenet.training import Row, Snapshot, Trainer
from livenet.training.replay import apply, due
from livenet.wire import messages
from livenet.wire.journal import Entry

log = logging.getLogger("livenet.worker")

QUANTUM = 0.008  # seconds of training before the next run's turn
REPORT_EVERY = 0.05
SNAPSHOT_EVERY = 0.25
SNAPSHOT_RATE = 20e6  # bytes a second that snapshots may make

Send = Callable[[say.FromWorker], None]


def foreseen(error: Exception) -> LivenetError:
    """An error as one for the person: a fault of ours is logged, and said to be one."""
    if isinstance(error, LivenetError):
        return error
    if isinstance(error, MemoryError) or "can't allocate memory" in str(error):
        return OutOfMemory(
            "The worker has no memory left for this run",
            hint="Take a smaller net or less data, or delete other runs.",
        )
    log.error("a fault in a worker", exc_info=error)
    return EngineFailure(
        f"Something went wrong inside the worker: {type(error).__name__}",
        hint="The server's log says more. Fork the run from an earlier step to go on.",
    )


class Hosted:
    """One run in a worker. What is new of it is sent as one message, whole."""

    def __init__(self, opened: say.Open, device: str, send: Send, pulse: Pulse) -> None:
        self.run = opened.run
        self.number = opened.number
        self.incarnation = opened.incarnation
        self.send = send
        self.pulse = pulse
        self.session = Session()
        self.version = self._told = 0  # counts what changes the run's numbers
        self.error: dict[str, str] | None = None
        self.metrics: say.Metrics | None = None
        self.deferred: list[say.Do | say.Look] = []  # until it stands where it should
        self._rows: list[say.Row] = []
        snapshot = Snapshot.unpack(opened.snapshot) if opened.snapshot else None
        self.trainer = Trainer(resolve(opened.spec, limits=None), snapshot, device)
        self.opening: say.Open | None = opened
        # A snapshot is taken after the row of its step.
        self._replays = snapshot is not None and snapshot.step < opened.step
        self.tempo = Tempo(opened.standing.pace, self.trainer.step_count)
        self._reported = self._kept_at = 0.0
        self._kept: tuple[int, int] | None = None  # step and version of the last snapshot sent
        self._kept_size = 0
        if snapshot is None:
            self._finish_row()  # the row of step 0, which a paused run shows, too
        self._open()

    def _open(self) -> None:
        """Replays the journal up to where the run is to stand, a quantum at a time."""
        opened = self.opening
        if opened is None:
            return
        end = perf_counter() + QUANTUM
        while self.trainer.step_count < opened.step:
            if perf_counter() > end:
                return
            due(self.trainer, opened.journal)
            self.trainer.step()
            self.pulse.beat()
        self.opening = None
        # Before the entries of this very step: whether it has a row was decided without them.
        if self._replays and self.trainer.row_due and opened.last_row != opened.step:
            self.trainer.begin_row()
            self._finish_row()
        due(self.trainer, opened.journal)
        standing = opened.standing
        self.session.open(Status(standing.status), standing.until_step, standing.until_epoch)
        self.error = standing.error
        self._advanced()
        self.tempo.restart(self.trainer.step_count)
        self.metrics = self.trainer.metrics()
        self.report(keep=True)
        self._reported = 0.0  # the first steps are told at once: whoever died knows that it goes on

    def _go_on_opening(self) -> None:
        try:
            self._open()
        except Exception as error:  # noqa: BLE001  # one run's fault is not the others'
            self.opening = None
            self.error = foreseen(error).document()
            self.session.fail()
            self.report()

    @property
    def running(self) -> bool:
        return self.session.status is Status.RUNNING

    def wait(self, now: float) -> float | None:
        """Seconds until it has work to do; None where it has none."""
        if self.opening:
            return 0.0
        if not self.running:
            return None
        return 0.0 if self.trainer.evaluation is not None else self.tempo.wait(now)

    def quantum(self) -> None:
        """Trains for a short while, or as far as its pace and its session allow."""
        if self.opening:
            self._go_on_opening()
            return
        start = now = perf_counter()
        before = self.trainer.step_count
        allowed = self.tempo.allowance(now)
        try:
            while now - start < QUANTUM and self.running:
                if self.trainer.evaluation is None and self.trainer.step_count - before >= allowed:
                    break
                self._take(self.trainer.work())
                self.pulse.beat()
                if self.trainer.evaluation is None:
                    self._advanced()
                now = perf_counter()
        except Diverged as error:
            self.error = error.document()
            self.session.pause()
        except Exception as error:  # noqa: BLE001  # one run's fault is not the others'
            self.error = foreseen(error).document()
            self.session.fail()
        done = self.trainer.step_count - before
        self.version += done
        self.tempo.advanced(done, self.trainer.step_count, now)
        self.pulse.count_quantum(done)
        if not self.running:
            self.settle()
        elif now - self._reported >= REPORT_EVERY:
            self.report(keep=self._keep_is_due(now))

    def _advanced(self) -> None:
        if self.running:
            trainer = self.trainer
            self.session.advanced(trainer.step_count, trainer.epoch, finished=trainer.finished)

    def _take(self, row: Row | None) -> None:
        if row is not None:
            self.metrics = row.metrics
            self._rows.append((row.step, row.epoch, self.tempo.rate, row.metrics))

    def command(self, asked: say.Do) -> None:
        """Carries out a command and tells what came of it.

        Raises WrongState, CommandError or SpecError, with nothing changed.
        """
        trainer, command = self.trainer, asked.command
        entry: Entry | None = None
        self.session.check(getattr(command, "kind"))  # noqa: B009  # every command has one
        if isinstance(command, messages.Set | messages.EditParameters):
            self._finish_row()
            document = command.model_dump(mode="json")
            apply(trainer, document)
            self.version += 1
            entry = Entry(trainer.step_count, document)
        if isinstance(command, messages.Pace):
            self.tempo.pace = command.steps_per_second
        self.session.obey(command, trainer.step_count, trainer.epoch)
        if self.running and trainer.finished:  # the spec's end lies behind it
            self._advanced()
        if isinstance(command, messages.Resume | messages.StepOn):
            self.error = None
        self.error = asked.reason or self.error
        self.tempo.restart(trainer.step_count)
        if self.running:
            self.report(entry=entry, ref=asked.ref)
        else:
            self.settle(entry=entry, ref=asked.ref)

    def settle(self, entry: Entry | None = None, ref: int | None = None) -> None:
        """Comes to rest: the row under way is finished, state and snapshot are sent."""
        self._finish_row()
        self.tempo.rate = None
        self.metrics = self.trainer.metrics()
        self.report(keep=True, entry=entry, ref=ref)

    def release(self) -> None:
        """Gives the run back: all is told, and nothing more comes of it."""
        self._finish_row()
        self.report(keep=True, released=True)

    def _finish_row(self) -> None:
        while self.trainer.evaluation is not None:
            self._take(self.trainer.work())
            self.pulse.beat()

    def tell(self) -> None:
        """Sends what is new, if anything is: before what it looks like at this step is shown, so
        that the run never falls back behind what somebody has seen of it."""
        if self._told != self.version:
            self.report()

    def report(
        self,
        *,
        keep: bool = False,
        entry: Entry | None = None,
        ref: int | None = None,
        released: bool = False,
    ) -> None:
        """Sends all that is new, and where the run stands."""
        self._reported, self._told = perf_counter(), self.version
        self.send(
            say.News(
                run=self.run,
                incarnation=self.incarnation,
                step=self.trainer.step_count,
                epoch=self.trainer.epoch,
                steps_per_second=self.tempo.rate,
                metrics=self.metrics,
                standing=say.Standing(
                    self.session.status,
                    self.session.until_step,
                    self.session.until_epoch,
                    self.tempo.pace,
                    self.error,
                ),
                rows=tuple(self._rows),
                snapshot=self._snapshot() if keep else None,
                entry=entry,
                ref=ref,
                released=released,
            )
        )
        self._rows.clear()

    def _snapshot(self) -> bytes | None:
        """This step's state, packed; None where it is the last that was sent."""
        here = (self.trainer.step_count, self.version)
        if self._kept == here:
            return None
        data = self.trainer.snapshot().pack()
        self._kept, self._kept_size, self._kept_at = here, len(data), perf_counter()
        return data

    def _keep_is_due(self, now: float) -> bool:
        pause = max(SNAPSHOT_EVERY, self._kept_size / SNAPSHOT_RATE)
        return now - self._kept_at >= pause and self.trainer.evaluation is None
