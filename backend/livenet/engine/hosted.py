"""A run inside a worker: its trainer and its session, driven in short quanta."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from livenet.engine import messages as say
from livenet.engine.session import Session, Status
from livenet.errors import Diverged, EngineFailure, LivenetError
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
RATE_WINDOW = 0.5  # seconds over which steps a second are measured

Send = Callable[[say.FromWorker], None]


@dataclass
class PictureWatch:
    """A probe that somebody watches: when it is due, and what it showed last."""

    probe: str
    options: dict[str, Any]
    fps: float
    due: float = 0.0
    in_flight: bool = False
    version: int = -1


def foreseen(error: Exception) -> LivenetError:
    """An error as one for the person: a fault of ours is logged, and said to be one."""
    if isinstance(error, LivenetError):
        return error
    log.error("a fault in a worker", exc_info=error)
    return EngineFailure(
        f"Something went wrong inside the worker: {type(error).__name__}",
        hint="The server's log says more. Fork the run from an earlier step to go on.",
    )


class Hosted:
    """One run in a worker."""

    def __init__(self, opened: say.Open, device: str, send: Send) -> None:
        self.run = opened.run
        self.incarnation = opened.incarnation
        self.send = send
        self.session = Session()
        self.pace = opened.pace
        self.version = 0
        self.seq = 0
        self.watches: dict[str, PictureWatch] = {}
        self.error: dict[str, str] | None = None
        self.metrics: say.Metrics | None = None
        self._rows: list[tuple[int, float, float | None, say.Metrics]] = []
        snapshot = Snapshot.unpack(opened.snapshot) if opened.snapshot else None
        self.trainer = Trainer(resolve(opened.spec, limits=None), snapshot, device)
        self.opening: say.Open | None = opened
        self.rate: float | None = None
        self._reported = self._kept_at = 0.0
        self._kept: tuple[int, int] | None = None  # step and version of the last snapshot sent
        self._kept_size = 0
        if snapshot is None:
            self._finish_row()  # the row of step 0, which a paused run shows, too
        self._paced_from = self._measured_at = perf_counter()
        self._paced = 0
        self._measured_step = self.trainer.step_count
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
        self.opening = None
        if self.trainer.row_due and opened.last_row != opened.step and opened.snapshot:
            self.trainer.begin_row()
            self._finish_row()
        due(self.trainer, opened.journal)
        self.session.open(Status(opened.status))
        if self.running and self.trainer.finished:
            self.session.advanced(self.trainer.step_count, self.trainer.epoch, finished=True)
        self._restart_clock()
        self.metrics = self.trainer.metrics()
        self.keep()
        self.report()

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
        if self.pace is None or self.trainer.evaluation is not None:
            return 0.0
        return max(0.0, self._paced_from + (self._paced + 1) / self.pace - now)

    def quantum(self) -> None:
        """Trains for a short while, or as far as its pace and its session allow."""
        if self.opening:
            self._go_on_opening()
            return
        start = now = perf_counter()
        steps = self.trainer.step_count
        allowed = self._allowance(now)
        try:
            while now - start < QUANTUM and self.running:
                if self.trainer.evaluation is None and self.trainer.step_count - steps >= allowed:
                    break
                self._take(self.trainer.work())
                if self.trainer.evaluation is None:
                    self.session.advanced(
                        self.trainer.step_count, self.trainer.epoch, finished=self.trainer.finished
                    )
                now = perf_counter()
        except Diverged as error:
            self.error = error.document()
            self.session.pause()
        except Exception as error:  # noqa: BLE001  # one run's fault is not the others'
            self.error = foreseen(error).document()
            self.session.fail()
        done = self.trainer.step_count - steps
        self._paced += done
        self.version += done
        self._measure(now)
        if not self.running:
            self.settle()
        elif now - self._reported >= REPORT_EVERY:
            self.report()
            self._keep_now_and_then(now)

    def _allowance(self, now: float) -> int:
        if self.pace is None:
            return 1_000_000
        behind = int((now - self._paced_from) * self.pace) - self._paced
        if behind > max(1.0, self.pace):  # a slow machine does not race to catch up
            self._paced_from, self._paced, behind = now - 1 / self.pace, 0, 1
        return behind

    def _take(self, row: Row | None) -> None:
        if row is not None:
            self.metrics = row.metrics
            self._rows.append((row.step, row.epoch, self.rate, row.metrics))

    def command(self, command: messages.Message) -> int:
        """Carries out a command; gives the step at which it took effect.

        Raises WrongState, CommandError or SpecError, with nothing changed.
        """
        trainer = self.trainer
        self.session.check(getattr(command, "kind"))  # noqa: B009  # every command has one
        if isinstance(command, messages.Set | messages.EditParameters):
            self._finish_row()
            document = command.model_dump(mode="json")
            apply(trainer, document)
            self.version += 1
            self.send(say.Took(self.run, self.incarnation, Entry(trainer.step_count, document)))
        if isinstance(command, messages.Pace):
            self.pace = command.steps_per_second
        self.session.obey(command, trainer.step_count, trainer.epoch)
        if self.running and trainer.finished:  # the spec's end lies behind it
            self.session.advanced(trainer.step_count, trainer.epoch, finished=True)
        if isinstance(command, messages.Resume | messages.StepOn):
            self.error = None
        self._restart_clock()
        if self.running:
            self.report()
        else:
            self.settle()
        return trainer.step_count

    def settle(self) -> None:
        """Comes to rest: the row under way is finished, state and snapshot are sent."""
        self._finish_row()
        self.rate = None
        self.metrics = self.trainer.metrics()
        self.keep()
        self.report()

    def _finish_row(self) -> None:
        while self.trainer.evaluation is not None:
            self._take(self.trainer.work())

    def report(self) -> None:
        """Sends the rows that are new, and where the run stands."""
        if self._rows:
            self.send(say.Rows(self.run, self.incarnation, tuple(self._rows)))
            self._rows.clear()
        self._reported = perf_counter()
        self.send(
            say.State(
                self.run,
                self.incarnation,
                self.session.status,
                self.trainer.step_count,
                self.trainer.epoch,
                self.rate,
                self.metrics,
                self.error,
            )
        )

    def keep(self) -> None:
        """Sends a snapshot of this step, unless it was the last that was sent."""
        here = (self.trainer.step_count, self.version)
        if self._kept == here:
            return
        data = self.trainer.snapshot().pack()
        self._kept, self._kept_size, self._kept_at = here, len(data), perf_counter()
        self.send(say.Kept(self.run, self.incarnation, self.trainer.step_count, data))

    def _keep_now_and_then(self, now: float) -> None:
        pause = max(SNAPSHOT_EVERY, self._kept_size / SNAPSHOT_RATE)
        if now - self._kept_at >= pause and self.trainer.evaluation is None:
            self.keep()

    def _restart_clock(self) -> None:
        now = perf_counter()
        self._paced_from, self._paced = now, 0
        self._measured_at, self._measured_step = now, self.trainer.step_count
        self.rate = None

    def _measure(self, now: float) -> None:
        if now - self._measured_at >= RATE_WINDOW:
            done = self.trainer.step_count - self._measured_step
            self.rate = done / (now - self._measured_at)
            self._measured_at, self._measured_step = now, self.trainer.step_count
