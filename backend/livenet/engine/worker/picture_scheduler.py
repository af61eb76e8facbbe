"""Watched pictures: which is due, and how long each pauses after it was made.

Each watch pauses after a picture in proportion to its cost, so that all of them together stay
within their share of the worker's own time (see livenet.engine.worker.clock).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import perf_counter, time
from typing import Any

from livenet import logs
from livenet.engine import messages as msg
from livenet.engine.heartbeat import Heartbeat
from livenet.engine.worker.clock import WorkerClock
from livenet.engine.worker.faults import of_a_picture
from livenet.engine.worker.worker_run import Send, WorkerRun
from livenet.errors import LivenetError
from livenet.probes.context import Context
from livenet.probes.run import run_probe
from livenet.training import Trainer
from livenet.wire import frame


@dataclass
class PictureWatch:
    """A watched probe: when it is due, and the version that it showed last."""

    number: int
    probe: str
    options: dict[str, Any]
    fps: float
    due: float
    paused_until: float = 0.0
    """On the clock of WorkerClock; ``due`` is on the common one."""
    in_flight: bool = False
    version: int = -1


class PictureScheduler:
    """All watches of one worker's runs."""

    def __init__(
        self,
        runs: Mapping[str, WorkerRun],
        context: Callable[[Trainer], Context],
        share: float,
        send: Send,
        heartbeat: Heartbeat,
        clock: WorkerClock,
    ) -> None:
        self._runs = runs
        self._context = context
        self._share = share
        self._send = send
        self._heartbeat = heartbeat
        self._clock = clock
        self._watches: dict[tuple[str, str], PictureWatch] = {}
        self._sent: dict[str, int] = {}  # frames of each run

    def watch(self, message: msg.Watch) -> None:
        if message.run in self._runs:
            self._watches[message.run, message.channel] = PictureWatch(
                message.number, message.probe, message.options, message.fps, perf_counter()
            )

    def unwatch(self, run: str, channel: str) -> None:
        self._watches.pop((run, channel), None)

    def acknowledge(self, run: str, channel: str) -> None:
        """Records that the channel's last frame was read: the next may be sent."""
        if watch := self._watches.get((run, channel)):
            watch.in_flight = False

    def remove_run(self, run: str) -> None:
        """Drops the watches of a run that this worker no longer has."""
        self._sent.pop(run, None)
        for key in [key for key in self._watches if key[0] == run]:
            del self._watches[key]

    def _wanted(self) -> Iterable[tuple[PictureWatch, WorkerRun, str]]:
        for (run, channel), watch in self._watches.items():
            worker_run = self._runs[run]
            if not watch.in_flight and watch.version != worker_run.version and worker_run.settled:
                yield watch, worker_run, channel

    def waits(self, now: float) -> Iterable[float]:
        """Seconds until each picture that is wanted is due."""
        clock = self._clock()
        for watch, _, _ in self._wanted():
            yield max(0.0, watch.due - now, watch.paused_until - clock)

    def make_due_picture(self) -> None:
        """Makes the most overdue of the watched pictures, if any is due."""
        now, clock = perf_counter(), self._clock()

        def wait(one: tuple[PictureWatch, WorkerRun, str]) -> float:
            return max(one[0].due - now, one[0].paused_until - clock)

        first = min(self._wanted(), key=wait, default=None)
        if first is not None and wait(first) <= 0.0:
            watch, worker_run, channel = first
            with logs.about(worker_run.run), self._heartbeat.work_for(watch.number):
                self._picture(watch, worker_run, channel)
            self._heartbeat.count_picture()

    def _picture(self, watch: PictureWatch, worker_run: WorkerRun, channel: str) -> None:
        start, evaluated_at = self._clock(), time()
        seq = self._next_number(worker_run)
        worker_run.report_changes()
        watch.version, watch.in_flight = worker_run.version, True
        data: bytes | None = None
        refused: LivenetError | None = None
        try:
            picture = run_probe(self._context(worker_run.trainer), watch.probe, watch.options)
            data = frame.encode(picture, channel, seq, evaluated_at)
        except Exception as error:  # noqa: BLE001  # a fault in one run must not affect others
            refused = of_a_picture(error)
            del self._watches[worker_run.run, channel]  # a picture that does not fit now never will
        self._send(
            msg.ChannelFrame(worker_run.run, worker_run.incarnation, channel, seq, data, refused)
        )
        end = perf_counter()
        busy = any(one.running for one in self._runs.values())
        cost = self._clock() - start
        watch.paused_until = start + (cost * len(self._watches) / self._share if busy else 0.0)
        # Counting from the due time, not from now, keeps the requested rate.
        watch.due = max(watch.due + 1 / watch.fps, end - 1 / watch.fps)

    def _next_number(self, worker_run: WorkerRun) -> int:
        """Numbers of a later incarnation are higher than all of an earlier one."""
        self._sent[worker_run.run] = self._sent.get(worker_run.run, 0) + 1
        return (worker_run.incarnation << 32) + self._sent[worker_run.run]
