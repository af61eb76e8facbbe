"""Each data set of the plane against its own formula."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from livenet.data import load
from livenet.spec.data import points as spec

Floats = NDArray[np.float64]


def whole(points: spec.Points) -> tuple[Floats, Floats]:
    found = load(points)
    x = np.concatenate([found.train_x, found.test_x]).astype(np.float64)
    return x, np.concatenate([found.train_y, found.test_y]).astype(np.float64)


def test_circles_are_a_disc_in_a_ring() -> None:
    x, y = whole(spec.Circles(samples=4000))
    radius = np.linalg.norm(x, axis=1)
    assert np.array_equal(y == 1, radius < 1.5)
    assert radius[y == 1].max() <= 1.2 + 1e-6
    assert radius[y == 0].min() >= 1.8 - 1e-6
    assert (radius[y == 1] < 1.2 / 2).mean() == pytest.approx(0.25, abs=0.03)  # by area


def test_xor_is_the_sign_of_the_product() -> None:
    x, y = whole(spec.Xor(samples=2000))
    assert np.array_equal(y == 1, x[:, 0] * x[:, 1] > 0)
    quadrant = (x[:, 0] > 0) * 2 + (x[:, 1] > 0)
    assert np.bincount(quadrant).min() > 400


def test_gaussians_have_their_means_and_spread() -> None:
    x, y = whole(spec.Gaussians(samples=8000))
    for label, sign in ((0, -1), (1, 1)):
        cloud = x[y == label]
        assert cloud.mean(axis=0) == pytest.approx([1.05 * sign] * 2, abs=0.04)
        assert np.cov(cloud.T) == pytest.approx(0.42**2 * np.eye(2), abs=0.015)


@pytest.mark.parametrize("arms", [2, 3, 8])
@pytest.mark.parametrize("turns", [0.25, 1.25, 4.0])
def test_spiral_angle_grows_with_the_radius(arms: int, turns: float) -> None:
    x, y = whole(spec.Spiral(samples=600, arms=arms, turns=turns))
    radius = np.linalg.norm(x, axis=1)
    angle = np.arctan2(x[:, 1], x[:, 0])
    expected = 2 * np.pi * (turns * (radius - 0.15) / 2.55 + y / arms)
    assert np.cos(angle - expected) == pytest.approx(np.ones(600), abs=1e-5)
    assert set(y) == set(range(arms))


def test_moons_lie_on_two_half_circles() -> None:
    x, y = whole(spec.Moons())
    centre = np.where(y[:, None] == 0, [-0.8, -0.4], [0.8, 0.4])
    assert np.linalg.norm(x - centre, axis=1) == pytest.approx(np.full(500, 1.6), abs=1e-5)
    side = np.where(y == 0, 1, -1)
    assert ((x - centre)[:, 1] * side >= -1e-6).all()


@pytest.mark.parametrize("cells", [2, 4, 6])
def test_checkerboard_alternates(cells: int) -> None:
    x, y = whole(spec.Checkerboard(samples=3000, cells=cells))
    side = 5.4 / cells
    column, row = np.floor((x + 2.7) / side).T
    inside = np.abs((x + 2.7) / side % 1 - 0.5).max(axis=1) < 0.499  # float32 at the borders
    assert np.array_equal(y[inside], ((column + row) % 2)[inside])
    assert inside.mean() > 0.95


@pytest.mark.parametrize("count", [2, 4, 8])
def test_blobs_stand_on_a_circle(count: int) -> None:
    x, y = whole(spec.Blobs(samples=8000, count=count))
    for label in range(count):
        angle = 2 * np.pi * label / count
        cloud = x[y == label]
        centre = [1.8 * np.cos(angle), 1.8 * np.sin(angle)]
        assert cloud.mean(axis=0) == pytest.approx(centre, abs=0.05)
        assert cloud.std(axis=0) == pytest.approx([0.26, 0.26], abs=0.03)


def test_a_plane_is_linear() -> None:
    x, y = whole(spec.Plane())
    assert y == pytest.approx(x.sum(axis=1) / 6, abs=1e-6)


def test_bumps_have_their_hills() -> None:
    x, y = whole(spec.Bumps(samples=3000))
    hills: Any = [(-1.5, 1.5, 1), (1.5, 1.5, -1), (-1.5, -1.5, -1), (1.5, -1.5, 1), (0, 0, 1)]
    expected = np.zeros(len(x))
    for a, b, sign in hills:
        square = (x[:, 0] - a) ** 2 + (x[:, 1] - b) ** 2
        expected += sign * np.exp(-square / 0.98)
    assert y == pytest.approx(expected, abs=1e-6)
