"""A run's pace: how many steps it allows now, and the measured steps a second."""

from __future__ import annotations

from math import ceil
from time import perf_counter
from typing import NamedTuple

RATE_WINDOW = 0.5  # seconds over which steps a second are measured
NO_LIMIT = 1_000_000  # steps: more than a quantum holds


class Rows(NamedTuple):
    """Steps to the next row of a run, and from there to the one after it."""

    next: int
    every: int

    def whole(self, steps: int) -> int:
        """The most steps that end at a row, of so many; 0 if there is no row among them."""
        return 0 if steps < self.next else steps - (steps - self.next) % self.every


class Pacer:
    """Counts steps against the clock; ``pace`` is the most steps a second, None is no limit."""

    def __init__(self, pace: float | None, step: int) -> None:
        self.pace = pace
        self.rate: float | None = None
        self.restart(step)

    def restart(self, step: int) -> None:
        """Counts from now; earlier time gives no credit."""
        self._from = self._measured_at = perf_counter()
        self._done = 0
        self._measured_step = step
        self.rate = None

    def change(self, pace: float | None, now: float) -> None:
        """Changes the pace; keeps the elapsed share of the next step, so that frequent changes of
        the pace do not delay the run."""
        gone = 0.0 if self.pace is None else (now - self._from) * self.pace - self._done
        self.pace, self._done = pace, 0
        self._from = now if pace is None else now - min(max(gone, 0.0), 1.0) / pace

    def wait(self, now: float, interval: float = 0.0, rows: Rows | None = None) -> float:
        """Seconds until the next step may be done; with an ``interval`` in seconds, until as many
        as belong to it. With ``rows``, some turns end at a row, and those before it have equally
        many steps."""
        if self.pace is None:
            return 0.0
        steps = max(1, round(interval * self.pace))
        if rows is not None and steps > 1:
            steps = rows.whole(steps) or ceil(rows.next / ceil(rows.next / steps))
        return max(0.0, self._from + (self._done + steps) / self.pace - now)

    def allowance(self, now: float) -> int:
        """Steps that may be done now."""
        if self.pace is None:
            return NO_LIMIT
        behind = int((now - self._from) * self.pace) - self._done
        if behind > max(1.0, self.pace):  # a slow machine does not race to catch up
            self._from, self._done, behind = now - 1 / self.pace, 0, 1
        return behind

    def advanced(self, steps: int, step: int, now: float) -> None:
        """Records that ``steps`` steps were done, up to ``step``."""
        self._done += steps
        if now - self._measured_at >= RATE_WINDOW:
            self.rate = (step - self._measured_step) / (now - self._measured_at)
            self._measured_at, self._measured_step = now, step
