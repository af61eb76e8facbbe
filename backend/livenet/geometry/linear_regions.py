"""Linear regions: activation regions that share an edge and one affine map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from livenet.geometry.arrays import Bools, Ints
from livenet.geometry.forward import AffineMaps
from livenet.geometry.mesh import Mesh


def components(n: int, a: Ints, b: Ints) -> Ints:
    """Number the components of n nodes joined by edges a[i] — b[i]: (n,) labels from 0 upwards.

    Every root is attached to its smallest neighbouring root and all paths are halved until each
    node points at its root. This is repeated, about log n times.
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


SAME = 1e-9  # of the largest coefficient of that output; rounding errors are about 1e-14


@dataclass(frozen=True)
class LinearRegions:
    """label (F,): the linear region of each face, numbered from 0; count: their number.

    A linear region is connected but need not be convex. borders (B, 2): the edges between two
    of them, as pairs of vertices.
    """

    label: Ints
    count: int
    borders: Ints


def same_maps(maps: AffineMaps, a: Ints, b: Ints) -> Bools:
    """Whether pieces a[i] and b[i] have the same map: (N,), (N,) -> (N,).

    Every slope of an output must agree within SAME of the largest slope of that output on any
    piece, and every offset likewise. Terms that cancel (the share of one unit against that of
    another) leave rounding errors of about 1e-16 of the terms; a bend below 1e-9 of the steepest
    slope is invisible.
    """
    scale = np.abs(maps.rows).max(axis=0)  # (d + 1, D)
    scale[:-1] = scale[:-1].max(axis=0)
    apart = np.abs(maps.rows[a] - maps.rows[b])
    same: Bools = (apart <= SAME * scale).all(axis=(1, 2))
    return same


def linear_regions(mesh: Mesh, maps: AffineMaps) -> LinearRegions:
    """Merge faces across every edge at which the map does not change."""
    edges = mesh.edges
    inner = edges.faces[:, 1] >= 0
    a, b = edges.faces[inner].T
    same = same_maps(maps, a, b)
    label = components(len(mesh.lengths), a[same], b[same])
    borders = edges.vertices[inner][label[a] != label[b]]
    return LinearRegions(label, int(label.max()) + 1, borders)
