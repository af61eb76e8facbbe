"""Every unit's map: tile times peak is the forward pass by hand, layer by layer."""

from typing import Any

import numpy as np
import pytest

from livenet.pictures import Tiles
from livenet.spec.features import FEATURES
from tests.models import by_hand
from tests.probes.helpers import mark, parameters, picture_of, trained
from tests.probes.test_decision import centres
from tests.spec.perceptron import perceptron

NETS: list[dict[str, Any]] = [
    {"model": {"hidden": [5, 4]}},
    {"model": {"hidden": []}},
    {"model": {"hidden": [5, 5, 5], "activation": "relu", "residual": True}},
    {"model": {"hidden": [4], "features": list(FEATURES), "bias": False}},
    {"model": {"hidden": [3, 3], "activation": ["softmax", "sine"]}},
    {"data": {"kind": "blobs", "count": 5}, "model": {"hidden": [3]}},
]


@pytest.mark.parametrize("document", NETS)
@pytest.mark.parametrize("window", [None, [0.0, 1.0, -8.0, 8.0]])
def test_tiles_are_the_units_outputs(document: dict[str, Any], window: list[float] | None) -> None:
    one = trained(document)
    found = mark(picture_of(one, "neurons", resolution=9, window=window), Tiles)
    traced = by_hand.forward(one.spec, parameters(one), centres(window or [-3, 3, -3, 3], 9))
    expected = np.concatenate([h.T for h in traced.h]).reshape(-1, 9, 9)
    assert found.values * found.peak[:, None, None] == pytest.approx(expected, abs=1e-5)
    assert found.peak == pytest.approx(np.abs(expected).max(axis=(1, 2)), abs=1e-5)
    assert np.abs(found.values).max() <= 1
    assert list(found.ids) == [
        f"{layer}.{unit}" for layer, width in enumerate(one.spec.widths) for unit in range(width)
    ]
    assert list(found.labels[: one.spec.widths[0]]) == [
        FEATURES[name].label for name in perceptron(one.spec).features
    ]


def test_on_the_line() -> None:
    one = trained({"data": {"kind": "sine"}, "model": {"hidden": [4]}})
    found = mark(picture_of(one, "neurons", resolution=12), Tiles)
    traced = by_hand.forward(one.spec, parameters(one), np.linspace(-3, 3, 12)[:, None])
    assert found.values.shape == (1 + 4 + 1, 1, 12)
    expected = np.concatenate([h.T for h in traced.h])
    assert found.values[:, 0] * found.peak[:, None] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(("layer", "unit"), [(0, 1), (1, 4), (2, 0), (3, 0)])
def test_one_unit_is_the_same_map_at_any_size(layer: int, unit: int) -> None:
    one = trained({"model": {"hidden": [5, 4]}})
    every = mark(picture_of(one, "neurons", resolution=16), Tiles)
    alone = mark(picture_of(one, "neurons", resolution=16, layer=layer, unit=unit), Tiles)
    assert alone.ids == (f"{layer}.{unit}",)
    at = every.ids.index(f"{layer}.{unit}")
    assert alone.values[0] == pytest.approx(every.values[at], abs=1e-6)
    large = mark(picture_of(one, "neurons", resolution=64, layer=layer, unit=unit), Tiles)
    assert large.values.shape == (1, 64, 64)


def test_only_the_first_units_of_a_large_layer() -> None:
    one = trained({"model": {"hidden": [30, 3]}})
    found = mark(picture_of(one, "neurons", units=2), Tiles)
    assert list(found.ids) == ["0.0", "0.1", "1.0", "1.1", "2.0", "2.1", "3.0"]


def test_a_unit_that_is_not_shown_can_still_be_picked() -> None:
    one = trained({"model": {"hidden": [30, 3]}})
    assert mark(picture_of(one, "neurons", layer=1, unit=29), Tiles).ids == ("1.29",)
