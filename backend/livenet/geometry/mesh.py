"""A subdivision of the window into convex faces."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from livenet.geometry.arrays import Floats, Ints, following, offsets_of


class Edges(NamedTuple):
    """Every edge once. vertices (E, 2), low first; faces (E, 2), the second −1 on the rim."""

    vertices: Ints
    faces: Ints


@dataclass(frozen=True)
class Mesh:
    """Convex faces that share vertices, as cycles of vertices counter-clockwise.

    vertices (V, 2); corners (K,) vertex numbers, face after face; lengths (F,) the number of
    corners of each face.
    """

    vertices: Floats
    corners: Ints
    lengths: Ints

    @cached_property
    def offsets(self) -> Ints:
        """CSR: face f has corners[offsets[f] : offsets[f + 1]]. (F + 1,)."""
        return offsets_of(self.lengths)

    @cached_property
    def following(self) -> Ints:
        """For each place in `corners`, the place of the next corner of that face. (K,)."""
        return following(self.lengths)

    @cached_property
    def owners(self) -> Ints:
        """The face of each place in `corners`. (K,)."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @cached_property
    def edges(self) -> Edges:
        """Every edge once, with the one or two faces that it bounds."""
        here, there = self.corners, self.corners[self.following]
        low, high = np.minimum(here, there), np.maximum(here, there)
        key = low * len(self.vertices) + high
        order = np.argsort(key)
        new = np.ones(len(key), dtype=np.bool_)
        new[1:] = key[order][1:] != key[order][:-1]
        at = np.flatnonzero(new)  # where each edge starts in the sorted order
        twice = np.diff(np.append(at, len(key))) > 1
        faces = np.full((len(at), 2), -1)
        faces[:, 0] = self.owners[order[at]]
        faces[twice, 1] = self.owners[order[at[twice] + 1]]
        return Edges(np.stack([low[order[at]], high[order[at]]], axis=1), faces)

    @cached_property
    def areas(self) -> Floats:
        """(F,), in the window's units squared. Shoelace formula about each first corner."""
        around = self.vertices[self.corners] - np.repeat(
            self.vertices[self.corners[self.offsets[:-1]]], self.lengths, axis=0
        )
        ahead = around[self.following]
        cross = around[:, 0] * ahead[:, 1] - around[:, 1] * ahead[:, 0]
        return np.add.reduceat(cross, self.offsets[:-1]) / 2

    @cached_property
    def centers(self) -> Floats:
        """(F, 2), the mean of each face's corners: strictly inside it."""
        total = np.add.reduceat(self.vertices[self.corners], self.offsets[:-1], axis=0)
        return total / self.lengths[:, None]

    def find(self, point: Floats) -> int | None:
        """The face that contains a point (2,), any of several at an edge; None outside all."""
        if (point < self.vertices.min(axis=0)).any() or (point > self.vertices.max(axis=0)).any():
            return None
        here = self.vertices[self.corners]
        along, to = here[self.following] - here, point - here
        left = along[:, 0] * to[:, 1] - along[:, 1] * to[:, 0]  # positive inside
        return int(np.minimum.reduceat(left, self.offsets[:-1]).argmax())


def window_mesh(window: tuple[float, float, float, float]) -> Mesh:
    """One face, the window [x_min, x_max] × [y_min, y_max].

    Raises:
        ValueError: when the window is empty or not finite.
    """
    x_min, x_max, y_min, y_max = window
    if not (np.isfinite(window).all() and x_min < x_max and y_min < y_max):
        raise ValueError(f"a window is x_min < x_max, y_min < y_max, all finite; given {window}")
    vertices = np.array([[x_min, y_min], [x_max, y_min], [x_max, y_max], [x_min, y_max]])
    return Mesh(vertices, np.arange(4), np.array([4]))
