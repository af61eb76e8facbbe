"""Max pooling: cut exactly where the largest of a window changes."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livenet.geometry import InputMap, MaxPool, PlaneRegions, dense, outputs_at, plane_regions
from livenet.geometry.arrays import Floats
from tests.geometry.exact import area
from tests.geometry.exact_steps import Block, Linear, Part, Pool, Relu, cells_of, steps_of

SQUARE = (-1.0, 1.0, -1.0, 1.0)
WINDOW = (-2.0, 3.0, -2.0, 2.0)


def whole(regions: PlaneRegions) -> None:
    """A subdivision with nothing left over: no stray vertex, none in the middle of an edge."""
    vertices, edges, faces = regions.counts
    assert vertices - edges + faces == 1
    assert np.array_equal(np.unique(regions.mesh.corners), np.arange(vertices))
    assert regions.mesh.areas.min() > 0
    x_min, x_max, y_min, y_max = regions.window
    assert regions.mesh.areas.sum() == pytest.approx((x_max - x_min) * (y_max - y_min))
    assert len(np.unique(regions.patterns, axis=0)) == faces
    degree = np.bincount(regions.mesh.edges.vertices.ravel())
    assert set(np.flatnonzero(degree == 2)) <= {0, 1, 2, 3}


def pool(weight: Floats, bias: Floats, *windows: tuple[int, ...]) -> PlaneRegions:
    units = dense(np.asarray(weight, dtype=np.float64), np.asarray(bias, dtype=np.float64))
    return plane_regions([units, MaxPool(np.array(windows))], SQUARE)


def test_three_that_meet_in_a_point() -> None:
    """Three cells, three chords from the middle: six cuts in all, of which three are idle."""
    turn = 2 * np.pi * np.arange(3) / 3 + 0.1
    regions = pool(np.column_stack([np.cos(turn), np.sin(turn)]), np.zeros(3), (0, 1, 2))
    whole(regions)
    assert regions.counts == (4 + 3 + 1, 4 + 3 + 3, 3)


def test_one_that_is_never_the_largest_cuts_nothing() -> None:
    """1/2 is below |x1| + 1; two units alone share the square."""
    weight = np.array([[1.0, 0], [-1, 0], [0, 0]])
    regions = pool(weight, np.array([1.0, 1.0, 0.5]), (0, 1, 2))
    whole(regions)
    assert regions.counts == (6, 7, 2)
    first = pool(weight[[2, 0, 1]], np.array([0.5, 1.0, 1.0]), (0, 1, 2))
    assert first.counts == (6, 7, 2)


@pytest.mark.parametrize("k", [3, 5, 6, 9])
def test_one_that_is_always_the_largest_cuts_nothing(k: int) -> None:
    """Wherever it stands among units that cross one another below it."""
    random = np.random.default_rng(k)
    for place in range(k):
        bias = np.zeros(k)
        bias[place] = 9.0
        assert pool(random.normal(size=(k, 2)), bias, tuple(range(k))).counts == (4, 4, 1)


def test_a_strip_between_two() -> None:
    """max(x1, −x1, 1/2): where the first two are equal, the third is larger."""
    regions = pool(np.array([[1.0, 0], [-1, 0], [0, 0]]), np.array([0, 0, 0.5]), (0, 1, 2))
    whole(regions)
    assert regions.counts == (8, 10, 3)
    assert sorted(regions.mesh.areas) == pytest.approx([1, 1, 2])


def test_a_window_twice_and_a_window_turned_round() -> None:
    """The second window's cells have the first one's corners, all of them ties."""
    weight, bias = np.array([[1.0, 0], [-1, 0], [0, 0]]), np.array([0, 0, 0.5])
    regions = pool(weight, bias, (0, 1, 2), (0, 1, 2), (2, 1, 0), (1, 2, 0))
    whole(regions)
    assert regions.counts == (8, 10, 3)
    for row in regions.patterns:
        assert [(0, 1, 2)[row[0]], (0, 1, 2)[row[1]]] == [row[0], row[0]]
        assert (2, 1, 0)[row[2]] == (1, 2, 0)[row[3]] == row[0]


def test_equal_units_give_the_first_of_them() -> None:
    regions = pool(np.array([[1.0, 0], [1, 0], [-1, 0], [-1, 0]]), np.zeros(4), (1, 0, 3, 2))
    whole(regions)
    assert regions.counts == (6, 7, 2)
    assert sorted(regions.patterns.ravel().tolist()) == [0, 2]


def test_gaps_in_a_window() -> None:
    regions = pool(np.array([[1.0, 0], [-1, 0.5]]), np.zeros(2), (-1, 0, -1, 1), (-1, -1, 1, -1))
    whole(regions)
    assert len(regions.mesh.lengths) == 2
    found = outputs_at(regions.layers, regions.input_map, regions.mesh.centers)
    assert regions.maps(regions.mesh.centers) == pytest.approx(found)


@pytest.mark.parametrize("k", [2, 3, 4, 5, 7, 9, 16, 33, 64])
@pytest.mark.parametrize("seed", range(3))
def test_generic_windows(k: int, seed: int) -> None:
    """Cells of tangent planes of a paraboloid: all of them are seen, an n-sided cell for each."""
    random = np.random.default_rng(seed)
    at = random.uniform(-1, 1, (k, 2))
    regions = pool(2 * at, -(at**2).sum(axis=1), tuple(range(k)))  # a Voronoi diagram
    whole(regions)
    assert len(regions.mesh.lengths) == k
    points = random.uniform(-1, 1, (500, 2))
    nearest = ((points[:, None] - at) ** 2).sum(axis=2).argmin(axis=1)
    faces = [regions.mesh.find(point) for point in points]
    assert [regions.patterns[face, 0] for face in faces] == nearest.tolist()


@st.composite
def networks(draw: st.DrawFn) -> list[Part]:
    """Small whole weights, ReLUs, pools of up to five units that overlap, blocks."""
    small = st.integers(-2, 2).map(float)
    parts: list[Part] = []
    width = 2

    def linear(before: int, after: int) -> Linear:
        weight = draw(st.lists(small, min_size=before * after, max_size=before * after))
        bias = draw(st.lists(small, min_size=after, max_size=after))
        return Linear(np.reshape(weight, (after, before)), np.array(bias))

    for _ in range(draw(st.integers(1, 2))):
        after = draw(st.integers(2, 5))
        parts.append(linear(width, after))
        width = after
        for kind in draw(st.lists(st.sampled_from("rpb"), min_size=1, max_size=2)):
            if kind == "r":
                parts.append(Relu())
            elif kind == "b":
                body = (linear(width, width), Relu(), linear(width, width))
                parts.append(Block(body[: draw(st.integers(2, 3))]))
            else:
                unit = st.integers(0, width - 1)
                window = st.lists(unit, min_size=1, max_size=5, unique=True).map(tuple)
                windows = draw(st.lists(window, min_size=1, max_size=3))
                parts.append(Pool(tuple(windows)))
                width = len(windows)
    parts.append(linear(width, 2))
    return parts


@settings(max_examples=150, deadline=None)
@given(networks())
def test_against_exact_fractions(parts: list[Part]) -> None:
    exact = cells_of(parts, WINDOW)
    found = plane_regions(steps_of(parts), WINDOW)
    assert len(found.mesh.lengths) == len(exact)
    whole(found)
    assert Counter(map(tuple, found.patterns.tolist())) == Counter(c.pattern for c in exact)
    of_pattern = {cell.pattern: cell for cell in exact}
    for face, pattern in enumerate(map(tuple, found.patterns.tolist())):
        cell = of_pattern[pattern]
        assert found.mesh.areas[face] == pytest.approx(float(area(cell.polygon)), abs=1e-9)
        values = np.array(cell.values, dtype=np.float64)
        assert found.maps.matrix[face] == pytest.approx(values[:, :2], abs=1e-9)
        assert found.maps.offset[face] == pytest.approx(values[:, 2], abs=1e-9)


@pytest.mark.parametrize("max_faces", [1, 2, 3, 10, 40, 100])
def test_truncation_is_the_longest_prefix_of_windows_that_fits(max_faces: int) -> None:
    random = np.random.default_rng(3)
    units = dense(random.normal(size=(240, 2)), random.normal(size=240))
    windows = np.arange(240).reshape(60, 4)

    def cut(n: int, most: int = 10_000) -> PlaneRegions:
        return plane_regions([units, MaxPool(windows[:n])], SQUARE, max_faces=most)

    regions = cut(60, max_faces)
    made = regions.complete_cuts
    assert regions.truncated
    assert regions.complete_layers == 0
    assert len(regions.mesh.lengths) <= max_faces
    assert regions.mesh.areas.sum() == pytest.approx(4)
    assert len(cut(made + 1).mesh.lengths) > max_faces
    if made:
        assert len(cut(made).mesh.lengths) == len(regions.mesh.lengths)


@pytest.mark.parametrize(
    ("windows", "message"),
    [
        (np.zeros(3), "table"),
        (np.zeros((2, 65)), "1 to 64 units"),
        (np.array([[0, 1], [-1, -1]]), "empty"),
    ],
)
def test_windows_that_are_refused(windows: Floats, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        MaxPool(windows.astype(np.int64))


def test_a_pool_of_units_that_are_not_there() -> None:
    units = dense(np.eye(2), np.zeros(2))
    with pytest.raises(ValueError, match="layer 2 pools unit 5, but 2 arrive"):
        plane_regions([units, MaxPool(np.array([[0, 5]]))], SQUARE)


def test_pooling_the_slice_itself() -> None:
    slice_map = InputMap(np.array([[1.0, 0], [0, 1], [-1, -1]]), np.zeros(3))
    regions = plane_regions([MaxPool(np.array([[0, 1, 2]]))], SQUARE, input_map=slice_map)
    whole(regions)
    assert len(regions.mesh.lengths) == 3
