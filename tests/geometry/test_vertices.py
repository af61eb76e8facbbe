"""The vertex table by itself."""

import numpy as np
import pytest

from livenet.geometry import LINEAR, RELU, Layer, bits, plane_regions
from livenet.geometry.vertices import VertexTable
from tests.geometry.networks import STAIRS

XY = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])


def test_values_within_rounding_of_a_cut_are_on_it() -> None:
    values = np.array([[1.0], [3e-12], [-3e-12], [1e-10]])
    table = VertexTable(Layer(np.eye(1), np.zeros(1), RELU), values, XY)
    assert table.cuts[:, 0].tolist() == [1.0, 0.0, 0.0, 1e-10]
    assert table.leaving()[:, 0].tolist() == [1.0, 0.0, 0.0, 1e-10]
    assert table.positive.tolist() == [1, 0, 0, 1]
    assert table.negative.tolist() == [0, 0, 0, 0]


def test_a_segment_gets_its_vertices_in_order() -> None:
    """z goes from −3 to 3 over three breaks, and a second unit's from 2.5 down to −3.5."""
    layer = Layer(np.array([[6.0, 0], [-6.0, 0]]), np.array([-3.0, 2.5]), STAIRS)
    table = VertexTable(layer, XY, XY)
    at = np.array([1 / 12, 1 / 3, 5 / 12, 1 / 2, 7 / 12, 5 / 6])  # where z is −1, 0 or 2
    all_cuts = bits.first(6).repeat(2)
    first, counts = table.cut_segments(np.array([0, 2]), np.array([1, 3]), all_cuts)
    assert first.tolist() == [4, 10]
    assert counts.tolist() == [6, 6]
    assert table.xy[4:10] == pytest.approx(np.column_stack([at, np.zeros(6)]))
    assert table.xy[10:] == pytest.approx(np.column_stack([at[::-1], np.ones(6)]))
    assert (table.cuts[4:] == 0).sum(axis=1).tolist() == [1] * 12
    assert table.leaving() == pytest.approx(STAIRS(table.xy @ layer.weight.T + layer.bias))


def test_a_chain_of_lines_within_rounding_of_the_next_is_one_line() -> None:
    """The last is five times rounding away from the first."""
    offsets = np.linspace(0.0, 5.4e-11, 10)
    hidden = Layer(np.column_stack([np.ones(10), np.zeros(10)]), offsets, RELU)
    output = Layer(np.ones((1, 10)), np.zeros(1), LINEAR)
    assert plane_regions([hidden, output], (-1.0, 1.0, -1.0, 1.0)).counts == (6, 7, 2)


def test_the_table_grows() -> None:
    table = VertexTable(Layer(np.eye(2), np.array([-0.5, -0.25]), RELU), XY, XY)
    for _ in range(5):
        table.cut_segments(np.array([0]), np.array([1]), bits.first(1).reshape(1))
    assert table.count == 9
    assert table.xy[4:] == pytest.approx(np.tile([0.5, 0.0], (5, 1)))
    assert table.positive[:4].tolist() == [0, 1, 3, 2]
    assert table.negative[4:9].tolist() == [2] * 5
