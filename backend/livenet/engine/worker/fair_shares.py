"""Equal shares of compute time: among networks, then among the people of one, then among the runs
of one person.

A class behind one address shares as its members do; somebody who makes many identities shares with
them alone, as long as the others use another network.
"""

from __future__ import annotations

from collections.abc import Iterable


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

    def pick(self, wanting: Iterable[str]) -> str | None:
        """The one that goes next; None if none wants to."""
        chosen: tuple[float, int, str] | None = None
        for name in wanting:
            had = max(self._had.get(name, 0.0), self._floor)
            rank = (had, self._last.get(name, 0), name)
            if chosen is None or rank < chosen:
                chosen = rank
        if chosen is None:
            return None
        self._floor = chosen[0]
        self._count += 1
        self._last[chosen[2]] = self._count
        return chosen[2]

    def charge(self, name: str, seconds: float) -> None:
        """Adds to the time that one has used."""
        self._had[name] = max(self._had.get(name, 0.0), self._floor) + seconds

    def remove(self, name: str) -> None:
        self._had.pop(name, None)
        self._last.pop(name, None)


Path = tuple[str, ...]


class FairShares:
    """A FairQueue at every branch of a tree, whose leaves are runs: network, owner, run."""

    def __init__(self) -> None:
        self._paths: dict[str, Path] = {}
        self._queues: dict[Path, FairQueue] = {(): FairQueue()}

    def add(self, run: str, share: tuple[str, str]) -> None:
        """Adds a run under the network and the owner of ``share``."""
        self.remove_run(run)
        self._paths[run] = (*share, run)
        for depth in range(1, len(share) + 1):
            self._queues.setdefault(share[:depth], FairQueue())

    def pick(self, wanting: Iterable[str]) -> str | None:
        """The run that goes next; None if none wants to."""
        paths = [self._paths[run] for run in wanting]
        if not paths:
            return None
        chosen: Path = ()
        while len(chosen) < len(paths[0]):
            depth = len(chosen)
            name = self._queues[chosen].pick(dict.fromkeys(path[depth] for path in paths))
            assert name is not None
            chosen += (name,)
            paths = [path for path in paths if path[depth] == name]
        return chosen[-1]

    def charge(self, run: str, seconds: float) -> None:
        """Adds to the time that a run has used, and its owner, and their network."""
        path = self._paths.get(run, ())
        for depth, name in enumerate(path):
            self._queues[path[:depth]].charge(name, seconds)

    def remove_run(self, run: str) -> None:
        path = self._paths.pop(run, ())
        for depth in reversed(range(len(path))):
            if any(other[: depth + 1] == path[: depth + 1] for other in self._paths.values()):
                return
            self._queues[path[:depth]].remove(path[depth])
            self._queues.pop(path[: depth + 1], None)
