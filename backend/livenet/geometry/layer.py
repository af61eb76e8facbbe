"""A layer, and the affine map that may precede the first."""

from dataclasses import dataclass

import numpy as np

from livenet.geometry.arrays import Floats
from livenet.geometry.piecewise import PiecewiseLinear


@dataclass(frozen=True)
class Layer:
    """h = σ(W h' + b), or h = h' + σ(W h' + b) when residual, h' being the layer before.

    weight (D_out, D_in), bias (D_out,), both converted to float64.

    Raises:
        ValueError: when the shapes do not match, a number is not finite, or a residual
            layer is not square.
    """

    weight: Floats
    bias: Floats
    activation: PiecewiseLinear
    residual: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", np.asarray(self.weight, dtype=np.float64))
        object.__setattr__(self, "bias", np.asarray(self.bias, dtype=np.float64))
        if self.weight.ndim != 2 or self.bias.shape != self.weight.shape[:1]:
            raise ValueError(
                f"weight {self.weight.shape} and bias {self.bias.shape} do not belong together: "
                "they must be (D_out, D_in) and (D_out,)"
            )
        if self.residual and self.weight.shape[0] != self.weight.shape[1]:
            raise ValueError(
                f"a residual layer needs as many units as inputs, given {self.weight.shape}"
            )
        if not (np.isfinite(self.weight).all() and np.isfinite(self.bias).all()):
            raise ValueError("a weight or bias is not finite, so there are no regions to draw")

    @property
    def width(self) -> int:
        """D_out."""
        return len(self.bias)

    def leaving(self, width: int) -> int:
        """The number of outputs for ``width`` inputs. Raises ValueError if they do not fit."""
        if width != self.weight.shape[1]:
            raise ValueError(f"takes {self.weight.shape[1]} inputs, but {width} arrive")
        return self.width


@dataclass(frozen=True)
class InputMap:
    """h(0) = A x + c: the slice of the input space with coordinates x. A (D_0, d), c (D_0,)."""

    matrix: Floats
    offset: Floats

    def __call__(self, points: Floats) -> Floats:
        """(N, d) points of the slice -> (N, D_0) inputs of the network."""
        return points @ self.matrix.T + self.offset
