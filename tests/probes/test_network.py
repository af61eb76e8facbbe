"""The graph: its weights and biases are the parameters."""

from typing import Any

import numpy as np
import pytest

from livenet.errors import OptionError
from livenet.pictures import Graph, Tiles
from livenet.spec.features import FEATURES
from tests.probes.helpers import mark, mlp_of, parameters, picture_of, trained
from tests.spec.perceptron import perceptron

NETS: list[dict[str, Any]] = [
    {"model": {"hidden": [5, 4]}},
    {"model": {"hidden": []}},
    {"model": {"hidden": [3, 3], "residual": True, "activation": ["relu", "sine"]}},
    {"data": {"kind": "blobs", "count": 5}, "model": {"features": ["x2", "x1_x2"]}},
    {"data": {"kind": "sine"}},
]


@pytest.mark.parametrize("document", NETS)
def test_weights_and_biases_are_the_parameters(document: dict[str, Any]) -> None:
    one = trained(document)
    picture = picture_of(one, "network")
    graph = mark(picture, Graph)
    for layer, (w, b) in enumerate(zip(graph.weights, graph.biases, strict=True)):
        assert np.array_equal(w, parameters(one)[f"layers.{layer}.weight"])
        assert np.array_equal(b, parameters(one)[f"layers.{layer}.bias"])
    assert len(graph.weights) == len(one.spec.widths) - 1
    assert picture.facts["parameters"] == sum(p.numel() for p in one.model.parameters())


@pytest.mark.parametrize("document", NETS)
def test_layers_are_told_as_they_are(document: dict[str, Any]) -> None:
    one = trained(document)
    layers = mark(picture_of(one, "network"), Graph).layers
    assert [layer.total for layer in layers] == list(one.spec.widths)
    assert [len(layer.units) for layer in layers] == list(one.spec.widths)
    assert [layer.activation for layer in layers[1:-1]] == [
        chosen.kind for chosen in perceptron(one.spec).activations
    ]
    assert list(layers[0].units) == [FEATURES[name].label for name in perceptron(one.spec).features]
    assert [layer.residual for layer in layers[1:]] == [d.residual for d in mlp_of(one).dense]


def test_without_biases_there_are_none() -> None:
    one = trained({"model": {"hidden": [3], "bias": False}})
    assert mark(picture_of(one, "network"), Graph).biases == ()


def test_of_a_large_layer_only_the_first_units() -> None:
    one = trained({"model": {"hidden": [30, 20]}})
    graph = mark(picture_of(one, "network", units=6), Graph)
    assert [w.shape for w in graph.weights] == [(6, 2), (6, 6), (1, 6)]
    assert [b.shape for b in graph.biases] == [(6,), (6,), (1,)]
    assert [len(layer.units) for layer in graph.layers] == [2, 6, 6, 1]
    assert [layer.total for layer in graph.layers] == [2, 30, 20, 1]
    assert np.array_equal(graph.weights[1], parameters(one)["layers.1.weight"][:6, :6])


def test_every_unit_of_a_large_layer_can_be_shown() -> None:
    one = trained({"model": {"hidden": [30, 20]}})
    first = [0, 24, 6]
    graph = mark(picture_of(one, "network", units=6, first=first), Graph)
    assert [layer.first for layer in graph.layers] == [0, 24, 6, 0]
    assert graph.layers[1].units == ("h25", "h26", "h27", "h28", "h29", "h30")
    assert np.array_equal(graph.weights[1], parameters(one)["layers.1.weight"][6:12, 24:30])
    assert np.array_equal(graph.weights[2], parameters(one)["layers.2.weight"][:, 6:12])
    assert np.array_equal(graph.biases[1], parameters(one)["layers.1.bias"][6:12])
    tiles = mark(picture_of(one, "neurons", units=6, first=first), Tiles)
    shown = [range(2), range(24, 30), range(6, 12), range(1)]
    assert list(tiles.ids) == [f"{at}.{unit}" for at, units in enumerate(shown) for unit in units]


@pytest.mark.parametrize("probe", ["network", "neurons"])
@pytest.mark.parametrize(
    ("first", "path", "hint"),
    [
        ([0, 8], "options.first.1", "0 to 7."),
        ([0, 0, 0, 0], "options.first", "Give 3 numbers at most, the input features' first."),
    ],
)
def test_units_that_are_not_there_are_refused(
    probe: str, first: list[int], path: str, hint: str
) -> None:
    one = trained({"model": {"hidden": [8]}})
    with pytest.raises(OptionError) as caught:
        picture_of(one, probe, first=first)
    assert (caught.value.path, caught.value.hint) == (path, hint)
