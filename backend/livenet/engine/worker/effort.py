"""The clock by which pictures rest: a worker's own time, whatever else the machine does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter, thread_time


class Effort:
    """Seconds of processor time that the worker has had, and of waiting for something to do.

    On a quiet machine it goes as any clock. On a busy one it stands still while others compute, so
    that a rest of so many seconds is so much time for runs, and not for somebody else.
    """

    def __init__(self) -> None:
        self._waited = 0.0

    def __call__(self) -> float:
        return thread_time() + self._waited

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """What happens inside is a wait: all of its time counts."""
        clock, spent = perf_counter(), thread_time()
        yield
        self._waited += max(0.0, perf_counter() - clock - (thread_time() - spent))
