"""What all sets of images share. An image is (1, H, W), row 0 on top, from 0 to 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.float32]


def noisy(x: Pixels, noise: float, draw: np.random.Generator) -> Pixels:
    """Images with normal noise of this standard deviation on every pixel, cut to 0 to 1."""
    if not noise:
        return x
    shaken = x + np.float32(noise) * draw.standard_normal(x.shape, dtype=np.float32)
    return shaken.clip(0.0, 1.0)
