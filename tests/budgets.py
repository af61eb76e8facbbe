"""Budgets on a clock of the test's own, which only reading it advances."""

from __future__ import annotations

from livenet.budget import Budget


class Ticking:
    """A clock that advances by one second each time that it is read."""

    def __init__(self) -> None:
        self.reads = 0

    def __call__(self) -> float:
        self.reads += 1
        return float(self.reads)


def spent_after(count: int) -> Budget:
    """A budget that is spent after so many reads of its clock."""
    return Budget(float(count), Ticking())
