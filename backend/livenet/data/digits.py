"""The handwritten digits that scikit-learn comes with (E. Alpaydin and C. Kaynak, UCI 1998)."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from livenet.data.dataset import Array, dataset
from livenet.data.images import noisy
from livenet.spec import data as spec

WHITE = 16.0  # the largest value of a pixel in the bundled set


@cache
def bundled() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """All 1,797: images (N, 1, 8, 8) from 0 to 1, classes (N,)."""
    from sklearn.datasets import load_digits  # takes its time, and few need it

    found: Any = load_digits()
    images = (found.images / WHITE).astype(np.float32)[:, None]
    return images, found.target.astype(np.int64)


@dataset(spec.Digits)
def digits(s: spec.Digits, draw: np.random.Generator) -> tuple[Array, Array]:
    """As many as are asked for, drawn at random."""
    x, y = bundled()
    rows = draw.permutation(len(x))[: s.samples]
    return noisy(x[rows], s.noise, draw), y[rows]
