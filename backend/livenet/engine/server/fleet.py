"""The worker processes: as many as are wanted, replaced when they die or do not move."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterator
from time import monotonic
from typing import Protocol

import psutil

from livenet.engine import messages as msg
from livenet.engine.base import WorkerMeasures
from livenet.engine.server.periodic import periodically
from livenet.engine.server.process import WorkerProcess, context
from livenet.settings import Settings

log = logging.getLogger("livenet.engine")

CHECK_EVERY = 0.25
LONGEST_DELAY = 8.0  # seconds until a worker is tried again, where none came to be
STARTS_WITHIN = 120.0  # seconds for the first worker: the fork server loads torch
LEAVES_WITHIN = 1.2
LATELY = 10.0  # seconds over which deaths are counted
MOST_DEATHS = 10  # lately: with more of them something is wrong that will not pass
MOST_UNEXPLAINED = 5  # lately, outside of any run's or picture's turn: then a rest before the next


class Ear(Protocol):
    """Whoever listens to the workers."""

    def receive(self, worker: WorkerProcess, message: msg.FromWorker) -> None:
        """A worker says something."""
        ...

    def lost(self, worker: WorkerProcess) -> None:
        """A worker is gone."""
        ...

    def late(self, worker: WorkerProcess) -> None:
        """A worker is not there yet while others are."""
        ...


class Fleet:
    """Hires workers and watches over them.

    There is always a full number of them, if only to be: what a new one is sent waits in its queue
    until it has started.
    """

    _ear: Ear  # from the start on

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._workers: list[WorkerProcess] = []
        self._watchman: asyncio.Task[None] | None = None
        self._delay = 0.0
        self._deaths: deque[tuple[float, bool]] = deque()  # when, and whether outside of any turn
        self.replaced = 0
        self.unexplained = 0
        self._beats: dict[WorkerProcess, tuple[int, int]] = {}  # the last seen, and how often
        self._ended = [0, 0, 0]  # steps, quanta and pictures of those that are gone

    def __iter__(self) -> Iterator[WorkerProcess]:
        return iter(self._workers)

    @property
    def wanted(self) -> int:
        return self._settings.worker_count

    @property
    def ready(self) -> list[WorkerProcess]:
        return [worker for worker in self._workers if worker.ready]

    @property
    def failing(self) -> bool:
        """Whether workers die over and over."""
        return self._lately()[0] > MOST_DEATHS

    def _lately(self) -> tuple[int, int]:
        """Deaths of the last seconds, and those of them outside of any turn."""
        while self._deaths and self._deaths[0][0] < monotonic() - LATELY:
            self._deaths.popleft()
        return len(self._deaths), sum(unexplained for _, unexplained in self._deaths)

    def start(self, ear: Ear) -> None:
        self._ear = ear
        made = context()
        for _ in range(self.wanted):
            self._workers.append(WorkerProcess(made, self._settings, self._receive))
        self._watchman = asyncio.create_task(periodically(CHECK_EVERY, self._watch))

    async def close(self) -> None:
        """Lets all tell where their runs stand and leave, within a short time."""
        if self._watchman:
            self._watchman.cancel()
        for worker in self._workers:
            worker.send(msg.Leave())
        ends = (asyncio.to_thread(worker.end, LEAVES_WITHIN) for worker in self._workers)
        await asyncio.gather(*ends)
        await asyncio.sleep(0)  # what they said last is in the loop's queue
        self._workers.clear()

    def _receive(self, worker: WorkerProcess, message: msg.FromWorker | None) -> None:
        """What a worker says, in the event loop; None is its end."""
        if message is None:
            self._lost(worker)
            return
        if isinstance(message, msg.Ready):
            worker.ready, worker.device = True, message.device
            self._delay = 0.0
        self._ear.receive(worker, message)

    def _lost(self, worker: WorkerProcess) -> None:
        if worker not in self._workers or self._watchman is None or self._watchman.cancelling():
            return
        log.warning("worker %s is gone; another takes over", worker.pid)
        unexplained = worker.ready and not worker.heartbeat.turn
        self.unexplained += unexplained
        self._deaths.append((monotonic(), unexplained))
        delay = 0.0
        if not worker.ready:  # what stopped it may last: it is not tried again at once
            self._delay = delay = min(LONGEST_DELAY, 2 * self._delay or 1.0)
        elif self._lately()[1] > MOST_UNEXPLAINED:  # nor where nobody knows what it was
            delay = 1.0
        new = WorkerProcess(context(), self._settings, self._receive, delay)
        self._workers[self._workers.index(worker)] = new
        self.replaced += 1
        heartbeat = worker.heartbeat
        for place, number in enumerate((heartbeat.steps, heartbeat.quanta, heartbeat.pictures)):
            self._ended[place] += number
        self._ear.lost(worker)

    async def _watch(self) -> None:
        """Ends a worker whose heartbeat has not moved for too long.

        By checks, not by the clock: where this process itself was held up, nobody is to blame.
        """
        for worker in self._workers:
            if worker.late and self.ready:
                self._ear.late(worker)
            now = worker.heartbeat.beats
            last, times = self._beats.get(worker, (now, 0))
            times = times + 1 if now == last else 0
            self._beats[worker] = (now, times)
            allowed = self._settings.hang_seconds if worker.ready else STARTS_WITHIN
            if times * CHECK_EVERY >= allowed:
                log.error("worker %s does not move, and is ended", worker.pid)
                worker.kill()
                del self._beats[worker]
        for gone in [worker for worker in self._beats if worker not in self._workers]:
            del self._beats[gone]

    def totals(self) -> tuple[int, int, int]:
        """Steps, quanta and pictures of all workers there ever were."""
        heartbeats = [worker.heartbeat for worker in self._workers]
        steps, quanta, pictures = self._ended
        return (
            steps + sum(heartbeat.steps for heartbeat in heartbeats),
            quanta + sum(heartbeat.quanta for heartbeat in heartbeats),
            pictures + sum(heartbeat.pictures for heartbeat in heartbeats),
        )


def measured(worker: WorkerProcess, runs: int, running: int) -> WorkerMeasures:
    """What there is to tell of a worker."""
    memory = 0
    if worker.pid is not None:
        try:
            memory = psutil.Process(worker.pid).memory_info().rss
        except psutil.Error:  # it has just gone
            memory = 0
    heartbeat = worker.heartbeat
    return WorkerMeasures(
        pid=worker.pid or 0,
        ready=worker.ready,
        runs=runs,
        running=running,
        memory=memory,
        steps=heartbeat.steps,
        quanta=heartbeat.quanta,
        pictures=heartbeat.pictures,
    )
