"""Initializers: variances against theory, orthogonality, biases, and the stream they draw from."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from livenet.models import Mlp
from livenet.models.initial import draw
from livenet.spec import RunSpec, resolve
from livenet.spec.choice import Choice
from livenet.spec.initializers import INITIALIZERS
from livenet.training.streams import stream
from tests.oracles import complete

WIDTH = 512
KINDS = list(INITIALIZERS)
# Var[w] for fan_in and fan_out, α = 2 (ReLU), knobs at their defaults
VARIANCES: dict[str, Callable[[int, int], float]] = {
    "he_normal": lambda d_in, d_out: 2 / d_in,
    "he_uniform": lambda d_in, d_out: 2 / d_in,
    "xavier_normal": lambda d_in, d_out: 2 / (d_in + d_out),
    "xavier_uniform": lambda d_in, d_out: 2 / (d_in + d_out),
    "lecun_normal": lambda d_in, d_out: 1 / d_in,
    "lecun_uniform": lambda d_in, d_out: 1 / d_in,
    "normal": lambda d_in, d_out: 0.1**2,
    "uniform": lambda d_in, d_out: 0.1**2 / 3,
    "orthogonal": lambda d_in, d_out: 1 / max(d_in, d_out),
    "zero": lambda d_in, d_out: 0.0,
}


def spec_of(initializer: Any, hidden: list[int], **model: Any) -> RunSpec:
    fields = {"activation": "relu", "initializer": initializer, "hidden": hidden}
    return resolve({"model": fields | model, "training": {"batch_size": 1}})


def drawn(spec: RunSpec, seed: int = 0) -> Mlp:
    module = Mlp(spec)
    module.initialize(torch.Generator().manual_seed(seed))
    return module


def test_every_initializer_has_a_theory() -> None:
    complete(VARIANCES, INITIALIZERS, "VARIANCES in tests/models/test_initializers.py")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(WIDTH, WIDTH), (256, WIDTH), (WIDTH, 256)])
def test_variance_and_mean(kind: str, shape: tuple[int, int]) -> None:
    d_in, d_out = shape
    w = drawn(spec_of(kind, [d_in, d_out])).dense[1].weight.detach().numpy()
    assert w.shape == (d_out, d_in)
    variance = VARIANCES[kind](d_in, d_out)
    assert w.var() == pytest.approx(variance, rel=0.02)
    assert abs(w.mean()) <= 5 * np.sqrt(variance / w.size)
    if "uniform" in kind:
        assert np.abs(w).max() <= np.sqrt(3 * variance) * (1 + 1e-6)
        assert np.abs(w).max() > 0.99 * np.sqrt(3 * variance)
    elif "normal" in kind:
        kurtosis = np.mean((w / w.std()) ** 4)
        assert kurtosis == pytest.approx(3.0, abs=0.1)


@pytest.mark.parametrize("kind", [kind for kind, row in INITIALIZERS.items() if row.knobs])
def test_a_knob_scales_the_weights(kind: str) -> None:
    (name,) = INITIALIZERS[kind].knobs
    one, two = (
        drawn(spec_of({"kind": kind, name: value}, [64])).dense[0].weight.detach().numpy()
        for value in (0.5, 1.5)
    )
    assert two == pytest.approx(3 * one, rel=1e-5)


@pytest.mark.parametrize("shape", [(40, 40), (20, 40), (40, 20)])
def test_orthogonal_keeps_lengths(shape: tuple[int, int]) -> None:
    d_in, d_out = shape
    w = drawn(spec_of({"kind": "orthogonal", "gain": 2.0}, [d_in, d_out])).dense[1].weight
    matrix = w.detach().double().numpy()
    product = matrix @ matrix.T if d_out <= d_in else matrix.T @ matrix
    assert product == pytest.approx(4 * np.eye(min(shape)), abs=1e-5)


def test_orthogonal_is_uniform_over_rotations() -> None:
    """Haar: every entry of an n × n matrix has mean 0; QR without fixed signs would not have."""
    spec = spec_of("orthogonal", [2, 2])
    entries = [drawn(spec, seed).dense[1].weight.detach().numpy() for seed in range(300)]
    assert np.mean(entries, axis=0) == pytest.approx(np.zeros((2, 2)), abs=5 / np.sqrt(600))
    assert np.mean([np.linalg.det(w) for w in entries]) == pytest.approx(0, abs=0.3)


@pytest.mark.parametrize("kind", KINDS)
def test_biases_start_at_zero(kind: str) -> None:
    for layer in drawn(spec_of(kind, [16, 16])).dense:
        assert layer.bias is not None
        assert not layer.bias.detach().any()


def test_zero_is_zero() -> None:
    assert all(not p.any() for p in drawn(spec_of("zero", [8, 8])).parameters())


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "zero"])
def test_weights_are_a_function_of_the_seed_alone(kind: str) -> None:
    spec = spec_of(kind, [16, 16])
    before = torch.get_rng_state()
    one, same, other = (drawn(spec, seed).dense[1].weight.detach() for seed in (0, 0, 1))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert torch.equal(torch.get_rng_state(), before)


def _mean_log_ratio(initializer: str, activation: str, nets: int, depth: int, width: int) -> float:
    """Mean over nets of log Var[z(depth)]/Var[z(1)], for h(0) normal; straight matrix products."""
    spec = spec_of(initializer, [width] * 2, activation=activation)
    chosen = Choice(initializer, {"gain": 1.0})
    ratios = []
    for seed in range(nets):
        generator = stream(seed, "variance test")
        layer = Mlp(spec).dense[1]
        h = torch.empty(64, width).normal_(generator=generator)
        first = last = 0.0
        for number in range(depth):
            draw(layer.weight, chosen, layer.chosen, generator)
            with torch.no_grad():
                z = layer.z(h)
                h = layer.output(z, h)
            last = float(z.square().mean())
            first = last if number == 0 else first
        ratios.append(np.log(last / first))
    return float(np.mean(ratios))


def test_he_keeps_the_variance_at_depth_50() -> None:
    """A net's log-ratio has a standard deviation of about 0.7, so that the mean of 8 has 0.25, and
    by Jensen it is a little below 0; a factor of 2 a layer would give ±34."""
    assert abs(_mean_log_ratio("he_normal", "relu", nets=8, depth=50, width=WIDTH)) < 1.0


def test_xavier_under_relu_loses_half_of_it_a_layer() -> None:
    found = _mean_log_ratio("xavier_normal", "relu", nets=3, depth=20, width=256)
    assert found == pytest.approx(-19 * np.log(2), rel=0.15)
