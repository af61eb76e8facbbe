"""The network's values at the vertices of a subdivision."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from livenet.budget import Budget
from livenet.geometry.arrays import Floats, Ints
from livenet.geometry.steps import Affine


@dataclass(frozen=True)
class Reached:
    """source: the values (V, D), a row per vertex, or a function (C,) -> (V, C) that computes some
    of the units on request; terms (D,): the largest sum of the absolute terms of each unit's last
    affine map over the vertices.

    Not the largest |value|: a unit with terms that cancel everywhere has only rounding errors, and
    must not cut. ends: `low` and `high`, if they are known without the values.
    """

    source: Floats | Callable[[Ints], Floats]
    terms: Floats
    ends: tuple[Floats, Floats] | None = None

    @cached_property
    def values(self) -> Floats:
        """(V, D), all of them."""
        if callable(self.source):
            return self.source(np.arange(len(self.terms)))
        return self.source

    def of(self, units: Ints) -> Floats:
        """The values of some units, (V, C)."""
        return self.source(units) if callable(self.source) else self.source[:, units]

    @cached_property
    def low(self) -> Floats:
        """(D,), a lower bound on each unit."""
        return self.ends[0] if self.ends else self.values.min(axis=0)

    @cached_property
    def high(self) -> Floats:
        """(D,), an upper bound on each unit."""
        return self.ends[1] if self.ends else self.values.max(axis=0)

    def through(self, step: Affine, budget: Budget) -> "Reached | None":
        """The output of an affine step; None if the budget ends first."""
        values = step.applied(self.values, budget)
        if values is None:
            return None
        return Reached(values, step.sizes(np.maximum(-self.low, self.high)))

    def plus(self, other: "Reached") -> "Reached":
        """The sum of two, unit by unit."""
        return Reached(self.values + other.values, self.terms + other.terms)
