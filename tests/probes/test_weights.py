"""Each layer's W as a matrix, and what is said of it."""

from itertools import pairwise

import numpy as np
import pytest

from livenet.pictures import Bars, Matrix
from tests.probes.looking import mark, parameters, seen, trained


def test_matrices_are_the_parameters() -> None:
    one = trained({"model": {"hidden": [5, 4]}})
    picture = seen(one, "weights")
    for layer in (1, 2, 3):
        w = parameters(one)[f"layers.{layer - 1}.weight"]
        found = mark(picture, Matrix, f"W{layer}")
        assert np.array_equal(found.values, w)
        assert found.peak == pytest.approx(np.abs(w).max())
        bias = mark(picture, Matrix, f"b{layer}")
        assert np.array_equal(bias.values[:, 0], parameters(one)[f"layers.{layer - 1}.bias"])
        assert picture.facts[str(layer)] == {
            "mean": pytest.approx(w.mean(), abs=1e-6),
            "std": pytest.approx(w.std(), rel=1e-5),
            "peak": pytest.approx(np.abs(w).max()),
            "shape": list(w.shape),
        }


def test_histograms_hold_every_weight() -> None:
    one = trained({"model": {"hidden": [40, 40]}})
    found = mark(seen(one, "weights"), Bars, "histogram2")
    w = parameters(one)["layers.1.weight"]
    peak = np.abs(w).max()
    assert found.values.sum() == 1600
    assert len(found.values) == len(found.labels) == 31
    edges = np.linspace(-peak, peak, 32)
    expected = [((w >= a) & (w < b)).sum() for a, b in pairwise(edges)]
    assert np.abs(found.values - expected).max() <= 2  # weights at an edge


def test_one_layer_alone() -> None:
    one = trained({"model": {"hidden": [5, 4]}})
    picture = seen(one, "weights", layer=2)
    assert [plot.id for plot in picture.plots] == ["W2", "b2", "histogram2"]
    assert set(picture.facts) == {"2"}


def test_without_biases() -> None:
    one = trained({"model": {"hidden": [3], "bias": False}})
    assert [plot.id for plot in seen(one, "weights").plots] == [
        "W1",
        "histogram1",
        "W2",
        "histogram2",
    ]


def test_all_zero_weights_can_be_drawn() -> None:
    one = trained({"model": {"hidden": [3], "initializer": "zero", "bias": False}}, steps=0)
    assert not mark(seen(one, "weights"), Matrix, "W1").values.any()


def test_of_a_large_matrix_the_first_rows_with_a_note() -> None:
    one = trained({"model": {"hidden": [200]}}, steps=0)
    picture = seen(one, "weights", layer=1)
    assert mark(picture, Matrix, "W1").values.shape == (128, 2)
    assert "200" in picture.plots[0].note
    assert picture.facts["1"]["shape"] == [200, 2]
