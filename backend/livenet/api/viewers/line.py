"""The line to one viewer: how many bytes may be on their way to it. No sockets, no clock.

A viewer that reports how many bytes it has received is never sent more than its line delivers, so
that no picture waits in a buffer behind others. As in LEDBAT (RFC 6817) the measure is delay: the
time from sending to the report, beyond the shortest seen. Where it is long, fewer bytes may be on
their way; where it is short and the limit has held something back, more.
"""

from __future__ import annotations

from collections import deque
from math import inf

FIRST_LIMIT = 65_536  # bytes
LEAST = 16_384
MOST = 4 * 2**20
LONG_QUEUE = 0.15  # seconds beyond the shortest delay
SHORT_QUEUE = 0.06
SMALLER, LARGER = 0.7, 1.5
MARKS = 1024  # messages on their way whose time is kept
MOST_IN_FLIGHT = 16  # frames of one subscription
FAR = 0.03  # seconds of a round trip; within one machine or a building it is less


class Line:
    """Times are seconds of the caller's clock, sizes are of binary messages, in bytes."""

    def __init__(self) -> None:
        self.round_trip = 0.0
        """The shortest time of a ping and its pong; 0 while unknown."""
        self.limit = float(FIRST_LIMIT)
        self._sent = 0
        self._received = 0
        self._reports = False
        self._marks: deque[tuple[int, float]] = deque(maxlen=MARKS)
        self._shortest = inf
        self._adjust_at = 0
        self._held_back = False

    @property
    def far(self) -> bool:
        """Whether a round trip takes longer than within one machine."""
        return self.round_trip > FAR

    @property
    def in_flight(self) -> int:
        return self._sent - self._received

    def has_room(self) -> bool:
        """Whether another message may be sent. A viewer that reports nothing is not limited."""
        room = not self._reports or self.in_flight < self.limit
        self._held_back |= not room
        return room

    def frames_in_flight(self, fps: float, least: int) -> int:
        """So many frames of a subscription are on their way at its rate, and ``least`` more."""
        if not (self._reports and self.round_trip):
            return least
        return least + int(min(self.round_trip * fps, MOST_IN_FLIGHT - least))

    def sent(self, size: int, now: float) -> None:
        self._sent += size
        self._marks.append((self._sent, now))

    def received(self, total: int, now: float) -> bool:
        """The viewer has received so many bytes in all; whether that is more than before."""
        self._reports = True
        total = min(total, self._sent)
        if total <= self._received:
            return False
        self._received = total
        sent_at = None
        while self._marks and self._marks[0][0] <= total:
            sent_at = self._marks.popleft()[1]
        if sent_at is not None:
            self._shortest = min(self._shortest, now - sent_at)
            if total >= self._adjust_at:  # once a round trip
                self._adjust(now - sent_at - self._shortest)
        return True

    def _adjust(self, queue: float) -> None:
        if queue > LONG_QUEUE:
            self.limit = max(LEAST, self.limit * SMALLER)
        elif queue < SHORT_QUEUE and self._held_back:
            self.limit = min(MOST, self.limit * LARGER)
        self._held_back = False
        self._adjust_at = self._sent
