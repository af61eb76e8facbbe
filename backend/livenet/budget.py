"""A budget of processor time, which long computations check as they go.

A cost model estimates the time in advance; a budget bounds it. A computation checks ``spent``
between two units of work (a layer, a block, a step of Newton's method). Once it is true, the
computation returns what it has, and states what is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from time import thread_time

PICTURE_SECONDS = 1.0
"""Processor time that the probe of one picture takes at most, about. The unit of work in
progress is finished after that, and the picture is encoded: in all, it takes less than 1.5 s."""


def _nothing() -> None:
    pass


class Budget:
    """A number of seconds of ``clock``, from its creation on.

    clock: seconds, by default the processor time of this thread, so that a busy machine does not
    spend it. alive: called at each read of ``spent``; a worker beats its heartbeat with it.
    """

    def __init__(
        self,
        seconds: float,
        clock: Callable[[], float] = thread_time,
        alive: Callable[[], None] = _nothing,
    ) -> None:
        self.seconds = seconds
        self._clock = clock
        self._alive = alive
        self._end = clock() + seconds

    @classmethod
    def unlimited(cls) -> Budget:
        """A budget that is never spent, for scripts and tests, which need complete results."""
        return cls(inf)

    def share(self, part: float) -> Budget:
        """A budget of a part of the remaining time, on the same clock."""
        return Budget(self.left * part, self._clock, self._alive)

    @property
    def left(self) -> float:
        """The remaining seconds, at least 0."""
        return max(0.0, self._end - self._clock())

    @property
    def spent(self) -> bool:
        """Whether the time is up."""
        self._alive()
        return self._clock() >= self._end
