"""Squares, discs, triangles and crosses, drawn with soft edges.

A pixel's value is the share of it that a shape covers, taken from the signed distance of its
centre to the shape's edge: ½ − distance, cut to 0 to 1. That is exact for a straight edge along the
pixels, and close otherwise.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from livenet.data.dataset import Array, dataset
from livenet.data.images import noisy
from livenet.spec.data import images as spec

Field = NDArray[np.float32]
RADIUS = 0.28  # of the mean shape's circumscribed circle, in sides of the image
MARGIN = 1.0  # pixels that are left free at the edge
CROSS_ARM = 0.3  # half the width of a cross's arm, in radii


def square(u: Field, v: Field, radius: Field) -> Field:
    """Signed distance to a square whose corners lie on the circle."""
    away: Field = np.maximum(abs(u), abs(v)) - radius * np.float32(np.sqrt(0.5))
    return away


def disc(u: Field, v: Field, radius: Field) -> Field:
    """Signed distance to the circle itself, of nine tenths of the radius."""
    away: Field = np.hypot(u, v) - np.float32(0.9) * radius
    return away


def triangle(u: Field, v: Field, radius: Field) -> Field:
    """Distance to the farthest of three edges, each half a radius from the centre."""
    half = np.float32(0.5)
    lean = np.float32(np.sqrt(0.75))
    edges = v, lean * u - half * v, -lean * u - half * v
    away: Field = np.maximum.reduce(edges) - half * radius
    return away


def cross(u: Field, v: Field, radius: Field) -> Field:
    """Two bars through the centre."""
    arm = np.float32(CROSS_ARM) * radius
    reach = np.sqrt(radius**2 - arm**2)
    lying = np.maximum(abs(u) - reach, abs(v) - arm)
    standing = np.maximum(abs(v) - reach, abs(u) - arm)
    return np.minimum(lying, standing)


FORMS: tuple[Callable[[Field, Field, Field], Field], ...] = (square, disc, triangle, cross)


@dataset(spec.Shapes)
def shapes(s: spec.Shapes, draw: np.random.Generator) -> tuple[Array, Array]:
    """Images (N, 1, S, S) and classes (N,), which are equally many."""
    y = np.arange(s.samples) % len(FORMS)
    radius = s.size * RADIUS * (1.0 + draw.uniform(-s.scale, s.scale, s.samples))
    turn = np.deg2rad(draw.uniform(-s.rotation, s.rotation, s.samples))
    room = np.maximum(0.0, s.size / 2 - MARGIN - radius)  # so that all of it stays inside
    centre = s.size / 2 + s.shift * room * draw.uniform(-1.0, 1.0, (2, s.samples))
    x = np.empty((s.samples, 1, s.size, s.size), np.float32)
    for number, form in enumerate(FORMS):
        own = y == number
        x[own, 0] = drawn(form, s.size, centre[:, own], radius[own], turn[own])
    return noisy(x, s.noise, draw), y


def drawn(
    form: Callable[[Field, Field, Field], Field],
    size: int,
    centre: NDArray[np.float64],
    radius: NDArray[np.float64],
    turn: NDArray[np.float64],
) -> Field:
    """Images (N, S, S) of one form: centres (2, N) as x, y from the upper left, radii (N,) in
    pixels, angles (N,) in radians."""
    pixels = np.arange(size, dtype=np.float32) + np.float32(0.5)
    x, y, r, angle = (a.astype(np.float32)[:, None, None] for a in (*centre, radius, turn))
    across, down = pixels[None, None, :] - x, pixels[None, :, None] - y  # (N, 1, S), (N, S, 1)
    u = np.cos(angle) * across + np.sin(angle) * down
    v = np.cos(angle) * down - np.sin(angle) * across
    return (np.float32(0.5) - form(u, v, r)).clip(0.0, 1.0)
