"""Connected components of a graph."""

import numpy as np

from livenet.geometry.arrays import Ints


def components(n: int, a: Ints, b: Ints) -> Ints:
    """Number the components of n nodes joined by edges a[i] — b[i]: (n,) labels from 0 upwards.

    Every root is hung below its least neighbouring root and all paths are halved until each
    node points at its root, over and over; about log n times are enough.
    """
    root = np.arange(n)
    while True:
        low, high = np.minimum(root[a], root[b]), np.maximum(root[a], root[b])
        apart = low != high
        if not apart.any():
            break
        np.minimum.at(root, high[apart], low[apart])
        while (root != root[root]).any():
            root = root[root]
    return np.unique(root, return_inverse=True)[1].astype(np.int64)
