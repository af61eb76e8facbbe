"""The processor time of a worker with a part of a class, in a clock that counts nothing else.

The whole loop of a worker runs in this process. Its time is the processor time that it uses, and
where it waits, the clock goes on to what it waits for. So other programs on the machine hardly
change what is measured, unlike steps and pictures a second (``class``).
"""

from __future__ import annotations

import heapq
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.reduction import ForkingPickler
from time import thread_time
from typing import Any, cast

from livenet.engine import messages as msg
from livenet.engine.heartbeat import Heartbeat
from livenet.engine.worker import (
    clock,
    outbox,
    pace,
    past_trainers,
    picture_scheduler,
    probe_requests,
    worker,
    worker_run,
)
from livenet.settings import Settings
from livenet.training import arithmetic
from tests.bench.result import Result, Results
from tests.bench.students import DISPLAY, PANELS

TIMED: tuple[Any, ...] = (
    clock, outbox, pace, past_trainers, picture_scheduler, probe_requests, worker, worker_run,
)  # fmt: skip
PACE = 120.0
PARTS = {50: 4.0, 100: 2.0, 150: 1.0}
"""Runs of a worker, half of a class, and the pictures a second that each panel is to have."""
SETTLES, SECONDS = 3.0, 8.0


class Pipe:
    """The engine's end of the pipe, and the clock. Messages are pickled as they would be."""

    def __init__(self) -> None:
        self.ends = float("inf")
        self.steps: dict[str, int] = {}
        self.frames = 0
        self._waited = self._own = 0.0
        self._inbox: list[tuple[float, int, msg.ToWorker]] = []
        self._order = itertools.count()
        self._nowhere = os.open(os.devnull, os.O_WRONLY)
        self.worker: worker.Worker

    def spent(self) -> float:
        """Seconds of processor time, without those of this pipe."""
        return thread_time() - self._own

    def now(self) -> float:
        return self.spent() + self._waited

    def post(self, message: msg.ToWorker, at: float = 0.0) -> None:
        heapq.heappush(self._inbox, (at, next(self._order), message))

    def poll(self, wait: float = 0.0) -> bool:
        now = self.now()
        if now >= self.ends:
            self.worker.stop()
            return False
        if not self._due(now):
            until = min(now + wait, self._inbox[0][0] if self._inbox else now + wait)
            self._waited += max(0.0, until - now)
        os.write(self._nowhere, b" ")  # a system call, as that of a pipe
        return self._due(self.now())

    def _due(self, now: float) -> bool:
        return bool(self._inbox) and self._inbox[0][0] <= now

    def recv(self) -> list[msg.ToWorker]:
        found = []
        with self._uncounted():
            now = self.now()
            while self._due(now):
                found.append(heapq.heappop(self._inbox)[2])
            data = ForkingPickler.dumps(found)
        received: list[msg.ToWorker] = ForkingPickler.loads(data)
        return received

    def send(self, messages: list[msg.FromWorker]) -> None:
        os.write(self._nowhere, ForkingPickler.dumps(messages))
        with self._uncounted():
            at = self.now() + DISPLAY
            for message in messages:
                if isinstance(message, msg.ChannelFrame):
                    assert message.data is not None, message.error
                    self.frames += 1
                    self.post(msg.FrameAck(message.run, message.channel), at)
                elif isinstance(message, msg.RunUpdate):
                    self.steps[message.run] = message.step

    @contextmanager
    def _uncounted(self) -> Iterator[None]:
        start = thread_time()
        yield
        self._own += thread_time() - start

    def go_on(self, seconds: float) -> None:
        """Runs the worker for so long, by its clock."""
        self.worker.stopping = False
        self.ends = self.now() + seconds
        self.worker.run()


@contextmanager
def timed_by(pipe: Pipe) -> Iterator[None]:
    """Within it, the worker's clocks are the pipe's."""
    before = {(one, name): one.__dict__[name] for one in TIMED for name in _clocks(one)}
    for one, name in before:
        setattr(one, name, pipe.now if name == "perf_counter" else pipe.spent)
    try:
        yield
    finally:
        for (one, name), kept in before.items():
            setattr(one, name, kept)


def _clocks(module: Any) -> list[str]:
    return [name for name in ("perf_counter", "thread_time") if hasattr(module, name)]


def measure(runs: int, fps: float) -> tuple[float, float, float]:
    """Seconds of processor time for a second of one run; its steps and pictures of a panel in it.
    No pictures are watched if ``fps`` is 0."""
    pipe = Pipe()
    with timed_by(pipe):
        pipe.worker = worker.Worker(cast(Any, pipe), Settings(workers=1), Heartbeat([0] * 5))
        numbers = itertools.count(1)
        for seed in range(runs):
            run, state = f"run{seed}", msg.RunState("running", pace=PACE)
            pipe.post(msg.Open(run, next(numbers), 1, {"seed": seed}, None, (), 0, state))
            for name, (probe, options) in PANELS.items() if fps else ():
                pipe.post(msg.Watch(run, next(numbers), name, probe, options, fps))
        pipe.go_on(SETTLES)
        before = pipe.spent(), pipe.now(), sum(pipe.steps.values()), pipe.frames
        pipe.go_on(SECONDS)
        after = pipe.spent(), pipe.now(), sum(pipe.steps.values()), pipe.frames
    spent, took, steps, frames = (b - a for a, b in zip(before, after, strict=True))
    return spent / runs / took, steps / runs / took, frames / len(PANELS) / runs / took


def results() -> Results:
    arithmetic.settle()
    for runs, fps in PARTS.items():
        for asked in (fps, 0.0):
            spent, steps, pictures = measure(runs, asked)
            assert steps > 0.99 * PACE, steps
            assert pictures >= 0.95 * asked, pictures
            name = f"{runs} runs, {asked:g} pictures/s a panel, a second of one"
            yield Result(name, spent * 1000, None, "ms CPU")
