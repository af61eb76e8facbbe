"""Each layer's W as a matrix, and what is said of it."""

from itertools import pairwise

import numpy as np
import pytest

from livenet.errors import OptionError
from livenet.pictures import Bars, Matrix
from tests.probes.helpers import mark, parameters, picture_of, trained


def test_matrices_are_the_parameters() -> None:
    one = trained({"model": {"hidden": [5, 4]}})
    picture = picture_of(one, "weights")
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
    found = mark(picture_of(one, "weights"), Bars, "histogram2")
    w = parameters(one)["layers.1.weight"]
    peak = np.abs(w).max()
    assert found.values.sum() == 1600
    assert len(found.values) == len(found.labels) == 31
    edges = np.linspace(-peak, peak, 32)
    expected = [((w >= a) & (w < b)).sum() for a, b in pairwise(edges)]
    assert np.abs(found.values - expected).max() <= 2  # weights at an edge


def test_one_layer_alone() -> None:
    one = trained({"model": {"hidden": [5, 4]}})
    picture = picture_of(one, "weights", layer=2)
    assert [plot.id for plot in picture.plots] == ["W2", "b2", "histogram2"]
    assert set(picture.facts) == {"2"}


def test_without_biases() -> None:
    one = trained({"model": {"hidden": [3], "bias": False}})
    assert [plot.id for plot in picture_of(one, "weights").plots] == [
        "W1",
        "histogram1",
        "W2",
        "histogram2",
    ]


def test_all_zero_weights_can_be_drawn() -> None:
    one = trained({"model": {"hidden": [3], "initializer": "zero", "bias": False}}, steps=0)
    assert not mark(picture_of(one, "weights"), Matrix, "W1").values.any()


def test_of_a_large_matrix_the_first_rows_with_a_note() -> None:
    one = trained({"model": {"hidden": [200]}}, steps=0)
    picture = picture_of(one, "weights", layer=1)
    assert mark(picture, Matrix, "W1").values.shape == (128, 2)
    assert "200" in picture.plots[0].note
    assert picture.facts["1"]["shape"] == [200, 2]


def test_the_row_of_one_unit_is_whole() -> None:
    one = trained({"model": {"hidden": [200, 4]}})
    picture = picture_of(one, "weights", layer=2, unit=3)
    w = parameters(one)["layers.1.weight"]
    assert np.array_equal(mark(picture, Matrix, "W2").values, w[3:4])
    assert mark(picture, Matrix, "b2").values[0, 0] == parameters(one)["layers.1.bias"][3]
    assert picture.facts == {"2": {"unit": 3, "shape": [4, 200]}}


@pytest.mark.parametrize(
    ("options", "path", "hint"),
    [
        ({"unit": 0}, "options.unit", "Say in options.layer of which layer it is: 1 to 2."),
        ({"layer": 1, "unit": 8}, "options.unit", "0 to 7."),
    ],
)
def test_a_unit_that_is_not_there_is_refused(options: dict[str, int], path: str, hint: str) -> None:
    one = trained({"model": {"hidden": [8]}})
    with pytest.raises(OptionError) as caught:
        picture_of(one, "weights", **options)
    assert (caught.value.path, caught.value.hint) == (path, hint)
