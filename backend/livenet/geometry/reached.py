"""The network's values at the vertices of a subdivision."""

from dataclasses import dataclass

import numpy as np

from livenet.geometry.arrays import Floats
from livenet.geometry.steps import Affine


@dataclass(frozen=True)
class Reached:
    """values (V, D), a row a vertex; terms (D,): the largest that the terms of each unit's last
    affine map can add up to over the vertices.

    Not the largest |value|: a unit whose terms cancel everywhere holds nothing but rounding, and
    must not cut.
    """

    values: Floats
    terms: Floats

    def through(self, step: Affine) -> "Reached":
        """What leaves an affine step."""
        largest = np.abs(self.values).max(axis=0)  # (D,)
        return Reached(step.apply(self.values), step.sizes(largest))

    def plus(self, other: "Reached") -> "Reached":
        """The sum of two, unit by unit."""
        return Reached(self.values + other.values, self.terms + other.terms)
