"""Against a second implementation in exact fractions, on networks full of coincidences.

Small whole numbers for weights make lines that run through one another's crossings, through
corners of the window, and onto one another, all the time.
"""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livenet.geometry import HARD_TANH, LINEAR, RELU, Layer, PiecewiseLinear, plane_regions
from tests.geometry.exact import area, exact_cells, exact_linear_count
from tests.geometry.networks import ABS, LEAKY, STAIRS, random_network

WINDOW = (-2.0, 3.0, -2.0, 2.0)


@st.composite
def networks(draw: st.DrawFn) -> list[Layer]:
    """Up to three hidden layers of up to four units, with small whole weights."""
    small = st.integers(-2, 2).map(float)
    layers = []
    before = 2
    for _ in range(draw(st.integers(1, 3))):
        width = draw(st.integers(1, 4))
        count = width * before
        layers.append(
            Layer(
                np.reshape(draw(st.lists(small, min_size=count, max_size=count)), (width, before)),
                np.array(draw(st.lists(small, min_size=width, max_size=width))),
                draw(st.sampled_from([RELU, LEAKY, ABS, HARD_TANH, STAIRS, LINEAR])),
                draw(st.booleans()) and width == before,
            )
        )
        before = width
    outputs = draw(st.integers(1, 2))
    weight = draw(st.lists(small, min_size=outputs * before, max_size=outputs * before))
    layers.append(Layer(np.reshape(weight, (outputs, before)), np.ones(outputs), LINEAR))
    return layers


def agree(layers: list[Layer]) -> None:
    exact = exact_cells(layers, WINDOW)
    found = plane_regions(layers, WINDOW)
    assert found.by_layer == tuple(len(cells) for cells in exact)
    vertices, edges, faces = found.counts
    assert vertices - edges + faces == 1
    assert len(np.unique(found.mesh.corners)) == vertices

    cells = exact[-1]
    assert Counter(map(tuple, found.patterns.tolist())) == Counter(c.pattern for c in cells)
    of_pattern = {cell.pattern: cell for cell in cells}
    for face, pattern in enumerate(map(tuple, found.patterns.tolist())):
        cell = of_pattern[pattern]
        assert found.mesh.areas[face] == pytest.approx(float(area(cell.polygon)), abs=1e-9)
        values = np.array(cell.values, dtype=np.float64)
        assert found.maps.matrix[face] == pytest.approx(values[:, :2], abs=1e-9)
        assert found.maps.offset[face] == pytest.approx(values[:, 2], abs=1e-9)
    if len(cells) <= 60:
        assert found.linear.count == exact_linear_count(cells)


@settings(max_examples=150, deadline=None)
@given(networks())
def test_whole_weights(layers: list[Layer]) -> None:
    agree(layers)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("activation", [RELU, HARD_TANH, LEAKY])
def test_generic_weights(seed: int, activation: PiecewiseLinear) -> None:
    agree(random_network(seed, (4, 4), activation=activation, residual=seed % 2 == 1))
