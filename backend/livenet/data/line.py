"""Real targets on the line. Each function draws x (N, 1) in [-3, 3] and y (N,)."""

from __future__ import annotations

import numpy as np

from livenet.data.dataset import HALF, Floats, dataset
from livenet.spec.data import points as spec

Drawn = tuple[Floats, Floats]


def _spread(count: int, draw: np.random.Generator) -> Floats:
    """Uniform points, one in each of ``count`` equal cells, so that no stretch is left bare."""
    return -HALF + 2 * HALF * (np.arange(count) + draw.random(count)) / count


def _noisy(s: spec.Line, x: Floats, y: Floats, draw: np.random.Generator) -> Drawn:
    return x[:, None], y + s.noise * draw.standard_normal(len(x))


@dataset(spec.Sine)
def sine(s: spec.Sine, draw: np.random.Generator) -> Drawn:
    """y = sin(2π f x/6): f waves within the window."""
    x = _spread(s.samples, draw)
    return _noisy(s, x, np.sin(2 * np.pi * s.cycles * x / (2 * HALF)), draw)


@dataset(spec.Step)
def step(s: spec.Step, draw: np.random.Generator) -> Drawn:
    """y = −1 left of 0, and 1 from 0 on."""
    x = _spread(s.samples, draw)
    return _noisy(s, x, np.where(x < 0, -1.0, 1.0), draw)


@dataset(spec.Sawtooth)
def sawtooth(s: spec.Sawtooth, draw: np.random.Generator) -> Drawn:
    """A zigzag between −1 and 1 with ``teeth`` peaks within the window."""
    x = _spread(s.samples, draw)
    phase = (s.teeth * (x + HALF) / (2 * HALF)) % 1.0
    return _noisy(s, x, 1.0 - np.abs(4.0 * phase - 2.0), draw)


@dataset(spec.Polynomial)
def polynomial(s: spec.Polynomial, draw: np.random.Generator) -> Drawn:
    """The Chebyshev polynomial T_n(x/3) = cos(n arccos(x/3)), between −1 and 1."""
    x = _spread(s.samples, draw)
    return _noisy(s, x, np.cos(s.degree * np.arccos(np.clip(x / HALF, -1, 1))), draw)


@dataset(spec.Heteroscedastic)
def heteroscedastic(s: spec.Heteroscedastic, draw: np.random.Generator) -> Drawn:
    """y = sin(2πx/6) with noise of standard deviation σ·(x + 3)/3."""
    x = _spread(s.samples, draw)
    spread = s.noise * (x + HALF) / HALF
    return x[:, None], np.sin(2 * np.pi * x / (2 * HALF)) + spread * draw.standard_normal(len(x))
