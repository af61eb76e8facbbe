"""Faces in the format for the browser."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from livenet.geometry.mesh import Mesh


class Polygons(NamedTuple):
    """vertices (V, 2); face f has the corners indices[offsets[f] : offsets[f + 1]], in order
    counter-clockwise. All faces are convex."""

    vertices: NDArray[np.float32]
    indices: NDArray[np.uint32]
    offsets: NDArray[np.uint32]


def polygons(mesh: Mesh) -> Polygons:
    """The mesh in single precision, half the bytes."""
    return Polygons(
        mesh.vertices.astype(np.float32),
        mesh.corners.astype(np.uint32),
        mesh.offsets.astype(np.uint32),
    )
