"""The resolution of maps: it falls before their rate does, and comes back once there is time.

One level for all pictures of a worker, so that everybody watches maps of equal sharpness. Pictures
of a run at rest are always whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from livenet.probes.table import PROBES
from livenet.spec import RunSpec

SHARES = 1.0, 0.7, 0.5
"""Of the resolution that was asked for, by level."""
LEAST = 8  # cells a side
LATE = 0.5  # of the interval between two pictures: as late as this on average, they lose sharpness
EARLY = 0.1  # no later than this, there is time for more
MEAN_OVER = 0.5  # seconds of the mean
DOWN_AFTER = 0.5  # seconds at one level, before the next lower one
UP_AFTER = 4.0  # calm seconds before the next higher one
LONGEST_CALM = 64.0
"""Where a level that was tried is given up soon, the calm before the next try doubles up to this,
so that maps do not change back and forth."""


class Sharpness:
    """The level of a worker's maps. Times are seconds of any clock."""

    def __init__(self) -> None:
        self.level = 0
        self._late = 0.0
        self._since = 0.0
        self._calm_since = 0.0
        self._calm = UP_AFTER
        self._rose = False
        self._made_at = 0.0

    def made(self, late: float, now: float) -> None:
        """A map was made at ``now``, which was ``late`` by a part of the interval between two."""
        weight = min(1.0, (now - self._made_at) / MEAN_OVER)
        self._made_at = now
        self._late += (min(late, 1.0) - self._late) * weight
        if self._late > EARLY:
            self._calm_since = now
        if self._late > LATE and now - self._since >= DOWN_AFTER:
            if self.level < len(SHARES) - 1:
                in_vain = self._rose and now - self._since < self._calm
                self._calm = min(LONGEST_CALM, 2 * self._calm) if in_vain else UP_AFTER
                self._change(self.level + 1, now)
        elif self.level > 0 and now - max(self._calm_since, self._since) >= self._calm:
            self._change(self.level - 1, now)

    def _change(self, level: int, now: float) -> None:
        self._rose = level < self.level
        self.level, self._since, self._late = level, now, EARLY

    def options(self, probe: str, given: dict[str, Any], spec: RunSpec) -> dict[str, Any]:
        """The options of a picture at this level; those given, where it is no map."""
        if self.level == 0 or not is_map(probe, spec):
            return given
        wanted = _resolution(probe, given)
        if not isinstance(wanted, int) or wanted <= LEAST:
            return given
        return given | {"resolution": max(LEAST, round(wanted * SHARES[self.level]))}


def is_map(probe: str, spec: RunSpec) -> bool:
    """Whether a picture has a resolution that may fall: a curve on the line keeps its points."""
    return _has_resolution(probe) and getattr(spec.data, "inputs", 1) > 1


@cache
def _has_resolution(probe: str) -> bool:
    return probe in PROBES and "resolution" in PROBES[probe].options.model_fields


def _resolution(probe: str, given: Mapping[str, Any]) -> Any:
    return given.get("resolution", PROBES[probe].options.model_fields["resolution"].default)
