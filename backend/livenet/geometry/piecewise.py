"""A scalar piecewise linear activation."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from livenet.geometry.arrays import Bytes, Floats


@dataclass(frozen=True)
class PiecewiseLinear:
    """σ(z) = slopes[k] z + intercepts[k] on piece k, where k is the number of breaks below z.

    `breaks` increase strictly; a break itself belongs to the piece on its left, which for
    ReLU is torch's convention too (its gradient at 0 is 0). σ may jump at a break.

    Raises:
        ValueError: when the lengths do not match, a number is not finite, the breaks do not
            increase, or there are more than 255 of them.
    """

    breaks: tuple[float, ...]
    slopes: tuple[float, ...]
    intercepts: tuple[float, ...]

    def __post_init__(self) -> None:
        pieces = len(self.breaks) + 1
        if len(self.slopes) != pieces or len(self.intercepts) != pieces:
            raise ValueError(
                f"{len(self.breaks)} breaks make {pieces} pieces, but there are "
                f"{len(self.slopes)} slopes and {len(self.intercepts)} intercepts"
            )
        if pieces > 256:
            raise ValueError(f"{len(self.breaks)} breaks given, at most 255 allowed")
        if not all(np.isfinite([*self.breaks, *self.slopes, *self.intercepts])):
            raise ValueError("breaks, slopes and intercepts must be finite numbers")
        if any(low >= high for low, high in zip(self.breaks, self.breaks[1:], strict=False)):
            raise ValueError(f"breaks must increase strictly, given {self.breaks}")

    @cached_property
    def jumps(self) -> bool:
        """Whether σ is discontinuous at some break, beyond rounding."""
        at = np.array(self.breaks)
        slopes, intercepts = np.array(self.slopes), np.array(self.intercepts)
        left = slopes[:-1] * at + intercepts[:-1]
        right = slopes[1:] * at + intercepts[1:]
        return not np.allclose(left, right, rtol=1e-12, atol=1e-12)

    def pieces(self, z: Floats) -> Bytes:
        """The piece of each value, of z's shape."""
        found = np.zeros(np.shape(z), dtype=np.uint8)
        for at in self.breaks:  # for few breaks, many times as fast as a search
            found += z > at
        return found

    def __call__(self, z: Floats) -> Floats:
        """σ(z), of z's shape."""
        if len(self.breaks) == 1:  # many times as fast as indexing the slopes
            below = self.slopes[0] * z + self.intercepts[0]
            above = self.slopes[1] * z + self.intercepts[1]
            return np.where(z > self.breaks[0], above, below)
        piece = self.pieces(z)
        value: Floats = np.array(self.slopes)[piece] * z + np.array(self.intercepts)[piece]
        return value


LINEAR = PiecewiseLinear((), (1.0,), (0.0,))
RELU = PiecewiseLinear((0.0,), (0.0, 1.0), (0.0, 0.0))
HARD_TANH = PiecewiseLinear((-1.0, 1.0), (0.0, 1.0, 0.0), (-1.0, 0.0, 1.0))


def leaky_relu(slope: float) -> PiecewiseLinear:
    """max(0, z) + slope · min(0, z)."""
    return PiecewiseLinear((0.0,), (slope, 1.0), (0.0, 0.0))
