"""Units and windows that cut nothing are left out; what is found is the same as without that."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from livenet.budget import Budget
from livenet.geometry import (
    HARD_TANH,
    LINEAR,
    RELU,
    InputMap,
    Layer,
    MaxPool,
    PiecewiseLinear,
    PlaneRegions,
    Step,
    bend_cells,
    dense,
    leaky_relu,
    plane_regions,
    pool_cells,
)
from livenet.geometry.arrays import Bytes, Floats, Ints
from livenet.geometry.reached import Reached
from tests.geometry.test_convolutional import CASES, forward, plane
from tests.geometry.test_pool import whole

WINDOWS = [(0.3, 0.4, 0.2, 0.3), (0.0, 0.01, 0.0, 0.01), (-0.5, 0.5, 0.9, 1.1)]


@pytest.fixture
def thorough(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From when it is called on, no unit and no window counts as settled."""

    def no_unit(breaks: Floats, z: Reached) -> tuple[Bytes, Ints]:
        width = len(z.terms)
        return np.zeros(width, dtype=np.uint8), np.arange(width)

    def no_window(step: MaxPool, h: Reached, budget: Budget) -> tuple[Bytes, Ints]:
        return np.zeros(step.width, dtype=np.uint8), np.arange(step.width)

    def start() -> None:
        monkeypatch.setattr(bend_cells, "_settled", no_unit)
        monkeypatch.setattr(pool_cells, "_settled", no_window)

    return start


def alike(quick: PlaneRegions, slow: PlaneRegions) -> None:
    assert quick.by_layer == slow.by_layer
    assert quick.counts == slow.counts
    assert (quick.complete_layers, quick.complete_cuts) == (
        slow.complete_layers,
        slow.complete_cuts,
    )
    keys = [[*r.patterns.T[::-1], r.mesh.areas.round(9)] for r in (quick, slow)]
    order, other = (np.lexsort(key) for key in keys)
    assert np.array_equal(quick.patterns[order], slow.patterns[other])
    assert quick.mesh.areas[order] == pytest.approx(slow.mesh.areas[other], abs=1e-14)
    assert quick.mesh.centers[order] == pytest.approx(slow.mesh.centers[other], abs=1e-12)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("name", CASES)
def test_convolutions(
    name: str, window: tuple[float, float, float, float], thorough: Callable[[], None]
) -> None:
    one = CASES[name]
    quick = plane_regions(one.steps, window, input_map=plane())
    whole(quick)
    settled = sum(
        cells.width - len(cells.units if hasattr(cells, "units") else cells.windows)
        for cells in quick.cells
    )
    assert settled > 0
    thorough()
    alike(quick, plane_regions(one.steps, window, input_map=plane()))


@pytest.mark.parametrize("name", CASES)
def test_random_points_of_a_small_window(name: str) -> None:
    """By torch's own forward pass, which leaves nothing out."""
    one, window = CASES[name], WINDOWS[0]
    regions = plane_regions(one.steps, window, input_map=plane())
    points = np.random.default_rng(0).uniform(window[::2], window[1::2], (4_000, 2))
    pattern: list[NDArray[np.uint8]] = []
    images = torch.from_numpy(regions.input_map(points)).reshape(-1, *one.shape)
    with torch.no_grad():
        forward(one.modules, images, pattern)
    met = {row.tobytes() for row in np.concatenate(pattern, axis=1)}
    listed = {row.tobytes() for row in regions.patterns}
    assert met <= listed
    assert len(met) > 0.3 * len(listed)


STEP = PiecewiseLinear((0.0,), (0.5, 1.0), (1.0, 1.0))


@pytest.mark.parametrize("shape", [RELU, HARD_TANH, leaky_relu(0.3), STEP])
@pytest.mark.parametrize("bias", [-3.0, 0.0, 3.0])
def test_dense_layers(shape: PiecewiseLinear, bias: float, thorough: Callable[[], None]) -> None:
    """Many units on one piece or another over all the window, some of them with two breaks."""
    random = np.random.default_rng(1)
    layers = [
        Layer(random.normal(size=(90, 2)), bias + random.normal(size=90), shape),
        Layer(random.normal(size=(40, 90)) / 6, bias + random.normal(size=40), shape),
        Layer(random.normal(size=(2, 40)), np.zeros(2), LINEAR),
    ]
    quick = plane_regions(layers, (0.0, 0.5, 0.0, 0.5))
    expected = quick.maps.matrix
    thorough()
    slow = plane_regions(layers, (0.0, 0.5, 0.0, 0.5))
    alike(quick, slow)
    order, other = (np.lexsort(r.patterns.T[::-1]) for r in (quick, slow))
    assert expected[order] == pytest.approx(slow.maps.matrix[other], abs=1e-12)


@pytest.mark.parametrize("max_faces", [1, 5, 30, 100])
def test_truncation_stops_at_the_same_unit(max_faces: int, thorough: Callable[[], None]) -> None:
    one = CASES["relu, max pool"]

    def cut(steps: list[Step]) -> PlaneRegions:
        return plane_regions(steps, WINDOWS[2], input_map=plane(), max_faces=max_faces)

    pool = MaxPool(np.arange(72).reshape(18, 4))
    nets = [one.steps, [one.steps[0], pool, dense(np.ones((1, 18)), np.zeros(1))]]
    quick = [cut(steps) for steps in nets]
    thorough()
    for steps, found in zip(nets, quick, strict=True):
        alike(found, cut(steps))


def test_ties_are_settled_by_the_first_of_the_largest() -> None:
    """max(h0, h1) where both are 0 on the left half, and h1 alone is above 0 on the right."""
    units = dense(np.array([[-1.0, 0], [1, 0]]), np.array([-5.0, 0]))
    regions = plane_regions(
        [units, Layer(np.eye(2), np.zeros(2), RELU), MaxPool(np.array([[0, 1]])),
         dense(np.ones((1, 1)), np.zeros(1))],
        (-1.0, 1.0, -1.0, 1.0),
        input_map=InputMap(np.eye(2), np.zeros(2)),
    )  # fmt: skip
    left = regions.mesh.centers[:, 0] < 0
    assert len(left) == 2
    assert regions.patterns[left].tolist() == [[0, 0, 0]]
    assert regions.patterns[~left].tolist() == [[0, 1, 1]]
