"""What the machine code and its callers agree on; nothing here needs a compiler.

A multilayer perceptron is described by numbers: a line of ``layers`` for each layer, with the
addresses of its functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from livenet.models import Mlp
from livenet.training.flat import Flat

if TYPE_CHECKING:
    from livenet.training.compiled.code import Code

# Columns of a layer's description.
D_IN, D_OUT, WEIGHT, BIAS, VALUE, SLOPE, RESIDUAL, INPUT_ROW, ROW = range(9)
COLUMNS = 9
NO_BIAS = -1
# Rows of the values of a block.
Z, S, H, M, DELTA, CARRIED = range(6)
PLANES = 6
LANES = 16  # examples of a block
# The result of training: why it stopped, the finished steps, the position behind them, L and ‖g‖.
STOPPED, STEPS, POSITION, LOSS, NORM = range(5)
RESULTS = 5
DONE, NOT_FINITE = range(2)  # why it stopped
NUMBERS = 8  # room for the knobs of an optimizer
WORDS, KEY = 4, 2  # of a block of random numbers, and of their key
SUMS = 2  # Σ −log p, Σ measure

Real = np.float32 | np.float64
ROOM = ("reals", "integer", "reals", "reals", "words", "doubles")
"""Room for a block: its values and their rows, h transposed (LANES, LANES), targets (LANES,),
random words, and [Σ −log p, Σ measure]."""
SIGNATURES: dict[str, tuple[str, ...]] = {
    # z, s = σ(z), count, knob
    "value": ("reals", "reals", "integer", "real"),
    # ∂L/∂s, z, s, δ = σ′(z) ∂L/∂s, count, knob
    "slope": ("reals", "reals", "reals", "reals", "integer", "real"),
    # θ (K, LANES), y (LANES,), ∂(−log p)/∂θ, added [Σ −log p, Σ measure], K, count, σ
    "loss": ("reals", "reals", "reals", "doubles", "integer", "integer", "double"),
    # φ (P,), g, state (S, P), knobs (NUMBERS,), P, S, η, t
    "update": (
        "reals", "reals", "reals", "doubles", "integer", "integer", "double", "integer",
    ),
    # layers, knobs, L; φ, g, P; state, S; x (N, D), y, N, D; order (E, N), E, position; batch;
    # η (n,), n, finished steps; loss, σ, λ₁, λ₂, dropout, key; update, its knobs; room; results
    "train": (
        "integers", "reals", "integer", "reals", "reals", "integer", "reals", "integer",
        "reals", "reals", "integer", "integer", "integers", "integer", "integer", "integer",
        "doubles", "integer", "integer", "integer", "double", "double", "double", "double",
        "words", "integer", "doubles", *ROOM, "doubles",
    ),
    # layers, knobs, L; φ, P; x (N, D), y, N, D; numbers of rows (N,); loss, σ; room
    "evaluate": (
        "integers", "reals", "integer", "reals", "integer", "reals", "reals", "integer",
        "integer", "integers", "integer", "double", *ROOM,
    ),
    # layers, knobs, L; φ, P; x (N, D), N, D; the first row of a block, its values (R, N), R; room
    "maps": (
        "integers", "reals", "integer", "reals", "integer", "reals", "integer", "integer",
        "integer", "reals", "integer", *ROOM,
    ),
}  # fmt: skip
"""Arguments of the functions in machine code, which return nothing. A plural is the address of a
contiguous array; ``real`` is the type of φ. The address of a function is an integer."""


def address(array: NDArray[Any]) -> int:
    """Where a contiguous array begins."""
    assert array.flags.c_contiguous
    place: int = array.__array_interface__["data"][0]
    return place


class Room:
    """Memory for the intermediate values of one network, and for ``sums``."""

    def __init__(self, rows: int, real: type[Real]) -> None:
        self.rows = rows
        self.values = np.zeros((PLANES, rows, LANES), real)
        self.turned = np.zeros((LANES, LANES), real)
        self.targets = np.zeros(LANES, real)
        self.words = np.zeros(WORDS, np.uint64)
        self.sums = np.zeros(SUMS)
        self.arguments = (
            address(self.values), rows, address(self.turned), address(self.targets),
            address(self.words), address(self.sums),
        )  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """``layers`` (L, COLUMNS) int64, ``knobs`` (L,) of the activations, and the ``rows`` of a
    block's values."""

    layers: NDArray[np.int64]
    knobs: NDArray[np.floating[Any]]
    rows: int

    @classmethod
    def of(cls, model: Mlp, flat: Flat, code: Code) -> Layout:
        described, knobs = [], []
        row, input_row = model.dense[0].weight.shape[1], 0
        for number, layer in enumerate(model.dense):
            d_out, d_in = layer.weight.shape
            name = f"layers.{number}"
            bias = flat.places[f"{name}.bias"][0] if layer.bias is not None else NO_BIAS
            value = slope = 0
            if layer.chosen:
                value, slope = (code.address(of, layer.chosen.kind) for of in ("value", "slope"))
            described.append(
                [
                    d_in, d_out, flat.places[f"{name}.weight"][0], bias, value, slope,
                    int(layer.residual), input_row, row,
                ]
            )  # fmt: skip
            knobs.append(next(iter(layer.knobs.values()), 0.0))
            input_row, row = row, row + d_out
        return cls(np.array(described, np.int64), np.array(knobs, code.real), row)

    @cached_property
    def arguments(self) -> tuple[int, int, int]:
        """Of functions in machine code."""
        return address(self.layers), address(self.knobs), len(self.layers)
