"""Budgets on a clock of a test's own, which a look moves and nothing else."""

from __future__ import annotations

from livenet.budget import Budget


class Ticking:
    """A clock that goes on by a second each time that it is looked at."""

    def __init__(self) -> None:
        self.looks = 0

    def __call__(self) -> float:
        self.looks += 1
        return float(self.looks)


def of_looks(count: int) -> Budget:
    """A budget that is spent after so many looks at a clock."""
    return Budget(float(count), Ticking())
