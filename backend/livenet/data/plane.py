"""Classes in the plane. Each function draws points x (N, 2) and their class numbers y (N,).

Classes alternate from point to point, so that they are equally large; noise is the standard
deviation of a normal shift of each point, in the units of the plane.
"""

from __future__ import annotations

import numpy as np

from livenet.data.dataset import HALF, Floats, dataset
from livenet.spec.data import points as spec

Drawn = tuple[Floats, Floats]


def _labels(count: int, classes: int) -> Floats:
    return (np.arange(count) % classes).astype(np.float64)


def _polar(radius: Floats, angle: Floats) -> Floats:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _shaken(x: Floats, noise: float, draw: np.random.Generator) -> Floats:
    return x + noise * draw.standard_normal(x.shape)


@dataset(spec.Circles)
def circles(s: spec.Circles, draw: np.random.Generator) -> Drawn:
    """A disc of radius 1.2 (class 1) inside a ring from 1.8 to 2.7 (class 0), uniform by area."""
    y = _labels(s.samples, 2)
    u = draw.random(s.samples)
    radius = np.where(y == 1, 1.2 * np.sqrt(u), np.sqrt(1.8**2 + u * (2.7**2 - 1.8**2)))
    return _shaken(_polar(radius, draw.uniform(0, 2 * np.pi, s.samples)), s.noise, draw), y


@dataset(spec.Xor)
def xor(s: spec.Xor, draw: np.random.Generator) -> Drawn:
    """Class 1 where x1·x2 > 0, each quadrant in turn; a gap of 0.3 around the axes before the
    noise."""
    y = _labels(s.samples, 2)
    size = draw.uniform(0.15, 2.7, (s.samples, 2))
    first = np.where(np.arange(s.samples) % 4 < 2, 1.0, -1.0)
    signs = np.stack([first, np.where(y == 1, first, -first)], axis=1)
    return _shaken(signs * size, s.noise, draw), y


@dataset(spec.Gaussians)
def gaussians(s: spec.Gaussians, draw: np.random.Generator) -> Drawn:
    """Two clouds of standard deviation 0.42 around ±(1.05, 1.05); noise widens them."""
    y = _labels(s.samples, 2)
    centre = (2 * y - 1)[:, None] * np.array([1.05, 1.05])
    return _shaken(centre + 0.42 * draw.standard_normal((s.samples, 2)), s.noise, draw), y


@dataset(spec.Spiral)
def spiral(s: spec.Spiral, draw: np.random.Generator) -> Drawn:
    """Archimedean arms, evenly filled along the radius from 0.15 to 2.7."""
    y = _labels(s.samples, s.arms)
    t = (np.arange(s.samples) // s.arms + 0.5) / (-(-s.samples // s.arms))
    angle = 2 * np.pi * (s.turns * t + y / s.arms)
    return _shaken(_polar(0.15 + 2.55 * t, angle), s.noise, draw), y


@dataset(spec.Moons)
def moons(s: spec.Moons, draw: np.random.Generator) -> Drawn:
    """Two half circles of radius 1.6, each reaching into the other."""
    y = _labels(s.samples, 2)
    t = draw.uniform(0, np.pi, s.samples)
    sign = np.where(y == 0, 1.0, -1.0)
    x = np.stack([1.6 * sign * np.cos(t) - 0.8 * sign, 1.6 * sign * np.sin(t) - 0.4 * sign], axis=1)
    return _shaken(x, s.noise, draw), y


@dataset(spec.Checkerboard)
def checkerboard(s: spec.Checkerboard, draw: np.random.Generator) -> Drawn:
    """Uniform points; squares of alternating class over [-2.7, 2.7]²."""
    x = draw.uniform(-2.7, 2.7, (s.samples, 2))
    cell = np.floor((x + 2.7) / (5.4 / s.cells))
    return _shaken(x, s.noise, draw), (cell.sum(axis=1) % 2)


@dataset(spec.Blobs)
def blobs(s: spec.Blobs, draw: np.random.Generator) -> Drawn:
    """One cloud a class, of standard deviation 0.26, on a circle of radius 1.8."""
    y = _labels(s.samples, s.count)
    centre = _polar(np.full(s.samples, 1.8), 2 * np.pi * y / s.count)
    return _shaken(centre + 0.26 * draw.standard_normal((s.samples, 2)), s.noise, draw), y


@dataset(spec.Plane)
def plane(s: spec.Plane, draw: np.random.Generator) -> Drawn:
    """A real target that is linear: y = (x1 + x2)/6, between −1 and 1 in the window."""
    x = draw.uniform(-HALF, HALF, (s.samples, 2))
    return x, x.sum(axis=1) / 6 + s.noise * draw.standard_normal(s.samples)


BUMPS = ((-1.5, 1.5, 1.0), (1.5, 1.5, -1.0), (-1.5, -1.5, -1.0), (1.5, -1.5, 1.0), (0.0, 0.0, 1.0))


@dataset(spec.Bumps)
def bumps(s: spec.Bumps, draw: np.random.Generator) -> Drawn:
    """A real target: five hills and valleys of width 0.7."""
    x = draw.uniform(-HALF, HALF, (s.samples, 2))
    y = sum(
        sign * np.exp(-((x[:, 0] - a) ** 2 + (x[:, 1] - b) ** 2) / (2 * 0.7**2))
        for a, b, sign in BUMPS
    )
    return x, y + s.noise * draw.standard_normal(s.samples)
