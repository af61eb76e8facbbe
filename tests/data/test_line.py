"""Each data set of the line against its own formula."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.polynomial import chebyshev
from numpy.typing import NDArray
from scipy.signal import sawtooth

from livenet.data import load
from livenet.spec.data import points as spec

Floats = NDArray[np.float64]


def _triangle(teeth: int, x: Floats) -> Floats:
    found: Floats = sawtooth(2 * np.pi * teeth * (x + 3) / 6, width=0.5)
    return found


CASES: list[tuple[spec.Points, Callable[[Floats], Floats]]] = [
    *(
        (spec.Sine(noise=0, cycles=f), lambda x, f=f: np.sin(2 * np.pi * f * x / 6))
        for f in (0.25, 2.0, 8.0)
    ),
    (spec.Step(noise=0), lambda x: np.where(x < 0, -1.0, 1.0)),
    *((spec.Sawtooth(noise=0, teeth=f), lambda x, f=f: _triangle(f, x)) for f in (1, 3, 12)),
    *(
        (
            spec.Polynomial(noise=0, degree=n),
            lambda x, n=n: chebyshev.chebval(x / 3, [0] * n + [1]),
        )
        for n in (1, 3, 9)
    ),
    (spec.Heteroscedastic(noise=0), lambda x: np.sin(2 * np.pi * x / 6)),
]


@pytest.mark.parametrize(("points", "formula"), CASES, ids=lambda v: getattr(v, "kind", None))
def test_the_target_is_its_formula(
    points: spec.Points, formula: Callable[[Floats], Floats]
) -> None:
    found = load(points)
    x = found.train_x[:, 0].astype(np.float64)
    assert found.train_y == pytest.approx(formula(x), abs=1e-5)


@pytest.mark.parametrize("kind", [spec.Sine, spec.Step])
def test_no_stretch_is_left_bare(kind: type[spec.Line]) -> None:
    """One point in each of N equal cells."""
    found = load(kind(samples=300))
    x = np.sort(np.concatenate([found.train_x, found.test_x])[:, 0])
    cells = np.floor((x.astype(np.float64) + 3) / 6 * 300 + 1e-6)
    assert np.abs(cells - np.arange(300)).max() <= 1  # float32 may round over a border
    assert np.diff(x).max() <= 2 * 6 / 300 + 1e-6


def test_noise_grows_from_left_to_right() -> None:
    clean = load(spec.Heteroscedastic(samples=9000, noise=0, test_fraction=0))
    noisy = load(spec.Heteroscedastic(samples=9000, noise=0.5, test_fraction=0))
    error, x = noisy.train_y - clean.train_y, clean.train_x[:, 0]
    for low in (-3, -1, 1):
        part = (x >= low) & (x < low + 2)
        middle = 0.5 * np.sqrt(np.mean(((x[part] + 3) / 3) ** 2))
        assert error[part].std() == pytest.approx(middle, rel=0.06)
