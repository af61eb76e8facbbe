"""Cutting a subdivision where the largest unit of a window changes.

The largest of a window's units is found in rounds, as in a knock-out tournament: max(a, b) is
a + max(b − a, 0), so each pair makes one cut, after which the larger of the two is affine on every
face again. That alone would also cut where one loser overtakes another. So a pair does not cut a
face on which one unit of its next opponents is at least as large as both at every corner. Some
unnecessary cuts remain (three units with equal values at a point, where no chord ends); the parts
with the same winners in all windows are merged into one face again.

A window is *settled* if it has the same largest unit at all vertices, and no earlier unit is ever
as large: it cuts nothing, and the rounds leave it out.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from livenet.budget import Budget
from livenet.geometry import bits
from livenet.geometry.arrays import Bytes, Floats, Ints, Words, starts_of
from livenet.geometry.merging import merge
from livenet.geometry.mesh import Mesh
from livenet.geometry.reached import Reached
from livenet.geometry.splitting import split_block
from livenet.geometry.steps import MaxPool
from livenet.geometry.vertices import SNAP, VertexTable

CHUNK = 64  # windows at a time
IDLE = 2  # times max_faces: the limit on parts before they are merged


@dataclass(frozen=True)
class PoolCells:
    """The cells that a max pooling makes of the faces before it.

    parent (F,): the face before the step that contains each face; cut: the number of windows cut
    along, all of them unless there were too many faces or the budget ended.

    settled (W,): which unit of each settled window is the largest; windows (O,): the others, in
    order; largest: one (F,) array of words for each group of the others, the units that are the
    largest of their window at all the face's corners.
    """

    step: MaxPool
    width: int
    parent: Ints
    settled: Bytes
    windows: Ints
    largest: tuple[Words, ...]
    cut: int

    @property
    def complete(self) -> bool:
        """Whether all windows were cut along."""
        return self.cut == self.width

    @cached_property
    def pieces(self) -> Bytes:
        """(F, W), which unit of each window is the largest; for a complete step."""
        k, group, others = self.step.pieces, _group(self.step), len(self.windows)
        pieces = np.tile(self.settled, (len(self.parent), 1))
        parts = []
        for words, start in zip(self.largest, range(0, others, group), strict=True):
            size = min(group, others - start)
            parts.append(bits.unpack(words, size * k).reshape(len(words), k, size))
        if parts:
            on_top = np.concatenate(parts, axis=2).swapaxes(1, 2)  # (F, O, K)
            pieces[:, self.windows] = self.step.first_of(on_top != 0, self.windows)
        return pieces


@dataclass(frozen=True)
class Pooled:
    """The result of a pooling: the finer mesh, its cells, the table with all vertices made for it,
    and those that the mesh uses."""

    mesh: Mesh
    cells: PoolCells
    table: VertexTable
    vertices: Ints

    def carried(self, values: Floats) -> Floats:
        """Values at the earlier vertices, carried to those of the finer mesh: (n, C) -> (V, C)."""
        return self.table.carried(values)[self.vertices]

    def leaving(self, h: Reached, budget: Budget) -> Reached | None:
        """The step's output at every vertex, for its input h at the earlier vertices; None if the
        budget ends first."""
        filled = self.cells.step.filled
        units = filled[np.arange(len(filled)), self.cells.settled]
        values = self.table.carried(h.of(units))[self.vertices]
        for start in range(0, len(self.cells.windows), CHUNK):  # K times the memory meanwhile
            if budget.spent:
                return None
            chosen = self.cells.windows[start : start + CHUNK]
            some = filled[chosen]
            found = self.table.carried(h.of(some.T.ravel()))[self.vertices]
            values[:, chosen] = found.reshape(len(found), -1, len(some)).max(axis=1)
        low, high = h.low[filled].max(axis=1), h.high[filled].max(axis=1)
        return Reached(values, h.terms[filled].max(axis=1), (low, high))


@dataclass(frozen=True)
class _Parts:
    """The faces while a group of windows cuts them; before (F,): the original face of each."""

    corners: Ints
    lengths: Ints
    before: Ints


def cut_pools(step: MaxPool, h: Reached, mesh: Mesh, max_faces: int, budget: Budget) -> Pooled:
    """Cut every face along every window, or along as many windows as max_faces and the budget
    allow.

    h is the step's input at the mesh's vertices.
    """
    table = VertexTable(mesh.vertices)
    corners, lengths = mesh.corners, mesh.lengths
    parent = np.arange(len(lengths))
    settled, others = _settled(step, h, budget)
    largest: list[Words] = []
    cut = 0
    size, room = _group(step), True
    while cut < len(others) and size and not budget.spent:
        windows = step.filled[others[cut : cut + size]]
        found = _along(table, h, windows, corners, lengths, max_faces, budget)
        if found is not None:
            parts, words = found
            corners, lengths, parent = parts.corners, parts.lengths, parent[parts.before]
            largest = [word[parts.before] for word in largest] + [words]
            cut += len(windows)
        elif room:  # from here on half as many each time, in both cases
            room = False
            size = 1 << (len(windows) - 1).bit_length()
        if not room:
            size //= 2
    vertices = np.unique(corners)
    finer = Mesh(table.xy[vertices], np.searchsorted(vertices, corners), lengths)
    done = int(others[cut]) if cut < len(others) else step.width
    cells = PoolCells(step, step.width, parent, settled, others, tuple(largest), done)
    return Pooled(finer, cells, table, vertices)


def _settled(step: MaxPool, h: Reached, budget: Budget) -> tuple[Bytes, Ints]:
    """(W,), the place of the largest unit of each settled window, and the windows that are not
    settled, or not known to be when the budget ends."""
    windows = step.filled  # (W, K)
    rounding = 2 * SNAP * h.terms[windows].max(axis=1)
    low, high = h.low[windows], h.high[windows]
    place = low.argmax(axis=1)  # the only unit that may be the largest everywhere
    least = low.max(axis=1) - rounding
    reached = (high >= least[:, None]).sum(axis=1) > 1  # by another unit
    others = np.flatnonzero(reached & (low != high).any(axis=1))
    sure = np.ones(len(windows), dtype=np.bool_)
    for start in range(0, len(others), CHUNK):
        if budget.spent:
            sure[others[start:]] = False
            break
        chosen = others[start : start + CHUNK]
        values = h.of(windows[chosen].T.ravel())
        values = values.reshape(len(values), -1, len(chosen))
        on_top = values >= (values.max(axis=1) - rounding[chosen])[:, None]  # (V, K, G)
        ever, always = on_top.any(axis=0), on_top.all(axis=0)
        place[chosen] = always.argmax(axis=0)
        # An earlier unit that is as large somewhere would be the first of the largest there.
        sure[chosen] = always.any(axis=0) & (place[chosen] == ever.argmax(axis=0))
    settled: Bytes = step.places[np.arange(len(windows)), place].astype(np.uint8)
    return settled, np.flatnonzero(~sure)


def _group(step: MaxPool) -> int:
    """The number of windows cut along at once: their units fit into one word."""
    return bits.WORD // step.pieces


def _along(
    table: VertexTable,
    h: Reached,
    windows: Ints,
    corners: Ints,
    lengths: Ints,
    max_faces: int,
    budget: Budget,
) -> tuple[_Parts, Words] | None:
    """Cut along some windows (G, K); the faces and which units are the largest on each.

    None, with the table unchanged, if there would be more than max_faces faces or the budget ends
    first.
    """
    first_new = table.count
    size, k = windows.shape
    rounding = 2 * SNAP * h.terms[windows].max(axis=1)  # (G,) of a difference
    values = table.carried(h.of(windows.T.ravel()))
    parts = _Parts(corners, lengths, np.arange(len(lengths)))
    for number in range((k - 1).bit_length()):
        values = table.carried(values)
        entries = values.reshape(-1, k, size)
        for _ in range(number):
            entries = _knocked_out(entries)
        cut = _round(table, parts, entries, rounding, IDLE * max_faces, budget)
        if cut is None:
            table.forget(first_new)
            return None
        parts = cut
    values = table.carried(values)
    words = _largest(values.reshape(-1, k, size), rounding, parts)
    parts, words = _merged(parts, words, first_new)
    if len(parts.lengths) > max_faces:
        table.forget(first_new)
        return None
    return parts, words


def _knocked_out(entries: Floats) -> Floats:
    """The larger of 0 and 1, of 2 and 3, and so on; an odd last one is kept: (V, E, G)."""
    pairs = entries.shape[1] // 2
    larger = np.maximum(entries[:, 0 : 2 * pairs : 2], entries[:, 1 : 2 * pairs : 2])
    return np.concatenate([larger, entries[:, 2 * pairs :]], axis=1)


def _round(
    table: VertexTable,
    parts: _Parts,
    entries: Floats,
    rounding: Floats,
    most: int,
    budget: Budget,
) -> _Parts | None:
    """Cut along every pair of entries (V, E, G) that meet: 0 and 1, 2 and 3, and so on.

    All their cuts fit into one block, since all units of the group fit into one word.
    """
    pairs = entries.shape[1] // 2
    left, right = entries[:, 0 : 2 * pairs : 2], entries[:, 1 : 2 * pairs : 2]  # (V, P, G)
    tolerance = np.tile(rounding, pairs)  # (P G,)
    starts = starts_of(parts.lengths)
    idle = np.zeros(len(parts.lengths), dtype=np.uint64)
    for beaten in _beaten(entries, np.maximum(left, right)):
        at = bits.pack(beaten.reshape(len(entries), -1) >= -tolerance)
        idle |= np.bitwise_and.reduceat(at[parts.corners], starts)
    table.open((right - left).reshape(len(entries), -1), tolerance)
    wanted = ~idle & bits.first(len(tolerance))
    faces = split_block(table, parts.corners, parts.lengths, wanted, most, budget)
    if faces is None:
        return None
    return _Parts(faces.corners, faces.lengths, parts.before[faces.parent])


def _beaten(entries: Floats, larger: Floats) -> list[Floats]:
    """By how much each pair is below either entry of its next opponents: (V, P, G) each.

    larger (V, P, G) is the larger of the pair. −∞ if it has no opponents.
    """
    pairs = larger.shape[1]
    if pairs == 1 and entries.shape[1] == 2:
        return []  # the last round
    found = []
    for side in (0, 1):
        other = 2 * (np.arange(pairs) ^ 1) + side
        there = np.flatnonzero(other < entries.shape[1])
        by = np.full(larger.shape, -np.inf)
        by[:, there] = entries[:, other[there]] - larger[:, there]
        found.append(by)
    return found


def _largest(values: Floats, rounding: Floats, parts: _Parts) -> Words:
    """The units (V, K, G) that are the largest of their window at all corners of a face: (F,)."""
    on_top = values >= (values.max(axis=1) - rounding)[:, None]
    at = bits.pack(on_top.reshape(len(values), -1))
    return np.bitwise_and.reduceat(at[parts.corners], starts_of(parts.lengths))


def _merged(parts: _Parts, words: Words, first_new: int) -> tuple[_Parts, Words]:
    """Merge the parts of a face that have the same winners in every window."""
    several = np.flatnonzero((np.bincount(parts.before) > 1)[parts.before])
    if not len(several):
        return parts, words
    order = several[np.lexsort((words[several], parts.before[several]))]
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (np.diff(parts.before[order]) != 0) | (words[order][1:] != words[order][:-1])
    if new.all():
        return parts, words
    group = np.arange(len(words))
    group[order] = order[new][np.cumsum(new) - 1]
    corners, lengths, member = merge(parts.corners, parts.lengths, group, first_new)
    return _Parts(corners, lengths, parts.before[member]), words[member]
