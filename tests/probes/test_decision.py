"""The map of the output: the model's own forward at the centres of the cells."""

from typing import Any

import numpy as np
import pytest
from scipy.special import expit, softmax

from livenet.pictures import Heatmap, Line, Points
from tests.models import by_hand
from tests.probes.helpers import OBJECTIVES, mark, parameters, picture_of, trained

WINDOW = [-2.0, 4.0, 0.5, 1.5]
NETS: list[dict[str, Any]] = [
    {"hidden": [5, 4], "activation": "tanh"},
    {"hidden": [5, 5], "activation": "relu", "residual": True},
    {"hidden": [], "features": ["x1", "x2", "x1_x2", "sin_x2"]},
]
EVERY_NET = pytest.mark.parametrize("model", NETS)


def centres(window: list[float], size: int) -> Any:
    """Cell centres (size², 2): rows from the lowest y up, columns from the lowest x."""
    x_min, x_max, y_min, y_max = window
    x = x_min + (np.arange(size) + 0.5) * (x_max - x_min) / size
    y = y_min + (np.arange(size) + 0.5) * (y_max - y_min) / size
    return np.array([[a, b] for b in y for a in x])


@EVERY_NET
@pytest.mark.parametrize("window", [None, WINDOW])
@pytest.mark.parametrize("size", [8, 33])
def test_bernoulli(model: dict[str, Any], window: list[float] | None, size: int) -> None:
    one = trained(OBJECTIVES["bernoulli"] | {"model": model})
    found = mark(picture_of(one, "decision", resolution=size, window=window), Heatmap)
    points = centres(window or [-3, 3, -3, 3], size)
    theta = by_hand.forward(one.spec, parameters(one), points).theta
    assert found.values.shape == (size, size)
    assert found.values == pytest.approx(expit(theta[:, 0]).reshape(size, size), abs=1e-5)
    assert (found.lo, found.hi, found.colors) == (0.0, 1.0, "diverging")


@EVERY_NET
def test_categorical(model: dict[str, Any]) -> None:
    one = trained(OBJECTIVES["categorical"] | {"model": model}, steps=20)
    found = mark(picture_of(one, "decision", resolution=20), Heatmap)
    theta = by_hand.forward(one.spec, parameters(one), centres([-3, 3, -3, 3], 20)).theta
    shares = softmax(theta, axis=1)
    assert found.opacity is not None
    assert found.opacity == pytest.approx(shares.max(axis=1).reshape(20, 20), abs=1e-5)
    sure = np.diff(np.sort(shares, axis=1)[:, -2:], axis=1)[:, 0] > 1e-5
    assert np.array_equal(found.values.ravel()[sure], shares.argmax(axis=1)[sure])
    assert (found.lo, found.hi, found.colors) == (0.0, 2.0, "classes")


@EVERY_NET
def test_gaussian(model: dict[str, Any]) -> None:
    one = trained(OBJECTIVES["gaussian"] | {"model": model})
    found = mark(picture_of(one, "decision", resolution=20), Heatmap)
    theta = by_hand.forward(one.spec, parameters(one), centres([-3, 3, -3, 3], 20)).theta
    assert found.values == pytest.approx(theta[:, 0].reshape(20, 20), abs=1e-5)
    peak = np.abs(one.data.train_y).max()
    assert (found.lo, found.hi) == pytest.approx((-peak, peak))


@pytest.mark.parametrize("window", [None, [-1.0, 5.0]])
def test_on_the_line(window: list[float] | None) -> None:
    one = trained(OBJECTIVES["line"] | {"model": {"hidden": [6], "features": ["x1", "sin_x1"]}})
    picture = picture_of(one, "decision", resolution=50, window=window)
    found = mark(picture, Line)
    low, high = window or [-3.0, 3.0]
    assert found.x == pytest.approx(np.linspace(low, high, 50), abs=1e-6)
    theta = by_hand.forward(one.spec, parameters(one), np.linspace(low, high, 50)[:, None]).theta
    assert found.y == pytest.approx(theta[:, 0], abs=1e-5)
    axis = picture.plots[0].x
    assert axis is not None
    assert (axis.low, axis.high) == (low, high)


@pytest.mark.parametrize("run", OBJECTIVES)
def test_points_are_those_of_both_parts(run: str) -> None:
    one = trained(OBJECTIVES[run])
    (plot,) = picture_of(one, "decision").plots
    train, test = (m for m in plot.marks if isinstance(m, Points))
    assert (train.label, train.hollow) == ("train", False)
    assert (test.label, test.hollow) == ("test", True)
    for found, x, y in (
        (train, one.data.train_x, one.data.train_y),
        (test, one.data.test_x, one.data.test_y),
    ):
        assert np.array_equal(found.x, x[:, 0])
        assert np.array_equal(found.y, y if run == "line" else x[:, 1])
        assert np.array_equal(found.values, y)


def test_points_may_be_left_out() -> None:
    (plot,) = picture_of(trained({}), "decision", points=False).plots
    assert [m.kind for m in plot.marks] == ["heatmap"]


def test_axes_are_the_window() -> None:
    (plot,) = picture_of(trained({}), "decision", window=WINDOW).plots
    assert plot.x is not None
    assert plot.y is not None
    assert [plot.x.low, plot.x.high, plot.y.low, plot.y.high] == WINDOW
    assert plot.equal
