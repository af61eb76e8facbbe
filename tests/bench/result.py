"""One measurement beside its target."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Result:
    name: str
    value: float
    target: float | None
    """None where the value is only told."""
    unit: str
    least: bool = True  # the target is a floor; else a ceiling
    gates: bool = False

    @property
    def reached(self) -> bool:
        if self.target is None:
            return True
        return self.value >= self.target if self.least else self.value <= self.target


Results: TypeAlias = Generator[Result, None, None]
"""Values, each as soon as it is measured."""
