"""Cutting the faces of a subdivision along the lines of up to 64 cuts at once.

First every edge gets all its new vertices, so that the two faces at an edge agree from the start.
After that the faces are independent, and all are split at once, each along a line of its own, in
rounds: a few dozen rounds instead of one pass per neuron. The chord that splits a face gets all its
new vertices when it is made, so no later line crosses an edge.
"""

from dataclasses import dataclass, replace

import numpy as np

from livenet.budget import Budget
from livenet.geometry import bits
from livenet.geometry.arrays import Bools, Ints, Words, counted, following, starts_of
from livenet.geometry.vertices import VertexTable


@dataclass(frozen=True)
class Faces:
    """Some faces: their cycles of vertices (see mesh.py), and for each face its ancestor.

    corners (K,), lengths (F,), parent (F,): the earlier face that contains each; wanted (F,): the
    cuts that split it if they cross it; todo (F,): those that may still do so; positive (F,): the
    cuts of the block with the face on their positive side (filled in when the face is finished).
    """

    corners: Ints
    lengths: Ints
    parent: Ints
    wanted: Words
    todo: Words
    positive: Words

    def __len__(self) -> int:
        return len(self.lengths)


def split_block(
    table: VertexTable,
    corners: Ints,
    lengths: Ints,
    cuts: np.uint64 | Words,
    max_faces: int,
    budget: Budget,
) -> Faces | None:
    """Split faces by those cuts of the open block that are in the set `cuts`, one set for all
    faces or one each (F,). A cut that only a face's neighbours want does not split the face: it
    only adds a vertex to a shared edge.

    Returns None, with the table unchanged, if there would be more than max_faces faces or the
    budget ends first.
    """
    before = table.count
    wanted = np.broadcast_to(np.asarray(cuts, dtype=np.uint64), lengths.shape)
    parent = np.arange(len(lengths))
    faces = Faces(corners, lengths, parent, wanted, wanted, np.zeros_like(wanted))
    faces = _cut_edges(table, faces)
    finished: list[Faces] = []
    n_finished = 0
    while len(faces):
        done, faces = _part(table, faces)
        finished.append(done)
        n_finished += len(done)
        if len(faces):
            faces = _split(table, faces)
        if n_finished + len(faces) > max_faces or (len(faces) and budget.spent):
            table.forget(before)
            return None
    return _joined(finished)


def _cut_edges(table: VertexTable, faces: Faces) -> Faces:
    """Give every edge a vertex for each cut that crosses it and that a face beside it wants."""
    here = faces.corners
    there = here[following(faces.lengths)]
    positive, negative = table.positive, table.negative
    crossing = (positive[here] & negative[there]) | (negative[here] & positive[there])  # (K,)
    cut = np.flatnonzero(crossing)  # places in corners with an edge that may have to be cut
    wanted = crossing[cut] & np.repeat(faces.wanted, faces.lengths)[cut]
    here, there = here[cut], there[cut]
    low, high = np.minimum(here, there), np.maximum(here, there)
    order = np.argsort(low * table.count + high)
    new = np.ones(len(cut), dtype=np.bool_)
    new[1:] = (low[order][1:] != low[order][:-1]) | (high[order][1:] != high[order][:-1])
    once = order[new]  # the first occurrence of each edge
    if not len(once):
        return faces
    by_either = np.bitwise_or.reduceat(wanted[order], np.flatnonzero(new))
    first, counts = table.cut_segments(low[once], high[once], by_either)
    edge = np.empty_like(order)
    edge[order] = np.cumsum(new) - 1  # (cut,) the edge of each place
    more = counts[edge]  # (cut,) vertices to insert after the place

    room = np.ones(len(faces.corners), dtype=np.int64)
    room[cut] += more
    places = starts_of(room)
    corners = np.empty(room.sum(), dtype=np.int64)
    corners[places] = faces.corners
    step = counted(more)
    backwards = np.repeat(here > there, more)
    step[backwards] = (np.repeat(more, more) - 1 - step)[backwards]
    corners[np.repeat(places[cut] + 1, more) + counted(more)] = np.repeat(first[edge], more) + step
    lengths = np.add.reduceat(room, starts_of(faces.lengths))
    return replace(faces, corners=corners, lengths=lengths)


def _part(table: VertexTable, faces: Faces) -> tuple[Faces, Faces]:
    """The faces that no cut splits any more, and the others, with their remaining cuts."""
    starts = starts_of(faces.lengths)
    positive = np.bitwise_or.reduceat(table.positive[faces.corners], starts)
    negative = np.bitwise_or.reduceat(table.negative[faces.corners], starts)
    crossed = positive & negative & faces.wanted
    todo = crossed & faces.todo
    if (crossed != todo).any():
        positive = _settled(table, faces, positive, crossed & ~todo)
    busy = todo != 0
    both = replace(faces, todo=todo, positive=positive)
    return _chosen(both, ~busy), _chosen(both, busy)


def _chosen(faces: Faces, which: Bools) -> Faces:
    corners = faces.corners[np.repeat(which, faces.lengths)]
    return Faces(
        corners,
        faces.lengths[which],
        faces.parent[which],
        faces.wanted[which],
        faces.todo[which],
        faces.positive[which],
    )


def _split(table: VertexTable, faces: Faces) -> Faces:
    """Split every face in two along one of its cuts, by a chord with all its vertices."""
    corners, lengths = faces.corners, faces.lengths
    ends = np.cumsum(lengths)
    starts = ends - lengths
    pick = bits.lowest(faces.todo)
    todo = faces.todo & ~pick
    mask = np.repeat(pick, lengths)
    plus = (table.positive[corners] & mask) != 0  # (K,)
    minus = (table.negative[corners] & mask) != 0
    # The chord runs from the zero before the positive corners to the zero before the negative.
    a = _run_starts(plus, starts, ends)
    b = _run_starts(minus, starts, ends)
    if not (len(a) == len(b) == len(faces)):
        return _spared(faces, pick, a, b)
    a = np.where(a == starts, ends, a) - 1
    b = np.where(b == starts, ends, b) - 1
    u, v = corners[a], corners[b]
    crossing = (
        (table.positive[u] & table.negative[v]) | (table.negative[u] & table.positive[v])
    ) & todo
    first, more = table.cut_segments(u, v, crossing)  # (F,)

    # All positive halves, then all negative ones: corners from a to b or from b to a, and then
    # the chord's inner vertices back to its start.
    around = np.where(b >= a, b - a, b - a + lengths) + 1
    kept = np.concatenate([around, lengths + 2 - around])
    total = kept + np.concatenate([more, more])
    begin = starts_of(total)
    place = np.repeat(np.concatenate([a, b]) - begin, total)
    place += np.arange(len(place))
    wrap = place >= np.repeat(np.concatenate([ends, ends]), total)
    place -= np.where(wrap, np.repeat(np.concatenate([lengths, lengths]), total), 0)
    halves = corners.take(place, mode="clip")
    if more.any():
        inner = begin + kept
        new = np.repeat(first, more) + counted(more)
        n = len(faces)
        halves[np.repeat(inner[n:], more) + counted(more)] = new
        halves[np.repeat(inner[:n] + more - 1, more) - counted(more)] = new
    twice = (np.concatenate([f, f]) for f in (faces.parent, faces.wanted, todo, faces.positive))
    return Faces(halves, total, *twice)


def _run_starts(member: Bools, starts: Ints, ends: Ints) -> Ints:
    """Where a run of members begins in the cycle of each face; in order of place."""
    before = np.empty_like(member)
    before[1:] = member[:-1]
    before[starts] = member[ends - 1]
    return np.flatnonzero(member & ~before)


def _spared(faces: Faces, pick: Words, a: Ints, b: Ints) -> Faces:
    """The same faces, without the picked cut for those with more than one run of a sign.

    Only rounding causes them: slivers with all corners within rounding of the cut's line.
    """
    n = len(faces)
    owner = np.repeat(np.arange(n), faces.lengths)
    runs = np.maximum(np.bincount(owner[a], minlength=n), np.bincount(owner[b], minlength=n))
    return replace(faces, todo=np.where(runs > 1, faces.todo & ~pick, faces.todo))


def _settled(table: VertexTable, faces: Faces, positive: Words, spared: Words) -> Words:
    """`positive` with the side of each cut that was skipped for a face, from its center."""
    starts = starts_of(faces.lengths)
    settled = positive.copy()
    for face, cut in zip(*bits.where(spared), strict=True):
        corners = faces.corners[starts[face] : starts[face] + faces.lengths[face]]
        if table.block[corners, cut].sum() <= 0:
            settled[face] &= ~np.uint64(1 << int(cut))
    return settled


def _joined(parts: list[Faces]) -> Faces:
    fields = ("corners", "lengths", "parent", "wanted", "todo", "positive")
    return Faces(*(np.concatenate([getattr(part, name) for part in parts]) for name in fields))
