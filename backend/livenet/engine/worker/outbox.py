"""The messages of a worker on their way to its engine, many at a time.

A message alone costs the worker a system call, and wakes a thread of the server. Among many runs
there are thousands a second, so those of a few milliseconds are sent together, in order.
"""

from __future__ import annotations

from multiprocessing.connection import Connection
from time import perf_counter

from livenet.engine import messages as msg

TOGETHER = 0.002  # seconds that a message waits for others while there is work


class Outbox:
    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._messages: list[msg.FromWorker] = []
        self._oldest = 0.0

    def send(self, message: msg.FromWorker) -> None:
        """Sends a message with the next ``flush``."""
        if not self._messages:
            self._oldest = perf_counter()
        self._messages.append(message)

    def flush(self, now: float | None = None) -> None:
        """Sends all messages; with a time ``now``, only if the first has waited long enough."""
        if self._messages and (now is None or now - self._oldest >= TOGETHER):
            self._pipe.send(self._messages)
            self._messages = []
