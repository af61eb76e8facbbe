"""Maps from values at the corners, against the network's own along each pattern."""

import numpy as np
import pytest

from livenet.geometry import LINEAR, RELU, Layer, PiecewiseLinear, plane_regions
from livenet.geometry.fitted_maps import fitted_maps
from livenet.geometry.linear_regions import SAME
from livenet.geometry.mesh import Mesh
from tests.geometry.test_convolutional import CASES, WINDOW, plane

SMALL = (0.3, 0.4, 0.2, 0.3)


@pytest.mark.parametrize("window", [WINDOW, SMALL])
@pytest.mark.parametrize("name", CASES)
def test_sure_maps_are_the_networks(name: str, window: tuple[float, float, float, float]) -> None:
    one = CASES[name]
    regions = plane_regions(one.steps, window, input_map=plane(), outputs=True)
    assert regions.outputs is not None
    found = fitted_maps(regions.mesh, regions.outputs.values, regions.outputs.terms)
    exact = regions.maps.rows
    steepest = np.abs(exact[:, :2]).max(axis=(0, 1))
    apart = np.abs(found.rows - exact)[found.sure] / steepest
    assert found.sure.mean() > 0.7
    assert apart.max() <= SAME / 2


@pytest.mark.parametrize("window", [WINDOW, SMALL])
@pytest.mark.parametrize("name", CASES)
def test_linear_regions_are_the_same_either_way(
    name: str, window: tuple[float, float, float, float]
) -> None:
    one = CASES[name]
    noted = plane_regions(one.steps, window, input_map=plane(), outputs=True)
    plain = plane_regions(one.steps, window, input_map=plane())
    assert plain.outputs is None
    assert noted.by_layer == plain.by_layer
    assert noted.linear.count == plain.linear.count
    assert np.array_equal(noted.linear.label, plain.linear.label)


def test_a_sliver_is_not_sure() -> None:
    """One function on two triangles, of which one is 1e-9 high: no slope can be read off it."""
    vertices = np.array([[0.0, 0], [1, 0], [0, 1], [0.5, -1e-9]])
    mesh = Mesh(vertices, np.array([0, 1, 2, 0, 3, 1]), np.array([3, 3]))
    values = vertices @ np.array([[2.0], [-3.0]]) + 0.25
    found = fitted_maps(mesh, values, np.array([5.25]))
    assert found.sure.tolist() == [True, False]
    assert found.rows[0, :, 0] == pytest.approx([2, -3, 0.25])


def test_an_output_that_is_constant_is_not_sure() -> None:
    """Its slopes are rounding, and there is nothing to measure rounding by."""
    layers = [
        Layer(np.eye(2), np.zeros(2), RELU),
        Layer(np.array([[1.0, -1], [0, 0]]), np.ones(2), LINEAR),
    ]
    regions = plane_regions(layers, (-1.0, 1.0, -1.0, 1.0), outputs=True)
    assert regions.outputs is not None
    found = fitted_maps(regions.mesh, regions.outputs.values, regions.outputs.terms)
    assert not found.sure.any()
    assert regions.linear.count == 4


def test_no_outputs_of_a_net_that_jumps() -> None:
    step = PiecewiseLinear((0.0,), (0.0, 0.0), (0.0, 1.0))
    layers = [Layer(np.eye(2), np.zeros(2), step), Layer(np.ones((1, 2)), np.zeros(1), LINEAR)]
    regions = plane_regions(layers, (-1.0, 1.0, -1.0, 1.0), outputs=True)
    assert regions.outputs is None
    assert regions.linear.count == 4


def test_no_outputs_where_there_is_no_room() -> None:
    one = CASES["relu, max pool"]
    regions = plane_regions(one.steps, WINDOW, input_map=plane(), outputs=True, max_faces=20)
    assert regions.truncated
    assert regions.outputs is None
