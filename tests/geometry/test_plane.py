"""The regions in the plane: a subdivision, and the network's own."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from livenet.geometry import (
    HARD_TANH,
    LINEAR,
    RELU,
    InputMap,
    Layer,
    PiecewiseLinear,
    PlaneRegions,
    bounds,
    outputs_at,
    plane_regions,
)
from livenet.geometry.forward import pieces_at
from tests.geometry.networks import LEAKY, STAIRS, STEP, layers_of, points_in, random_network

WINDOW = (-3.0, 3.0, -2.0, 4.0)
NETWORKS = {
    "relu": random_network(0, (12, 12, 12)),
    "wide relu": random_network(1, (64, 64)),
    "several words a layer": random_network(2, (150,)),
    "leaky": random_network(3, (10, 14), activation=LEAKY),
    "hard tanh": random_network(4, (10, 10), activation=HARD_TANH),
    "three breaks": random_network(5, (9, 30), activation=STAIRS, outputs=3),
    "residual": random_network(6, (2, 10, 10, 10), residual=True, outputs=2),
    "residual hard tanh": random_network(7, (8,) * 4, activation=HARD_TANH, residual=True),
    "a jump at the end": [
        *random_network(8, (9, 9))[:1],
        Layer(np.eye(9) - 0.1, np.linspace(-1, 1, 9), STEP),
        Layer(np.arange(9.0)[None], np.zeros(1), LINEAR),
    ],
    "linear layers between": [
        *random_network(9, (6,))[:1],
        Layer(np.arange(24.0).reshape(4, 6) / 12 - 1, np.ones(4), LINEAR),
        *random_network(9, (5,), inputs=4),
    ],
}


@pytest.fixture(params=NETWORKS, scope="module")
def regions(request: pytest.FixtureRequest) -> PlaneRegions:
    return plane_regions(NETWORKS[request.param], WINDOW)


def test_subdivision(regions: PlaneRegions) -> None:
    vertices, edges, faces = regions.counts
    assert vertices - edges + faces == 1
    assert faces == regions.by_layer[-1] > 20
    mesh = regions.mesh
    assert np.array_equal(np.unique(mesh.corners), np.arange(vertices))
    assert len(np.unique(mesh.vertices, axis=0)) == vertices
    assert mesh.areas.min() > 0
    assert mesh.areas.sum() == pytest.approx(36)
    assert not regions.truncated
    assert (regions.complete_layers, regions.complete_cuts) == (len(regions.layers) - 1, 0)


def test_edges_on_the_rim_have_one_face(regions: PlaneRegions) -> None:
    edges = regions.mesh.edges
    rim = edges.faces[:, 1] < 0
    ends = regions.mesh.vertices[edges.vertices]  # (E, 2 ends, 2)
    x_min, x_max, y_min, y_max = WINDOW
    sides = np.stack(
        [(ends[:, :, k] == at).all(axis=1) for k, at in zip((0, 0, 1, 1), WINDOW, strict=True)]
    )
    assert np.array_equal(sides.any(axis=0), rim)
    length = np.linalg.norm(ends[rim, 1] - ends[rim, 0], axis=1).sum()
    assert length == pytest.approx(2 * (x_max - x_min + y_max - y_min))


def test_faces_are_convex_and_counter_clockwise(regions: PlaneRegions) -> None:
    mesh = regions.mesh
    here = mesh.vertices[mesh.corners]
    side = here[mesh.following] - here
    after = side[mesh.following]
    turn = side[:, 0] * after[:, 1] - side[:, 1] * after[:, 0]
    assert turn.min() > -1e-11


def test_every_pattern_once(regions: PlaneRegions) -> None:
    assert len(np.unique(regions.patterns, axis=0)) == len(regions.patterns)
    assert regions.patterns.shape[1] == sum(layer.width for layer in layers_of(regions)[:-1])


def test_points_fall_in_listed_patterns(regions: PlaneRegions) -> None:
    points = points_in(WINDOW, 20_000)
    found = np.concatenate(pieces_at(regions.layers, regions.input_map, points), axis=1)
    listed = {row.tobytes(): face for face, row in enumerate(regions.patterns)}
    faces = np.array([listed[row.tobytes()] for row in found])
    # And the pattern's own face holds the point.
    mesh = regions.mesh
    for point, face in zip(points[:300], faces[:300], strict=True):
        corners = mesh.vertices[mesh.corners[mesh.offsets[face] : mesh.offsets[face + 1]]]
        side = np.roll(corners, -1, axis=0) - corners
        to = point - corners
        assert (side[:, 0] * to[:, 1] - side[:, 1] * to[:, 0]).min() > -1e-9
        assert mesh.find(point) == face
    share = np.bincount(faces, minlength=len(mesh.areas)) / len(points)
    assert share == pytest.approx(mesh.areas / 36, abs=0.02)


def test_maps_are_the_network(regions: PlaneRegions) -> None:
    centers = regions.mesh.centers
    expected = outputs_at(regions.layers, regions.input_map, centers)
    assert regions.maps(centers) == pytest.approx(expected, abs=1e-9)
    one = regions.maps.matrix[5] @ centers[5] + regions.maps.offset[5]
    assert one == pytest.approx(expected[5], abs=1e-9)


def test_maps_against_finite_differences(regions: PlaneRegions) -> None:
    large = np.argsort(regions.mesh.areas)[-20:]
    at = regions.mesh.centers[large]
    step = 1e-6
    for axis in range(2):
        shift = step * np.eye(2)[axis]
        ahead, behind = (
            outputs_at(regions.layers, regions.input_map, at + sign * shift) for sign in (1, -1)
        )
        slope = (ahead - behind) / (2 * step)
        assert regions.maps.matrix[large, :, axis] == pytest.approx(slope, abs=1e-6)


def test_counts_by_layer_are_those_of_the_shorter_network(regions: PlaneRegions) -> None:
    for depth, count in enumerate(regions.by_layer, start=1):
        width = layers_of(regions)[depth - 1].width
        output = Layer(np.ones((1, width)), np.zeros(1), LINEAR)
        shorter = plane_regions([*layers_of(regions)[:depth], output], WINDOW)
        assert len(shorter.mesh.lengths) == count


def test_counts_stay_below_the_bounds(regions: PlaneRegions) -> None:
    hidden = layers_of(regions)[:-1]
    limits = bounds(
        [layer.width for layer in hidden], 2, [len(layer.activation.breaks) for layer in hidden]
    )
    for depth, count in enumerate(regions.by_layer, start=1):
        assert count <= limits[f"bound_through_{depth}"]


def test_ancestors(regions: PlaneRegions) -> None:
    for depth, (region, count) in enumerate(
        zip(regions.ancestors, regions.by_layer, strict=True), start=1
    ):
        assert np.array_equal(np.unique(region), np.arange(count))
        width = sum(layer.width for layer in layers_of(regions)[:depth])
        same = np.unique(np.column_stack([region, regions.patterns[:, :width]]), axis=0)
        assert len(same) == count


def test_polygons_for_the_wire(regions: PlaneRegions) -> None:
    vertices, indices, offsets = regions.polygons()
    assert [a.dtype.name for a in (vertices, indices, offsets)] == ["float32", "uint32", "uint32"]
    assert np.array_equal(vertices, regions.mesh.vertices.astype(np.float32))
    assert offsets[0] == 0
    assert offsets[-1] == len(indices)
    assert np.array_equal(np.diff(offsets), regions.mesh.lengths)


def test_maps_against_autograd() -> None:
    layers = NETWORKS["residual"]
    regions = plane_regions(layers, WINDOW)

    def network(x: torch.Tensor) -> torch.Tensor:
        h = x
        for number, layer in enumerate(layers):
            z = torch.nn.functional.linear(
                h, torch.from_numpy(layer.weight), torch.from_numpy(layer.bias)
            )
            if number < len(layers) - 1:
                z = torch.relu(z)
            h = h + z if layer.residual else z
        return h

    faces = np.argsort(regions.mesh.areas)[-40:]
    for face in faces:
        at = torch.from_numpy(regions.mesh.centers[face])
        jacobian = torch.autograd.functional.jacobian(network, at)  # type: ignore[no-untyped-call]
        assert regions.maps.matrix[face] == pytest.approx(jacobian.numpy(), abs=1e-10)


@pytest.mark.parametrize("width", [1, 2, 3, 7, 20, 64, 65, 100])
@pytest.mark.parametrize("activation", [RELU, LEAKY])
def test_one_generic_layer_reaches_zaslavsky(width: int, activation: PiecewiseLinear) -> None:
    layers = random_network(width, (width,), activation=activation)
    regions = plane_regions(layers, (-1e4, 1e4, -1e4, 1e4))
    assert len(regions.mesh.lengths) == 1 + width + width * (width - 1) // 2
    assert len(regions.mesh.lengths) == bounds([width], 2)["zaslavsky"]


def test_parallel_cuts_of_hard_tanh() -> None:
    """Two families of k parallel pairs: lines of one pair never meet, all others do."""
    layers = random_network(3, (5,), activation=HARD_TANH)
    regions = plane_regions(layers, (-1e4, 1e4, -1e4, 1e4))
    crossings = 10 * 9 // 2 - 5
    assert len(regions.mesh.lengths) == 1 + 10 + crossings
    assert regions.patterns.max() == 2


def test_input_map_is_a_slice() -> None:
    random = np.random.default_rng(0)
    slice_map = InputMap(random.normal(size=(7, 2)), random.normal(size=7))
    layers = random_network(5, (9, 9), inputs=7)
    first = layers[0]
    merged = [
        Layer(first.weight @ slice_map.matrix, first.weight @ slice_map.offset + first.bias, RELU),
        *layers[1:],
    ]
    sliced = plane_regions(layers, WINDOW, input_map=slice_map)
    flat = plane_regions(merged, WINDOW)
    assert sliced.by_layer == flat.by_layer
    order, other = (np.lexsort(r.patterns.T) for r in (sliced, flat))
    assert np.array_equal(sliced.patterns[order], flat.patterns[other])
    assert sliced.mesh.areas[order] == pytest.approx(flat.mesh.areas[other], abs=1e-9)
    assert sliced.maps.matrix[order] == pytest.approx(flat.maps.matrix[other])
    inputs = slice_map(sliced.mesh.centers)
    h = inputs
    for layer in layers:
        h = layer.activation(h @ layer.weight.T + layer.bias)
    assert sliced.maps(sliced.mesh.centers) == pytest.approx(h)


def test_input_map_into_a_residual_layer() -> None:
    slice_map = InputMap(np.arange(8.0).reshape(4, 2) - 3, np.arange(4.0))
    layers = random_network(6, (4, 4), inputs=4, residual=True)
    regions = plane_regions(layers, WINDOW, input_map=slice_map)
    assert layers[0].residual
    found = outputs_at(layers, slice_map, regions.mesh.centers)
    assert regions.maps(regions.mesh.centers) == pytest.approx(found)


@pytest.mark.parametrize("max_faces", [1, 2, 5, 30, 100, 300, 301, 500])
def test_truncation_is_the_longest_prefix_that_fits(max_faces: int) -> None:
    layers = random_network(11, (10, 90))
    regions = plane_regions(layers, WINDOW, max_faces=max_faces)
    vertices, edges, faces = regions.counts
    assert vertices - edges + faces == 1
    assert faces <= max_faces
    assert regions.mesh.areas.sum() == pytest.approx(36)
    assert regions.truncated
    complete, made = regions.complete_layers, regions.complete_cuts
    assert len(regions.by_layer) == complete
    assert regions.patterns.shape == (faces, sum(layer.width for layer in layers[:complete]))

    def prefix(units: int) -> int:
        cut = layers[complete]
        rows = Layer(cut.weight[:units], cut.bias[:units], RELU)
        output = Layer(np.ones((1, units)), np.zeros(1), LINEAR)
        return len(plane_regions([*layers[:complete], rows, output], WINDOW).mesh.lengths)

    assert prefix(made) == faces
    assert prefix(made + 1) > max_faces
    for ask in (lambda: regions.maps, lambda: regions.linear, lambda: regions.level_set(0)):
        with pytest.raises(ValueError, match="raise max_faces"):
            ask()


def test_as_many_faces_as_there_are_is_enough() -> None:
    layers = random_network(11, (10, 90))
    count = len(plane_regions(layers, WINDOW).mesh.lengths)
    assert not plane_regions(layers, WINDOW, max_faces=count).truncated
    assert plane_regions(layers, WINDOW, max_faces=count - 1).truncated


def test_no_hidden_layer_is_one_region() -> None:
    regions = plane_regions([Layer(np.array([[2.0, -1.0]]), np.array([3.0]), LINEAR)], WINDOW)
    assert regions.counts == (4, 4, 1)
    assert regions.by_layer == ()
    assert regions.maps.matrix.tolist() == [[[2.0, -1.0]]]
    assert regions.maps.offset.tolist() == [[3.0]]
    assert regions.linear.count == 1


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    widths=st.lists(st.integers(1, 20), min_size=1, max_size=4),
    corner=st.tuples(st.floats(-5, 5), st.floats(-5, 5)),
    size=st.floats(1e-3, 1e3),
)
def test_any_window(seed: int, widths: list[int], corner: tuple[float, float], size: float) -> None:
    x, y = corner
    window = (x, x + size, y, y + size)
    regions = plane_regions(random_network(seed, widths, residual=seed % 2 == 0), window)
    vertices, edges, faces = regions.counts
    assert vertices - edges + faces == 1
    assert regions.mesh.areas.sum() == pytest.approx(size * size)
    assert len(np.unique(regions.patterns, axis=0)) == faces
