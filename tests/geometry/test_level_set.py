"""Where an output equals a level."""

import numpy as np
import pytest

from livenet.geometry import HARD_TANH, LINEAR, RELU, Layer, outputs_at, plane_regions
from livenet.geometry.arrays import Floats
from tests.geometry.networks import ABS, points_in, random_network

SQUARE = (-1.0, 1.0, -1.0, 1.0)


def lengths(segments: Floats) -> Floats:
    found: Floats = np.linalg.norm(segments[:, 1] - segments[:, 0], axis=1)
    return found


def test_a_diamond() -> None:
    """|x1| + |x2| = 1/2."""
    layers = [
        Layer(np.eye(2), np.zeros(2), ABS),
        Layer(np.ones((1, 2)), np.zeros(1), LINEAR),
    ]
    segments = plane_regions(layers, SQUARE).level_set(0, 0.5)
    assert lengths(segments) == pytest.approx([np.sqrt(0.5)] * 4)
    assert np.abs(segments).sum(axis=2) == pytest.approx(0.5)


@pytest.mark.parametrize("seed", range(4))
def test_it_separates_above_from_below(seed: int) -> None:
    """A straight walk crosses the level set an odd number of times if it changes sides."""
    layers = random_network(seed, (12, 12), outputs=2, activation=(RELU, HARD_TANH)[seed % 2])
    regions = plane_regions(layers, SQUARE)
    level = float(np.median(outputs_at(layers, regions.input_map, regions.mesh.centers)[:, 1]))
    segments = regions.level_set(1, level)
    ends = outputs_at(layers, regions.input_map, segments.reshape(-1, 2))[:, 1]
    assert ends == pytest.approx(level, abs=1e-9)
    starts, stops = points_in(SQUARE, 400, seed=1), points_in(SQUARE, 400, seed=2)

    def side(p: Floats, q: Floats, r: Floats) -> Floats:
        turn: Floats = (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1]) - (
            q[..., 1] - p[..., 1]
        ) * (r[..., 0] - p[..., 0])
        return turn

    p, q = starts[:, None], stops[:, None]
    a, b = segments[None, :, 0], segments[None, :, 1]
    crossed = (side(p, q, a) * side(p, q, b) < 0) & (side(a, b, p) * side(a, b, q) < 0)
    changes = np.prod(
        [outputs_at(layers, regions.input_map, at)[:, 1] - level for at in (starts, stops)], axis=0
    )
    assert (changes < 0).any()
    assert np.array_equal(crossed.sum(axis=1) % 2 == 1, changes < 0)


def test_an_edge_on_the_level_comes_once() -> None:
    layers = [
        Layer(np.array([[1.0, 0]]), np.zeros(1), ABS),
        Layer(np.ones((1, 1)), np.zeros(1), LINEAR),
    ]
    segments = plane_regions(layers, SQUARE).level_set(0)
    assert np.sort(segments[0], axis=0).tolist() == [[0.0, -1.0], [0.0, 1.0]]
    assert len(segments) == 1


def test_an_edge_on_the_level_with_both_signs_beside_it_comes_once() -> None:
    layers = [
        Layer(np.array([[1.0, 0]]), np.zeros(1), HARD_TANH),
        Layer(np.array([[1.0, 0], [-1, 0]]) @ np.ones((2, 1)), np.zeros(2), RELU),
        Layer(np.array([[1.0, -1.0]]), np.zeros(1), LINEAR),
    ]
    segments = plane_regions(layers, SQUARE).level_set(0)
    assert lengths(segments).tolist() == [2.0]


def test_an_area_on_the_level_gives_its_rim() -> None:
    """relu(x1) + relu(x2) is 0 on a quadrant, which x1 + x2 = −1/2 halves."""
    layers = [
        Layer(np.array([[1.0, 0], [0, 1], [1, 1]]), np.array([0, 0, 0.5]), RELU),
        Layer(np.array([[1.0, 1.0, 0.0]]), np.zeros(1), LINEAR),
    ]
    segments = plane_regions(layers, SQUARE).level_set(0)
    assert lengths(segments).sum() == pytest.approx(2.0)
    assert np.abs(segments).min(axis=2).max() == 0


def test_nowhere() -> None:
    regions = plane_regions(random_network(0, (5,)), SQUARE)
    assert regions.level_set(0, 1e6).shape == (0, 2, 2)
    constant = Layer(np.zeros((1, 2)), np.ones(1), LINEAR)
    assert plane_regions([constant], SQUARE).level_set(0, 1.0).shape == (0, 2, 2)
