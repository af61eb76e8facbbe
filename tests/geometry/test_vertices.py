"""The vertex table by itself, and what leaves a step that it cut."""

import numpy as np
import pytest

from livenet.budget import Budget
from livenet.geometry import LINEAR, RELU, Bend, Layer, bits, plane_regions
from livenet.geometry.bend_cells import cut_bends
from livenet.geometry.mesh import window_mesh
from livenet.geometry.reached import Reached
from livenet.geometry.vertices import VertexTable
from tests.geometry.networks import STAIRS

XY = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
WHOLE = Budget.unlimited()
SQUARE = window_mesh((0.0, 1.0, 0.0, 1.0))


def test_values_within_rounding_of_a_cut_are_on_it() -> None:
    values = np.array([[1.0], [3e-12], [-3e-12], [1e-10]])
    table = VertexTable(XY)
    table.open(values.copy(), np.array([1e-11]))
    assert table.block[:, 0].tolist() == [1.0, 0.0, 0.0, 1e-10]
    assert table.positive.tolist() == [1, 0, 0, 1]
    assert table.negative.tolist() == [0, 0, 0, 0]
    z = Reached(values, np.ones(1))
    left = cut_bends(Bend(RELU), z, SQUARE, 9, WHOLE, kept=True).leaving(z, WHOLE)
    assert left is not None
    assert left.values[:, 0].tolist() == [1.0, 0.0, 0.0, 1e-10]


def test_a_segment_gets_its_vertices_in_order() -> None:
    """z goes from −3 to 3 over three breaks, and a second unit's from 2.5 down to −3.5."""
    weight, bias = np.array([[6.0, 0], [-6.0, 0]]), np.array([-3.0, 2.5])
    z = XY @ weight.T + bias
    table = VertexTable(XY)
    table.open(np.repeat(z, 3, axis=1) - np.tile(STAIRS.breaks, 2), np.full(6, 1e-10))
    at = np.array([1 / 12, 1 / 3, 5 / 12, 1 / 2, 7 / 12, 5 / 6])  # where z is −1, 0 or 2
    all_cuts = bits.first(6).repeat(2)
    first, counts = table.cut_segments(np.array([0, 2]), np.array([1, 3]), all_cuts)
    assert first.tolist() == [4, 10]
    assert counts.tolist() == [6, 6]
    assert table.xy[4:10] == pytest.approx(np.column_stack([at, np.zeros(6)]))
    assert table.xy[10:] == pytest.approx(np.column_stack([at[::-1], np.ones(6)]))
    assert (table.block[4:] == 0).sum(axis=1).tolist() == [1] * 12
    assert table.carried(z) == pytest.approx(table.xy @ weight.T + bias)


@pytest.mark.parametrize("width", [1, 2, 21, 22, 43, 70])
def test_what_leaves_is_the_activation(width: int) -> None:
    """Three breaks a unit: with 22 units and more, a unit's cuts lie in two blocks."""
    random = np.random.default_rng(width)
    weight, bias = random.normal(size=(width, 2)), random.normal(size=width)
    z = Reached(SQUARE.vertices @ weight.T + bias, np.full(width, 10.0))
    cut = cut_bends(Bend(STAIRS), z, SQUARE, 10_000, WHOLE, kept=True)
    expected = STAIRS(cut.mesh.vertices @ weight.T + bias)
    left = cut.leaving(z, WHOLE)
    assert left is not None
    assert left.values == pytest.approx(expected, abs=1e-9)
    assert len(cut.mesh.vertices) > 4 or width == 1


def test_a_chain_of_lines_within_rounding_of_the_next_is_one_line() -> None:
    """The last is five times rounding away from the first."""
    offsets = np.linspace(0.0, 5.4e-11, 10)
    hidden = Layer(np.column_stack([np.ones(10), np.zeros(10)]), offsets, RELU)
    output = Layer(np.ones((1, 10)), np.zeros(1), LINEAR)
    assert plane_regions([hidden, output], (-1.0, 1.0, -1.0, 1.0)).counts == (6, 7, 2)


def test_the_table_grows() -> None:
    table = VertexTable(XY)
    table.open(XY - [0.5, 0.25], np.full(2, 1e-11))
    for _ in range(5):
        table.cut_segments(np.array([0]), np.array([1]), bits.first(1).reshape(1))
    assert table.count == 9
    assert table.xy[4:] == pytest.approx(np.tile([0.5, 0.0], (5, 1)))
    assert table.positive[:4].tolist() == [0, 1, 3, 2]
    assert table.negative[4:9].tolist() == [2] * 5


def test_what_is_carried_follows_from_any_time_on_and_forgets() -> None:
    values = XY @ np.array([[1.0, 2.0, -3.0], [0.5, 0.0, 1.0]])
    table = VertexTable(XY)
    table.open(XY - [0.5, 0.25], np.full(2, 1e-11))
    low, high, cut = np.array([0]), np.array([1]), bits.first(1).reshape(1)
    table.cut_segments(low, high, cut)
    half_way = table.carried(values)
    table.cut_segments(low, high, cut)
    assert table.carried(half_way) == pytest.approx(table.carried(values))
    assert table.carried(values) == pytest.approx(table.xy @ (values[[1, 3]] - values[0]))
    table.forget(5)
    assert table.carried(values) == pytest.approx(half_way)
    table.forget(4)
    assert table.carried(values) is values
