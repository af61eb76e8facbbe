"""Cutting a subdivision at the breaks of units' activations.

A unit's input is affine on every face, so its extremes are at vertices. A unit with all vertices
on one side of each break is *settled*: it cuts nothing, and is left out of the cutting. In a small
window almost all units are settled.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from livenet.budget import Budget
from livenet.geometry import bits
from livenet.geometry.arrays import Bools, Bytes, Floats, Ints, Words
from livenet.geometry.mesh import Mesh
from livenet.geometry.piecewise import PiecewiseLinear
from livenet.geometry.reached import Reached
from livenet.geometry.splitting import Faces, split_block
from livenet.geometry.steps import Bend
from livenet.geometry.vertices import SNAP, VertexTable

MANY = 0.8  # of the units: if more are unsettled, leaving out the others does not pay


@dataclass(frozen=True)
class BendCells:
    """The cells that a step of activations makes of the faces before it.

    A cut is a unit and a break of its activation, unit by unit; width D units. parent (F,): the
    face before the step that contains each face; cut: the number of cuts made, all of them unless
    there were too many faces or the budget ended.

    settled (D,): the piece that each settled unit is on; units (O,): the others, in order; sides:
    one (F,) array of words for every 64 cuts of the others, the cuts with the face on their
    positive side.
    """

    step: Bend
    width: int
    parent: Ints
    settled: Bytes
    units: Ints
    sides: tuple[Words, ...]
    cut: int

    @property
    def complete(self) -> bool:
        """Whether all the cuts were made."""
        return self.cut == self.width * self.step.cuts

    @cached_property
    def pieces(self) -> Bytes:
        """(F, D), the piece of its activation that each unit is on; for a complete step."""
        faces, size = len(self.parent), len(self.units) * self.step.cuts
        if not size:
            return np.tile(self.settled, (faces, 1))
        above = [
            bits.unpack(word, min(bits.WORD, size - at))
            for word, at in zip(self.sides, range(0, size, bits.WORD), strict=True)
        ]
        by_unit = np.concatenate(above, axis=1).reshape(faces, len(self.units), -1)
        others: Bytes = by_unit.sum(axis=2, dtype=np.uint8)
        if len(self.units) == self.width:
            return others
        pieces = np.tile(self.settled, (faces, 1))
        pieces[:, self.units] = others
        return pieces


@dataclass
class Bent:
    """The result of a step's cuts: the finer mesh, its cells, the table, and each block's cuts at
    the vertices that existed when the block was finished."""

    mesh: Mesh
    cells: BendCells
    table: VertexTable
    blocks: list[Floats]

    def carried(self, values: Floats) -> Floats:
        """Values at the earlier vertices, carried to those of the finer mesh: (n, C) -> (V, C)."""
        return self.table.carried(values)

    def leaving(self, z: Reached, budget: Budget) -> Reached | None:
        """The step's output at every vertex, for its input z at the earlier vertices; None if the
        budget ends first."""
        cells, shape, count = self.cells, self.cells.step.activation, self.table.count
        units = cells.units
        values = bent = np.empty((count, len(units)))
        if len(units) < cells.width:
            settled = self.table.carried(z.values)
            if budget.spent:
                return None
            values = _straight(shape, cells.settled, settled, self._past(z))
        for number in range(len(self.blocks)):
            if budget.spent:
                return None
            cuts = self.table.carried(self.blocks[number])
            self.blocks[number] = cuts[:0]  # one block at a time is in memory twice
            _bend(shape, cuts, number * bits.WORD, bent)
        if values is not bent:
            values[:, units] = bent
        return Reached(values, z.terms, self._ends(z))

    def promised(self, z: Reached) -> Reached:
        """The same, with each unit computed on request."""
        return Reached(lambda units: self._some(z, units), z.terms, self._ends(z))

    def _some(self, z: Reached, units: Ints) -> Floats:
        """The outputs of some units of the step, (V, C)."""
        cells, shape = self.cells, self.cells.step.activation
        values = np.empty((self.table.count, len(units)))
        open_ = np.isin(units, cells.units)
        others = units[~open_]
        settled = self.table.carried(z.of(others))
        values[:, ~open_] = _straight(shape, cells.settled[others], settled, self._past(z)[others])
        # A unit's cuts are adjacent, so that those of some units can form a block too.
        cut = np.searchsorted(cells.units, units[open_])[:, None] * cells.step.cuts
        cut = (cut + np.arange(cells.step.cuts)).ravel()
        cuts = np.empty((self.table.count, len(cut)))
        for number in np.unique(cut // bits.WORD):
            mine = cut // bits.WORD == number
            cuts[:, mine] = self.table.carried(self.blocks[number][:, cut[mine] % bits.WORD])
        bent = np.empty((self.table.count, len(units) - len(others)))
        _bend(shape, cuts, 0, bent)
        values[:, open_] = bent
        return values

    def _past(self, z: Reached) -> Bools:
        """(D,), the settled units with rounding errors past the break that ends their piece."""
        past: Bools = z.high > _last(self.cells)
        past[self.cells.units] = False
        return past

    def _ends(self, z: Reached) -> tuple[Floats, Floats]:
        """The smallest and largest value of each unit."""
        last = _last(self.cells)
        low, high = np.minimum(z.low, last), np.minimum(z.high, last)
        units = self.cells.units
        low[units], high[units] = z.low[units], z.high[units]
        return _range(self.cells.step.activation, low, high)


def cut_bends(
    step: Bend, z: Reached, mesh: Mesh, max_faces: int, budget: Budget, *, kept: bool
) -> Bent:
    """Cut every face by every unit, or by as many units as max_faces and the budget allow.

    z is the units' input at the mesh's vertices. kept: whether `leaving` will be called.
    """
    breaks = np.array(step.activation.breaks)
    width = len(z.terms)
    settled, units = _settled(breaks, z)
    table = VertexTable(mesh.vertices)
    corners, lengths = mesh.corners, mesh.lengths
    parent = np.arange(len(lengths))
    sides: list[Words] = []
    blocks: list[Floats] = []
    cut, open_cuts = width * len(breaks), len(units) * len(breaks)
    for start in range(0, open_cuts, bits.WORD):
        number = np.arange(start, min(start + bits.WORD, open_cuts))
        if budget.spent:
            cut = _numbered(units, len(breaks), start)
            break
        unit, at = units[number // len(breaks)], breaks[number % len(breaks)]
        tolerance = SNAP * (z.terms[unit] + np.abs(at))
        table.open(table.carried(z.of(unit)) - at, tolerance)
        faces, made = _split_as_far(table, corners, lengths, len(number), max_faces, budget)
        corners, lengths, parent = faces.corners, faces.lengths, parent[faces.parent]
        sides = [side[faces.parent] for side in sides] + [faces.positive]
        if made < len(number):
            cut = _numbered(units, len(breaks), start + made)
            break
        if kept:
            blocks.append(table.block.copy())
    finer = Mesh(table.xy.copy(), corners, lengths)
    cells = BendCells(step, width, parent, settled, units, tuple(sides), cut)
    return Bent(finer, cells, table, blocks)


def _numbered(units: Ints, breaks: int, open_cut: int) -> int:
    """The number of an open cut among all cuts, for ``breaks`` breaks per unit."""
    return int(units[open_cut // breaks] * breaks + open_cut % breaks)


def _settled(breaks: Floats, z: Reached) -> tuple[Bytes, Ints]:
    """(D,), the piece of each unit that has all vertices on one side of every break, and the units
    for which this is not certain."""
    at = breaks[:, None]
    tolerance = SNAP * (z.terms + np.abs(at))  # (breaks, D)
    above, below = z.low > at + tolerance, z.high <= at + tolerance
    settled: Bytes = above.sum(axis=0, dtype=np.uint8)
    units = np.flatnonzero(~(above | below).all(axis=0))
    return settled, units if len(units) < MANY * len(settled) else np.arange(len(settled))


def _last(cells: BendCells) -> Floats:
    """(D,), the break that ends the piece of each settled unit: values within rounding of it are
    on that piece."""
    return np.append(cells.step.activation.breaks, np.inf)[cells.settled]


def _straight(shape: PiecewiseLinear, settled: Bytes, z: Floats, past: Bools) -> Floats:
    """σ(z), (V, D), by the piece that each unit is settled on; past (D,): the units with values to
    be clipped at the break that ends it."""
    slope, intercept = np.array(shape.slopes)[settled], np.array(shape.intercepts)[settled]
    values: Floats = z * slope
    if past.any():
        last = np.array(shape.breaks)[settled[past]]
        values[:, past] = slope[past] * np.minimum(z[:, past], last)
    if intercept.any():
        values += intercept
    return values


def _range(shape: PiecewiseLinear, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """The smallest and largest σ between low and high, (D,) each."""
    ends = [shape(low), shape(high)]
    for at in shape.breaks:
        between = (low < at) & (at < high)
        ends.append(np.where(between, shape(np.array(at)), ends[0]))
    return np.minimum.reduce(ends), np.maximum.reduce(ends)


def _bend(shape: PiecewiseLinear, cuts: Floats, start: int, values: Floats) -> None:
    """Write σ(z) into `values` (V, D) for the units of a block of cuts, the first numbered start.

    σ(z) = σ₀(z) + Σ_k (slope_{k+1} − slope_k) max(z − break_k, 0), where σ₀ is the first piece:
    valid if σ does not jump, and exactly σ(break) on a cut's own line. A unit with several breaks
    may be in two blocks, which are processed in order.
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
    table: VertexTable, corners: Ints, lengths: Ints, size: int, max_faces: int, budget: Budget
) -> tuple[Faces, int]:
    """Split by the block's first cuts, as many as max_faces allows; returns also their number.

    If the budget ends meanwhile, it is the number of cuts found to fit by then.
    """
    faces = split_block(table, corners, lengths, bits.first(size), max_faces, budget)
    if faces is not None:
        return faces, size
    before = table.count
    fits, too_many = 0, size
    while too_many - fits > 1 and not budget.spent:
        middle = (fits + too_many) // 2
        if split_block(table, corners, lengths, bits.first(middle), max_faces, budget) is None:
            too_many = middle
        else:
            fits = middle
            table.forget(before)
    whole = Budget.unlimited()
    faces = split_block(table, corners, lengths, bits.first(fits), max_faces, whole)
    assert faces is not None  # it has fitted before, and zero cuts always fit
    return faces, fits
