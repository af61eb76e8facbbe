"""The worker processes: a fixed number, replaced when they die or hang."""

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
LONGEST_DELAY = 8.0  # seconds until a failed start of a worker is tried again
STARTS_WITHIN = 120.0  # seconds for the first worker: the fork server loads torch
LEAVES_WITHIN = 1.2
LATELY = 10.0  # seconds over which deaths are counted
MAX_DEATHS = 10  # lately: more of them mean a permanent fault
MAX_UNEXPLAINED = 5  # lately, outside the turn of any run or picture: then a delay before the next


class FleetListener(Protocol):
    """A receiver of messages and events of the workers."""

    def receive(self, worker: WorkerProcess, message: msg.FromWorker) -> None:
        """Handles a message from a worker."""
        ...

    def lost(self, worker: WorkerProcess) -> None:
        """Handles the end of a worker's process."""
        ...

    def late(self, worker: WorkerProcess) -> None:
        """Handles a worker that has not started yet while others have."""
        ...


class Fleet:
    """Starts workers and monitors them.

    Their number is constant, workers that still start included: messages to a new worker wait in
    its queue until it has started.
    """

    _listener: FleetListener  # set by start()

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._workers: list[WorkerProcess] = []
        self._monitor: asyncio.Task[None] | None = None
        self._delay = 0.0
        self._deaths: deque[tuple[float, bool]] = deque()  # time, and whether outside of any turn
        self.replaced = 0
        self.unexplained = 0
        self._beats: dict[WorkerProcess, tuple[int, int]] = {}  # the last count seen, and how often
        self._ended = [0, 0, 0]  # steps, quanta and pictures of workers that are gone

    def __iter__(self) -> Iterator[WorkerProcess]:
        return iter(self._workers)

    def __len__(self) -> int:
        """Workers; none once it is closed, when their last messages arrive."""
        return len(self._workers)

    @property
    def wanted(self) -> int:
        return self._settings.worker_count

    @property
    def ready(self) -> list[WorkerProcess]:
        return [worker for worker in self._workers if worker.ready]

    @property
    def failing(self) -> bool:
        """Whether workers die repeatedly."""
        return self._lately()[0] > MAX_DEATHS

    def _lately(self) -> tuple[int, int]:
        """Recent deaths, and how many of them happened outside of any turn."""
        while self._deaths and self._deaths[0][0] < monotonic() - LATELY:
            self._deaths.popleft()
        return len(self._deaths), sum(unexplained for _, unexplained in self._deaths)

    def start(self, listener: FleetListener) -> None:
        self._listener = listener
        made = context()
        for _ in range(self.wanted):
            self._workers.append(WorkerProcess(made, self._settings, self._receive))
        self._monitor = asyncio.create_task(periodically(CHECK_EVERY, self._watch))

    async def close(self) -> None:
        """Has all workers report the state of their runs and leave, within a short time."""
        if self._monitor:
            self._monitor.cancel()
        for worker in self._workers:
            worker.send(msg.Shutdown())
        ends = (asyncio.to_thread(worker.end, LEAVES_WITHIN) for worker in self._workers)
        await asyncio.gather(*ends)
        for _ in range(2):  # their last messages are in the loop's queue
            await asyncio.sleep(0)
        self._workers.clear()

    def _receive(self, worker: WorkerProcess, message: msg.FromWorker | None) -> None:
        """Handles a worker's message in the event loop; None is its end."""
        if message is None:
            self._lost(worker)
            return
        if isinstance(message, msg.Ready):
            worker.ready, worker.device = True, message.device
            worker.uncompiled = message.uncompiled
            self._delay = 0.0
        self._listener.receive(worker, message)

    def _lost(self, worker: WorkerProcess) -> None:
        if worker not in self._workers or self._monitor is None or self._monitor.cancelling():
            return
        log.warning("worker %s has ended; another one takes over", worker.pid)
        unexplained = worker.ready and not worker.heartbeat.current
        self.unexplained += unexplained
        self._deaths.append((monotonic(), unexplained))
        delay = 0.0
        if not worker.ready:  # the cause may persist: it is not tried again at once
            self._delay = delay = min(LONGEST_DELAY, 2 * self._delay or 1.0)
        elif self._lately()[1] > MAX_UNEXPLAINED:  # nor is it where the cause is unknown
            delay = 1.0
        new = WorkerProcess(context(), self._settings, self._receive, delay)
        self._workers[self._workers.index(worker)] = new
        self.replaced += 1
        heartbeat = worker.heartbeat
        for place, number in enumerate((heartbeat.steps, heartbeat.quanta, heartbeat.pictures)):
            self._ended[place] += number
        self._listener.lost(worker)

    async def _watch(self) -> None:
        """Ends a worker whose heartbeat has not moved for too long.

        Counts checks instead of time, so that a delay of this process itself ends no worker.
        """
        for worker in self._workers:
            if worker.late and self.ready:
                self._listener.late(worker)
            now = worker.heartbeat.beats
            last, times = self._beats.get(worker, (now, 0))
            times = times + 1 if now == last else 0
            self._beats[worker] = (now, times)
            allowed = self._settings.hang_seconds if worker.ready else STARTS_WITHIN
            if times * CHECK_EVERY >= allowed:
                log.error("worker %s makes no progress, and is killed", worker.pid)
                worker.kill()
                del self._beats[worker]
        for gone in [worker for worker in self._beats if worker not in self._workers]:
            del self._beats[gone]

    def totals(self) -> tuple[int, int, int]:
        """Steps, quanta and pictures of all workers, past ones included."""
        heartbeats = [worker.heartbeat for worker in self._workers]
        steps, quanta, pictures = self._ended
        return (
            steps + sum(heartbeat.steps for heartbeat in heartbeats),
            quanta + sum(heartbeat.quanta for heartbeat in heartbeats),
            pictures + sum(heartbeat.pictures for heartbeat in heartbeats),
        )


def measured(worker: WorkerProcess, runs: int, running: int) -> WorkerMeasures:
    """The measures of a worker."""
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
