"""Cutting a subdivision by one layer."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from livenet.geometry import bits
from livenet.geometry.arrays import Bytes, Floats, Ints, Words
from livenet.geometry.layer import Layer
from livenet.geometry.mesh import Mesh
from livenet.geometry.splitting import Faces, split_block
from livenet.geometry.vertices import VertexTable


@dataclass(frozen=True)
class LayerCells:
    """What one layer made of the faces before it.

    parent (F,): of the faces before the layer, the one that each face is a part of; sides: one
    (F,) array of words for every 64 cuts, the cuts on whose positive side the face lies; cut:
    how many of the layer's cuts were made, all of them unless the faces became too many.
    """

    layer: Layer
    parent: Ints
    sides: tuple[Words, ...]
    cut: int

    @property
    def complete(self) -> bool:
        """Whether all the layer's cuts were made."""
        return self.cut == self.layer.cuts

    @cached_property
    def pieces(self) -> Bytes:
        """(F, D), the piece of its activation that each unit is on; for a complete layer."""
        layer = self.layer
        if not layer.cuts:
            return np.zeros((len(self.parent), layer.width), dtype=np.uint8)
        widths = (min(bits.WORD, layer.cuts - at) for at in range(0, layer.cuts, bits.WORD))
        above = [bits.unpack(w, width) for w, width in zip(self.sides, widths, strict=True)]
        cuts = np.concatenate(above, axis=1)  # (F, C)
        by_unit = cuts.reshape(len(cuts), layer.width, -1)  # (F, D, breaks)
        pieces: Bytes = by_unit.sum(axis=2, dtype=np.uint8)
        return pieces


def cut_layer(
    layer: Layer, inputs: Floats, mesh: Mesh, max_faces: int
) -> tuple[Mesh, LayerCells, VertexTable]:
    """Cut every face by every unit of a layer, or by as many as max_faces leaves room for.

    inputs (V, D_in) is what reaches the layer at the mesh's vertices. The table holds the
    layer's values at the vertices of the new mesh.
    """
    table = VertexTable(layer, inputs, mesh.vertices)
    corners, lengths = mesh.corners, mesh.lengths
    parent = np.arange(len(lengths))
    sides: list[Words] = []
    cut = 0
    for start in range(0, layer.cuts, bits.WORD):
        size = table.open_block(start)
        faces, made = _split_as_far(table, corners, lengths, size, max_faces)
        corners, lengths, parent = faces.corners, faces.lengths, parent[faces.parent]
        sides = [side[faces.parent] for side in sides] + [faces.positive]
        cut += made
        if made < size:
            break
    cells = LayerCells(layer, parent, tuple(sides), cut)
    return Mesh(table.xy.copy(), corners, lengths), cells, table


def _split_as_far(
    table: VertexTable, corners: Ints, lengths: Ints, size: int, max_faces: int
) -> tuple[Faces, int]:
    """Split by the block's cuts, the first so many that max_faces leaves room for; how many."""
    faces = split_block(table, corners, lengths, bits.first(size), max_faces)
    if faces is not None:
        return faces, size
    before = table.count
    fits, too_many = 0, size
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if split_block(table, corners, lengths, bits.first(middle), max_faces) is None:
            too_many = middle
        else:
            fits = middle
            table.forget(before)
    faces = split_block(table, corners, lengths, bits.first(fits), max_faces)
    assert faces is not None  # it fitted a moment ago, and no cut at all always fits
    return faces, fits
