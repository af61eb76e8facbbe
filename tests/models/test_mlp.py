"""The multilayer perceptron against a forward pass by hand in NumPy."""

from typing import Any

import numpy as np
import pytest
import torch

from livenet.models import Mlp
from livenet.spec import resolve
from livenet.spec.activations import ACTIVATIONS
from livenet.spec.features import FEATURES
from tests.models import by_hand
from tests.oracles import complete

X = np.random.default_rng(0).uniform(-3, 3, (40, 2))
DOCUMENTS: list[dict[str, Any]] = [
    *({"model": {"activation": kind}} for kind in ACTIVATIONS),
    {"model": {"features": list(FEATURES), "hidden": [6]}},
    {"model": {"hidden": []}},
    {"model": {"hidden": [], "bias": False}},
    {"model": {"hidden": [4, 4, 3], "bias": False}},
    {"model": {"hidden": [2, 2, 5, 5], "residual": True}},
    {"model": {"hidden": [5, 5, 5], "residual": True, "activation": ["relu", "tanh", "softmax"]}},
    {"model": {"hidden": [3, 2], "activation": [{"kind": "elu", "alpha": 2}, "sine"]}},
    {"data": {"kind": "blobs", "count": 5}, "model": {"hidden": [7]}},
    {"model": {"hidden": [3] * 20}},
]


def double(document: dict[str, Any]) -> tuple[Any, Mlp]:
    """A spec and its module in float64, biases drawn too."""
    spec = resolve(document)
    module = Mlp(spec).double()
    generator = torch.Generator().manual_seed(1)
    module.initialize(generator)
    with torch.no_grad():
        for layer in module.dense:
            if layer.bias is not None:
                layer.bias.normal_(generator=generator)
    return spec, module


def numbers(module: Mlp) -> dict[str, Any]:
    return {name: p.detach().numpy() for name, p in module.named_parameters()}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_forward_and_every_layer(document: dict[str, Any]) -> None:
    spec, module = double(document)
    h = module.features(torch.from_numpy(X))
    expected = by_hand.forward(spec, numbers(module), X)
    assert h.numpy() == pytest.approx(expected.h[0])
    assert module(h).detach().numpy() == pytest.approx(expected.theta)
    trace = module.trace(h)
    assert len(trace) == len(spec.widths) - 1
    for number, layer in enumerate(trace, start=1):
        assert layer.z.detach().numpy() == pytest.approx(expected.z[number])
        assert layer.h.detach().numpy() == pytest.approx(expected.h[number])


@pytest.mark.parametrize("document", DOCUMENTS)
def test_parameters_are_counted_and_named(document: dict[str, Any]) -> None:
    spec, module = double(document)
    assert sum(p.numel() for p in module.parameters()) == spec.parameter_count
    for name, p in module.named_parameters():
        _, number, part = name.split(".")
        d_in, d_out = spec.widths[int(number)], spec.widths[int(number) + 1]
        assert p.shape == ((d_out, d_in) if part == "weight" else (d_out,))


def test_residual_only_where_a_layer_is_as_wide_as_what_it_adds() -> None:
    _, module = double({"model": {"hidden": [2, 3, 3, 1], "residual": True}})
    assert [layer.residual for layer in module.dense] == [True, False, True, False, False]


def test_every_feature_has_an_oracle() -> None:
    complete(by_hand.FEATURES, FEATURES, "FEATURES in tests/models/by_hand.py")


@pytest.mark.parametrize("kind", FEATURES)
def test_features(kind: str) -> None:
    row = FEATURES[kind]
    columns = torch.from_numpy(X[:, : row.inputs]).unbind(1)
    assert row.value(columns).numpy() == pytest.approx(by_hand.FEATURES[kind](X))


@pytest.mark.parametrize("kind", FEATURES)
def test_a_linear_feature_is_one_that_keeps_regions_exact(kind: str) -> None:
    """f(x + y) = f(x) + f(y) is what `linear` claims."""
    function = by_hand.FEATURES[kind]
    additive = np.allclose(function(X + X[::-1]), function(X) + function(X[::-1]))
    assert FEATURES[kind].linear == additive
