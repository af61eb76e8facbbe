"""Pictures that are watched: which is due, and how long each rests after it was made.

Each watch rests after a picture in proportion to what that cost, so that all of them together stay
within their share of the worker's time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import perf_counter, thread_time, time
from typing import Any

from livenet import logs
from livenet.engine import messages as say
from livenet.engine.hosted import Hosted, Send
from livenet.engine.looks import of_a_picture
from livenet.engine.pulse import Pulse
from livenet.errors import LivenetError
from livenet.probes.context import Context
from livenet.probes.run import look
from livenet.training import Trainer
from livenet.wire import frame


@dataclass
class PictureWatch:
    """A probe that somebody watches: when it is due, and what it showed last."""

    number: int
    probe: str
    options: dict[str, Any]
    fps: float
    due: float
    in_flight: bool = False
    version: int = -1


class Painting:
    """All watches of one worker's runs."""

    def __init__(
        self,
        runs: Mapping[str, Hosted],
        context: Callable[[Trainer], Context],
        share: float,
        send: Send,
        pulse: Pulse,
    ) -> None:
        self._runs = runs
        self._context = context
        self._share = share
        self._send = send
        self._pulse = pulse
        self._watches: dict[tuple[str, str], PictureWatch] = {}
        self._sent: dict[str, int] = {}  # frames of each run

    def watch(self, asked: say.Watch) -> None:
        if asked.run in self._runs:
            self._watches[asked.run, asked.channel] = PictureWatch(
                asked.number, asked.probe, asked.options, asked.fps, perf_counter()
            )

    def unwatch(self, run: str, channel: str) -> None:
        self._watches.pop((run, channel), None)

    def taken(self, run: str, channel: str) -> None:
        """The channel's last frame has room behind it: the next may come."""
        if watch := self._watches.get((run, channel)):
            watch.in_flight = False

    def forget(self, run: str) -> None:
        """The run is not here any more."""
        self._sent.pop(run, None)
        for key in [key for key in self._watches if key[0] == run]:
            del self._watches[key]

    def _wanted(self) -> Iterable[tuple[PictureWatch, Hosted, str]]:
        for (run, channel), watch in self._watches.items():
            hosted = self._runs[run]
            if not watch.in_flight and watch.version != hosted.version and hosted.settled:
                yield watch, hosted, channel

    def waits(self, now: float) -> Iterable[float]:
        """Seconds until each picture that is wanted is due."""
        for watch, _, _ in self._wanted():
            yield max(0.0, watch.due - now)

    def paint(self) -> None:
        """The most overdue picture of all that are watched."""
        now = perf_counter()
        due = [one for one in self._wanted() if one[0].due <= now]
        if due:
            watch, hosted, channel = min(due, key=lambda one: one[0].due)
            with logs.about(hosted.run), self._pulse.work_for(watch.number):
                self._picture(watch, hosted, channel)
            self._pulse.count_picture()

    def _picture(self, watch: PictureWatch, hosted: Hosted, channel: str) -> None:
        start, spent, looked = perf_counter(), thread_time(), time()
        seq = self._next_number(hosted)
        hosted.tell()
        watch.version, watch.in_flight = hosted.version, True
        data: bytes | None = None
        refused: LivenetError | None = None
        try:
            picture = look(self._context(hosted.trainer), watch.probe, watch.options)
            data = frame.encode(picture, channel, seq, looked)
        except Exception as error:  # noqa: BLE001  # one run's fault is not the others'
            refused = of_a_picture(error)
            del self._watches[hosted.run, channel]  # what does not fit now never will
        self._send(say.Framed(hosted.run, hosted.incarnation, channel, seq, data, refused))
        end = perf_counter()
        busy = any(one.running for one in self._runs.values())
        # By the processor's time: what other processes take is not the picture's cost.
        cost = thread_time() - spent
        rest = cost * len(self._watches) / self._share if busy else 0.0
        # Counting from when it was due, not from now, keeps the rate asked for.
        watch.due = max(watch.due + 1 / watch.fps, start + rest, end - 1 / watch.fps)

    def _next_number(self, hosted: Hosted) -> int:
        """Numbers of a later incarnation are higher than all of an earlier one."""
        self._sent[hosted.run] = self._sent.get(hosted.run, 0) + 1
        return (hosted.incarnation << 32) + self._sent[hosted.run]
