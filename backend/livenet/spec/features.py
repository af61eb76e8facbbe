"""Input features of a point. To add a feature, add a row to ROWS.

``value`` takes a column of coordinates, ``linear`` is whether the net remains piecewise linear.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Feature:
    """One input feature, a function of the point's coordinates (x1, x2)."""

    kind: str
    label: str
    formula: str
    inputs: int
    """The least number of coordinates."""
    value: Callable[[Sequence[Tensor]], Tensor]
    linear: bool = False


ROWS = (
    Feature("x1", "x₁", "x_1", 1, lambda x: x[0], linear=True),
    Feature("x2", "x₂", "x_2", 2, lambda x: x[1], linear=True),
    Feature("x1_squared", "x₁²", "x_1^2", 1, lambda x: x[0].square()),
    Feature("x2_squared", "x₂²", "x_2^2", 2, lambda x: x[1].square()),
    Feature("x1_x2", "x₁x₂", "x_1 x_2", 2, lambda x: x[0] * x[1]),
    Feature("sin_x1", "sin x₁", r"\sin x_1", 1, lambda x: x[0].sin()),
    Feature("sin_x2", "sin x₂", r"\sin x_2", 2, lambda x: x[1].sin()),
)

FEATURES = {row.kind: row for row in ROWS}

if TYPE_CHECKING:
    FeatureName = str
else:
    FeatureName = Literal[tuple(FEATURES)]
    """A feature's name in a spec."""
