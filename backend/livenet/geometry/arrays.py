"""Types of this package's arrays, and a few operations that NumPy lacks."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Bytes: TypeAlias = NDArray[np.uint8]
Words: TypeAlias = NDArray[np.uint64]  # sets of up to 64 cuts, one bit a cut, see bits.py


def starts_of(lengths: Ints) -> Ints:
    """Where each run of a concatenation starts: (N,) lengths -> (N,) starts."""
    return np.cumsum(lengths) - lengths


def offsets_of(lengths: Ints) -> Ints:
    """CSR offsets: (N,) lengths -> (N+1,), the first 0 and the last the total."""
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def counted(lengths: Ints) -> Ints:
    """Count every run from 0: lengths (2, 3) -> 0 1 0 1 2."""
    return np.arange(lengths.sum()) - np.repeat(starts_of(lengths), lengths)


def following(lengths: Ints) -> Ints:
    """The position after each position, cyclically in its own run (no run is empty)."""
    position = np.arange(1, lengths.sum() + 1)
    ends = np.cumsum(lengths)
    position[ends - 1] = ends - lengths
    return position
