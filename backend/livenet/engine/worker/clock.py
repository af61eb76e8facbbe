"""The clock that spaces pictures out: a worker's own time, independent of other processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter, thread_time


class WorkerClock:
    """Seconds of the worker's processor time, plus those that it has waited for work.

    On an idle machine it advances like any clock. On a busy one it stops while other processes
    compute, so that a pause between pictures is time for runs and not for other processes.
    """

    def __init__(self) -> None:
        self._waited = 0.0

    def __call__(self) -> float:
        return thread_time() + self._waited

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Marks the body as a wait: all of its time counts."""
        clock, spent = perf_counter(), thread_time()
        yield
        self._waited += max(0.0, perf_counter() - clock - (thread_time() - spent))
