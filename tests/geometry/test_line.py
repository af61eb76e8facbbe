"""The regions and joints on the line."""

import numpy as np
import pytest

from livenet.geometry import (
    HARD_TANH,
    LINEAR,
    RELU,
    InputMap,
    Layer,
    PiecewiseLinear,
    bounds,
    line_regions,
    outputs_at,
    plane_regions,
)
from livenet.geometry.arrays import Floats
from livenet.geometry.forward import pieces_at
from tests.geometry.networks import ABS, LEAKY, STAIRS, STEP, face_at, random_network


def zigzag(teeth: int, depth: int) -> list[Layer]:
    """|·| units whose every layer folds [0, 1] over itself teeth + 1 times; teeth is odd.

    f(x) = Σ_i (−1)^i s (|x − t_i| − t_i) with t_i = i/s, s = teeth + 1: slopes ± s by turns.
    """
    s = teeth + 1
    joints: Floats = np.arange(1, s) / s
    signs: Floats = s * np.resize([-1.0, 1.0], teeth)
    start = -(signs @ joints)
    first = Layer(np.ones((teeth, 1)), -joints, ABS)
    again = Layer(np.tile(signs, (teeth, 1)), start - joints, ABS)
    return [first, *[again] * (depth - 1), Layer(signs[None], np.array([start]), LINEAR)]


def saw(teeth: int, depth: int) -> list[Layer]:
    """The same with ReLU, one unit a tooth: the first bends at 0, the window's end."""
    joints: Floats = np.arange(teeth) / teeth
    signs: Floats = 2.0 * teeth * np.resize([1.0, -1.0], teeth)
    signs[0] = teeth
    first = Layer(np.ones((teeth, 1)), -joints, RELU)
    again = Layer(np.tile(signs, (teeth, 1)), -joints, RELU)
    return [first, *[again] * (depth - 1), Layer(signs[None], np.zeros(1), LINEAR)]


@pytest.mark.parametrize(("teeth", "depth"), [(1, 1), (3, 1), (5, 2), (3, 3), (1, 6), (7, 4)])
def test_zigzag_reaches_the_bound(teeth: int, depth: int) -> None:
    regions = line_regions(zigzag(teeth, depth), (-0.5, 1.5))
    count = (teeth + 1) ** depth
    assert bounds([teeth] * depth, 1)["zaslavsky"] == count
    assert regions.count == count
    assert regions.by_layer == tuple((teeth + 1) ** k for k in range(1, depth + 1))
    assert regions.joints == pytest.approx(np.arange(1, count) / count, abs=1e-12)
    assert np.abs(regions.slopes) == pytest.approx(count)
    assert (np.diff(np.sign(regions.slopes[:, 0])) != 0).all()


@pytest.mark.parametrize(("teeth", "depth"), [(1, 1), (2, 1), (2, 5), (3, 3), (6, 3)])
def test_saw_reaches_its_count(teeth: int, depth: int) -> None:
    regions = line_regions(saw(teeth, depth), (0.0, 1.0))
    count = teeth**depth
    assert regions.count == count
    assert regions.joints == pytest.approx(np.arange(1, count) / count, abs=1e-12)
    assert np.abs(regions.slopes) == pytest.approx(count)


@pytest.mark.parametrize("width", [1, 2, 10, 100])
def test_one_layer_has_a_joint_a_unit(width: int) -> None:
    layers = random_network(width, (width,), inputs=1)
    regions = line_regions(layers, (-1e4, 1e4))
    assert regions.count == len(regions.joints) + 1 == width + 1
    joints = -layers[0].bias / layers[0].weight[:, 0]
    assert regions.joints == pytest.approx(np.sort(joints), abs=1e-9)
    assert len(line_regions(layers, (50.0, 60.0)).joints) == ((joints > 50) & (joints < 60)).sum()


@pytest.mark.parametrize("activation", [RELU, LEAKY, HARD_TANH, STAIRS, STEP])
@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize("widths", [(5,), (6, 6), (1, 7, 7, 7)])
def test_intervals_are_the_network(
    activation: PiecewiseLinear, residual: bool, widths: tuple[int, ...]
) -> None:
    layers = random_network(
        2, widths, inputs=1, outputs=2, activation=activation, residual=residual
    )
    window = (-3.0, 4.0)
    regions = line_regions(layers, window)
    assert (regions.borders[0], regions.borders[-1]) == window
    assert (np.diff(regions.borders) > 0).all()
    assert len(regions.patterns) == len(regions.borders) - 1 == regions.by_layer[-1]
    assert (regions.patterns[1:] != regions.patterns[:-1]).any(axis=1).all()

    x = np.random.default_rng(0).uniform(*window, 20_000)
    interval = np.searchsorted(regions.borders, x) - 1
    pieces = np.concatenate(pieces_at(layers, regions.input_map, x[:, None]), axis=1)
    assert np.array_equal(pieces, regions.patterns[interval])
    expected = outputs_at(layers, regions.input_map, x[:, None])
    assert regions.maps[interval](x[:, None]) == pytest.approx(expected, abs=1e-9)
    piece = np.searchsorted(regions.joints, x)
    by_piece = regions.slopes[piece] * x[:, None] + regions.intercepts[piece]
    assert by_piece == pytest.approx(expected, abs=1e-6)


def test_all_outputs_have_the_same_joints() -> None:
    regions = line_regions(random_network(7, (8, 8), inputs=1, outputs=3), (-5.0, 5.0))
    assert len(regions.joints) > 8
    for output in range(3):
        assert np.array_equal(regions.joints_of(output), regions.joints)


def test_an_output_that_does_not_see_a_joint() -> None:
    layers = [
        Layer(np.ones((2, 1)), np.array([0.0, -0.5]), RELU),
        Layer(np.array([[1.0, 1.0], [1.0, 0.0]]), np.zeros(2), LINEAR),
    ]
    regions = line_regions(layers, (-1.0, 1.0))
    assert regions.joints.tolist() == [0.0, 0.5]
    assert regions.joints_of(0).tolist() == [0.0, 0.5]
    assert regions.joints_of(1).tolist() == [0.0]


def test_a_jump_is_a_joint() -> None:
    layers = [
        Layer(np.ones((1, 1)), np.zeros(1), STEP),
        Layer(np.ones((1, 1)), np.zeros(1), LINEAR),
    ]
    regions = line_regions(layers, (-1.0, 1.0))
    assert regions.joints.tolist() == [0.0]
    assert regions.intercepts.tolist() == [[0.0], [1.0]]


@pytest.mark.parametrize(
    ("weights", "biases", "count"),
    [
        ([0.0, 0.0], [0.0, 1.0], 1),
        ([1.0, 1.0, -3.0], [0.25, 0.25, -0.75], 2),
        ([1.0], [1.0], 1),  # at the window's end
        ([1.0, 1.0], [0.0, 1e-14], 2),
        ([1.0, 1.0], [0.0, 1e-9], 3),
    ],
)
def test_degenerate_units(weights: list[float], biases: list[float], count: int) -> None:
    hidden = Layer(np.array(weights)[:, None], np.array(biases), RELU)
    regions = line_regions(
        [hidden, Layer(np.ones((1, len(weights))), np.zeros(1), LINEAR)], (-1.0, 1.0)
    )
    assert regions.by_layer == (count,)


def test_locate() -> None:
    layers = random_network(3, (6, 6), inputs=1)
    regions = line_regions(layers, (-2.0, 2.0))
    middles = (regions.borders[1:] + regions.borders[:-1]) / 2
    for interval, x in enumerate(middles):
        found = regions.locate(float(x))
        assert found.face == interval
        assert np.concatenate(found.pattern).tolist() == regions.patterns[interval].tolist()
        assert found.matrix == pytest.approx(regions.maps.matrix[interval])
    assert regions.locate(2.0).face == len(middles) - 1
    assert regions.locate(-2.0).face == 0
    outside = regions.locate(5.0)
    assert outside.face is None
    expected = outputs_at(layers, regions.input_map, np.array([[5.0]]))
    assert outside.matrix @ np.array([5.0]) + outside.offset == pytest.approx(expected[0])


def test_a_line_across_the_plane() -> None:
    """The intervals of a slice of a two-dimensional network are the faces it runs through."""
    layers = random_network(4, (10, 10))
    plane = plane_regions(layers, (-2.0, 2.0, -2.0, 2.0))
    start, way = np.array([-1.9, -0.7]), np.array([3.5, 1.9])
    slice_map = InputMap(way[:, None], start)
    line = line_regions(layers, (0.0, 1.0), input_map=slice_map)

    def at(t: Floats) -> Floats:
        return slice_map(t[:, None])

    middles = (line.borders[1:] + line.borders[:-1]) / 2
    faces = [face_at(plane, *point) for point in at(middles)]
    assert np.array_equal(plane.patterns[faces], line.patterns)
    assert len(set(faces)) == len(faces) > 10


def test_no_hidden_layer() -> None:
    regions = line_regions([Layer(np.array([[2.0]]), np.array([1.0]), LINEAR)], (0.0, 1.0))
    assert (regions.count, regions.by_layer, len(regions.joints)) == (1, (), 0)
    assert regions.patterns.shape == (1, 0)
    assert regions.slopes.tolist() == [[2.0]]


def test_rounding_alone_is_on_the_lower_piece() -> None:
    """A unit whose terms cancel holds rounding of both signs."""
    first = random_network(0, (6,), inputs=1)[0]
    weights = np.array([[0.1, 0.7, -1.3, 2.9, 0.3, -0.9]]) / 3
    twice = Layer(np.vstack([first.weight, first.weight]), np.tile(first.bias, 2), RELU)
    cancelling = Layer(np.hstack([weights, -weights]), np.zeros(1), RELU)
    output = Layer(np.ones((1, 1)), np.zeros(1), LINEAR)
    regions = line_regions([twice, cancelling, output], (-3.0, 3.0))
    middles = (regions.borders[1:] + regions.borders[:-1]) / 2
    h = RELU(middles[:, None] * twice.weight.T + twice.bias)
    assert (h @ cancelling.weight.T).max() > 0
    assert regions.by_layer[0] == regions.by_layer[1] > 3
    assert regions.patterns[:, -1].max() == 0
