"""Which runs want a turn now, and when the next one will: paced ones wait for their time."""

from __future__ import annotations

from heapq import heappop, heappush
from math import ceil, inf

from livenet.engine.worker.fair_shares import FairShares

SECONDS_A_RUN = 0.002
MOST_SECONDS = 0.1
TOGETHER = 0.1  # of the interval: turns that are due within it are one after another


class Turns:
    """The turns of a worker's runs, shared equally. Times are those of ``perf_counter``.

    A turn costs tens of microseconds besides its steps, and so does waking up for it. So among many
    runs a paced one does several steps in a turn: it wants one every ``interval`` seconds at most,
    and begins it together with others.
    """

    def __init__(self) -> None:
        self._shares = FairShares()
        self._times: dict[str, float] = {}  # of all runs that want turns, now or later
        self._later: list[tuple[float, str]] = []  # with times that are no longer those of _times

    @property
    def interval(self) -> float:
        return min(MOST_SECONDS, SECONDS_A_RUN * len(self._times))

    def later(self, at: float) -> float:
        """The time of a turn that is due at ``at``: the next one at which turns begin."""
        apart = TOGETHER * self.interval
        return ceil(at / apart) * apart if apart else at

    def add(self, run: str, share: tuple[str, str]) -> None:
        """Adds a run, which wants no turns yet, under the network and the owner of ``share``."""
        self._times.pop(run, None)
        self._shares.add(run, share)

    def remove(self, run: str) -> None:
        self._times.pop(run, None)
        self._shares.remove_run(run)

    def plan(self, run: str, at: float | None) -> None:
        """A run wants its next turn at a time; None is that it wants none. Nothing is planned for
        a run that has gone."""
        self._shares.rest(run)
        if at is None or run not in self._shares:
            self._times.pop(run, None)
        else:
            self._times[run] = at
            heappush(self._later, (at, run))

    def charge(self, run: str, seconds: float) -> None:
        """Adds to the time that a run has used."""
        self._shares.charge(run, seconds)

    def wait(self, now: float) -> float:
        """Seconds until a run wants a turn; infinite if none will."""
        self._arrive(now)
        if self._shares.wanted:
            return 0.0
        return self._later[0][0] - now if self._later else inf

    def pick(self, now: float) -> str | None:
        """The run that has its turn; None if none wants one now."""
        self._arrive(now)
        return self._shares.pick()

    def _arrive(self, now: float) -> None:
        while self._later:
            at, run = self._later[0]
            if self._times.get(run) == at:
                if at > now:
                    return
                self._shares.want(run)
            heappop(self._later)
