"""A worker's heartbeat: a few numbers in memory shared with its engine.

The engine reads them without a message, and also after the worker has died: whether the worker
makes progress, and which run or picture it works for.
"""

from __future__ import annotations

from typing import Any

_BEATS, _CURRENT, _STEPS, _QUANTA, _PICTURES = range(5)


class Heartbeat:
    """Written by one worker, read by its engine; each number is one aligned 64-bit word."""

    def __init__(self, words: Any) -> None:
        self._words = words

    @classmethod
    def shared(cls, context: Any) -> Heartbeat:
        """A heartbeat that can be passed to a process of this multiprocessing context."""
        return cls(context.RawArray("Q", 5))

    @property
    def beats(self) -> int:
        """A count that grows while the worker makes progress."""
        return int(self._words[_BEATS])

    @property
    def current(self) -> int:
        """The number of the run, watch or probe request that the worker works for; 0 is none."""
        return int(self._words[_CURRENT])

    @property
    def steps(self) -> int:
        return int(self._words[_STEPS])

    @property
    def quanta(self) -> int:
        return int(self._words[_QUANTA])

    @property
    def pictures(self) -> int:
        return int(self._words[_PICTURES])

    def beat(self) -> None:
        self._words[_BEATS] += 1

    def count_quantum(self, steps: int) -> None:
        self._words[_QUANTA] += 1
        self._words[_STEPS] += steps

    def count_picture(self) -> None:
        self._words[_PICTURES] += 1

    def work_for(self, number: int) -> Turn:
        """Marks the body of a ``with`` as the turn of this number."""
        return Turn(self, self._words, number)


class Turn:
    """A turn of a run, picture or probe request. A generator would take three times as long."""

    __slots__ = ("_heartbeat", "_number", "_words")

    def __init__(self, heartbeat: Heartbeat, words: Any, number: int) -> None:
        self._heartbeat, self._words, self._number = heartbeat, words, number

    def __enter__(self) -> None:
        self._words[_CURRENT] = self._number

    def __exit__(self, *error: object) -> None:
        self._words[_CURRENT] = 0
        self._heartbeat.beat()


def unshared() -> Heartbeat:
    """A heartbeat in private memory, which no other process reads."""
    return Heartbeat([0] * 5)
