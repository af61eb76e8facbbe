"""The description of a multilayer perceptron by numbers, as the compiled code reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from livenet.models import Mlp
from livenet.training.compiled import kernels
from livenet.training.flat import Flat

LINEAR = "linear"


@dataclass(frozen=True)
class Layout:
    """``layers`` (L, 8) int64 with the columns of kernels, ``knobs`` (L,) of the activations, and
    the ``rows`` of a block's values."""

    layers: NDArray[np.int64]
    knobs: NDArray[np.floating[Any]]
    rows: int

    @classmethod
    def of(cls, model: Mlp, flat: Flat, dtype: type[np.floating[Any]] = np.float32) -> Layout:
        described, knobs = [], []
        row, input_row = model.dense[0].weight.shape[1], 0
        for number, layer in enumerate(model.dense):
            d_out, d_in = layer.weight.shape
            name = f"layers.{number}"
            bias = flat.places[f"{name}.bias"][0] if layer.bias is not None else kernels.NO_BIAS
            kind = layer.chosen.kind if layer.chosen else LINEAR
            described.append(
                [
                    d_in, d_out, flat.places[f"{name}.weight"][0], bias,
                    kernels.ACTIVATION_CODES[kind], int(layer.residual), input_row, row,
                ]
            )  # fmt: skip
            knobs.append(next(iter(layer.knobs.values()), 0.0))
            input_row, row = row, row + d_out
        return cls(np.array(described, np.int64), np.array(knobs, dtype), row)

    def values(self) -> NDArray[np.floating[Any]]:
        """Room for the values of a block."""
        shape = kernels.PLANES, self.rows, kernels.LANES
        return np.zeros(shape, self.knobs.dtype)
