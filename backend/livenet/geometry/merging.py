"""Merging adjacent faces into one."""

import numpy as np

from livenet.geometry.arrays import Bools, Ints, following, starts_of


def merge(corners: Ints, lengths: Ints, group: Ints, first_new: int) -> tuple[Ints, Ints, Ints]:
    """Join the faces of each group; their union must be convex.

    group (F,): a number from 0 to F − 1. A vertex numbered first_new or above that no other edge
    meets after the merge is in the middle of a straight edge, and is removed.

    Returns corners and lengths as before, and member (F',), one of the old faces in each new one.
    If a group's rim is not one cycle, which rounding can cause in slivers, its parts stay separate.
    """
    owners = np.repeat(np.arange(len(lengths)), lengths)
    twin = _twins(corners, lengths)
    joined = np.bincount(group, minlength=len(lengths))[group] > 1  # (F,)
    inner = (twin >= 0) & (group[owners] == group[owners[twin]])
    here = np.flatnonzero(joined[owners] & ~inner)  # the places on the groups' rims
    there = corners[following(lengths)[here]]
    cycles, sizes, labels = _cycles(group[owners[here]], corners[here], there)

    whole = np.isin(group, labels) & joined
    kept = ~whole
    corners = np.concatenate([corners[kept[owners]], cycles])
    members = np.concatenate([np.flatnonzero(kept), _some_member(group, labels)])
    lengths = np.concatenate([lengths[kept], sizes])
    stays = ~_idle(corners, lengths, first_new)[corners]
    lengths = np.add.reduceat(stays, starts_of(lengths), dtype=np.int64)
    return corners[stays], lengths, members


def _twins(corners: Ints, lengths: Ints) -> Ints:
    """For each place, the place of the opposite edge to the one after it; −1 on the rim."""
    ahead = corners[following(lengths)]
    low, high = np.minimum(corners, ahead), np.maximum(corners, ahead)
    key = low * (int(corners.max()) + 1) + high
    order = np.argsort(key)
    pair = np.flatnonzero(key[order][1:] == key[order][:-1])
    a, b = order[pair], order[pair + 1]
    twin = np.full(len(corners), -1)
    twin[a], twin[b] = b, a
    return twin


def _cycles(label: Ints, here: Ints, there: Ints) -> tuple[Ints, Ints, Ints]:
    """Order the directed edges here -> there (N,) of each label as a cycle.

    Returns the vertices of the labels that form one cycle, label after label, their number per
    label, and the labels.
    """
    n = int(max(here.max(), there.max())) + 1
    order = np.argsort(label * n + here)
    label, here, there = label[order], here[order], there[order]
    after = np.searchsorted(label * n + here, label * n + there).clip(max=len(label) - 1)
    first = np.flatnonzero(np.append(True, label[1:] != label[:-1]))
    size = np.diff(np.append(first, len(label)))
    at, walking = first.copy(), np.arange(len(first))
    taken, owner = [], []
    closed = np.zeros(len(first), dtype=np.bool_)
    for step in range(1, int(size.max()) + 1):
        taken.append(here[at])
        owner.append(walking)
        at = after[at]
        done = step == size[walking]
        closed[walking[done]] = at[done] == first[walking[done]]
        early = ~done & (at == first[walking])
        at, walking = at[~done & ~early], walking[~done & ~early]
    vertices, walk = np.concatenate(taken), np.concatenate(owner)
    inside = closed[walk]
    vertices, walk = vertices[inside], walk[inside]
    return vertices[np.argsort(walk, kind="stable")], size[closed], label[first[closed]]


def _some_member(group: Ints, labels: Ints) -> Ints:
    """One face of each group in `labels`."""
    numbers, member = np.unique(group, return_index=True)
    return member[np.searchsorted(numbers, labels)]


def _idle(corners: Ints, lengths: Ints, first_new: int) -> Bools:
    """Which vertices are in the middle of a straight edge: new ones that bound two faces, or one
    face on the rim of the window."""
    count = np.bincount(corners)
    rim = np.zeros(len(count), dtype=np.bool_)
    alone = _twins(corners, lengths) < 0
    rim[corners[alone]] = True
    rim[corners[following(lengths)[alone]]] = True
    idle: Bools = count == np.where(rim, 1, 2)
    idle[:first_new] = False
    return idle
