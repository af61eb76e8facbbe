"""A worker in simulated time: its whole loop runs, and every step and picture takes as long as a
test says. What it does then depends on no machine."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, cast

import pytest

from livenet.engine import messages as msg
from livenet.engine.heartbeat import Heartbeat
from livenet.engine.worker import clock, outbox, past_trainers, worker
from livenet.engine.worker import pace as pacer
from livenet.engine.worker import picture_scheduler as picture_scheduler
from livenet.engine.worker import probe_requests as probe_requests
from livenet.engine.worker import worker_run as worker_run
from livenet.engine.worker.worker import Worker
from livenet.pictures import Picture
from livenet.settings import Settings
from livenet.training import Trainer
from livenet.training.evaluation import Evaluation
from livenet.wire.journal import Entry
from livenet.wire.messages import COMMAND

TIMED = (
    clock, worker_run, past_trainers, probe_requests, picture_scheduler, pacer, outbox, worker,
)  # fmt: skip
STEP = 0.004  # seconds of a step
CHUNK = 0.0002  # of a chunk of an evaluation
LOOP = 0.00002  # of a round of the worker's loop
TRAINER = 100 * 2**20  # bytes that a trainer of a past step is taken to have


@dataclass
class Costs:
    """Seconds that things take."""

    step: float = STEP
    chunk: float = CHUNK
    pictures: dict[str, float] = field(default_factory=dict)
    load: float = 1.0
    """How many processes share the core: so many times as long does everything take."""


class Beats(Heartbeat):
    """A pulse that knows the longest time between two beats."""

    def __init__(self, world: World) -> None:
        super().__init__([0] * 5)
        self.world = world
        self.last, self.longest = world.now, 0.0

    def beat(self) -> None:
        super().beat()
        self.longest = max(self.longest, self.world.now - self.last)
        self.last = self.world.now


@dataclass
class ReportedRun:
    """What the worker has told of one run, as an engine keeps it."""

    step: int = 0
    status: str = ""
    rows: dict[int, Any] = field(default_factory=dict)
    snapshots: dict[int, bytes] = field(default_factory=dict)
    kept_at: list[float] = field(default_factory=list)
    journal: list[Entry] = field(default_factory=list)


Listener = Callable[[Any], None]


class World:
    """The clock, the engine's end of the pipe, and whoever listens there."""

    def __init__(self, costs: Costs, **settings: Any) -> None:
        self.costs = costs
        self.now = 1.0
        self.spent = 0.0  # processor time
        self.ends = float("inf")
        self.runs: dict[str, ReportedRun] = {}
        self.listeners: list[Listener] = []
        self.largest_past = 0
        self.answered: dict[int, float] = {}
        self.refused: list[Any] = []
        self.fetched = 0
        self._asked: dict[int, msg.ProbeRequest] = {}
        self._refs = itertools.count(1)
        self._inbox: list[tuple[float, int, Callable[[], msg.ToWorker | None]]] = []
        self._order = itertools.count()
        self.heartbeat = Beats(self)
        self.worker = Worker(cast(Any, self), Settings(workers=1, **settings), self.heartbeat)

    def take(self, seconds: float) -> None:
        """So much processor time goes by."""
        self.spent += seconds
        self.now += seconds * self.costs.load

    def at(self, when: float, message: Callable[[], msg.ToWorker | None]) -> None:
        """Says something to the worker at a time; what it is, is made then."""
        heapq.heappush(self._inbox, (when, next(self._order), message))

    def post(self, message: msg.ToWorker) -> None:
        self.at(self.now, lambda: message)

    def ref(self) -> int:
        return next(self._refs)

    def do(self, run: str, **command: Any) -> msg.CommandRequest:
        return msg.CommandRequest(self.ref(), run, COMMAND.validate_python(command))

    def probe_request(
        self, run: str, probe: str, options: dict[str, Any], step: int | None
    ) -> msg.ProbeRequest:
        """A look, with what an engine puts into it."""
        ref, since, journal = self.ref(), None, tuple[Entry, ...]()
        if step is not None:
            since = max(one for one in self.runs[run].snapshots if one <= step)
            journal = self._journal(run, since, step)
        made = msg.ProbeRequest(
            ref, run, 1000 + ref, "json", probe, options, step, since, journal, len(journal), ""
        )
        self._asked[ref] = made
        return made

    def _journal(self, run: str, since: int, step: int) -> tuple[Entry, ...]:
        return tuple(one for one in self.runs[run].journal if since <= one.step <= step)

    def _give(self, ref: int) -> msg.SnapshotReply:
        probe_request = self._asked[ref]
        assert probe_request.step is not None
        snapshots = self.runs[probe_request.run].snapshots
        since = max(step for step in snapshots if step <= probe_request.step)
        return msg.SnapshotReply(
            ref, snapshots[since], self._journal(probe_request.run, since, probe_request.step)
        )

    # The pipe, as the worker sees it.

    def poll(self, wait: float = 0.0) -> bool:
        self.take(LOOP)
        self.largest_past = max(self.largest_past, self.worker.past_trainers.size)
        if not self._due and wait > 0:
            until = self.now + wait
            self.now = max(self.now, min([until, *(when for when, _, _ in self._inbox[:1])]))
        if self.now >= self.ends:
            self.worker.stop()
            return False
        return self._due

    @property
    def _due(self) -> bool:
        return bool(self._inbox) and self._inbox[0][0] <= self.now

    def recv(self) -> list[msg.ToWorker]:
        _, _, message = heapq.heappop(self._inbox)
        return [message() or msg.CancelRequest(0)]

    def send(self, messages: list[Any]) -> None:
        for message in messages:
            self._hear(message)

    def _hear(self, message: Any) -> None:
        if isinstance(message, msg.RunUpdate):
            self._note(message)
        if isinstance(message, msg.SnapshotRequest):
            self.fetched += 1
            self.at(self.now + 0.001, partial(self._give, message.ref))
        if isinstance(message, msg.Reply):
            self.answered[message.ref] = self.now
            if message.error:
                self.refused.append(message.error)
        for hear in self.listeners:
            hear(message)

    def _note(self, update: msg.RunUpdate) -> None:
        run = self.runs[update.run]
        assert update.step >= run.step, "a step that was told is never taken back"
        run.step, run.status = update.step, update.state.status
        run.rows |= {row[0]: dict(row[3]) for row in update.rows}
        if update.entry:
            run.journal.append(update.entry)
        if update.snapshot is not None:
            run.snapshots[update.step] = update.snapshot
            run.kept_at.append(self.now)
        if update.ref is not None:
            self.answered[update.ref] = self.now

    def open(self, message: msg.Open) -> None:
        self.runs[message.run] = ReportedRun()
        self.post(replace(message, number=len(self.runs)))

    def go_on(self, seconds: float) -> None:
        """Runs the worker for so long; what it says last is not heard."""
        self.ends = self.now + seconds
        self.worker.run()


@pytest.fixture
def simulate(monkeypatch: pytest.MonkeyPatch) -> Callable[..., World]:
    """Makes a world, in whose time all that a worker does is done."""

    def make(costs: Costs | None = None, **settings: Any) -> World:
        made = World.__new__(World)
        for module in TIMED:
            if hasattr(module, "perf_counter"):
                monkeypatch.setattr(module, "perf_counter", lambda: made.now)
            if hasattr(module, "thread_time"):
                monkeypatch.setattr(module, "thread_time", lambda: made.spent)
        World.__init__(made, costs or Costs(), **settings)
        step, chunk = Trainer.step, Evaluation.chunk

        def timed_step(trainer: Trainer, most: int) -> None:
            made.take(made.costs.step)
            step(trainer)

        def timed_chunk(evaluation: Evaluation) -> bool:
            made.take(made.costs.chunk)
            return chunk(evaluation)

        def timed_probe(context: Any, probe: str, options: Any) -> Picture:
            made.take(made.costs.pictures.get(probe, 0.001))
            return Picture(step=context.step, plots=())

        monkeypatch.setattr(Trainer, "advance", timed_step)
        monkeypatch.setattr(Evaluation, "chunk", timed_chunk)
        monkeypatch.setattr(picture_scheduler, "run_probe", timed_probe)
        monkeypatch.setattr(worker, "run_probe", timed_probe)
        monkeypatch.setattr(past_trainers, "memory_bytes", lambda spec: TRAINER)
        return made

    return make


def gaps(times: Iterable[float]) -> list[float]:
    """Seconds between each and the next."""
    return [later - earlier for earlier, later in itertools.pairwise(times)]
