"""What the network does at a point, in the window and outside."""

import numpy as np
import pytest

from livenet.geometry import (
    HARD_TANH,
    RELU,
    InputMap,
    Layer,
    PiecewiseLinear,
    outputs_at,
    plane_regions,
    region_at,
)
from tests.geometry.networks import LEAKY, points_in, random_network

WINDOW = (-2.0, 2.0, -2.0, 2.0)


@pytest.mark.parametrize("activation", [RELU, LEAKY, HARD_TANH])
@pytest.mark.parametrize("residual", [False, True])
def test_locate(activation: PiecewiseLinear, residual: bool) -> None:
    layers = random_network(1, (8, 8, 8), activation=activation, residual=residual, outputs=2)
    regions = plane_regions(layers, WINDOW)
    for point in points_in((-4.0, 4.0, -4.0, 4.0), 200):
        found = regions.locate(point)
        expected = outputs_at(layers, regions.input_map, point[None])[0]
        assert found.matrix @ point + found.offset == pytest.approx(expected)
        assert [len(pieces) for pieces in found.pattern] == [8, 8, 8]
        inside = bool((np.abs(point) <= 2).all())
        assert (found.face is not None) == inside
        if found.face is not None:
            assert np.concatenate(found.pattern).tolist() == regions.patterns[found.face].tolist()
            assert found.matrix == pytest.approx(regions.maps.matrix[found.face])
            assert found.offset == pytest.approx(regions.maps.offset[found.face])


def test_vertices_are_in_a_face_beside_them() -> None:
    regions = plane_regions(random_network(2, (10, 10)), WINDOW)
    mesh = regions.mesh
    for vertex, point in enumerate(mesh.vertices):
        face = mesh.find(point)
        assert face is not None
        corners = mesh.vertices[mesh.corners[mesh.offsets[face] : mesh.offsets[face + 1]]]
        assert np.abs(corners - point).max(axis=1).min() < 1e-9, vertex


def test_a_unit_at_a_time() -> None:
    """By hand: x1 > 0 is on, x2 − 1 is off, and only the first reaches the output."""
    layers = [
        Layer(np.array([[2.0, 0], [0, 1]]), np.array([0.5, -1]), RELU),
        Layer(np.array([[3.0, 5.0]]), np.array([1.0]), PiecewiseLinear((), (1.0,), (0.0,))),
    ]
    found = region_at(layers, (1.0, 0.5))
    assert [pieces.tolist() for pieces in found.pattern] == [[1, 0]]
    assert found.matrix.tolist() == [[6.0, 0.0]]
    assert found.offset.tolist() == [2.5]
    assert found.face is None


def test_any_number_of_dimensions() -> None:
    layers = random_network(3, (6, 6), inputs=5)
    random = np.random.default_rng(0)
    slice_map = InputMap(random.normal(size=(5, 3)), random.normal(size=5))
    point = random.normal(size=3)
    found = region_at(layers, point, input_map=slice_map)
    assert found.matrix.shape == (1, 3)
    expected = outputs_at(layers, slice_map, point[None])[0]
    assert found.matrix @ point + found.offset == pytest.approx(expected)
