"""Cutting a subdivision where units bend."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from livenet.geometry import bits
from livenet.geometry.arrays import Bytes, Floats, Ints, Words
from livenet.geometry.mesh import Mesh
from livenet.geometry.piecewise import PiecewiseLinear
from livenet.geometry.reached import Reached
from livenet.geometry.splitting import Faces, split_block
from livenet.geometry.steps import Bend
from livenet.geometry.vertices import SNAP, VertexTable


@dataclass(frozen=True)
class BendCells:
    """What one step of activations made of the faces before it.

    A cut is a unit and a break of its activation, unit by unit; width D units. parent (F,): of
    the faces before the step, the one that each face is a part of; sides: one (F,) array of words
    for every 64 cuts, the cuts on whose positive side the face lies; cut: how many of the cuts
    were made, all of them unless the faces became too many.
    """

    step: Bend
    width: int
    parent: Ints
    sides: tuple[Words, ...]
    cut: int

    @property
    def complete(self) -> bool:
        """Whether all the cuts were made."""
        return self.cut == self.width * self.step.cuts

    @cached_property
    def pieces(self) -> Bytes:
        """(F, D), the piece of its activation that each unit is on; for a complete step."""
        if not self.step.cuts:
            return np.zeros((len(self.parent), self.width), dtype=np.uint8)
        above = [
            bits.unpack(word, min(bits.WORD, self.cut - at))
            for word, at in zip(self.sides, range(0, self.cut, bits.WORD), strict=True)
        ]
        cuts = np.concatenate(above, axis=1)  # (F, C)
        by_unit = cuts.reshape(len(cuts), self.width, -1)  # (F, D, breaks)
        pieces: Bytes = by_unit.sum(axis=2, dtype=np.uint8)
        return pieces


@dataclass
class Bent:
    """What comes of a cut: the finer mesh, its cells, the table, and each block's cuts at as many
    vertices as there were when it was finished."""

    mesh: Mesh
    cells: BendCells
    table: VertexTable
    blocks: list[Floats]

    def carried(self, values: Floats) -> Floats:
        """What is known at the vertices before, at those of the finer mesh: (n, C) -> (V, C)."""
        return self.table.carried(values)

    def leaving(self, z: Reached) -> Reached:
        """What leaves the step at every vertex, when z reached it at the vertices before."""
        if not self.blocks:
            values = self.cells.step.at(self.table.carried(z.values))
        else:
            values = np.empty((self.table.count, self.cells.width))
            for number in range(len(self.blocks)):
                cuts = self.table.carried(self.blocks[number])
                self.blocks[number] = cuts[:0]  # one block at a time is in memory twice
                _bend(self.cells.step.activation, cuts, number * bits.WORD, values)
        return Reached(values, z.terms)


def cut_bends(step: Bend, z: Reached, mesh: Mesh, max_faces: int, *, kept: bool) -> Bent:
    """Cut every face by every unit, or by as many units as max_faces leaves room for.

    z is what reaches the units at the mesh's vertices. kept: whether `leaving` will be asked for.
    """
    breaks = step.activation.breaks
    width = z.values.shape[1]
    table = VertexTable(mesh.vertices)
    corners, lengths = mesh.corners, mesh.lengths
    parent = np.arange(len(lengths))
    sides: list[Words] = []
    blocks: list[Floats] = []
    cut = 0
    for start in range(0, width * len(breaks), bits.WORD):
        number = np.arange(start, min(start + bits.WORD, width * len(breaks)))
        unit, at = number // len(breaks), np.array(breaks)[number % len(breaks)]
        tolerance = SNAP * (z.terms[unit] + np.abs(at))
        table.open(table.carried(z.values[:, unit]) - at, tolerance)
        faces, made = _split_as_far(table, corners, lengths, len(number), max_faces)
        corners, lengths, parent = faces.corners, faces.lengths, parent[faces.parent]
        sides = [side[faces.parent] for side in sides] + [faces.positive]
        cut += made
        if made < len(number):
            break
        if kept:
            blocks.append(table.block.copy())
    finer = Mesh(table.xy.copy(), corners, lengths)
    return Bent(finer, BendCells(step, width, parent, tuple(sides), cut), table, blocks)


def _bend(shape: PiecewiseLinear, cuts: Floats, start: int, values: Floats) -> None:
    """Write σ(z) into `values` (V, D) for the units of a block of cuts, the first numbered start.

    σ(z) = σ₀(z) + Σ_k (slope_{k+1} − slope_k) max(z − break_k, 0), where σ₀ is the first piece:
    true when σ does not jump, and on a cut's own line σ(break) exactly. A unit of several breaks
    may lie in two blocks, which come in order.
    """
    n = len(shape.breaks)
    slope = shape.slopes[0]
    intercept = slope * shape.breaks[0] + shape.intercepts[0]
    for k, gain in enumerate(np.diff(shape.slopes)):
        first = (k - start) % n  # the block's first cut at this break
        mine = cuts[:, first::n]
        unit = (start + first) // n
        bent = np.maximum(mine, 0.0)
        if gain != 1.0:
            bent *= gain
        if k > 0:
            values[:, unit : unit + mine.shape[1]] += bent
            continue
        if slope:
            bent += slope * mine
        if intercept:
            bent += intercept
        values[:, unit : unit + mine.shape[1]] = bent


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
