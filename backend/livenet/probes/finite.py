"""Numbers of facts: JSON has neither infinity nor NaN."""

from __future__ import annotations

from math import isfinite


def finite(value: float | None) -> float | None:
    """The number; None if it is missing or not finite."""
    return value if value is not None and isfinite(value) else None
