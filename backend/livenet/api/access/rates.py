"""Rate limits: token buckets, one per key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from livenet.errors import TooMany

BURST_SECONDS = 3.0
LEAST_SWEPT = 256


@dataclass
class Later(Exception):
    """Too many requests; carries the seconds to wait."""

    error: TooMany
    seconds: float


@dataclass
class Bucket:
    """The tokens left at a time."""

    left: float
    at: float


class Rates:
    """A number of takes a second for each key, with bursts of a few seconds' worth.

    A full bucket is equal to none, and is dropped: there are at most twice as many buckets as keys
    used within the last seconds (or ``LEAST_SWEPT``).
    """

    def __init__(
        self,
        per_second: float,
        burst_seconds: float = BURST_SECONDS,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.per_second = per_second
        self.most = max(1.0, per_second * burst_seconds)
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}
        self._sweep_at = LEAST_SWEPT

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, key: str = "") -> float:
        """Takes one token: 0 if there was one, else the seconds until there is one."""
        now = self._clock()
        bucket = self._buckets.get(key)
        if bucket is None:
            self._sweep(now)
            bucket = self._buckets[key] = Bucket(self.most, now)
        bucket.left = self._filled(bucket, now)
        bucket.at = now
        if bucket.left < 1:
            return (1 - bucket.left) / self.per_second
        bucket.left -= 1
        return 0.0

    def _filled(self, bucket: Bucket, now: float) -> float:
        return min(self.most, bucket.left + (now - bucket.at) * self.per_second)

    def _sweep(self, now: float) -> None:
        if len(self._buckets) < self._sweep_at:
            return
        self._buckets = {
            key: bucket
            for key, bucket in self._buckets.items()
            if self._filled(bucket, now) < self.most
        }
        self._sweep_at = max(LEAST_SWEPT, 2 * len(self._buckets))
