"""Watched pictures: which is due, and how long each pauses after it was made.

While runs wait for turns, each watch pauses after a picture in proportion to its cost, so that all
of them together stay within their share of the worker's own time (see
livenet.engine.worker.clock). Where no run waits, as when all have a pace, pictures have the rest of
the time, and the one whose pause ends first is next. A cheap picture counts as much as the median
one, so that those of a class have equal rates. Expensive pictures, which nothing can interrupt,
have no more than their share of the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from math import inf
from time import perf_counter, time
from typing import Any

from livenet import logs
from livenet.engine import messages as msg
from livenet.engine.heartbeat import Heartbeat
from livenet.engine.worker.clock import WorkerClock
from livenet.engine.worker.faults import of_a_picture
from livenet.engine.worker.sharpness import Sharpness, is_map
from livenet.engine.worker.worker_run import Send, WorkerRun
from livenet.errors import LivenetError
from livenet.probes.context import Context
from livenet.probes.run import run_probe
from livenet.training import Trainer
from livenet.wire import frame

EXPENSIVE = 0.01  # seconds of a picture, or of the pictures of a run one after another
EARLY = 0.2  # of its interval, or of its pause, that a picture may be early to be made with others
FACTOR = 1.05  # by which one picture's cost moves the median
NOWHERE = -1


@dataclass(eq=False)
class PictureWatch:
    """A watched probe: when it is due, and the version that it showed last."""

    run: str
    channel: str
    number: int
    probe: str
    options: dict[str, Any]
    fps: float
    due: float
    paused_until: float = 0.0
    """On the clock of WorkerClock; ``due`` is on the common one."""
    pause: float = 0.0
    cost: float = 0.0
    """Seconds of its last picture."""
    wanted_since: float = 0.0
    in_flight: bool = False
    version: int = -1
    whole: bool = True
    """Whether it was shown at the resolution that was asked for."""
    ticket: int = NOWHERE
    """The number of its entry in a heap; entries with other numbers are void."""


Heap = list[tuple[float, int, PictureWatch]]


@dataclass
class RunWatches:
    """The watches of one run. ``parked`` are due, and wait until the run changes."""

    by_channel: dict[str, PictureWatch] = field(default_factory=dict)
    parked: list[PictureWatch] = field(default_factory=list)


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
        self.sharpness = Sharpness()
        self._watches: dict[str, RunWatches] = {}
        self._count = 0  # of all watches
        self._tickets = count()
        # A watch is in flight, or parked, or in one of these heaps: by the time when it is due, and
        # once that has passed, by the end of its pause.
        self._later: Heap = []
        self._cheap: Heap = []
        self._expensive: Heap = []
        self._free_at = 0.0  # when an expensive one may be made before its pause ends
        self._median_cost = 1e-4
        self._sent: dict[str, int] = {}  # frames of each run

    def watch(self, message: msg.Watch) -> None:
        if message.run not in self._runs:
            return
        self.unwatch(message.run, message.channel)
        made = PictureWatch(
            message.run,
            message.channel,
            message.number,
            message.probe,
            message.options,
            message.fps,
            perf_counter(),
        )
        self._watches.setdefault(message.run, RunWatches()).by_channel[message.channel] = made
        self._count += 1
        self._plan(made)

    def unwatch(self, run: str, channel: str) -> None:
        watches = self._watches.get(run)
        if watches and (watch := watches.by_channel.pop(channel, None)):
            watch.ticket = NOWHERE
            watches.parked = [parked for parked in watches.parked if parked is not watch]
            self._count -= 1

    def acknowledge(self, run: str, channel: str) -> None:
        """Records that the channel's last frame was read: the next may be sent."""
        watches = self._watches.get(run)
        watch = watches.by_channel.get(channel) if watches else None
        if watch and watch.in_flight:
            watch.in_flight = False
            self._plan(watch)

    def remove_run(self, run: str) -> None:
        """Drops the watches of a run that this worker no longer has."""
        self._sent.pop(run, None)
        if watches := self._watches.pop(run, None):
            self._count -= len(watches.by_channel)
            for watch in watches.by_channel.values():
                watch.ticket = NOWHERE

    def changed(self, run: str) -> None:
        """A run has had a turn: pictures of it may be wanted now."""
        if (watches := self._watches.get(run)) and watches.parked:
            now = perf_counter()
            for watch in watches.parked:
                if not watch.in_flight:
                    self._put_due(watch, now)
            watches.parked.clear()

    def wait(self, now: float) -> float:
        """Seconds until a picture can be made, if no run waits for a turn."""
        self._arrive(now)
        if self._top(self._cheap):
            return 0.0
        wait = self._later[0][0] - now if self._later else inf
        if expensive := self._top(self._expensive):
            at = min(expensive.paused_until, self._free_at)
            wait = min(wait, max(0.0, at - self._clock()))
        return wait

    def make_due_pictures(self, idle: bool) -> None:
        """Makes the next picture, if any is due, and those of the same run that are nearly due, so
        that their viewer has all of one step. ``idle`` is that no run waits for a turn."""
        now = perf_counter()
        self._arrive(now)
        if (first := self._first(idle)) is None:
            return
        for watch in self._together(first, now):
            worker_run = self._runs[watch.run]
            with logs.about(watch.run), self._heartbeat.work_for(watch.number):
                self._picture(watch, worker_run, idle)
            self._heartbeat.count_picture()

    def _together(self, first: PictureWatch, now: float) -> list[PictureWatch]:
        """The first, and those that are made with it."""
        found, cost = [first], first.cost
        for watch in self._watches[first.run].by_channel.values():
            if (
                watch is not first
                and cost + watch.cost <= EXPENSIVE
                and watch.due - now <= EARLY / watch.fps
                and watch.paused_until - first.paused_until <= EARLY * watch.pause
                and not watch.in_flight
                and self._wanted(watch)
            ):
                found.append(watch)
                cost += watch.cost
        return found

    def _plan(self, watch: PictureWatch) -> None:
        watch.ticket = next(self._tickets)
        at = max(watch.due, perf_counter())
        heappush(self._later, (at, watch.ticket, watch))

    def _put_due(self, watch: PictureWatch, now: float) -> None:
        watch.ticket, watch.wanted_since = next(self._tickets), now
        heap = self._cheap if watch.cost <= EXPENSIVE else self._expensive
        heappush(heap, (watch.paused_until, watch.ticket, watch))

    def _arrive(self, now: float) -> None:
        while self._later:
            at, ticket, watch = self._later[0]
            if watch.ticket == ticket:
                if at > now:
                    return
                self._put_due(watch, at)
            heappop(self._later)

    def _first(self, idle: bool) -> PictureWatch | None:
        """The one that may be made now; None if there is none."""
        clock = self._clock()
        cheap, expensive = self._top(self._cheap), self._top(self._expensive)
        if expensive and expensive.paused_until > clock and not (idle and self._free_at <= clock):
            expensive = None
        if cheap and cheap.paused_until > clock and not idle:
            cheap = None
        if cheap and expensive:
            return min(cheap, expensive, key=lambda watch: watch.paused_until)
        return cheap or expensive

    def _top(self, heap: Heap) -> PictureWatch | None:
        """The next of those that are due and wanted."""
        while heap:
            _, ticket, watch = heap[0]
            if watch.ticket == ticket:
                if self._wanted(watch):
                    return watch
                watch.ticket = NOWHERE
                self._watches[watch.run].parked.append(watch)
            heappop(heap)
        return None

    def _wanted(self, watch: PictureWatch) -> bool:
        """Whether its run has another picture than the one that was shown: of another version, or
        at rest, at the whole resolution."""
        worker_run = self._runs[watch.run]
        if not worker_run.settled:
            return False
        if watch.version != worker_run.version:
            return True
        return not watch.whole and not worker_run.running

    def _picture(self, watch: PictureWatch, worker_run: WorkerRun, idle: bool) -> None:
        start, started, evaluated_at = self._clock(), perf_counter(), time()
        seq = self._next_number(worker_run)
        worker_run.report_changes()
        options = watch.options
        if worker_run.running:
            options = self.sharpness.options(watch.probe, options, worker_run.trainer.spec)
        watch.version, watch.whole = worker_run.version, options is watch.options
        watch.in_flight, watch.ticket = True, NOWHERE
        data: bytes | None = None
        refused: LivenetError | None = None
        try:
            picture = run_probe(self._context(worker_run.trainer), watch.probe, options)
            data = frame.encode(picture, watch.channel, seq, evaluated_at)
        except Exception as error:  # noqa: BLE001  # a fault in one run must not affect others
            refused = of_a_picture(error)
            self.unwatch(watch.run, watch.channel)  # a picture that does not fit now never will
        self._send(
            msg.ChannelFrame(
                worker_run.run, worker_run.incarnation, watch.channel, seq, data, refused
            )
        )
        end = perf_counter()
        self._charge(watch, start, self._clock() - start, idle)
        if is_map(watch.probe, worker_run.trainer.spec):
            self.sharpness.made((started - watch.wanted_since) * watch.fps, end)
        # Counting from the due time, not from now, keeps the requested rate.
        watch.due = max(watch.due + 1 / watch.fps, end - 1 / watch.fps)

    def _charge(self, watch: PictureWatch, start: float, cost: float, idle: bool) -> None:
        """Sets the pause of a watch after a picture that took ``cost`` seconds."""
        self._median_cost *= FACTOR if cost > self._median_cost else 1 / FACTOR
        pause = max(cost, self._median_cost) * self._count / self._share
        # What was left of its last pause is added, unless the picture had time that nobody wanted.
        begin = start if idle else min(max(watch.paused_until, start), start + pause)
        watch.cost, watch.pause, watch.paused_until = cost, pause, begin + pause
        if cost > EXPENSIVE:
            self._free_at = start + cost / self._share

    def _next_number(self, worker_run: WorkerRun) -> int:
        """Numbers of a later incarnation are higher than all of an earlier one."""
        self._sent[worker_run.run] = self._sent.get(worker_run.run, 0) + 1
        return (worker_run.incarnation << 32) + self._sent[worker_run.run]
