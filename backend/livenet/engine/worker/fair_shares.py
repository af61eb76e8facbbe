"""Equal shares of compute time: among networks, then among the people of one, then among the runs
of one person.

A class behind one address shares as its members do; somebody who makes many identities shares with
them alone, as long as the others use another network.
"""

from __future__ import annotations

from heapq import heappop, heappush

Rank = tuple[float, int, str]


class FairQueue:
    """Gives equal shares of compute time to all names that want it, by the seconds each has used.

    The one that has used the least goes next, as in the fair schedulers of operating systems: a
    run with long steps has fewer turns, and nobody saves up turns while wanting none. Ties go to
    the one that has waited longest; ``floor`` is the time that a new one is taken to have used.
    """

    def __init__(self) -> None:
        self._had: dict[str, float] = {}
        self._last: dict[str, int] = {}
        self._floor = 0.0
        self._count = 0
        self._wanting: dict[str, Rank] = {}
        self._heap: list[Rank] = []  # with ranks that are no longer those of ``_wanting``

    def __len__(self) -> int:
        """The number of names that want turns."""
        return len(self._wanting)

    def want(self, name: str) -> None:
        """From now on this one wants turns."""
        if name not in self._wanting:
            self._rank(name)

    def rest(self, name: str) -> None:
        """From now on this one wants no turns."""
        self._wanting.pop(name, None)

    def _rank(self, name: str) -> None:
        had = max(self._had.get(name, 0.0), self._floor)
        rank = self._wanting[name] = had, self._last.get(name, 0), name
        heappush(self._heap, rank)

    def pick(self) -> str | None:
        """The one that goes next; None if none wants to."""
        while self._heap and self._wanting.get(self._heap[0][2]) is not self._heap[0]:
            heappop(self._heap)
        if not self._heap:
            return None
        self._floor, _, name = heappop(self._heap)
        self._count += 1
        self._last[name] = self._count
        self._rank(name)
        return name

    def charge(self, name: str, seconds: float) -> None:
        """Adds to the time that one has used."""
        self._had[name] = max(self._had.get(name, 0.0), self._floor) + seconds
        if name in self._wanting:
            self._rank(name)

    def remove(self, name: str) -> None:
        self.rest(name)
        self._had.pop(name, None)
        self._last.pop(name, None)


Path = tuple[str, ...]


class FairShares:
    """A FairQueue at every branch of a tree, whose leaves are runs: network, owner, run."""

    def __init__(self) -> None:
        self._paths: dict[str, Path] = {}
        self._queues: dict[Path, FairQueue] = {(): FairQueue()}

    def __contains__(self, run: str) -> bool:
        return run in self._paths

    @property
    def wanted(self) -> bool:
        """Whether any run wants a turn."""
        return len(self._queues[()]) > 0

    def add(self, run: str, share: tuple[str, str]) -> None:
        """Adds a run under the network and the owner of ``share``."""
        self.remove_run(run)
        self._paths[run] = (*share, run)
        for depth in range(1, len(share) + 1):
            self._queues.setdefault(share[:depth], FairQueue())

    def want(self, run: str) -> None:
        """From now on this run wants turns."""
        path = self._paths[run]
        for depth, name in enumerate(path):
            self._queues[path[:depth]].want(name)

    def rest(self, run: str) -> None:
        """From now on this run wants no turns."""
        path = self._paths.get(run, ())
        for depth in reversed(range(len(path))):
            queue = self._queues[path[:depth]]
            queue.rest(path[depth])
            if len(queue):
                return

    def pick(self) -> str | None:
        """The run that goes next; None if none wants to."""
        chosen: Path = ()
        while (queue := self._queues.get(chosen)) is not None:
            name = queue.pick()
            if name is None:
                return None
            chosen += (name,)
        return chosen[-1]

    def charge(self, run: str, seconds: float) -> None:
        """Adds to the time that a run has used, and its owner, and their network."""
        path = self._paths.get(run, ())
        for depth, name in enumerate(path):
            self._queues[path[:depth]].charge(name, seconds)

    def remove_run(self, run: str) -> None:
        self.rest(run)
        path = self._paths.pop(run, ())
        for depth in reversed(range(len(path))):
            if any(other[: depth + 1] == path[: depth + 1] for other in self._paths.values()):
                return
            self._queues[path[:depth]].remove(path[depth])
            self._queues.pop(path[: depth + 1], None)
