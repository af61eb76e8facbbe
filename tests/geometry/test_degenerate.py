"""Lines through corners and crossings, on one another, and units that never cut."""

import numpy as np
import pytest

from livenet.geometry import HARD_TANH, LINEAR, RELU, Layer, plane_regions
from tests.geometry.networks import points_in, random_network

SQUARE = (-1.0, 1.0, -1.0, 1.0)


def one_layer(*lines: tuple[float, float, float]) -> list[Layer]:
    """ReLU units a x + b y + c and their sum."""
    table = np.array(lines, dtype=np.float64)
    return [
        Layer(table[:, :2], table[:, 2], RELU),
        Layer(np.ones((1, len(lines))), np.zeros(1), LINEAR),
    ]


@pytest.mark.parametrize(
    ("lines", "counts"),
    [
        pytest.param([(0, 0, 0)], (4, 4, 1), id="zero unit"),
        pytest.param([(0, 0, 1)], (4, 4, 1), id="constant unit"),
        pytest.param([(1, 0, 2)], (4, 4, 1), id="a line outside"),
        pytest.param([(1, 0, 1)], (4, 4, 1), id="a line along a side"),
        pytest.param([(1, 1, 2)], (4, 4, 1), id="a line that touches a corner"),
        pytest.param([(1, -1, 0)], (4, 5, 2), id="a diagonal"),
        pytest.param([(1, -1, 0), (1, 1, 0)], (5, 8, 4), id="both diagonals"),
        pytest.param([(1, -1, 0), (1, 1, 0), (1, 0, 0)], (7, 12, 6), id="three through a point"),
        pytest.param([(1, 0, 0), (1, 0, 0), (-2, 0, 0)], (6, 7, 2), id="one line three times"),
        pytest.param([(1, 0, 0), (1, 0, 0.5), (1, 0, -0.5)], (10, 13, 4), id="parallel lines"),
        pytest.param([(1, 0, 0), (1, 0, 1e-14)], (6, 7, 2), id="a line within rounding"),
        pytest.param([(1, 0, 0), (1, 0, 1e-9)], (8, 10, 3), id="a line beyond rounding"),
        pytest.param([(1, 2, 1)], (5, 6, 2), id="through one corner"),
    ],
)
def test_one_layer(lines: list[tuple[float, float, float]], counts: tuple[int, int, int]) -> None:
    assert plane_regions(one_layer(*lines), SQUARE).counts == counts


@pytest.mark.parametrize("scale", [1e-200, 1e-9, 1.0, 1e9, 1e100])
def test_the_scale_of_a_unit_does_not_matter(scale: float) -> None:
    lines = [(scale * a, scale * b, scale * c) for a, b, c in ((1, 2, 0.1), (-1, 1, 0.3))]
    assert plane_regions(one_layer(*lines), SQUARE).counts[2] == 4


def test_rounding_alone_does_not_cut() -> None:
    """A unit whose terms cancel holds rounding of both signs, and is no line at all."""
    first = random_network(0, (6,))[0]
    weights = np.array([[0.1, 0.7, -1.3, 2.9, 0.3, -0.9]])
    twice = Layer(np.vstack([first.weight, first.weight]), np.tile(first.bias, 2), RELU)
    cancelling = Layer(np.hstack([weights, -weights]) / 3, np.zeros(1), RELU)
    output = Layer(np.ones((1, 1)), np.zeros(1), LINEAR)
    regions = plane_regions([twice, cancelling, output], SQUARE)
    h = np.maximum(points_in(SQUARE, 2000) @ twice.weight.T + twice.bias, 0)
    z = h @ cancelling.weight.T
    assert z.min() < 0 < z.max()
    assert regions.by_layer[0] == regions.by_layer[1] > 4


def test_the_piece_at_a_break_is_the_lower_one() -> None:
    """A unit that sits exactly on its break everywhere."""
    layers = one_layer((0, 0, 0), (1, 0, 0))
    assert plane_regions(layers, SQUARE).patterns[:, 0].tolist() == [0, 0]
    above = Layer(np.zeros((1, 2)), np.array([1.0]), HARD_TANH)
    flat = [above, Layer(np.ones((1, 1)), np.zeros(1), LINEAR)]
    regions = plane_regions(flat, SQUARE)
    assert regions.patterns.tolist() == [[1]]
    assert regions.locate((0.0, 0.0)).pattern[0].tolist() == [1]


def test_duplicated_neurons_change_no_region() -> None:
    layers = random_network(4, (6, 6))
    first, second, output = layers
    doubled = [
        Layer(np.repeat(first.weight, 2, axis=0), np.repeat(first.bias, 2), RELU),
        Layer(np.repeat(second.weight, 2, axis=1) / 2, second.bias, RELU),
        output,
    ]
    once, twice = plane_regions(layers, SQUARE), plane_regions(doubled, SQUARE)
    assert once.counts == twice.counts
    assert once.by_layer == twice.by_layer
    assert once.mesh.areas.sum() == twice.mesh.areas.sum() == pytest.approx(4)


def test_a_deep_dead_layer() -> None:
    """All units of the second layer are off everywhere: the third sees a constant."""
    first, _, third, output = random_network(4, (6, 6, 6))
    dead = Layer(-np.ones((6, 6)), -np.ones(6), RELU)
    regions = plane_regions([first, dead, third, output], SQUARE)
    assert len(set(regions.by_layer)) == 1
    assert np.abs(regions.maps.matrix).max() == 0
    assert regions.linear.count == 1


def test_a_bundle_of_64_lines_through_one_point() -> None:
    angles = np.linspace(0, np.pi, 64, endpoint=False)
    center = np.array([0.1, -0.2])
    weight = np.column_stack([np.cos(angles), np.sin(angles)])
    layers = [
        Layer(weight, -weight @ center, RELU),
        Layer(np.ones((1, 64)), np.zeros(1), LINEAR),
    ]
    vertices, edges, faces = plane_regions(layers, SQUARE).counts
    assert faces == 128
    assert vertices - edges + faces == 1
