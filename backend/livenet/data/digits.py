"""The handwritten digits that scikit-learn comes with (E. Alpaydin and C. Kaynak, UCI 1998)."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from livenet.data.dataset import Array, dataset
from livenet.data.images import noisy
from livenet.data.packaged import packaged_file
from livenet.spec.data import images as spec

FILE = "digits.csv.gz"  # a row an image: 64 pixels, then its class
WHITE = 16.0  # the largest value of a pixel in it


@cache
def bundled() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """All 1,797: images (N, 1, 8, 8) from 0 to 1, classes (N,)."""
    rows = np.loadtxt(packaged_file(FILE), dtype=np.uint8, delimiter=",")
    images = (rows[:, :-1].reshape(-1, 1, 8, 8) / WHITE).astype(np.float32)
    return images, rows[:, -1].astype(np.int64)


@dataset(spec.Digits)
def digits(s: spec.Digits, draw: np.random.Generator) -> tuple[Array, Array]:
    """The requested number of images, drawn at random."""
    x, y = bundled()
    rows = draw.permutation(len(x))[: s.samples]
    return noisy(x[rows], s.noise, draw), y[rows]
