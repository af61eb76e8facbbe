"""A run's snapshots within a budget of bytes: dense for recent steps, sparse for old ones."""

from __future__ import annotations

from bisect import bisect_right, insort

import numpy as np

MAX_SNAPSHOTS = 512  # snapshots, regardless of their size


class SnapshotIndex:
    """The steps and sizes of snapshots, and which of them to drop. The first is always kept, and
    so is the latest."""

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.size = 0
        self.version = 0
        """Grows whenever the steps change."""
        self._steps: list[int] = []
        self._sizes: dict[int, int] = {}

    def __contains__(self, step: int) -> bool:
        return step in self._sizes

    @property
    def steps(self) -> list[int]:
        """Steps that have a snapshot, increasing."""
        return list(self._steps)

    @property
    def least(self) -> int:
        """Bytes of the snapshots that are always kept: the first and the latest."""
        return sum(self._sizes[step] for step in {*self._steps[:1], *self._steps[-1:]})

    def put(self, step: int, size: int) -> list[int]:
        """Adds a snapshot, or replaces the one of its step. Returns the steps to drop."""
        if step in self._sizes:
            self.size -= self._sizes[step]
        else:
            insort(self._steps, step)
            self.version += 1
        self._sizes[step] = size
        self.size += size
        return self.thin()

    def thin(self) -> list[int]:
        """Removes snapshots over the budget. Returns their steps."""
        dropped = []
        while self._full and len(self._steps) > 2:
            dropped.append(self._least_missed())
            self._drop(dropped[-1])
        return dropped

    @property
    def _full(self) -> bool:
        return self.size > self.budget or len(self._steps) > MAX_SNAPSHOTS

    def _least_missed(self) -> int:
        """The snapshot that would leave the smallest gap relative to its age."""
        steps = np.array(self._steps)
        before, after = steps[:-2], steps[2:]
        missed = (after - before) / (steps[-1] - before + 1)
        return self._steps[1 + int(missed.argmin())]

    def _drop(self, step: int) -> None:
        self.version += 1
        self._steps.remove(step)
        self.size -= self._sizes.pop(step)

    def step_before(self, step: int) -> int:
        """The latest step with a snapshot at or before a step. Raises LookupError if there is
        none."""
        place = bisect_right(self._steps, step)
        if not place:
            raise LookupError(step)
        return self._steps[place - 1]


class SnapshotStore:
    """Packed snapshots by step, in memory."""

    def __init__(self, budget: int) -> None:
        self._index = SnapshotIndex(budget)
        self._data: dict[int, bytes] = {}

    @property
    def budget(self) -> int:
        """Bytes that its snapshots may take; the first and the latest are kept even if over it."""
        return self._index.budget

    @budget.setter
    def budget(self, budget: int) -> None:
        self._index.budget = budget
        self._drop(self._index.thin())

    @property
    def size(self) -> int:
        """Bytes of all snapshots."""
        return self._index.size

    @property
    def version(self) -> int:
        """Grows whenever the steps change."""
        return self._index.version

    @property
    def least(self) -> int:
        """Bytes of the snapshots that are always kept: the first and the latest."""
        return self._index.least

    @property
    def steps(self) -> list[int]:
        """Steps that have a snapshot, increasing."""
        return self._index.steps

    def put(self, step: int, data: bytes) -> None:
        """Adds a snapshot, or replaces the one of its step; drops snapshots over the budget."""
        self._data[step] = data
        self._drop(self._index.put(step, len(data)))

    def _drop(self, steps: list[int]) -> None:
        for step in steps:
            del self._data[step]

    def before(self, step: int) -> bytes:
        """The latest snapshot at or before a step. Raises LookupError if there is none."""
        return self._data[self.step_before(step)]

    def step_before(self, step: int) -> int:
        """The step of the snapshot that ``before`` returns."""
        return self._index.step_before(step)

    def items(self) -> list[tuple[int, bytes]]:
        """All snapshots with their steps, increasing."""
        return [(step, self._data[step]) for step in self._index.steps]

    def until(self, step: int) -> SnapshotStore:
        """A store with the snapshots at or before a step, their bytes shared."""
        copy = SnapshotStore(self.budget)
        for kept, data in self.items():
            if kept <= step:
                copy.put(kept, data)
        return copy
