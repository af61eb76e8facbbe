"""He's rule: E[z²] is kept from layer to layer, by the activation that feeds the layer."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from scipy import integrate, special, stats
from torch import Tensor

from livenet.models import Mlp
from livenet.models.build import build
from livenet.models.initial import draw, second_moment_gain
from livenet.spec import resolve
from livenet.spec.activations import ACTIVATIONS
from livenet.spec.choice import Choice
from livenet.spec.initializers import INITIALIZERS
from tests.models.by_hand import VALUES
from tests.models.test_activations import knob_sets

WIDTH, DEPTH, EXAMPLES = 512, 30, 64
ELEMENTWISE = [kind for kind, row in ACTIVATIONS.items() if row.elementwise]
HE = Choice("he_normal", {"gain": 1.0})


def chosen(kind: str) -> Choice:
    return Choice(kind, {name: one.default for name, one in ACTIVATIONS[kind].knobs.items()})


@pytest.mark.parametrize("kind", ELEMENTWISE)
def test_the_gain_is_one_over_the_second_moment(kind: str) -> None:
    """By an adaptive rule in place of the trapezoidal one, with the tests' own functions."""
    for knobs in knob_sets(ACTIVATIONS[kind]):

        def weighed(z: float, knobs: Any = knobs) -> float:
            return float(VALUES[kind](np.array(z), knobs) ** 2 * stats.norm.pdf(z))

        parts = [integrate.quad(weighed, *ends, limit=400)[0] for ends in ((-12, 0), (0, 12))]
        assert second_moment_gain(Choice(kind, knobs)) == pytest.approx(1 / sum(parts), rel=1e-6)


def test_gains_of_the_course() -> None:
    assert second_moment_gain(None) == 1.0
    assert second_moment_gain(chosen("linear")) == pytest.approx(1.0, rel=1e-12)
    assert second_moment_gain(chosen("relu")) == pytest.approx(2.0, rel=1e-12)
    assert second_moment_gain(chosen("tanh")) == pytest.approx(2.54, abs=0.005)
    sine = second_moment_gain(Choice("sine", {"omega": 3.0}))
    assert sine == pytest.approx(2 / (1 - np.exp(-18)), rel=1e-12)
    assert second_moment_gain(chosen("softmax")) == 1.0  # whose outputs depend on one another


@pytest.mark.parametrize("kind", ELEMENTWISE)
def test_one_layer_keeps_the_second_moment(kind: str) -> None:
    found = []
    for seed in range(50):
        g = torch.Generator().manual_seed(seed)
        z = torch.empty(EXAMPLES, WIDTH).normal_(generator=g)
        w = torch.empty(WIDTH, WIDTH)
        draw(w, HE, chosen(kind), g)
        h = ACTIVATIONS[kind].value(z, chosen(kind).knobs)
        found.append(float((h @ w.T).square().mean()))
    assert np.mean(found) == pytest.approx(1.0, rel=0.02)


@torch.no_grad()
def moments(kind: str, seed: int) -> list[Tensor]:
    """z² averaged over units (EXAMPLES,), at z(1) ~ N(0, 1) and each layer after it, of a net that
    its own ``initialize`` has drawn."""
    spec = {"hidden": [WIDTH] * DEPTH, "activation": kind, "initializer": "he_normal"}
    one = Mlp(resolve({"model": spec}, limits=None))
    g = torch.Generator().manual_seed(seed)
    one.initialize(g)
    z = torch.empty(EXAMPLES, WIDTH).normal_(generator=g)
    found = [z.square().mean(1)]
    for before, layer in pairwise(one.dense[:-1]):
        assert before.chosen is not None
        z = layer.z(ACTIVATIONS[kind].value(z, before.chosen.knobs))
        found.append(z.square().mean(1))
    return found


@pytest.mark.parametrize("kind", ["tanh", "sigmoid", "arctan", "softplus", "elu", "sine"])
def test_a_deep_net_keeps_the_second_moment(kind: str) -> None:
    last = [float(moments(kind, seed)[-1].mean()) for seed in range(4)]
    assert np.mean(last) == pytest.approx(1.0, rel=0.15)


@pytest.mark.parametrize("kind", ["relu", "leaky_relu"])
def test_a_deep_relu_net_keeps_it_on_the_average(kind: str) -> None:
    ratios = np.array([np.log(float(moments(kind, seed)[-1].mean())) for seed in range(16)])
    assert abs(ratios.mean()) < 3 * ratios.std(ddof=1) / np.sqrt(len(ratios))


@pytest.mark.parametrize("kind", ["gelu", "silu"])
def test_an_unstable_balance_follows_its_variance_map(kind: str) -> None:
    """v -> α E[σ(√v z)²] for each example: what is off by a little goes further off."""
    nodes, weights = special.roots_hermitenorm(80)
    weights = weights / weights.sum()
    alpha = second_moment_gain(chosen(kind))

    def mapped(v: Tensor) -> float:
        squares = VALUES[kind](np.sqrt(v.numpy())[:, None] * nodes, {}) ** 2
        return float(alpha * (squares @ weights).mean())

    ratios = []
    for seed in range(4):
        every = moments(kind, seed)
        ratios += [np.log(float(after.mean()) / mapped(v)) for v, after in pairwise(every)]
    assert abs(np.mean(ratios)) < 3 * np.std(ratios, ddof=1) / np.sqrt(len(ratios))
    assert (mapped(torch.tensor([1.01])) - mapped(torch.tensor([0.99]))) / 0.02 > 1.0
    assert "unstable" in INITIALIZERS["he_normal"].explain


DIGITS = {"kind": "digits"}
CNN = {"kind": "cnn", "activation": "relu", "initializer": "he_normal"}
CONV, POOL = {"kind": "conv", "channels": 40}, {"kind": "max_pool"}
FLAT, DENSE = {"kind": "flatten"}, {"kind": "dense", "units": 99}
RESIDUAL = {"kind": "residual", "channels": 64, "depth": 1}
FULL = {"hidden": [300, 300], "activation": "relu", "initializer": "he_normal"}
FED: dict[str, tuple[dict[str, Any], dict[str, float]]] = {
    "mlp": ({"model": FULL}, {"layers.0": 1, "layers.1": 2, "layers.2": 2}),
    "conv, pool, flatten, dense": (
        {"data": DIGITS, "model": CNN | {"blocks": [CONV, POOL, FLAT, DENSE]}},
        {"layers.0": 1, "layers.3": 2, "layers.4": 2},
    ),
    "a norm with the activation": (
        {"data": DIGITS, "model": CNN | {"blocks": [CONV, {"kind": "batch_norm"}, CONV]}},
        {"layers.0": 1, "layers.2": 2, "layers.3": 2},
    ),
    "a residual block": (
        {"data": DIGITS, "model": CNN | {"blocks": [CONV, RESIDUAL, {"kind": "global_pool"}]}},
        {"layers.0": 1, "layers.1.convs.0": 2, "layers.1.projection": 2, "layers.3": 1},
    ),
    "autoencoder": (
        {"data": DIGITS, "model": FULL | {"kind": "autoencoder", "latent": 64}},
        {"encoder.0": 1, "encoder.1": 2, "code": 2, "decoder.0": 1, "decoder.1": 2, "decoder.2": 2},
    ),
}


@pytest.mark.parametrize("name", FED)
def test_every_layer_goes_by_what_feeds_it(name: str) -> None:
    """Var[w] D_in is the α of the activation before a layer, however it comes there."""
    document, expected = FED[name]
    one = build(resolve(document))
    one.initialize(torch.Generator().manual_seed(0))
    weights = dict(one.named_parameters())
    for layer, alpha in expected.items():
        w = weights.get(f"{layer}.weight", weights.get(layer))
        assert w is not None
        found = float(w.detach().square().mean()) * w[0].numel()
        assert found == pytest.approx(alpha, rel=5 * np.sqrt(2 / w.numel())), layer
