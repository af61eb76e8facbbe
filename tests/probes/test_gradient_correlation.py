"""Correlation of gradients along a segment: series of known correlation, and finite differences."""

from typing import Any

import numpy as np
import pytest
import torch

from livenet.pictures import Line
from livenet.probes.gradients.gradient_correlation import correlation, input_gradients
from tests.probes.helpers import everything, mlp_of, picture_of, trained

NET = {"model": {"hidden": [6, 6, 6], "residual": True, "activation": "tanh"}}


def test_white_noise_is_correlated_with_itself_alone() -> None:
    found = correlation(np.random.default_rng(0).standard_normal((400, 30)))
    assert found[0] == pytest.approx(1)
    assert np.abs(found[1:100]).max() < 0.1


def test_a_moving_average_has_its_known_correlation() -> None:
    """Of a mean over w neighbours it is 1 − k/w, and 0 from w on."""
    noise = np.random.default_rng(0).standard_normal((4000, 20))
    sums = np.cumsum(noise, axis=0)
    found = correlation(sums[8:] - sums[:-8])
    assert found[:12] == pytest.approx(np.maximum(0, 1 - np.arange(12) / 8), abs=0.05)


@pytest.mark.parametrize("spec", [
    {"model": {"hidden": [8, 8], "activation": "linear"}},
    {"data": {"kind": "digits", "samples": 60}, "model": {"blocks": [{"kind": "flatten"}]}},
], ids=["mlp", "cnn"])  # fmt: skip
def test_constant_gradients_have_none_and_the_note_says_so(spec: dict[str, Any]) -> None:
    """A linear net's gradient is the same everywhere: 0/0, neither correlated nor shattered."""
    assert np.isnan(correlation(np.full((50, 3), 0.1))).all()
    picture = picture_of(trained(spec), "gradient_correlation")
    assert "the same at all inputs" in picture.plots[0].note
    assert set(picture.facts["half"].values()) == {None}
    for line in picture.plots[0].marks:
        assert isinstance(line, Line)
        assert np.isnan(line.y).all()


def test_gradients_are_those_of_finite_differences() -> None:
    one = trained(NET)
    model = mlp_of(one).double()
    x = torch.tensor([[0.3, -0.8], [1.5, 0.2]], dtype=torch.float64)
    found = input_gradients(model, x)
    for axis in (0, 1):
        step = torch.zeros(2, dtype=torch.float64)
        step[axis] = 1e-5
        up, down = (model(model.features(x + sign * step))[:, 0] for sign in (1, -1))
        assert found[:, axis] == pytest.approx(((up - down) / 2e-5).detach().numpy(), rel=1e-5)


def test_the_picture_has_both_lines_and_leaves_the_run_alone() -> None:
    one = trained(NET)
    before = everything(one)
    picture = picture_of(one, "gradient_correlation", points=64)
    assert everything(one) == before
    lines = [mark for mark in picture.plots[0].marks if isinstance(mark, Line)]
    assert [line.label for line in lines] == ["with identity", "without"]
    for line in lines:
        assert len(line.x) == 32
        assert line.y[0] == pytest.approx(1)
        assert line.x[-1] == pytest.approx(6 * 31 / 63)
    half = picture.facts["half"]["with"]
    assert half is None or 0 < half < 3.1


def test_a_relu_net_without_biases_is_seen_off_the_origin() -> None:
    """On a line through it, its gradient is constant on either side: with identities and without
    the correlation would be one and the same. Here they shatter without."""
    net = {"hidden": [64] * 24, "activation": "relu", "residual": True, "initializer": "he_normal"}
    one = trained({"data": {"kind": "circles"}, "model": net}, 0)
    for name, parameter in one.parameters().items():
        if name.endswith("bias"):
            parameter.zero_()
    half = picture_of(one, "gradient_correlation").facts["half"]
    assert half["without"] < 0.5
    assert half["with"] is None or half["with"] > 2 * half["without"]
