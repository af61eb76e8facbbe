"""The affine map of each face, from the values at its corners."""

from typing import NamedTuple

import numpy as np

from livenet.geometry.arrays import Bools, Floats
from livenet.geometry.linear_regions import SAME
from livenet.geometry.mesh import Mesh

ROUNDING = 2e-15  # of the largest terms of an output
SURE = 0.5  # of SAME in linear_regions: the largest error of two maps


class FittedMaps(NamedTuple):
    """rows (F, 3, D), the slopes along x1 and x2 and the offset of each output (see AffineMaps);
    sure (F,): where rounding at the corners is too small to make equal maps differ."""

    rows: Floats
    sure: Bools


def fitted_maps(mesh: Mesh, values: Floats, terms: Floats) -> FittedMaps:
    """The plane through three corners of each face, for D functions that are affine on it.

    values (V, D) at the vertices; terms (D,), the largest sums of their terms. The first corner,
    the one farthest from it and the one farthest from the line through both span a triangle of
    height h, in which a rounding error e of a value causes an error of a slope up to 4e/h.
    """
    place = np.arange(mesh.lengths.max())
    inside = place < mesh.lengths[:, None]  # (F, N)
    corners = mesh.corners[mesh.offsets[:-1, None] + np.where(inside, place, 0)]
    edges = mesh.vertices[corners] - mesh.vertices[corners[:, :1]]  # (F, N, 2)
    face = np.arange(len(corners))
    reach = np.hypot(edges[..., 0], edges[..., 1])
    second = reach.argmax(axis=1)
    p = edges[face, second]  # (F, 2)
    cross = p[:, :1] * edges[..., 1] - p[:, 1:] * edges[..., 0]
    third = np.abs(cross).argmax(axis=1)
    q, double = edges[face, third], cross[face, third]  # twice the triangle's area, signed
    origin = corners[:, 0]
    to_p = values[corners[face, second]] - values[origin]  # (F, D)
    to_q = values[corners[face, third]] - values[origin]
    double = np.where(double == 0, np.finfo(np.float64).tiny, double)
    with np.errstate(over="ignore", invalid="ignore"):
        along_1 = (to_p * q[:, 1:] - to_q * p[:, 1:]) / double[:, None]
        along_2 = (to_q * p[:, :1] - to_p * q[:, :1]) / double[:, None]
        at = mesh.vertices[origin]
        offset = values[origin] - along_1 * at[:, :1] - along_2 * at[:, 1:]
        height = np.abs(double) / reach[face, second]
        error = 4 * ROUNDING * terms / height[:, None]  # (F, D)
        slope = np.maximum(np.abs(along_1), np.abs(along_2))
        steepest = np.nan_to_num(slope - error, nan=0.0, posinf=0.0).max(axis=0)
        sure: Bools = (error <= SURE * SAME * steepest).all(axis=1)
    return FittedMaps(np.stack([along_1, along_2, offset], axis=1), sure)
