"""A budget of processor time, which long computations check as they go.

A cost model guesses before; a budget holds while. A computation looks at ``spent`` between two
pieces of its work (a layer, a block, a step of Newton's method), and where it is true it ends with
what it has and says what is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from time import thread_time

LOOK_SECONDS = 1.0
"""Processor time that the probe of one picture takes at most, about. What is under way when it is
spent is finished, and the picture is encoded: so a whole look stays under 1.5 s."""


def _nothing() -> None:
    pass


class Budget:
    """So many seconds of ``clock`` from the moment that it is made.

    clock: seconds, by default the processor time of this thread, so that a busy machine does not
    spend it. alive: called at each look at ``spent``, by which a worker shows that it still moves.
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
        """A budget that is never spent: of scripts and tests, which wait for the whole answer."""
        return cls(inf)

    def share(self, part: float) -> Budget:
        """A budget of a part of what is left, on the same clock."""
        return Budget(self.left * part, self._clock, self._alive)

    @property
    def left(self) -> float:
        """Seconds that are left, 0 at least."""
        return max(0.0, self._end - self._clock())

    @property
    def spent(self) -> bool:
        """Whether the time is up."""
        self._alive()
        return self._clock() >= self._end
