"""Where an output equals a level: the decision boundary, exactly."""

import numpy as np

from livenet.geometry.arrays import Bools, Floats
from livenet.geometry.forward import AffineMaps
from livenet.geometry.mesh import Mesh

TOLERANCE = 1e-12  # of the largest terms of an output


def level_set(mesh: Mesh, maps: AffineMaps, output: int, level: float) -> Floats:
    """Segments (S, 2 ends, 2 coordinates) on which the output equals the level.

    A face contributes the chord between the two points where its map equals the level. An edge
    entirely on the level is one segment, unless the output equals the level on all adjacent faces:
    then it is inside an area of that level, of which only the rim is returned.
    (An output that jumps from below to above at an edge does not equal the level there.)
    """
    rows = maps.rows[:, :, output]  # (F, 3)
    at = mesh.vertices[mesh.corners]
    own = np.repeat(rows, mesh.lengths, axis=0)
    value = own[:, 0] * at[:, 0] + own[:, 1] * at[:, 1] + (own[:, 2] - level)  # (K,)
    terms = np.abs(own[:, 0] * at[:, 0]) + np.abs(own[:, 1] * at[:, 1]) + np.abs(own[:, 2])
    value[np.abs(value) <= TOLERANCE * (terms.max() + abs(level))] = 0.0
    return np.concatenate([_chords(mesh, value, at), _edges(mesh, value)])


def _chords(mesh: Mesh, value: Floats, at: Floats) -> Floats:
    """The chords across faces with both strict signs."""
    first = mesh.offsets[:-1]
    crossed: Bools = np.logical_or.reduceat(value > 0, first) & np.logical_or.reduceat(
        value < 0, first
    )
    ahead = value[mesh.following]
    # A place counts if the level is met between its corner (inclusive) and the next.
    hit = (value * ahead < 0) | (value == 0)
    faces = np.add.reduceat(hit, first, dtype=np.int64)
    hit &= np.repeat(crossed & (faces == 2), mesh.lengths)
    place = np.flatnonzero(hit)
    t = value[place] / np.where(value[place] == 0, 1.0, value[place] - ahead[place])
    start, stop = at[place], at[mesh.following[place]]
    return (start + t[:, None] * (stop - start)).reshape(-1, 2, 2)


def _edges(mesh: Mesh, value: Floats) -> Floats:
    """The edges that lie on the level, once each."""
    flat: Bools = np.logical_and.reduceat(value == 0, mesh.offsets[:-1])
    on = (value == 0) & (value[mesh.following] == 0) & ~np.repeat(flat, mesh.lengths)
    ends = np.stack([mesh.corners[on], mesh.corners[mesh.following[on]]], axis=1)
    once = np.unique(np.sort(ends, axis=1), axis=0)
    segments: Floats = mesh.vertices[once]
    return segments
