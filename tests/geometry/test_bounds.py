"""How many regions there can be."""

from math import comb, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livenet.geometry import HARD_TANH, InputMap, Layer, bounds, network_bounds, plane_regions
from tests.geometry.networks import random_network


def test_one_layer() -> None:
    assert bounds([3], 2) == {
        "zaslavsky": 7,
        "patterns": 8,
        "bound": 7,
        "zaslavsky_layer_1": 7,
        "zaslavsky_through_1": 7,
        "patterns_layer_1": 8,
        "patterns_through_1": 8,
        "bound_layer_1": 7,
        "bound_through_1": 7,
    }


def test_no_layer() -> None:
    assert bounds([], 2) == {"zaslavsky": 1, "patterns": 1, "bound": 1}


@given(st.integers(0, 12), st.integers(0, 12))
def test_zaslavsky_by_recurrence(width: int, dimensions: int) -> None:
    """One more hyperplane cuts as many cells as the others make on it."""

    def cells(lines: int, space: int) -> int:
        if not lines or not space:
            return 1
        return cells(lines - 1, space) + cells(lines - 1, space - 1)

    assert bounds([width], dimensions)["zaslavsky"] == cells(width, dimensions)


def test_as_many_dimensions_as_units_make_all_patterns() -> None:
    found = bounds([9], 9)
    assert found["zaslavsky"] == found["patterns"] == 2**9


def test_on_the_line() -> None:
    assert bounds([5], 1)["zaslavsky"] == 6
    assert bounds([5, 3, 8], 1)["zaslavsky"] == 6 * 4 * 9
    assert bounds([5, 3], 1, 2)["zaslavsky"] == 11 * 7


def test_a_narrow_layer_narrows_all_after_it() -> None:
    found = bounds([10, 1, 10, 10], 5)
    assert found["zaslavsky_layer_1"] == sum(comb(10, j) for j in range(6))
    assert found["zaslavsky_layer_2"] == 2
    assert found["zaslavsky_layer_3"] == found["zaslavsky_layer_4"] == 11
    assert found["zaslavsky"] == prod(found[f"zaslavsky_layer_{k}"] for k in range(1, 5))
    assert found["zaslavsky_through_3"] == found["zaslavsky"] // 11


def test_several_breaks() -> None:
    found = bounds([2, 3], 2, [2, 0])
    assert found["zaslavsky_layer_1"] == 1 + 4 + 6
    assert found["patterns_layer_1"] == found["bound_layer_1"] == 9
    assert found["zaslavsky_layer_2"] == found["patterns_layer_2"] == 1


def test_large_numbers_are_exact() -> None:
    found = bounds([512] * 20, 2)
    assert found["patterns"] == 2 ** (512 * 20)
    assert found["zaslavsky"] == (1 + 512 + 512 * 511 // 2) ** 20


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([3, 3], 2, [1]), "2 widths given, but breaks for 1"),
        (([-1], 2, 1), "negative"),
        (([1], -2, 1), "negative"),
        (([1], 2, -1), "negative"),
    ],
)
def test_refusals(arguments: tuple[list[int], int, int | list[int]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        bounds(*arguments)


def test_of_a_network() -> None:
    layers = random_network(0, (4, 6), activation=HARD_TANH)
    assert network_bounds(layers, 2) == bounds([4, 6], 2, [2, 2])
    narrow = random_network(0, (4,), inputs=1)
    assert network_bounds(narrow, 2) == bounds([4], 1)
    flat = plane_regions(
        narrow, (-99.0, 99.0, -99.0, 99.0), input_map=InputMap(np.ones((1, 2)), np.zeros(1))
    )
    assert len(flat.mesh.lengths) == 5


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 9999), st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_no_network_has_more(seed: int, widths: list[int]) -> None:
    layers: list[Layer] = random_network(seed, widths, residual=True)
    found = plane_regions(layers, (-9.0, 9.0, -9.0, 9.0))
    limits = network_bounds(layers, 2)
    for depth, count in enumerate(found.by_layer, start=1):
        assert count <= limits[f"bound_through_{depth}"]
