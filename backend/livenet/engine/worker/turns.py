"""Whose turn it is: equal shares of compute time among all who want it.

Whoever has had the least goes next, as in the fair schedulers of operating systems: a run whose
steps are long has fewer turns, and nobody saves up turns while it does not want any. Ties go to
whoever has waited longest.
"""

from __future__ import annotations

from collections.abc import Iterable


class Turns:
    """Seconds that each has had; ``floor`` is what a newcomer is taken to have had."""

    def __init__(self) -> None:
        self._had: dict[str, float] = {}
        self._last: dict[str, int] = {}
        self._floor = 0.0
        self._count = 0

    def pick(self, wanting: Iterable[str]) -> str | None:
        """Who goes next; None where nobody wants to."""
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
        """Somebody has had so much more."""
        self._had[name] = max(self._had.get(name, 0.0), self._floor) + seconds

    def forget(self, name: str) -> None:
        self._had.pop(name, None)
        self._last.pop(name, None)
