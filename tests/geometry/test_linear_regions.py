"""Activation regions with one map, merged."""

import numpy as np
import pytest

from livenet.geometry import LINEAR, RELU, Layer, line_regions, plane_regions
from tests.geometry.networks import ABS, face_at, random_network

SQUARE = (-1.0, 1.0, -1.0, 1.0)


def output(*weights: float) -> Layer:
    return Layer(np.array([weights]), np.zeros(1), LINEAR)


def test_two_units_that_cancel() -> None:
    """relu(x1) − relu(x1) + relu(x2): the first line is there and cannot be seen."""
    hidden = Layer(np.array([[1.0, 0], [1, 0], [0, 1]]), np.array([0.3, 0.3, 0.1]), RELU)
    regions = plane_regions([hidden, output(1, -1, 1)], SQUARE)
    assert len(regions.mesh.lengths) == 4
    assert regions.linear.count == 2
    assert len(regions.linear.borders) == 2  # the line of x2, on either side of that of x1
    ends = regions.mesh.vertices[regions.linear.borders]
    assert ends[:, :, 1] == pytest.approx(-0.1)


def test_a_union_that_is_not_convex() -> None:
    """max(0, min(x1, x2)) is 0 on three quadrants at once."""
    hidden = Layer(np.array([[1.0, 0], [-1, 0], [1, -1]]), np.zeros(3), RELU)
    least = Layer(np.array([[1.0, -1, -1]]), np.zeros(1), RELU)
    regions = plane_regions([hidden, least, output(1)], SQUARE)
    assert regions.by_layer == (4, 5)
    linear = regions.linear
    assert linear.count == 3
    areas = np.bincount(linear.label, weights=regions.mesh.areas)
    assert sorted(areas) == pytest.approx([0.5, 0.5, 3.0])
    flat = linear.label[face_at(regions, -0.5, -0.5)]
    for point in ((-0.5, 0.9), (0.9, -0.5), (-0.9, 0.1)):
        assert linear.label[face_at(regions, *point)] == flat
    assert linear.label[face_at(regions, 0.5, 0.4)] != flat


def test_one_map_on_two_sides_that_do_not_touch() -> None:
    """A trapezoid along x1: 0, up, flat, down, and 0 again, which is another region."""
    joints = np.array([0.6, 0.3, -0.3, -0.6])
    hidden = Layer(np.column_stack([np.ones(4), np.zeros(4)]), joints, RELU)
    regions = plane_regions([hidden, output(1, -1, -1, 1)], SQUARE)
    assert regions.linear.count == 5
    found = [face_at(regions, x, 0.0) for x in (-0.9, 0.9)]
    assert regions.maps.matrix[found] == pytest.approx(0.0)
    assert regions.maps.offset[found] == pytest.approx(0.0)
    assert regions.linear.label[found[0]] != regions.linear.label[found[1]]


def test_equal_maps_must_share_an_edge() -> None:
    """||x1| − |x2|| has four maps, each on two opposite eighths that meet in the middle only."""
    hidden = Layer(np.eye(2), np.zeros(2), ABS)
    second = Layer(np.array([[1.0, -1.0]]), np.zeros(1), ABS)
    regions = plane_regions([hidden, second, output(1)], SQUARE)
    assert len(regions.mesh.lengths) == 8
    maps = np.unique(regions.maps.matrix.reshape(8, 2).round(9), axis=0)
    assert len(maps) == 4
    assert regions.linear.count == 8


def test_generic_networks_do_not_merge_much_and_never_across_a_bend() -> None:
    regions = plane_regions(random_network(1, (10, 10), outputs=2), SQUARE)
    linear = regions.linear
    assert 1 < linear.count <= len(regions.mesh.lengths)
    for label in range(linear.count):
        maps = regions.maps.matrix[linear.label == label]
        assert np.ptp(maps, axis=0).max() < 1e-12


def test_a_bend_that_can_just_be_seen() -> None:
    hidden = Layer(np.eye(2), np.zeros(2), RELU)
    seen = plane_regions([hidden, output(1.0, 1e-8)], SQUARE)
    unseen = plane_regions([hidden, output(1.0, 1e-10)], SQUARE)
    assert (seen.linear.count, unseen.linear.count) == (4, 2)


def test_outputs_bend_at_the_same_edges() -> None:
    """All outputs of a generic network see all last-layer lines."""
    layers = random_network(5, (8, 8), outputs=3)
    found = []
    for row in range(3):
        one = Layer(layers[-1].weight[[row]], layers[-1].bias[[row]], LINEAR)
        borders = plane_regions([*layers[:-1], one], SQUARE).linear.borders
        found.append(set(map(tuple, borders.tolist())))
    assert found[0] == found[1] == found[2]
    assert len(found[0]) > 20


def test_on_the_line() -> None:
    hidden = Layer(np.ones((3, 1)), np.array([0.5, 0.5, 0.0]), RELU)
    regions = line_regions([hidden, output(1, -1, 2)], (-1.0, 1.0))
    assert regions.by_layer == (3,)
    assert regions.count == 2
    assert regions.joints.tolist() == [0.0]
    assert regions.label.tolist() == [0, 0, 1]
    assert regions.slopes.tolist() == [[0.0], [2.0]]
