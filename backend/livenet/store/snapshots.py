"""A run's snapshots within a memory budget: dense for recent steps, sparse for old ones."""

from __future__ import annotations

from bisect import bisect_right, insort

MAX_SNAPSHOTS = 512  # snapshots, regardless of their size


class SnapshotStore:
    """Packed snapshots by step. The first is always kept, and so is the latest."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self.size = 0
        self.version = 0
        """Grows whenever the steps change."""
        self._steps: list[int] = []
        self._data: dict[int, bytes] = {}

    @property
    def budget(self) -> int:
        """Bytes that its snapshots may take; the first and the latest are kept even if over it."""
        return self._budget

    @budget.setter
    def budget(self, budget: int) -> None:
        self._budget = budget
        self._thin()

    @property
    def least(self) -> int:
        """Bytes of the snapshots that are always kept: the first and the latest."""
        return sum(len(self._data[step]) for step in {*self._steps[:1], *self._steps[-1:]})

    @property
    def steps(self) -> list[int]:
        """Steps that have a snapshot, increasing."""
        return list(self._steps)

    def put(self, step: int, data: bytes) -> None:
        """Adds a snapshot, or replaces the one of its step; thins snapshots over the budget."""
        if step in self._data:
            self.size -= len(self._data[step])
        else:
            insort(self._steps, step)
            self.version += 1
        self._data[step] = data
        self.size += len(data)
        self._thin()

    def _thin(self) -> None:
        while self._full and len(self._steps) > 2:
            self._drop(self._least_missed())

    @property
    def _full(self) -> bool:
        return self.size > self._budget or len(self._steps) > MAX_SNAPSHOTS

    def _least_missed(self) -> int:
        """The snapshot that would leave the smallest gap relative to its age."""
        steps, last = self._steps, self._steps[-1]
        inner = range(1, len(steps) - 1)
        return steps[
            min(inner, key=lambda i: (steps[i + 1] - steps[i - 1]) / (last - steps[i - 1] + 1))
        ]

    def _drop(self, step: int) -> None:
        self.version += 1
        self._steps.remove(step)
        self.size -= len(self._data.pop(step))

    def before(self, step: int) -> bytes:
        """The latest snapshot at or before a step. Raises LookupError if there is none."""
        return self._data[self.step_before(step)]

    def step_before(self, step: int) -> int:
        """The step of the snapshot that ``before`` returns."""
        place = bisect_right(self._steps, step)
        if not place:
            raise LookupError(step)
        return self._steps[place - 1]

    def until(self, step: int) -> SnapshotStore:
        """A store with the snapshots at or before a step, their bytes shared."""
        copy = SnapshotStore(self._budget)
        for kept in self._steps:
            if kept <= step:
                copy.put(kept, self._data[kept])
        return copy
