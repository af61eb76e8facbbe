"""A run inside a worker: its trainer and its session, driven in short quanta."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from time import perf_counter

from livenet.engine import messages as msg
from livenet.engine.heartbeat import Heartbeat
from livenet.engine.worker.faults import foreseen
from livenet.engine.worker.pace import Pacer, Rows
from livenet.engine.worker.session import Session, Status
from livenet.errors import Diverged
from livenet.spec import resolve
from livenet.training import Row, Snapshot, Trainer
from livenet.training.replay import apply, by_step, due, steps
from livenet.wire import messages
from livenet.wire.journal import Entry

QUANTUM = 0.008  # seconds of training before the next run's turn
REPORT_EVERY = 0.1  # seconds: viewers are told as often
TURNS_A_REPORT = 2.5  # of a crowd
SNAPSHOT_EVERY = 0.25  # seconds between two snapshots
REPLAYED = 0.01  # seconds of training that are worth one; less of it can be repeated at any time
LONGEST_UNKEPT = 1.0  # seconds, however little was done in them
SNAPSHOT_RATE = 20e6  # bytes of snapshots a second, at most

Send = Callable[[msg.FromWorker], None]


def unopened(opened: msg.Open, error: Exception) -> msg.RunUpdate:
    """The update for a run that cannot be opened: it has failed at its last step."""
    return msg.RunUpdate(
        opened.run,
        opened.incarnation,
        opened.step,
        epoch=None,
        steps_per_second=None,
        metrics=None,
        state=msg.RunState("failed", error=foreseen(error).document()),
        released=True,
    )


class WorkerRun:
    """One run in a worker. All of its changes are sent in one message.

    Long work is cut into units, and ``quantum`` does as many as it has time for: steps, chunks of
    an evaluation, and the work before the run is settled (``_way``), after it is opened and when
    it pauses or ends.
    """

    def __init__(self, opened: msg.Open, device: str, send: Send, heartbeat: Heartbeat) -> None:
        self.run = opened.run
        self.number = opened.number
        self.incarnation = opened.incarnation
        self.send = send
        self.heartbeat = heartbeat
        self.session = Session()
        self.version = self._reported_version = 0  # counts what changes the run's numbers
        self.error: dict[str, str] | None = None
        self.metrics: msg.Metrics | None = None
        self.deferred: deque[msg.CommandRequest | msg.Release] = (
            deque()
        )  # until the run is ready for them
        self._rows: list[msg.Row] = []
        self._entry: Entry | None = None  # journal entry of the next report
        self._ref: int | None = None  # command that the next report answers
        self._measured: int | None = None  # the version that the metrics are of
        snapshot = Snapshot.unpack(opened.snapshot) if opened.snapshot else None
        self.trainer = Trainer(resolve(opened.spec, limits=None), snapshot, device)
        self.pacer = Pacer(opened.state.pace, self.trainer.step_count)
        self._reported_at = self._kept_at = 0.0
        self._kept: int | None = None  # step of the last snapshot that was sent
        self._kept_size = 0
        self._unkept = 0.0  # seconds of training since that snapshot
        self._opened: msg.Open | None = opened  # until the run is open
        self._pending_work: Iterator[None] | None = self._opening(opened, fresh=snapshot is None)

    @property
    def gone(self) -> bool:
        """Whether it could not be opened, and was given back."""
        return self._opened is not None and self._pending_work is None

    @property
    def settled(self) -> bool:
        """Whether it is open and not about to pause or end, so that pictures of it can be made."""
        return self._pending_work is None

    @property
    def ready(self) -> bool:
        """Whether it takes commands: it is settled, and no row is under way."""
        return self._pending_work is None and self.trainer.evaluation is None

    @property
    def running(self) -> bool:
        return self.session.status is Status.RUNNING

    def wait(self, now: float, interval: float = 0.0) -> float | None:
        """Seconds until it has work to do, with a turn every ``interval`` seconds at most; None if
        it has none."""
        if self._pending_work is not None:
            return 0.0
        if not self.running:
            return None
        if self.trainer.evaluation is not None:
            return 0.0
        return self.pacer.wait(now, interval, self._row_steps)

    @property
    def _row_steps(self) -> Rows:
        return Rows(max(1, self.trainer.steps_to_row), self.trainer.row_interval)

    def quantum(self, interval: float = 0.0) -> None:
        """Works for a short while, or as far as its pace and its session allow; with turns every
        ``interval`` seconds, it reports after several of them."""
        try:
            if self._pending_work is None and self.running:
                self._train(max(REPORT_EVERY, TURNS_A_REPORT * interval))
            if self._pending_work is not None:
                self._continue_pending_work()
        except Exception as error:  # noqa: BLE001  # a fault in one run must not affect others
            self.fail(error)

    def _continue_pending_work(self) -> None:
        end = perf_counter() + QUANTUM
        for _ in self._pending_work or ():
            self.heartbeat.beat()
            if perf_counter() > end:
                return
        self._pending_work = None

    def _opening(self, opened: msg.Open, fresh: bool) -> Iterator[None]:
        """Replays the journal up to the step to open the run at."""
        replays = not fresh and self.trainer.step_count < opened.step
        journal = by_step(opened.journal)
        yield from self._row_under_way()  # of step 0, if it is new
        yield from steps(self.trainer, journal, opened.step)
        # A snapshot is taken after the row of its step. The row comes before the entries of this
        # same step: whether there is one was decided without them.
        if replays and self.trainer.row_due and opened.last_row != opened.step:
            self.trainer.begin_row()
            yield from self._row_under_way()
        for _ in due(self.trainer, journal):
            self.version += 1
            yield
        state = opened.state
        self.session.open(Status(state.status), state.until_step, state.until_epoch)
        self.error = state.error
        self._advanced()
        yield from self._measuring()
        self.pacer.restart(self.trainer.step_count)
        self._opened = None
        self.report(keep=True)
        self._reported_at = 0.0  # report the first steps at once: they show progress after a death

    def _resting(self) -> Iterator[None]:
        """Pauses or ends: finishes the row in progress, sends metrics and snapshot."""
        yield from self._row_under_way()
        yield from self._measuring()
        self.pacer.rate = None
        self.report(keep=True)

    def _row_under_way(self) -> Iterator[None]:
        while self.trainer.evaluation is not None:
            self._take(self.trainer.work())
            yield

    def _measuring(self) -> Iterator[None]:
        """Computes the metrics of the current step, unless they are known from its row."""
        if self._measured == self.version:
            return
        evaluation = self.trainer.evaluate()
        while not evaluation.chunk():
            yield
        self.metrics = self.trainer.row(evaluation).metrics
        self._measured = self.version

    def _train(self, report_every: float) -> None:
        start = last = now = perf_counter()
        before = self.trainer.step_count
        allowed = self.pacer.allowance(now)
        allowed = self._row_steps.whole(allowed) or allowed  # a step or two beyond it are dearer
        try:
            while now - start < QUANTUM and self.running:
                if self.trainer.evaluation is None and (
                    self.deferred or self.trainer.step_count - before >= allowed
                ):
                    break
                self._unit(allowed - (self.trainer.step_count - before))
                now = perf_counter()
                self._unkept += now - last
                last = now
                if self.trainer.evaluation is None and self._keep_is_due(now):
                    self.report(keep=True)
        except Diverged as error:
            self.error = error.document()
            self.session.pause()
        done = self.trainer.step_count - before
        self.pacer.advanced(done, self.trainer.step_count, now)
        self.heartbeat.count_quantum(done)
        if not self.running:
            self._pending_work = self._resting()
        elif now - self._reported_at >= report_every:
            self.report()

    def _unit(self, allowed: int) -> None:
        """A step (in machine code several, if ``allowed``), or one chunk of the evaluation that a
        row waits for."""
        before, until = self.trainer.step_count, self.session.until_step
        if until is not None:
            allowed = min(allowed, until - before)
        if self.session.until_epoch is not None:
            allowed = min(allowed, self.trainer.steps_to_epoch)
        try:
            self._take(self.trainer.work(allowed))
        finally:
            self.version += self.trainer.step_count - before
        self.heartbeat.beat()
        if self.trainer.evaluation is None:
            self._advanced()

    def _advanced(self) -> None:
        if self.running:
            trainer = self.trainer
            self.session.advanced(trainer.step_count, trainer.epoch, finished=trainer.finished)

    def _take(self, row: Row | None) -> None:
        if row is not None:
            self.metrics, self._measured = row.metrics, self.version
            self._rows.append((row.step, row.epoch, self.pacer.rate, row.metrics))

    def command(self, request: msg.CommandRequest) -> None:
        """Carries out a command; reports its effect at once, or when the run has paused or ended.

        Raises WrongState, CommandError or SpecError, with nothing changed.
        """
        trainer, command = self.trainer, request.command
        was_running = self.running
        self.session.check(getattr(command, "kind"))  # noqa: B009  # every command has one
        if isinstance(command, messages.Set | messages.EditParameters):
            document = command.model_dump(mode="json")
            apply(trainer, document)
            self.version += 1
            self._entry = Entry(trainer.step_count, document)
        self._ref = request.ref
        if isinstance(command, messages.Pace):
            self.pacer.change(command.steps_per_second, perf_counter())
        self.session.apply(command, trainer.step_count, trainer.epoch, queued=request.queued)
        if self.running and trainer.finished:  # it is past the spec's end
            self._advanced()
        if isinstance(command, messages.Resume | messages.StepOn):
            self.error = None
        self.error = request.reason or self.error
        if self.running and not was_running:
            self.pacer.restart(trainer.step_count)
        if self.running:
            self.report()
        else:
            self._pending_work = self._resting()
            self.quantum()

    def fail(self, error: Exception) -> None:
        """Ends the run with this error."""
        self._pending_work = self.trainer.evaluation = None
        if self._opened is not None:
            self.send(unopened(self._opened, error))
            return
        self.error = foreseen(error).document()
        self.session.fail()
        self.report()

    def finish_row(self, end: float) -> bool:
        """Evaluates the row in progress until ``end``; returns whether it is complete."""
        while self.trainer.evaluation is not None and perf_counter() < end:
            self._take(self.trainer.work())
            self.heartbeat.beat()
        return self.trainer.evaluation is None

    def release(self) -> None:
        """Gives the run back, which must be ready: sends the last update."""
        self.report(keep=True, released=True)

    def report_changes(self) -> None:
        """Sends an update if the run has changed. Called before a picture of the current step is
        sent, so that the run never falls back behind a step that was shown."""
        if self._reported_version != self.version:
            self.report()

    def report(self, *, keep: bool = False, released: bool = False) -> None:
        """Sends all changes, and the state of the run."""
        self._reported_at, self._reported_version = perf_counter(), self.version
        self.send(
            msg.RunUpdate(
                run=self.run,
                incarnation=self.incarnation,
                step=self.trainer.step_count,
                epoch=self.trainer.epoch,
                steps_per_second=self.pacer.rate,
                arithmetic=self.trainer.arithmetic,
                metrics=self.metrics,
                state=msg.RunState(
                    self.session.status.value,
                    self.session.until_step,
                    self.session.until_epoch,
                    self.pacer.pace,
                    self.error,
                ),
                rows=tuple(self._rows),
                snapshot=self._snapshot() if keep else None,
                entry=self._entry,
                ref=self._ref,
                released=released,
            )
        )
        self._rows.clear()
        self._entry = self._ref = None

    def _snapshot(self) -> bytes | None:
        """The packed state of the current step; None if the step has a snapshot already.

        Later changes at the same step are in the journal, from which they are applied again.
        """
        step = self.trainer.step_count
        if self._kept == step:
            return None
        data = self.trainer.snapshot().pack()
        self._kept, self._kept_size, self._kept_at = step, len(data), perf_counter()
        self._unkept = 0.0
        return data

    def _keep_is_due(self, now: float) -> bool:
        """Whether the last snapshot is so old that this step gets one, regardless of reports."""
        gone = now - self._kept_at
        if gone < max(SNAPSHOT_EVERY, self._kept_size / SNAPSHOT_RATE):
            return False
        return self._unkept >= REPLAYED or gone >= LONGEST_UNKEPT
